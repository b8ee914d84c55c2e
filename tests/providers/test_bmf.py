"""German finance ministry: a file a year, a column a month, the code of the currency in every cell."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Query, Quote, Reply
from rates.providers import bmf
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("bmf", "EUR", "1,1582", "year.csv")

YEAR = specimen("bmf/year.csv")
NONE = Reply(404, b"not found")


def test_the_latest() -> None:
    """The latest are of the newest month with rates; cells with or without a blank before the code, or after it."""
    quotes, urls = ask("bmf", latest("EUR"), YEAR)
    assert [url.rpartition("/")[2] for url in urls] == ["uu-kurse-2026-csv.csv?__blob=publicationFile"]
    assert effective(quotes, bmf.PROVIDER, latest("EUR")) == [
        Quote("EUR", code, Decimal(rate), date(2026, 9, 1), date(2026, 9, 30))
        for code, rate in (("USD", "1.1499"), ("JPY", "179.92"), ("IDR", "19588.90"))
    ]


def test_the_month_of_supply() -> None:
    """A day has the rates of its month; a range over the turn of a year asks for two files."""
    quotes, _ = ask("bmf", on(date(2026, 7, 31), "EUR"), YEAR)
    assert {(quote.symbol, str(quote.rate)) for quote in quotes} == {
        ("USD", "1.1601"),
        ("JPY", "180.95"),
        ("IDR", "19750.64"),
    }
    quotes, urls = ask("bmf", between(date(2025, 12, 1), date(2026, 1, 15), "EUR"), NONE, YEAR)
    assert [re.findall(r"\d{4}", url.rpartition("/")[2]) for url in urls] == [["2025"], ["2026"]]
    assert {quote.day for quote in quotes} == {date(2026, 1, 1)}


def test_the_latest_in_january() -> None:
    """In January the newest month is in the file of the year before."""
    whole = YEAR.replace(b"1,1499 USD;;;", b"1,1499 USD;1,15 USD;1,16 USD;1,17 USD")
    quotes, urls = ask("bmf", Query("EUR", today=date(2027, 1, 20)), whole)
    assert max(quote.day for quote in quotes) == date(2026, 12, 1)
    assert len(urls) == 1
    assert "2026" in urls[0]


@pytest.mark.parametrize(
    ("month", "expected"), [(date(2026, 10, 1), date(2026, 11, 2)), (date(2026, 9, 1), date(2026, 10, 1))]
)
def test_a_month_that_is_not_published(month: date, expected: date) -> None:
    """It is an error with the day on which it is due, the first working day of the next month."""
    assert bmf.due(month) == expected
    with pytest.raises(NoRates) as caught:
        ask("bmf", Query("EUR", (), month, month, month))
    assert caught.value.hint == f"they are due on {expected}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((b"1,1561 USD", b""), "expected a rate and its code"),
        ((b"1,1561 USD", b"1.1561,2,3 USD"), "not a number"),
        ((b"M\xe4rz [3]", b"Mars [3]"), "mars"),
        ((b"1,1561 USD", b"1,1561 USD;"), "expected 14 cells"),
        ((b"1 Der Referenzkurs ist ausgesetzt.;;;;;;;;;;;;;\r\n", b""), "footnotes at the end"),
    ],
)
def test_damage(change: tuple[bytes, bytes], message: str) -> None:
    """A hole between rates, another month, a shifted line and a file without its footnotes are refused."""
    with pytest.raises(ParseError, match=message):
        ask("bmf", latest("EUR"), YEAR.replace(*change))


@recordings
def test_recorded() -> None:
    """Every cell, read a second time by a pattern, has its rate, which is the mean of the ECB's daily rates."""
    body = next((SOURCES / "official" / "bmf").glob("*.csv")).read_bytes()
    cells = re.findall(r"([\d.]+,\d+) ?([A-Z]{3})", body.decode("cp1252"))
    quotes = list(bmf.parse(body))
    assert [(quote.symbol, quote.rate) for quote in quotes] == [
        (code, Decimal(rate.replace(".", "").replace(",", "."))) for rate, code in cells
    ]
    assert len(cells) == 84
    assert_periods_agree(quotes, most="0.0001", least=7)
