"""The Bank of England: a column a series, empty cells and zeros, days with English months, whole lines only."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recorded, recordings, replay

CASE = case("boe", "GBP", "1.3318", "rates.csv", lines=True)

RATES = specimen("boe/rates.csv")
HEADER = RATES.splitlines(keepends=True)[0]
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_columns() -> None:
    """Units for a pound, each column by its code; an empty cell and a 0 are none."""
    quotes, _ = ask("boe", latest("GBP"), RATES)
    friday = [quote for quote in quotes if quote.day == FRIDAY]
    assert friday[:3] == [
        Quote("GBP", "USD", Decimal("1.3152"), FRIDAY),
        Quote("GBP", "EUR", Decimal("1.1366"), FRIDAY),
        Quote("GBP", "JPY", Decimal("202.5803"), FRIDAY),
    ]
    assert len(friday) == 26
    thursday = {quote.symbol for quote in quotes if quote.day == THURSDAY}
    assert {quote.symbol for quote in friday} - thursday == {"TRY", "RON"}


@pytest.mark.parametrize(
    ("query", "window"),
    [
        (latest("GBP"), "Datefrom=23/Oct/2026&Dateto=30/Oct/2026"),
        (on(date(2026, 3, 5), "GBP"), "Datefrom=26/Feb/2026&Dateto=05/Mar/2026"),
        (between(date(2000, 1, 4), FRIDAY, "GBP"), "Datefrom=04/Jan/2000&Dateto=30/Oct/2026"),
    ],
)
def test_what_is_asked(query: Query, window: str) -> None:
    """One question for all series and any window."""
    answer = RATES.replace(b"28 Oct 2026", f"{query.end or FRIDAY:%d %b %Y}".encode())
    (url,) = ask("boe", query, answer)[1]
    codes = HEADER.decode().strip().partition(",")[2]
    assert url == (
        "https://www.bankofengland.co.uk/boeapps/database/_iadb-fromshowcolumns.asp"
        f"?csv.x=yes&SeriesCodes={codes}&UsingCodes=Y&CSVF=TN&{window}"
    )


def test_a_line_without_the_dollar() -> None:
    """Is refused when others have a rate, and is a closed day when none has."""
    with pytest.raises(ParseError, match="no rate of the US dollar on 2026-10-28"):
        ask("boe", latest("GBP"), RATES.replace(b"1.3318", b""))
    closed = HEADER + b"29 Oct 2026" + b"," * 26 + b"\r\n"
    with pytest.raises(NoRates):
        ask("boe", latest("GBP"), closed)


def test_other_series_are_a_parse_error() -> None:
    """A column that is missing, or one not asked for, would shift or lose rates."""
    with pytest.raises(ParseError, match="XUDLBK25, XUDLBK26"):
        ask("boe", latest("GBP"), RATES.replace(b"XUDLBK25", b"XUDLBK26"))
    with pytest.raises(ParseError, match="XUDLBK25"):
        ask("boe", latest("GBP"), RATES.replace(b"XUDLBK25,", b""))


def test_a_header_alone_is_no_holiday() -> None:
    """The answer was cut; the bank does not say so that it has nothing."""
    with pytest.raises(ParseError, match="no line"):
        ask("boe", latest("GBP"), HEADER)


def test_a_cut_line_is_a_parse_error() -> None:
    """The last number of a text without its last line's end cannot be trusted."""
    with pytest.raises(ParseError, match="ends within a line"):
        ask("boe", latest("GBP"), RATES.rstrip())


@recordings
def test_recorded() -> None:
    """Every cell under its column's code; the currencies are those of the series in the order of the question."""
    found = replay("boe", asked("2026-03-17", "2026-03-20", "GBP"))
    order = "USD EUR JPY CAD CHF AUD NZD NOK SEK DKK HKD SGD SAR ZAR TWD CZK HUF PLN ILS MYR THB CNY KRW TRY INR RON"
    ((_, parameters),) = recorded("boe")
    names = dict(zip(dict(parameters)["SeriesCodes"].split(","), order.split(), strict=True))
    header, *lines = re.split(r"\r?\n", body("boe/1.csv").decode().strip())
    expected: Figures = {}
    for line in lines:
        day, *cells = line.split(",")
        for series, cell in zip(header.split(",")[1:], cells, strict=True):
            expected["GBP", names[series], datetime.strptime(day, "%d %b %Y").date()] = Decimal(cell)
    assert found == expected
    assert len(found) == 104
    assert codes(found) == in_sample("boe")
