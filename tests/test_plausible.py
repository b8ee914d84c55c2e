"""Figures far from their neighbours: slips of units, new money, and what is no doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates import history
from rates.conversion import rebase
from rates.fetch import attempt
from rates.model import Quote, RateTable
from rates.plausible import far_from_before, far_from_history, is_far, slip_of, warning_of
from tests.fetch.publisher import facts, giving, known_as

FRIDAY = date(2026, 10, 30)  # of which the history has 1 EUR = 0.8765 GBP, and so on


def ecb(code: str) -> Decimal:
    """The ECB's figure of the Friday."""
    found = history.row(FRIDAY)
    assert found is not None
    return Decimal(found[1][code])


def table(base: str, pivot: str, **rates: Decimal) -> RateTable:
    """A bank's table from units of its own currency for one unit of each."""
    quotes = [Quote(code, pivot, rate, FRIDAY) for code, rate in rates.items()]
    return rebase(quotes, base, facts("bank", pivot=pivot))


@pytest.mark.parametrize(
    ("rate", "known", "far"), [(5, 1, False), (5.01, 1, True), (1, 5, False), (1, 5.01, True), (1, 1, False)]
)
def test_far(rate: float, known: float, far: bool) -> None:
    """Five times is the border, both ways."""
    assert is_far(rate, known) is far


@pytest.mark.parametrize(("times", "slip"), [(10, 10), (103, 100), (96, 100), (1000, 1000), (7, 0), (50, 0), (94, 0)])
def test_slips(times: float, slip: int) -> None:
    """A power of ten within a few percent is a slip of units."""
    assert slip_of(times) == slip


def test_a_slip_against_the_history() -> None:
    """A yen per 100 that is given per 1 is named with both figures; the others of the table are no doubt."""
    dollar, pound, yen = (1 / ecb(code) for code in ("USD", "GBP", "JPY"))
    good = table("EUR", "EUR", USD=dollar, GBP=pound, JPY=yen)
    assert far_from_history(good) == []
    (doubt,) = far_from_history(table("EUR", "EUR", USD=dollar, GBP=pound, JPY=100 * yen))
    assert (doubt.base, doubt.symbol, doubt.day) == ("EUR", "JPY", FRIDAY)
    known = f"1/100 of the {ecb('JPY')} of the ECB of 2026-10-30"
    assert doubt.sentence().endswith(f"{known}: it looks like a slip of units")


def test_a_base_that_the_history_lacks() -> None:
    """The value of the tenge is what most of its figures make of it."""
    figures = {code: 500 / ecb(code) for code in ("USD", "GBP", "JPY", "CHF")}
    assert far_from_history(table("KZT", "KZT", **figures)) == []
    wrong = table("KZT", "KZT", **{**figures, "JPY": figures["JPY"] * 100})
    assert [doubt.symbol for doubt in far_from_history(wrong)] == ["JPY"]
    assert far_from_history(table("KZT", "KZT", USD=Decimal(500), JPY=Decimal(500))) == []  # too few to tell


def test_only_the_network_is_compared() -> None:
    """A table of a recording, or one of long after the history's end, is not compared."""
    wrong = table("EUR", "EUR", JPY=100 / ecb("JPY"), USD=1 / ecb("USD"))
    assert far_from_history(wrong)
    assert far_from_history(replace(wrong, source="recording")) == []
    late = rebase([Quote("EUR", "JPY", Decimal(2), FRIDAY + timedelta(days=367))], "EUR", facts("bank"))
    assert far_from_history(late) == []


def test_a_fetch_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The outcome has the table and a warning; a plausible one has none."""
    quotes = [Quote("EUR", "USD", ecb("USD") * 10, FRIDAY), Quote("EUR", "JPY", ecb("JPY"), FRIDAY)]
    outcome = attempt("EUR", known_as(monkeypatch, giving(quotes, facts("doubtful"))))
    assert outcome.ok
    assert outcome.warning is not None
    assert outcome.warning.name == "Implausible"
    assert "10 times the" in str(outcome.warning)
    sound = attempt("EUR", known_as(monkeypatch, giving(quotes[1:], facts("sound"))))
    assert sound.warning is None


def days(*rates: str, code: str = "USD") -> Iterator[Quote]:
    """Quotes of consecutive days."""
    for count, rate in enumerate(rates):
        yield Quote(code, "XYZ", Decimal(rate), FRIDAY + timedelta(days=count))


def test_far_from_the_day_before() -> None:
    """A jump within an answer is found in any order of its quotes, and the first is held against what is known."""
    assert list(far_from_before(days("10", "11", "12"), {})) == []
    (up, down) = far_from_before([*days("10", "1000", "10")][::-1], {})
    assert "1 USD = 1000 XYZ on 2026-10-31, 100 times the 10 of 2026-10-30" in up.sentence()
    assert "1 USD = 10 XYZ on 2026-11-01, 1/100 of the 1000 of 2026-10-31" in down.sentence()
    known = Quote("USD", "XYZ", Decimal("1.5"), FRIDAY - timedelta(days=3))
    (first,) = far_from_before(days("10", "11"), {("USD", "XYZ"): known})
    assert first.sentence() == "1 USD = 10 XYZ on 2026-10-30, 6.7 times the 1.5 of 2026-10-27"


def test_what_is_not_compared() -> None:
    """Figures more than a year apart, and those on both sides of a redenomination, are not neighbours."""
    old = Quote("USD", "XYZ", Decimal(1), FRIDAY - timedelta(days=367))
    assert list(far_from_before(days("10"), {("USD", "XYZ"): old})) == []
    before, after = Quote("USD", "SYP", Decimal(11000), date(2025, 12, 31)), Quote("USD", "SYP", Decimal(110), FRIDAY)
    assert list(far_from_before([before, after._replace(day=date(2026, 1, 2))], {})) == []


def test_one_warning_for_an_answer() -> None:
    """The first doubt is written out, the others are counted."""
    doubts = [*far_from_before(days("10", "1000", "10"), {})]
    warned = warning_of(doubts, "bank")
    assert warned is not None
    assert str(warned).startswith("bank: 1 USD = 1000 XYZ on 2026-10-31, 100 times the 10 of 2026-10-30")
    assert "(and 1 more)" in str(warned)
    assert warning_of([], "bank") is None
