from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.consensus import Group, far_from_others, median, median_table, opinion_groups, rounding
from rates.conversion import rebase
from rates.defaults import CONSENSUS
from rates.model import DerivedRate, Provider, Quote, RateTable
from tests.fetch.publisher import TODAY, facts

FRIDAY, THURSDAY = TODAY, TODAY - timedelta(days=1)
Figures = Mapping[str, str | tuple[str, date]]  # by publisher: a rate of Friday, or a rate and its day


def tables(figures: Figures, known: Mapping[str, Provider]) -> list[RateTable]:
    """The euro's table of each publisher, with the dollar alone."""
    found = []
    for key, word in figures.items():
        rate, day = (word, FRIDAY) if isinstance(word, str) else word
        found.append(rebase([Quote("EUR", "USD", Decimal(rate), day)], "EUR", known[key]))
    return found


def groups(figures: Figures, on: date | None = None, **more: dict[str, Any]) -> tuple[Group, ...]:
    """The groups of opinions; `more` are facts of single publishers."""
    known = {key: facts(key, **more.get(key, {})) for key in figures}
    return opinion_groups(tables(figures, known), "USD", known, on)


def notes(group: Group) -> dict[str, str]:
    """The note of each opinion that is not counted."""
    return {opinion.provider: opinion.note for opinion in group.opinions if not opinion.counted}


@pytest.mark.parametrize(
    ("rates", "middle"),
    [
        (["1.1"], "1.1"),
        (["1.1", "1.3"], "1.2"),
        (["1.1", "1.1003"], "1.10015"),
        (["9", "1.1", "1.2"], "1.2"),
        (["1.1", "1.12345678901234567890123456789", "1.1", "2"], "1.111728394506172839450617283945"),
    ],
)
def test_median_is_exact(rates: list[str], middle: str) -> None:
    """The middle one, or the mean of the middle two with every digit of it."""
    assert median([Decimal(rate) for rate in rates]) == Decimal(middle)


@given(st.lists(st.decimals("0.0001", "9999", places=6), min_size=1, max_size=30))
def test_median_lies_in_the_middle(rates: list[Decimal]) -> None:
    """At least half of the rates are not above it, and at least half are not below."""
    middle = median(rates)
    assert sum(rate <= middle for rate in rates) * 2 >= len(rates) <= sum(rate >= middle for rate in rates) * 2


def test_an_outlier_and_its_deviation() -> None:
    """One of five that is 2 % off is an outlier by 2 %; it does not widen the spread and hardly moves the median."""
    (group,) = groups({"a": "1.1170", "b": "1.1172", "c": "1.1173", "d": "1.1171", "e": "1.1394"})
    assert [(opinion.provider, opinion.outlier) for opinion in group.opinions if opinion.outlier] == [("e", True)]
    assert group.opinions[-1].deviation is not None
    assert round(group.opinions[-1].deviation * 100, 1) == Decimal("2.0")
    assert (group.median, group.low, group.high, group.sources) == tuple(
        map(Decimal, ("1.1172", "1.1170", "1.1173", "5"))
    )
    assert round(group.spread * 100, 3) == Decimal("0.027")


def test_rounding_makes_no_outlier() -> None:
    """Where all others agree to six digits, one that publishes three digits is no outlier for its rounding."""
    figures = {"a": "1.11721", "b": "1.11722", "c": "1.11723", "d": "1.12"}
    (group,) = groups(figures)
    assert not any(opinion.outlier for opinion in group.opinions)
    (group,) = groups({**figures, "d": "1.13"})
    assert [opinion.provider for opinion in group.opinions if opinion.outlier] == ["d"]


@pytest.mark.parametrize("rates", [["1.1"], ["1.1", "2.2"], ["1.11", "1.12", "5.55"]])
def test_few_sources_have_no_outlier(rates: list[str]) -> None:
    """Among up to three sources there is no outlier, whatever its distance, and the group says so."""
    (group,) = groups({f"p{n}": rate for n, rate in enumerate(rates)})
    assert not group.enough_sources
    assert not any(opinion.outlier for opinion in group.opinions)
    assert group.high - group.low == Decimal(max(rates)) - Decimal(min(rates))


def test_reprints_count_once() -> None:
    """A reprint is listed and not counted, also a reprint of a reprint, and when its original is missing."""
    more = {"b": {"reprints": "a"}, "c": {"reprints": "b"}, "d": {"reprints": "x"}, "e": {"reprints": "x"}}
    (group,) = groups({"c": "1.3", "b": "1.1", "a": "1.1", "d": "1.2", "e": "1.25"}, **more)
    assert notes(group) == {"b": "reprints a", "c": "reprints a", "e": "reprints x, as d does"}
    assert (group.sources, group.median) == (2, Decimal("1.15"))


def test_the_same_digits_are_one_source() -> None:
    """Figures that agree in five digits have one source; four digits may agree by chance."""
    (group,) = groups({"a": "1.11720", "b": "1.1172", "c": "1.11721", "d": "1.11720"})
    assert notes(group) == {"b": "the figure of a", "d": "the figure of a"}
    (group,) = groups({"a": "1.117", "b": "1.117", "c": "1.118"})
    assert notes(group) == {}


