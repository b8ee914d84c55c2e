"""The Czech National Bank: three documents, two languages, units per 100, and a second table that is no market's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Quote
from rates.providers import cnb
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("cnb", "CZK", "13.789", "daily.txt", lines=True)

FRIDAY = date(2026, 10, 30)


def test_latest_is_the_english_text() -> None:
    """Without a day the bank gives the last list; rates are of one unit, their digits kept."""
    quotes, urls = ask("cnb", latest("CZK"), specimen("cnb/daily.txt"))
    assert urls == [cnb.DAY]
    assert quotes == (
        Quote("AUD", "CZK", Decimal("13.789"), FRIDAY),
        Quote("EUR", "CZK", Decimal("24.310"), FRIDAY),
        Quote("HUF", "CZK", Decimal("0.06254"), FRIDAY),
        Quote("IDR", "CZK", Decimal("0.001161"), FRIDAY),
        Quote("USD", "CZK", Decimal("21.066"), FRIDAY),
    )
    assert str(quotes[1].rate) == "24.310"


def test_a_day_is_asked_for_by_date() -> None:
    """The bank answers a Sunday with Friday's list."""
    friday = specimen("cnb/daily.txt").replace(b"30 Oct", b"23 Oct")
    quotes, urls = ask("cnb", on(date(2026, 10, 25), "CZK"), friday)
    assert urls == [cnb.DAY + "?date=25.10.2026"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 23)}


def test_a_range_is_asked_for_by_year() -> None:
    """Each calendar year is a document of its own, in JSON."""
    query = between(date(2025, 12, 20), FRIDAY, "CZK")
    quotes, urls = ask("cnb", query, b'{"rates":[]}', specimen("cnb/year.json"))
    assert urls == [f"{cnb.YEAR}?lang=EN&year=2025", f"{cnb.YEAR}?lang=EN&year=2026"]
    assert quotes == (
        Quote("AUD", "CZK", Decimal("13.802"), date(2026, 10, 29)),
        Quote("HUF", "CZK", Decimal("0.06250"), date(2026, 10, 29)),
        Quote("HUF", "CZK", Decimal("0.06254"), FRIDAY),
    )


def test_a_year_without_a_fixing_is_no_rates() -> None:
    """The list of a year is empty until its first fixing."""
    with pytest.raises(NoRates):
        ask("cnb", between(date(2026, 1, 1), date(2026, 1, 2), "CZK"), b'{"rates":[]}')


def test_the_czech_text_of_2000() -> None:
    """Decimal comma, and a second table of the euro's forerunners that is left out."""
    assert list(cnb.parse(specimen("cnb/daily-2000.txt"))) == [
        Quote("AUD", "CZK", Decimal("23.282"), date(2000, 1, 3)),
        Quote("JPY", "CZK", Decimal("0.35084"), date(2000, 1, 3)),
        Quote("SKK", "CZK", Decimal("0.85064"), date(2000, 1, 3)),
    ]


@pytest.mark.parametrize("written", [b"03 Jan 2000 #1", b"03.Jan.2000 #1", b"03.Jan.2000  #1", b"03.01.2000 #1"])
def test_the_day_in_every_writing(written: bytes) -> None:
    """The documentation and the documents write it in several ways."""
    body = specimen("cnb/daily.txt").replace(b"30 Oct 2026 #211", written)
    assert {quote.day for quote in cnb.parse(body)} == {date(2000, 1, 3)}


def test_the_text_of_a_year() -> None:
    """A column a currency; a header in the middle changes the columns; the amount divides."""
    quotes = cnb.parse(specimen("cnb/year.txt"))
    assert [(quote.base, str(quote.rate), quote.day.day) for quote in quotes] == [
        ("AUD", "13.797", 2),
        ("HUF", "0.06304", 2),
        ("IDR", "0.001233", 2),
        ("AUD", "13.812", 5),
        ("HUF", "0.06299", 5),
        ("IDR", "0.001231", 5),
        ("AUD", "13.801", 6),
        ("HUF", "0.06290", 6),
    ]


@pytest.mark.parametrize("row", [b"07.Jan.2026|13.801\n", b"07.Jan.2026|13.8|6.2|1.2\n"])
def test_a_row_with_other_cells_than_columns_is_refused(row: bytes) -> None:
    """A shifted column would be another currency's rate."""
    with pytest.raises(ValueError, match="argument"):
        list(cnb.parse(specimen("cnb/year.txt") + row))


def test_errors_by_name() -> None:
    """An error object gives the bank's message; a text that is no list is not read."""
    query = between(date(2026, 10, 1), FRIDAY, "CZK")
    with pytest.raises(ErrorAnswer, match="out of range"):
        ask("cnb", query, specimen("cnb/error.json"))
    with pytest.raises(ParseError):
        ask("cnb", latest("CZK"), b"Service unavailable\nplease wait\n")
    with pytest.raises(ParseError):
        ask("cnb", latest("CZK"), specimen("cnb/daily.txt").replace(b"|Code|", b"|Name|"))
