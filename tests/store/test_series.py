"""`rates.series`: the days of a range, what is missing, and the columns of other libraries."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import rates
from rates import history
from rates.errors import NoRates, UsageError
from rates.model import Query, Quote, Request
from rates.providers import Steps
from rates.store import Store, session
from tests.fetch.publisher import facts, known_as, module


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test finds the sessions of another."""
    session.RECENT.clear()


def test_the_published_days_of_a_range() -> None:
    """Each published day is there once, oldest first, and equals what a look-up of it gives."""
    found = rates.series("USD/JPY", "2020-02-28", "2020-03-04", offline=True)
    assert [str(rate.day) for rate in found] == ["2020-02-28", "2020-03-02", "2020-03-03", "2020-03-04"]
    for rate in found:
        assert rate == rates.look_up("USD", "JPY", rate.day, offline=True)
    assert (found.pair, found.provider, found.missing) == ("USD/JPY", "ecb", ())
    assert found[1].rate == found[1:][0].rate


@pytest.mark.parametrize(
    ("pair", "start", "end", "count"),
    [
        ("EUR/USD", "2020", "2020", 257),
        ("eurusd", "2020-Q1", "2020-03", 64),
        ("EUR-USD", date(2020, 3, 2), datetime(2020, 3, 2, 12), 1),
        ("EUR/ISK", "2008-12-01", "2018-02-02", 9),
        ("HRK/USD", "2022-12-29", "2023-01-03", 4),  # by the fixed ratio from 2023 on
        ("HRK/EUR", "2022-12-29", "2023-01-03", 2),
        ("TRY/EUR", "2004-12-01", "2005-01-04", 2),
        ("EUR/USD", "1998", None, 7126),
    ],
)
def test_ranges(pair: str, start: Any, end: Any, count: int) -> None:
    """Days, years and quarters name a range; days before a currency or after its last rate have none."""
    found = rates.series(pair, start, end, offline=True, today="2026-10-30")
    assert len(found) == count
    assert len({rate.day for rate in found}) == count


@pytest.mark.parametrize(
    ("pair", "start", "end", "message"),
    [
        ("EUR", "2020", "2021", "pair = 'EUR' is not a pair"),
        (5, "2020", "2021", "pair = 5 is not a pair"),
        ("EUR/EUR", "2020", "2021", "1 on every day"),
        ("EUR/USB", "2020", "2021", "unknown currency"),
        ("EUR/USD", 2020, "2021", "start = 2020"),
        ("EUR/USD", None, "2021", "start must be a day"),
        ("EUR/USD", "2020", 5.0, "end = 5.0"),
        ("EUR/USD", "2021", "2020", "before it starts"),
    ],
)
def test_wrong_arguments(pair: Any, start: Any, end: Any, message: str) -> None:
    """A wrong argument is a named error with its name."""
    with pytest.raises(UsageError) as caught:
        rates.series(pair, start, end, offline=True)
    assert message in str(caught.value)


def test_a_range_without_rates() -> None:
    """Nothing published is an error, not an empty series."""
    with pytest.raises(NoRates, match=r"no rates of KZT/EUR from 2020-01-01 to 2020-12-31$"):
        rates.series("KZT/EUR", "2020", "2020", offline=True)
    with pytest.raises(NoRates, match=r"2020-03-01; ecb has it on 2020-02-28 and 2020-03-02$"):
        rates.series("USD/EUR", "2020-02-29", "2020-03-01", offline=True)


@pytest.mark.parametrize("name", ["when", "max_age"])
def test_the_rule_is_refused(name: str) -> None:
    """A rule for days without a rate has no effect on published days, and is refused in place of being ignored."""
    with pytest.raises(UsageError, match=rf"{name} does not apply to a series.*look_up and convert follow it"):
        rates.series("EUR/USD", "2020", **{"offline": True, name: "1"})  # type: ignore[arg-type]


def test_pegs() -> None:
    """A currency that the provider lacks is derived from its peg on each published day, and marked."""
    found = rates.series("EUR/AED", "2020-02-28", "2020-03-02", offline=True, pegs=True)
    assert [(rate.day, rate.how) for rate in found] == [(date(2020, 2, 28), "pegged"), (date(2020, 3, 2), "pegged")]
    for rate in found:
        assert rate == rates.look_up("EUR", "AED", rate.day, offline=True, pegs=True)
    assert rates.series("EUR/USD", "2020-03", "2020-03", offline=True, pegs=True)[0].how == "published"
    with pytest.raises(NoRates):  # by both pegs the rate is fixed, and published on no day
        rates.series("AED/SAR", "2020", "2020", offline=True, pegs=True)


class Bank:
    """A publisher that counts its visits; without quotes its server is not found."""

    def __init__(self, *days: int) -> None:
        self.quotes = [Quote("EUR", "USD", Decimal(day), date(2026, 10, day)) for day in days]
        self.queries: list[Query] = []
        self.module = module(facts(), self.steps)

    def steps(self, query: Query) -> Steps:
        """All quotes of the range."""
        self.queries.append(query)
        if not self.quotes:
            yield Request("http://bank.invalid/")
        first, last = query.span(0)
        return [quote for quote in self.quotes if first <= quote.day <= last]