def test_days_are_not_mixed() -> None:
    """The day that most publishers have is compared; other figures are listed with their day, without a deviation."""
    figures: Figures = {"a": "1.1", "b": ("1.2", THURSDAY), "c": "1.3", "d": ("1.4", THURSDAY), "e": "1.5"}
    (group,) = groups(figures)
    assert (group.day, group.median, notes(group)) == (
        FRIDAY,
        Decimal("1.3"),
        {"b": "of 2026-10-29", "d": "of 2026-10-29"},
    )
    assert [opinion.deviation is None for opinion in group.opinions] == [False, True, False, True, False]
    assert groups(figures, THURSDAY)[0].median == Decimal("1.3")  # the day asked for, though fewer have it
    assert groups(figures, date(2026, 10, 25))[0].day == FRIDAY  # a Sunday, which no publisher has
    assert groups({"a": "1.1", "b": ("1.2", THURSDAY)})[0].day == FRIDAY  # of two equal ones the newest


def test_reprints_do_not_choose_the_day() -> None:
    """Three reprints of one bank count once for its day."""
    more = {key: {"reprints": "a"} for key in "bc"}
    (group,) = groups(
        {"a": ("1.1", THURSDAY), "b": ("1.1", THURSDAY), "c": ("1.1", THURSDAY), "d": "1.2", "e": "1.3"}, **more
    )
    assert group.day == FRIDAY


def test_official_and_market_are_apart() -> None:
    """Each group has its own median, and no figure is an outlier because of the other group."""
    market = {key: {"official": False} for key in "wxyz"}
    figures = {"a": "24.0", "b": "24.1", "c": "24.2", "d": "24.3", "w": "507", "x": "508", "y": "509", "z": "511"}
    official, other = groups(figures, **market)
    assert (official.kind, official.median) == ("official", Decimal("24.15"))
    assert (other.kind, other.median) == ("market", Decimal("508.5"))
    assert not any(opinion.outlier for group in (official, other) for opinion in group.opinions)


def test_simulated_services_have_no_opinion() -> None:
    """What the ECB's history answers in the place of a service is the ECB's figure, which counts once."""
    known = {key: facts(key) for key in ("ecb", "service")}
    both = [replace(table, source="ecb-history") for table in tables({"ecb": "1.1172", "service": "1.12"}, known)]
    (group,) = opinion_groups(both, "USD", known)
    assert (group.sources, [opinion.provider for opinion in group.opinions]) == (1, ["ecb"])
    assert opinion_groups(both[1:], "USD", known) == ()


def test_a_pair_without_figures() -> None:
    """A pair that no publisher has gives no group; nor does a currency against itself."""
    known = {"a": facts("a")}
    having = tables({"a": "1.1"}, known)
    assert (
        opinion_groups(having, "JPY", known)
        == opinion_groups(having, "EUR", known)
        == opinion_groups([], "USD", known)
        == ()
    )


def test_median_table() -> None:
    """The table has the official medians, each with its own day, and the base."""
    known = {key: facts(key, official=key != "m") for key in ("a", "b", "c", "m")}
    found = tables({"a": "1.1001", "b": "1.1002", "c": ("1.1003", THURSDAY), "m": "9.9"}, known)
    table = median_table(found, "EUR", known)
    assert dict(table) == {"USD": Decimal("1.10015"), "EUR": 1}
    assert (table.provider, table.day, table.how("USD"), table.how("EUR")) == (CONSENSUS, FRIDAY, "median", "identity")


def test_rounding_of_two_legs() -> None:
    """A cross may be wrong by half a unit of both its quotes; a figure without quotes is exact."""
    table = rebase(
        [Quote("EUR", "USD", Decimal("1.10"), FRIDAY), Quote("EUR", "JPY", Decimal("170"), FRIDAY)], "USD", facts()
    )
    assert round(rounding(table.figures["JPY"]), 6) == round(
        Decimal("0.005") / Decimal("1.1") + Decimal("0.5") / 170, 6
    )
    assert rounding(DerivedRate(Decimal(1), FRIDAY, "identity", 28)) == 0


def test_figures_far_from_the_others() -> None:
    """A hundred times the median of the others is named with both, among few sources too, and what is near is not."""
    (group,) = groups({"a": "1.1170", "b": "1.1172", "c": "1.1173", "d": "111.71"})
    (doubt,) = far_from_others(group)
    assert doubt.provider == "d"
    slip = "100 times the 1.1172 of the 3 others at the median: it looks like a slip of units"
    assert doubt.sentence() == f"1 EUR = 111.71 USD on {FRIDAY}, {slip}"
    (two,) = groups({"a": "1.1170", "b": "0.1117"})
    assert [one.provider for one in far_from_others(two)] == ["a", "b"]
    assert far_from_others(groups({"a": "1.1170", "b": "5.5"})[0]) == []
    assert far_from_others(groups({"a": "1.1170"})[0]) == []
    assert far_from_others(groups({"a": "1.1170", "b": "1.1171", "c": ("111.7", THURSDAY)})[0]) == []
