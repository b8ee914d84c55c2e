"""The Riksbank: series by their names, a constant that is no currency, the ECU before the euro, 204 for nothing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import EmptyAnswer, ErrorAnswer, NoRates, ParseError
from rates.model import Quote, Reply
from rates.providers import rb
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("rb", "SEK", "10.8812", "rows.json")

ROWS = specimen("rb/rows.json")
NONE = Reply(204, b"")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """All series for one unit; the constant of one krona is left out."""
    quotes, urls = ask("rb", latest("SEK"), ROWS)
    assert urls == [f"{rb.URL}/2026-10-23/2026-10-30"]
    assert quotes == (
        Quote("EUR", "SEK", Decimal("10.8812"), THURSDAY),
        Quote("EUR", "SEK", Decimal("10.86745"), FRIDAY),
        Quote("IDR", "SEK", Decimal("0.00056"), FRIDAY),
        Quote("USD", "SEK", Decimal("9.5"), FRIDAY),
    )


def test_day_and_range() -> None:
    """A day bridges a week before it; a range of more than a year is asked for in pieces."""
    assert ask("rb", on(THURSDAY, "SEK"), ROWS)[1] == [f"{rb.URL}/2026-10-22/2026-10-29"]
    _, urls = ask("rb", between(date(2025, 10, 1), FRIDAY, "SEK"), NONE, ROWS)
    assert urls == [f"{rb.URL}/2025-10-01/2026-09-30", f"{rb.URL}/2026-10-01/2026-10-30"]


def test_the_euro_was_the_ecu() -> None:
    """Until the first trading day of 1999 the euro's series is the ECU's."""
    body = (
        b'[{"seriesId":"SEKEURPMI","date":"1998-12-31","value":9.4},'
        b'{"seriesId":"SEKEURPMI","date":"1999-01-04","value":9.5}]'
    )
    quotes, _ = ask("rb", on(date(1999, 1, 4), "SEK"), body)
    assert [quote.base for quote in quotes] == ["XEU", "EUR"]


def test_nothing_by_name() -> None:
    """Status 204 is no rates, an empty body with another status is an error; errors have the bank's message."""
    with pytest.raises(NoRates):
        ask("rb", latest("SEK"), NONE)
    with pytest.raises(EmptyAnswer):
        ask("rb", latest("SEK"), b"")
    with pytest.raises(ErrorAnswer, match="Rate limit"):
        ask("rb", latest("SEK"), specimen("rb/error.json"))


@pytest.mark.parametrize("new", [b"SEKIDRPMD", b"NOKIDRPMI", b"SEKIDR", b"KIX"])
def test_another_series_is_refused(new: bytes) -> None:
    """A series of another name is no currency in kronor."""
    with pytest.raises(ParseError):
        ask("rb", latest("SEK"), ROWS.replace(b"SEKIDRPMI", new))


@recordings
def test_recorded() -> None:
    """Every row but the constant."""
    found = replay("rb", asked("2026-03-24", "2026-03-28", "SEK"))
    row = r'"seriesId":"SEK([A-Z]{3})PMI","date":"([\d-]+)","value":([\d.eE-]+)'
    expected = {
        (code, "SEK", date.fromisoformat(day)): Decimal(rate)
        for code, day, rate in re.findall(row, body("rb/1.json").decode())
    }
    assert found == expected
    assert codes(found) == in_sample("rb")
