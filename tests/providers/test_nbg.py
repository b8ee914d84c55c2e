"""The National Bank of Georgia: the list in force under its own date, and units of up to ten thousand."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import nbg
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("nbg", "GEL", "7.1020,", "day.json")

DAY = specimen("nbg/day.json")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The list of today; the dram is per 1000, the Iranian rial per 10000."""
    quotes, urls = ask("nbg", latest("GEL"), DAY)
    assert urls == [f"{nbg.URL}?date=2026-10-30"]
    assert quotes == (
        Quote("AMD", "GEL", Decimal("0.0071020"), FRIDAY),
        Quote("IRR", "GEL", Decimal("0.00000204"), FRIDAY),
        Quote("USD", "GEL", Decimal("2.7015"), FRIDAY),
    )


def test_a_closed_day_has_the_list_in_force() -> None:
    """A Monday is answered with Saturday's list, which is in force on it."""
    query = on(date(2026, 10, 26), "GEL")
    quotes, urls = ask("nbg", query, DAY.replace(b"2026-10-30T00", b"2026-10-24T00"))
    assert urls == [f"{nbg.URL}?date=2026-10-26"]
    assert {quote.day for quote in effective(quotes, nbg.PROVIDER, query)} == {date(2026, 10, 24)}


def test_a_repeated_list_counts_once() -> None:
    """A range is asked day by day; the days without a list of their own repeat the one before."""
    old = DAY.replace(b"2026-10-30T00", b"2026-10-28T00")
    quotes, urls = ask("nbg", between(date(2026, 10, 28), FRIDAY, "GEL"), old, old, DAY)
    assert [url[-10:] for url in urls] == ["2026-10-28", "2026-10-29", "2026-10-30"]
    assert len(quotes) == 6


def test_nothing_by_name() -> None:
    """Empty answers are days before the first; a list of no currencies is none of the bank's."""
    with pytest.raises(NoRates):
        ask("nbg", on(date(1995, 10, 14), "GEL"), b"[]")
    with pytest.raises(ParseError):
        ask("nbg", latest("GEL"), b'[{"date":"2026-10-30T00:00:00.000Z","currencies":[]}]')


@pytest.mark.parametrize(("old", "new"), [(b'"quantity":1000,', b'"quantity":0,'), (b'quantity":1000', b'amount":1')])
def test_no_unit_is_guessed(old: bytes, new: bytes) -> None:
    """A row without its quantity, or with none of a currency, is refused."""
    with pytest.raises(ParseError):
        ask("nbg", latest("GEL"), DAY.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row, divided by its quantity, under the day from which it is valid."""
    found = replay("nbg", asked("2026-03-02", "2026-03-04", "GEL"))
    row = r'"code":"([A-Z]{3})","quantity":(\d+),.*?"rate":([\d.]+),.*?"validFromDate":"([\d-]+)T'
    expected = {
        (code, "GEL", date.fromisoformat(day)): Decimal(rate) / int(units)
        for number in (1, 2, 3)
        for code, units, rate, day in re.findall(row, body(f"nbg/{number}.json").decode())
    }
    assert found == expected
    assert {day for _, _, day in found} == {date(2026, 2, 28), date(2026, 3, 3)}
    assert codes(found) == in_sample("nbg")
