"""The National Bank of Ethiopia: a day a request, the weighted average, closed days without rows."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates
from rates.model import Quote
from rates.providers import nbe
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("nbe", "ETB", "222.508", "day.json")

DAY, CLOSED = specimen("nbe/day.json"), specimen("nbe/closed.json")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The weighted average, not a middle of our own: the dollar's is its buying rate."""
    quotes, urls = ask("nbe", latest("ETB"), DAY)
    assert urls == [f"{nbe.URL}?date=2026-10-30"]
    assert quotes == (
        Quote("JPY", "ETB", Decimal("1.0153"), FRIDAY),
        Quote("XDR", "ETB", Decimal("222.508"), FRIDAY),
        Quote("USD", "ETB", Decimal("155.812"), FRIDAY),
    )


def test_a_closed_day_is_bridged() -> None:
    """A day without rows is answered with the last before it."""
    old = DAY.replace(b"2026-10-30", b"2026-10-23")
    quotes, urls = ask("nbe", on(date(2026, 10, 25), "ETB"), CLOSED, CLOSED, old)
    assert [url[-10:] for url in urls] == ["2026-10-25", "2026-10-24", "2026-10-23"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 23)}


def test_a_range_is_asked_day_by_day() -> None:
    """Every day of the range, and none after today."""
    quotes, urls = ask("nbe", between(date(2026, 10, 29), date(2026, 11, 2), "ETB"), CLOSED, DAY)
    assert [url[-10:] for url in urls] == ["2026-10-29", "2026-10-30"]
    assert len(quotes) == 3


def test_nothing_by_name() -> None:
    """A week of closed days has no rates, nor a range of them; a refused question gives the bank's message."""
    with pytest.raises(NoRates):
        ask("nbe", latest("ETB"), *[CLOSED] * 8)
    with pytest.raises(NoRates):
        ask("nbe", between(date(2026, 10, 24), date(2026, 10, 25), "ETB"), CLOSED, CLOSED)
    with pytest.raises(ErrorAnswer, match="valid date"):
        ask("nbe", latest("ETB"), specimen("nbe/error.json"))


def test_no_day_before_the_first_is_asked() -> None:
    """The walk back ends at the first day that the bank serves."""
    with pytest.raises(NoRates):
        ask("nbe", on(date(2024, 10, 2), "ETB"), CLOSED, CLOSED)


@recordings
def test_recorded() -> None:
    """Every row of the three days."""
    found = replay("nbe", asked("2026-05-18", "2026-05-20", "ETB"))
    row = r'"date":"([\d-]+)","weighted_average":"([\d.]+)","currency":\{[^}]*"code":"([A-Z]{3})"'
    expected = {
        (code, "ETB", date.fromisoformat(day)): Decimal(rate)
        for number in (1, 2, 3)
        for day, rate, code in re.findall(row, body(f"nbe/{number}.json").decode())
    }
    assert found == expected
    assert codes(found) == in_sample("nbe")
