"""A rate with fewer than four significant digits is derived from its reverse, if the run has that."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.conversion import rebase, strengthened
from rates.errors import NoRates
from rates.model import Failed, Fetched, Quote, RateTable
from tests.fetch.publisher import TODAY, facts, quote


def table(base: str, *quotes: Quote, key: str = "bank") -> RateTable:
    """A table of a publisher that answers per base."""
    return rebase(quotes, base, facts(key, pivot=""))


def derived(*tables: RateTable) -> list[RateTable]:
    """The tables of a run after `strengthened`."""
    return [one.table for one in strengthened([Fetched(it.base, it) for it in tables]) if one.table is not None]


WEAK, STRONG = quote("IDR", "USD", "0.000055"), quote("USD", "IDR", "18148.2")


def test_of_two_directions_in_one_answer_the_strong_one() -> None:
    """Of two published directions the one with more digits is used; the other is kept in `instead_of`."""
    figure = rebase([WEAK, STRONG], "IDR", facts(pivot="USD")).figures["USD"]
    assert figure.rate == 1 / Decimal("18148.2")
    assert (figure.how, figure.digits, figure.instead_of, figure.path) == ("inverse", 6, WEAK.rate, (STRONG,))
    assert rebase([WEAK, STRONG], "USD", facts(pivot="USD")).figures["IDR"].how == "published"


@pytest.mark.parametrize(
    ("weak", "strong", "day"),
    [
        ("0.00005510", "18148.2", TODAY),  # four digits are enough
        ("0.000055", "20000", TODAY - timedelta(days=1)),  # of another day
        ("0.000055", "18", TODAY),  # no stronger
    ],
)
def test_published_figures_stand(weak: str, strong: str, day: date) -> None:
    """A rate stays as published if it has four digits, or its reverse is of another day or has no more."""
    reverse = quote("USD", "IDR", strong, day)
    alone = rebase([quote("IDR", "USD", weak), reverse], "IDR", facts(pivot="USD")).figures["USD"]
    (run, _) = derived(table("IDR", quote("IDR", "USD", weak)), table("USD", reverse))
    for figure in (alone, run.figures["USD"]):
        assert (figure.how, figure.instead_of, str(figure.rate)) == ("published", None, weak)


def test_from_another_base_of_the_run() -> None:
    """The reverse rate comes from another base's table of the same publisher and day."""
    first, second = derived(table("IDR", WEAK), table("USD", STRONG))
    assert first.figures["USD"].rate == 1 / Decimal("18148.2")
    assert (first.how("USD"), first.figures["USD"].instead_of) == ("inverse", WEAK.rate)
    assert second == table("USD", STRONG)


def test_not_from_another_publisher() -> None:
    """Another publisher's rate is not used."""
    first, _ = derived(table("IDR", WEAK), table("USD", STRONG, key="other"))
    assert first == table("IDR", WEAK)


def test_failures_stay_where_they_are() -> None:
    """Bases that failed keep their place and their error."""
    lost = Failed("EUR", error=NoRates("none"))
    assert strengthened([lost, Fetched("IDR", table("IDR", WEAK))])[0] is lost


def test_a_cross_over_the_weak_leg() -> None:
    """Crosses use the leg with more digits, too."""
    figures = rebase([WEAK, STRONG, quote("USD", "EUR", "0.89512")], "IDR", facts(pivot="USD")).figures
    assert figures["EUR"].digits == 5
    assert abs(figures["EUR"].rate * Decimal("18148.2") - Decimal("0.89512")) < Decimal("1e-20")
