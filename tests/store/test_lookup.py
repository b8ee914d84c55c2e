from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates import history
from rates.conversion import newest
from rates.errors import NoRates, UsageError
from rates.model import Quote
from rates.store.by_pair import ByPair
from rates.store.history_source import HistorySource
from rates.store.lookup import look_up, on_each_day
from rates.store.records import Rate, Rule, Source, When
from tests.store.listed import Listed, quote

HISTORY = [HistorySource()]


def ecb(pair: str, day: str, when: str = "previous", max_age: int | None = 7, *, pegs: bool = False) -> Rate:
    """The rate from the history in the package."""
    return look_up(*pair.split("/"), date.fromisoformat(day), Rule(When(when), max_age), ["ecb"], HISTORY, pegs=pegs)


@pytest.mark.parametrize(
    ("pair", "asked", "when", "rate", "day", "how"),
    [
        ("EUR/USD", "2020-03-02", "exact", "1.1122", "2020-03-02", "published"),
        ("USD/EUR", "2020-03-01", "previous", "0.9109957183201238954176915368", "2020-02-28", "inverse"),
        ("USD/EUR", "2020-03-01", "next", "0.8991188635137565186117604747", "2020-03-02", "inverse"),
        ("EUR/USD", "2020-03-02", "before", "1.0977", "2020-02-28", "published"),
        ("EUR/USD", "2020-03-02", "next", "1.1122", "2020-03-02", "published"),
        ("EUR/USD", "2020-02-29", "nearest", "1.0977", "2020-02-28", "published"),
        ("EUR/USD", "2020-03-01", "nearest", "1.1122", "2020-03-02", "published"),
        ("USD/JPY", "2020-03-02", "previous", "107.7324222262183060600611401", "2020-03-02", "cross"),
        ("DEM/USD", "2020-03-01", "previous", "0.5612450979890890312552726975", "2020-02-28", "cross"),
        ("DEM/FRF", "2020-03-01", "previous", "3.353854885138278889269517289", "2020-03-01", "fixed"),
        ("HRK/USD", "2023-01-01", "previous", "0.1415621474550401486495454244", "2022-12-30", "cross"),
        ("GBX/EUR", "2020-03-02", "previous", "0.01147934292241112118742323189", "2020-03-02", "cross"),
        ("EUR/EUR", "2020-03-01", "exact", "1", "2020-03-01", "identity"),
    ],
)
def test_by_each_rule(pair: str, asked: str, when: str, rate: str, day: str, how: str) -> None:
    """Every rule takes its day, every rate says how it was had, and ended currencies go by their fixed ratios."""
    found = ecb(pair, asked, when)
    assert (str(found.rate), str(found.day), found.how) == (rate, day, how)
    assert found.asked == date.fromisoformat(asked)
    assert found.age_days == (found.asked - found.day).days
    assert found.convert(Decimal(1)) == found.rate


@pytest.mark.parametrize(
    ("pair", "asked", "when", "message"),
    [
        ("USD/EUR", "2020-03-01", "exact", "ecb has it on 2020-02-28 and 2020-03-02: --when previous or --when"),
        ("ISK/USD", "2012-06-01", "previous", "in the 7 days before it; ecb has it on 2008-12-09 and 2018-02-01: "
         "--max-age 1270 or --when next --max-age 2071"),
        ("TRY/EUR", "2005-01-01", "previous", "ecb has it on 2005-01-03: --when next"),
        ("KZT/EUR", "2020-03-02", "nearest", "no rate of KZT/EUR within 7 days of 2020-03-02"),
        ("USD/EUR", "2026-11-05", "previous", "the ECB's history in this package ends on 2026-10-30"),
    ],
)  # fmt: skip
def test_no_rate_says_what_there_is(pair: str, asked: str, when: str, message: str) -> None:
    """The error has the nearest days with the rate, and the options that would take them."""
    with pytest.raises(NoRates) as caught:
        ecb(pair, asked, when)
    assert message in str(caught.value)


@pytest.mark.parametrize(("pair", "day"), [("TRY/EUR", "2001-06-01"), ("USD/EUR", "1998-12-31")])
def test_money_that_had_not_begun(pair: str, day: str) -> None:
    """A currency is refused for a day before it began."""
    with pytest.raises(UsageError, match="began on"):
        ecb(pair, day)


def test_the_end_of_the_history_is_not_carried_on() -> None:
    """The last day answers for the weekend after it, and for no day on which the ECB has published again."""
    assert ecb("EUR/USD", "2026-11-01").day == date(2026, 10, 30)
    for when in ("previous", "before", "nearest"):
        with pytest.raises(NoRates):
            ecb("EUR/USD", "2026-11-04", when)


