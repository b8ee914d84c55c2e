"""The European Central Bank: which of its three documents is asked for, and what each says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from rates import providers
from rates.errors import ParseError, WrongDay
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


@pytest.mark.parametrize("query", [on(date(1999, 1, 4), "EUR"), between(date(1999, 1, 1), FRIDAY, "EUR")])
def test_older_days_are_in_the_history(query: Query) -> None:
    """Older days come from the zip; N/A is not quoted, and the comma at the end of each line is no column."""
    body = zipped(("eurofxref-hist.csv", specimen("ecb/hist.csv")))
    quotes, urls = ask("ecb", query, body)
    assert urls == [FOLDER + "eurofxref-hist.zip"]
    assert quotes == (
        Quote("EUR", "USD", Decimal("1.154"), FRIDAY),
        Quote("EUR", "JPY", Decimal("178.05"), FRIDAY),
        Quote("EUR", "USD", Decimal("1.1789"), date(1999, 1, 4)),
        Quote("EUR", "JPY", Decimal("133.73"), date(1999, 1, 4)),
        Quote("EUR", "CYP", Decimal("0.58231"), date(1999, 1, 4)),
    )


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
