"""The Bank of Mongolia: the whole archive by POST, commas between thousands, SDR for XDR."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, body, codes, in_sample, recordings, replay

CASE = case("bom", "MNT", "3,601.25", "archive.json")

URL = "https://www.mongolbank.mn/en/currency-rate-movement/data"
ARCHIVE = specimen("bom/archive.json")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """Of the archive, the days of the window; figures without their commas, SDR under its code."""
    publisher = Publisher([ARCHIVE])
    quotes = run_provider(providers.load("bom"), latest("MNT"), publisher)
    (request,) = publisher.asked
    assert request.url == URL
    assert request.content == b'{"startDate": "2026-10-20", "endDate": "2026-10-31"}'
    assert dict(request.headers)["Content-Type"] == "application/json"
    assert quotes[:6] == (
        Quote("USD", "MNT", Decimal("3601.25"), FRIDAY),
        Quote("EUR", "MNT", Decimal("4195.46"), FRIDAY),
        Quote("JPY", "MNT", Decimal("23.10"), FRIDAY),
        Quote("IDR", "MNT", Decimal("0.21"), FRIDAY),
        Quote("XAU", "MNT", Decimal("14512345.67"), FRIDAY),
        Quote("XDR", "MNT", Decimal("4901.02"), FRIDAY),
    )
    assert {quote.day.day for quote in quotes} == {30, 29}


def test_a_day_and_a_range() -> None:
    """A day reaches back over feasts; a range holds its own days only."""
    quotes, _ = ask("bom", on(date(2026, 10, 11), "MNT"), ARCHIVE)
    assert {quote.day for quote in quotes} == {date(2026, 10, 8)}
    quotes, _ = ask("bom", between(date(2001, 1, 1), date(2026, 10, 29), "MNT"), ARCHIVE)
    assert len({quote.day for quote in quotes}) == 3


def test_a_window_without_days_is_no_rates() -> None:
    """The archive is whole and has nothing near that day."""
    with pytest.raises(NoRates):
        ask("bom", on(date(2010, 1, 1), "MNT"), ARCHIVE)


def test_no_success_is_an_error_answer() -> None:
    """A body that reports a failure is an error."""
    with pytest.raises(ErrorAnswer, match="Wrong date"):
        ask("bom", latest("MNT"), specimen("bom/no-success.json"))


@pytest.mark.parametrize("wrong", [b'"36,01.25"', b'"3,60"', b'"-"', b"null", b"[]"])
def test_a_stray_comma_is_refused(wrong: bytes) -> None:
    """A comma that parts no thousands may be anything."""
    with pytest.raises(ParseError):
        ask("bom", latest("MNT"), ARCHIVE.replace(b'"3,601.25"', wrong))


@pytest.mark.parametrize("wrong", [b'"2001-1-02"', b'"2001-01-00"', b"20010102"])
def test_a_row_without_a_day_is_refused(wrong: bytes) -> None:
    """Of rows outside the window the day alone is looked at, and that well."""
    with pytest.raises(ParseError, match="not a day like"):
        ask("bom", latest("MNT"), ARCHIVE.replace(b'"2001-01-02"', wrong))


@recordings
def test_recorded() -> None:
    """Every figure of every day without its commas."""
    day = date(2026, 5, 22)
    found = replay("bom", Query("MNT", (), date(2026, 5, 1), day, day))
    expected: Figures = {}
    for row in json.loads(body("bom/1.json"))["data"]:
        when = date.fromisoformat(row.pop("RATE_DATE"))
        for code, rate in row.items():
            expected["XDR" if code == "SDR" else code, "MNT", when] = Decimal(rate.replace(",", ""))
    assert found == expected
    assert codes(found) == in_sample("bom")