def test_what_is_missing_is_fetched_and_stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Only days that are not at hand are asked for, once."""
    bank = Bank(5, 6, 7, 8, 9)
    settings = known_as(monkeypatch, bank.module).with_values(store=tmp_path / "kept.db")
    for _ in range(2):
        assert [rate.rate for rate in rates.series("EUR/USD", "2026-10-05", "2026-10-06", settings)] == [5, 6]
    assert [rate.rate for rate in rates.series("EUR/USD", "2026-10-05", "2026-10-08", settings)] == [5, 6, 7, 8]
    assert [(query.start, query.end) for query in bank.queries] == [
        (date(2026, 10, 5), date(2026, 10, 6)),
        (date(2026, 10, 7), date(2026, 10, 8)),
    ]


def test_without_a_network_the_gaps_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The days at hand are given, and those that could not be fetched are listed as missing."""
    settings = known_as(monkeypatch, Bank().module).with_values(store=tmp_path / "kept.db")
    with Store.open(tmp_path / "kept.db") as store:
        store.put("bank", Bank(5, 6).quotes, None, "")
        store.attempts.settle("bank", "", date(2026, 10, 5), date(2026, 10, 6))
    found = rates.series("EUR/USD", "2026-10-05", "2026-10-09", settings)
    assert [rate.rate for rate in found] == [5, 6]
    assert found.missing == ((date(2026, 10, 7), date(2026, 10, 9)),)
    assert "not fetched: 2026-10-07 to 2026-10-09" in str(found)


def test_days_on_which_nothing_was_published_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if the last provider of the chain has the latest rates alone."""

    def closed(query: Query) -> Steps:
        yield from ()
        raise NoRates("has no rates of these days")

    latest = module(facts("latest", answers=("latest",)), closed)
    settings = known_as(monkeypatch, module(facts(), closed), latest)
    with pytest.raises(NoRates, match="no rates of EUR/USD from 2026-10-24 to 2026-10-25"):
        rates.series("EUR/USD", "2026-10-24", "2026-10-25", settings)


def test_a_period_counts_once(tmp_path: Path) -> None:
    """A rate of a period comes on the first of its days in the range."""
    path = tmp_path / "own.csv"
    head, rows = "base,symbol,rate,valid_from,valid_to", "USD,EUR,0.9,2020-01-01,2020-02-29\nUSD,EUR,0.8,2020-03-01,"
    path.write_text(f"{head}\n{rows}\n")
    found = rates.series("USD/EUR", "2020-02-10", "2020-03-20", provider="own", own=path)
    assert [(str(rate.asked), rate.rate, rate.how) for rate in found] == [
        ("2020-02-10", Decimal("0.9"), "own"),
        ("2020-03-01", Decimal("0.8"), "own"),
    ]


WEEK = ("2020-03-02", "2020-03-06")


def test_pandas() -> None:
    """A Series by day: Decimals, or floats where they are wanted."""
    pandas = pytest.importorskip("pandas")
    found = rates.series("USD/JPY", *WEEK, offline=True)
    exact, rough = found.to_pandas(), found.to_pandas(floats=True)
    assert list(exact) == [rate.rate for rate in found]
    assert (exact.name, exact.attrs, exact.index[0]) == ("USD/JPY", {"provider": "ecb"}, pandas.Timestamp("2020-03-02"))
    assert rough.dtype == "float64"
    assert rough.iloc[0] == float(found[0].rate)


def test_polars_and_arrow() -> None:
    """Columns of days and rates: decimals with all digits, or floats."""
    polars, pyarrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    found = rates.series("USD/JPY", *WEEK, offline=True)
    frame, table = found.to_polars(), found.to_arrow()
    assert frame["rate"].to_list() == table["rate"].to_pylist() == [rate.rate for rate in found]
    assert frame["day"].to_list() == table["day"].to_pylist() == [rate.day for rate in found]
    assert found.to_polars(floats=True)["rate"].dtype == polars.Float64
    assert found.to_arrow(floats=True)["rate"].type == pyarrow.float64()
    assert table.schema.metadata[b"pair"] == b"USD/JPY"


def test_a_decimal_that_does_not_fit_is_rounded() -> None:
    """38 digits have room for all but a few derived rates: those lose their last digits, half-even."""
    pytest.importorskip("polars")
    small = rates.series("IDR/EUR", *WEEK, offline=True)
    for rate, value in zip(small, small.to_polars()["rate"].to_list(), strict=True):
        assert abs(value - rate.rate) <= Decimal("1e-32")
        assert value.adjusted() == rate.rate.adjusted()


def test_a_notebook_shows_a_table() -> None:
    """As HTML: all of a short series, the ends of a long one."""
    short = rates.series("EUR/USD", *WEEK, offline=True)._repr_html_()
    assert short.count("<tr>") == 6
    assert "1.1122" in short
    assert rates.series("EUR/USD", "2020", "2021", offline=True)._repr_html_().count("<tr>") == 22


def test_the_whole_history_is_a_series() -> None:
    """All days of the ECB, each as it stands in the history."""
    found = rates.series("EUR/CHF", history.FIRST_DAY, history.last_day(), offline=True)
    assert len(found) == len(history.lines())


def test_the_default_chain_needs_no_network_for_days_of_the_history() -> None:
    """What the history has in whole is not fetched from a provider that comes before."""
    assert rates.series("EUR/USD", "2024", "2024").provider == "ecb"


def test_only_the_days_after_the_history_are_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the default chain that provider is asked of which the fewest days are missing."""
    asked = []

    def steps(query: Query) -> Steps:
        asked.append((query.start, query.end))
        return [Quote("EUR", "USD", Decimal("1.2"), date(2026, 11, 2))]
        yield

    known_as(monkeypatch, module(facts("ecb"), steps), module(facts("frankfurter"), steps))
    found = rates.series("EUR/USD", "2024", "2026-11-02", today="2026-11-02", offline=False)
    assert asked == [(date(2026, 11, 2), date(2026, 11, 2))]
    assert (found.provider, found[-1].rate, found.missing) == ("ecb", Decimal("1.2"), ())
    assert found[0].day == date(2024, 1, 2)
