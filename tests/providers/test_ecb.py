"""The European Central Bank: which of its three documents is asked for, and what each says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from rates import providers
from rates.errors import NoRates, ParseError, WrongDay
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("ecb", "EUR", "1.1540", "daily.xml")

FOLDER = "https://www.ecb.europa.eu/stats/eurofxref/"
FRIDAY = date(2026, 10, 30)


def zipped(*files: tuple[str, bytes]) -> bytes:
    """A zip archive with these files."""
    memory = BytesIO()
    with ZipFile(memory, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return memory.getvalue()


def test_latest_is_the_daily_document() -> None:
    """The latest rates need the smallest document, and keep the digits as printed."""
    quotes, urls = ask("ecb", latest("EUR"), specimen("ecb/daily.xml"))
    assert urls == [FOLDER + "eurofxref-daily.xml"]
    assert [(quote.symbol, str(quote.rate), quote.day) for quote in quotes] == [
        ("USD", "1.1540", FRIDAY),
        ("JPY", "178.05", FRIDAY),
        ("GBP", "0.87915", FRIDAY),
        ("IDR", "20943.18", FRIDAY),
    ]
    assert {quote.base for quote in quotes} == {"EUR"}


def test_recent_days_are_in_the_90_days() -> None:
    """A day of the last weeks, or a range of them, is read from the document of 90 days, with all its days."""
    for query in (on(date(2026, 10, 29), "EUR"), between(date(2026, 10, 1), FRIDAY, "EUR")):
        quotes, urls = ask("ecb", query, specimen("ecb/hist-90d.xml"))
        assert urls == [FOLDER + "eurofxref-hist-90d.xml"]
        assert {quote.day for quote in quotes} == {FRIDAY, date(2026, 10, 29)}


HISTORY = zipped(("eurofxref-hist.csv", specimen("ecb/hist.csv")))
OLDEST = (
    Quote("EUR", "USD", Decimal("1.1789"), date(1999, 1, 4)),
    Quote("EUR", "JPY", Decimal("133.73"), date(1999, 1, 4)),
    Quote("EUR", "CYP", Decimal("0.58231"), date(1999, 1, 4)),
)
NEWEST = (Quote("EUR", "USD", Decimal("1.154"), FRIDAY), Quote("EUR", "JPY", Decimal("178.05"), FRIDAY))


@pytest.mark.parametrize(
    ("query", "expected"),
    [(on(date(1999, 1, 4), "EUR"), OLDEST), (between(date(1999, 1, 1), FRIDAY, "EUR"), NEWEST + OLDEST)],
)
def test_older_days_are_in_the_history(query: Query, expected: tuple[Quote, ...]) -> None:
    """Of the zip only the days asked for are read; N/A is not quoted, and the comma at a line's end is no column."""
    quotes, urls = ask("ecb", query, HISTORY)
    assert urls == [FOLDER + "eurofxref-hist.zip"]
    assert quotes == expected
    assert tuple(providers.load("ecb").parse(HISTORY)) == NEWEST + OLDEST


def test_old_days_of_rest_have_no_rates() -> None:
    """A range in which the history lists no day is no failure of the bank."""
    with pytest.raises(NoRates, match="has no rates from 1999-01-02 to 1999-01-03"):
        ask("ecb", between(date(1999, 1, 2), date(1999, 1, 3), "EUR"), HISTORY)


def test_a_day_that_the_document_lacks_is_wrong_day() -> None:
    """An answer without the day asked for, nor one a week before, is not passed on."""
    with pytest.raises(WrongDay):
        ask("ecb", on(date(2026, 9, 1), "EUR"), specimen("ecb/hist-90d.xml"))


@pytest.mark.parametrize("body", [zipped(), zipped(("a", b"x"), ("b", b"y")), b"PK\x03\x04broken"])
def test_a_wrong_archive_is_a_parse_error(body: bytes) -> None:
    """The archive holds one file; none, two or a damaged one is not what was published."""
    with pytest.raises(ParseError):
        ask("ecb", on(date(1999, 1, 4), "EUR"), body)


def test_an_entity_bomb_is_refused() -> None:
    """A document type, and with it any entity, is a parse error."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    with pytest.raises(ParseError):
        ask("ecb", latest("EUR"), bomb)
    assert providers.load("ecb").PROVIDER.pivot == "EUR"