def test_pegs() -> None:
    """A pegged currency is had over its anchor, exactly, when asked for, and is marked."""
    with pytest.raises(NoRates):
        ecb("AED/EUR", "2020-03-02")
    found = ecb("AED/EUR", "2020-03-02", pegs=True)
    assert found.how == "pegged"
    assert found.exact == (Decimal(1), Decimal("3.6725") * Decimal("1.1122"))
    assert ecb("AED/SAR", "2020-03-02", pegs=True).exact == (Decimal("3.75"), Decimal("3.6725"))
    assert ecb("CHF/BGN", "2020-03-02", pegs=True).how == "cross"  # published, so no peg is needed


def of(source: Source, pair: str, day: str, when: str = "previous", max_age: int | None = 7) -> Rate:
    """The rate from a list."""
    key = next(iter(source.providers()))
    return look_up(*pair.split("/"), date.fromisoformat(day), Rule(When(when), max_age), [key], [source])


def test_both_legs_of_a_cross_are_of_one_day() -> None:
    """If the newest days of two legs differ, the newest that both have is used."""
    source = Listed(
        "ecb",
        [
            quote("EUR/USD", "1.1", "2020-03-03"),
            quote("EUR/USD", "1.2", "2020-03-02"),
            quote("EUR/JPY", "120", "2020-03-02"),
        ],
    )
    found = of(source, "USD/JPY", "2020-03-04")
    assert (found.day, found.rate) == (date(2020, 3, 2), Decimal(100))
    assert [one.rate for one in found.path] == [Decimal("1.2"), Decimal(120)]


def test_legs_of_two_publishers_are_never_crossed() -> None:
    """Each provider is asked by itself."""
    sources = [
        Listed("ecb", [quote("EUR/USD", "1.1", "2020-03-02")]),
        Listed("nbp", [quote("PLN/JPY", "27", "2020-03-02")]),
    ]
    with pytest.raises(NoRates):
        look_up("USD", "JPY", date(2020, 3, 2), Rule(), ["ecb", "nbp"], sources)


def test_a_period_serves_its_days_and_no_other() -> None:
    """A rate valid for a period answers on each of its days by every rule, and never before or after."""
    source = Listed("hmrc", [quote("GBP/USD", "1.25", "2020-03-01", "2020-03-31")])
    for when in When:
        for day in ("2020-03-01", "2020-03-31"):
            found = of(source, "GBP/USD", day, when)
            assert (found.rate, found.age_days, found.valid_to) == (Decimal("1.25"), 0, date(2020, 3, 31))
        for day in ("2020-02-29", "2020-04-01"):
            with pytest.raises(NoRates):
                of(source, "GBP/USD", day, when, None)


def test_a_weak_figure_goes_by_its_reverse() -> None:
    """A published rate of two digits is replaced by the inverse of the same day's reverse one."""
    source = Listed(
        "frankfurter", [quote("IDR/USD", "0.000055", "2020-03-02"), quote("USD/IDR", "18148.15", "2020-03-02")]
    )
    found = of(source, "IDR/USD", "2020-03-02")
    assert (found.how, found.instead_of, found.digits) == ("inverse", Decimal("0.000055"), 7)


def test_a_provider_without_a_pivot_is_crossed_over_what_its_quotes_share() -> None:
    """The stored answers for one base make the rates between its symbols."""
    source = Listed("frankfurter", [quote("CHF/USD", "1.2", "2020-03-02"), quote("CHF/JPY", "120", "2020-03-02")])
    assert of(source, "USD/JPY", "2020-03-03").rate == Decimal(100)


def test_the_first_source_counts_and_is_named() -> None:
    """Of one figure in two sources the first one's is used; the answer has its digest."""
    store = Listed("ecb", [quote("EUR/USD", "1.5", "2020-03-02")])
    found = look_up("EUR", "USD", date(2020, 3, 2), Rule(), ["ecb"], [store, *HISTORY])
    assert (found.rate, found.source, found.digest) == (Decimal("1.5"), "store", "digest of 2020-03-02")
    other = look_up("EUR", "USD", date(2020, 3, 3), Rule(), ["ecb"], [store, *HISTORY])
    assert (other.source, other.digest) == ("ecb-history", history.DIGEST)


def test_money_of_before_a_redenomination_is_not_used_after_it() -> None:
    """The last figure in old Syrian pounds does not answer for a day in new ones."""
    source = Listed("forge", [quote("USD/SYP", "11000", "2025-12-31")])
    assert of(source, "USD/SYP", "2025-12-31").rate == 11000
    with pytest.raises(NoRates):
        of(source, "USD/SYP", "2026-01-01")


# --- the rule against a model that tries every day -------------------------------------------------------------------

START = date(2020, 1, 1)
offsets = st.integers(0, 20)


def by_trying(have: set[int], asked: int, rule: Rule) -> int | None:
    """The day that the rule takes: all days that it allows, sorted by what it prefers."""
    side = {
        When.EXACT: lambda day: day == asked,
        When.PREVIOUS: lambda day: day <= asked,
        When.BEFORE: lambda day: day < asked,
        When.NEXT: lambda day: day >= asked,
        When.NEAREST: lambda day: True,
    }[rule.when]
    near = [day for day in have if side(day) and (rule.max_age is None or abs(day - asked) <= rule.max_age)]
    return min(near, key=lambda day: (abs(day - asked), day), default=None)


@given(
    st.sets(offsets),
    st.sets(offsets),
    offsets,
    st.sampled_from(list(When)),
    st.none() | st.integers(0, 9),
    st.booleans(),
)
def test_the_rule(dollars: set[int], yen: set[int], asked: int, when: When, max_age: int | None, crossed: bool) -> None:
    """For any published days, the day used is the one that trying every day gives; a cross needs both legs."""

    def on(pair: str, days: set[int]) -> list[Quote]:
        return [Quote("EUR", pair, Decimal(day + 1), START + timedelta(days=day)) for day in days]

    source, rule = Listed("ecb", on("USD", dollars) + on("JPY", yen)), Rule(when, max_age)
    expected = by_trying(dollars & yen if crossed else dollars, asked, rule)
    pair = "USD/JPY" if crossed else "EUR/USD"
    try:
        found = of(source, pair, str(START + timedelta(days=asked)), when, max_age)
    except NoRates:
        assert expected is None
    else:
        assert expected is not None
        assert found.day == START + timedelta(days=expected)
        assert found.rate == (1 if crossed else expected + 1)
        assert found.age_days == asked - expected


@given(
    st.integers(0, 9000),
    st.sampled_from(["USD", "JPY", "GBP", "CHF", "EUR"]),
    st.sampled_from(["SEK", "DEM", "EUR", "GBX"]),
)
def test_the_fraction_is_the_product_of_the_path(back: int, base: str, symbol: str) -> None:
    """The exact rate of an answer follows from its quotes, and the rounded one from it."""
    found = look_up(base, symbol, date(2026, 10, 30) - timedelta(days=back), Rule(), ["ecb"], HISTORY)
    numerator, denominator = map(Fraction, found.exact)
    assert abs(Fraction(found.rate) - numerator / denominator) <= Fraction(found.rate) / 10**27


def test_a_look_up_in_the_history_imports_neither_network_nor_database() -> None:
    """Start-up is a figure: only the history is read."""
    code = """
import sys
from datetime import date
from rates.store.history_source import HistorySource
from rates.store.lookup import look_up
from rates.store.records import Rule
look_up("USD", "EUR", date(2020, 3, 1), Rule(), ["ecb"], [HistorySource()])
slow = {"requests", "responses", "urllib3", "sqlite3", "click", "zipfile", "ssl"}
print(sorted(slow & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_of_two_years_the_one_that_ends_first() -> None:
    """A day in the averages of two years has that of the year which ends first, from the store and from memory."""
    years = (("1.1", 2019, 1), ("1.2", 2019, 4), ("1.3", 2020, 1), ("1.4", 2020, 4))
    source = Listed("hmrc_average", [
        quote("GBP/USD", rate, f"{year}-0{month}-01", f"{year}-12-31" if month == 1 else f"{year + 1}-03-31")
        for rate, year, month in years
    ])  # fmt: skip
    days = {"2019-12-31": "1.1", "2020-01-01": "1.2", "2020-03-31": "1.2", "2020-04-01": "1.3", "2020-12-31": "1.3"}
    for day, rate in days.items():
        assert of(source, "GBP/USD", day).rate == Decimal(rate), day
    known = ByPair(source.between("hmrc_average", (), date(2019, 1, 1), date(2021, 3, 31)))
    for day, rate in days.items():
        held = [one.quote for one in known.between(("GBP", "USD"), date.fromisoformat(day), date.fromisoformat(day))]
        assert str(newest(held)["GBP", "USD"].rate) == rate


def test_a_series_crosses_periods_that_begin_on_different_days() -> None:
    """On the day on which one of two periods begins, the other one holds, too."""
    source = Listed("hmrc", [
        quote("GBP/USD", "1.2", "2020-03-01", "2020-03-14"), quote("GBP/USD", "1.5", "2020-03-15", "2020-03-31"),
        quote("GBP/JPY", "150", "2020-03-01", "2020-03-31"),
    ])  # fmt: skip
    span = date(2020, 3, 1), date(2020, 3, 31)
    found = list(on_each_day("hmrc", [source], "USD", "JPY", ("USD", "JPY"), *span))
    assert [(rate.asked.day, rate.rate) for rate in found] == [(1, 125), (15, 100)]
