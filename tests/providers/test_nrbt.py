"""The National Reserve Bank of Tonga: the block of middle rates among three, holidays named in their cells."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import nrbt
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import asked, codes, in_sample, recordings, replay
from tests.providers.workbook_cells import cells
from tests.readers.workbooks import Cell, Rows, workbook

CODES = ["AUD", "EUR", "FJD", "GBP", "JPY", "NZD", "USD", "WST", "CHF", "CAD", "SEK", "SGD"]
MIDDLES = ["0.66", "0.3815", "0.94", "0.3268", "64.5", "0.72", "0.4211", "1.16", "0.37", "0.59", "4.51", "0.562"]
FRIDAY = date(2026, 10, 30)


def row(day: Cell, middles: list[str] | None = None, buy: str = "0.7", sell: str = "0.5") -> list[Cell]:
    """A row of a day: buying, middle and selling rates with a gap between."""
    return [day, *[buy] * 12, "", *(middles or MIDDLES), "", *[sell] * 12]


def sheet(*rows: list[Cell], codes: list[str] = CODES, side: str = "MID") -> Rows:
    """A sheet with these rows of days."""
    titles = ["", "AVERAGE RATES\r\nBUY", *[""] * 12, f"AVERAGE RATES\r\n{side}", *[""] * 12, "AVERAGE RATES\r\nSELL"]
    return [["BANK"], [], [], titles, [], ["", *codes, "", *codes, "", *codes], *rows, [], ["Telephone:", "24057"]]


HOLIDAY: list[Cell] = [date(2026, 10, 29), "Public Holiday", *[""] * 12, "Public Holiday"]
SHEETS = {
    "2025 to 2026": sheet(row(date(2026, 10, 28)), HOLIDAY, row(FRIDAY, ["0.67", *MIDDLES[1:]])),
    "2023 to 2024": sheet(row(date(2024, 12, 31))),
}
BOOK = workbook(SHEETS)
CASE = Case(latest("TOP"), (BOOK,), b"", packed=True)


def test_latest() -> None:
    """One pa'anga in each of twelve currencies, from the middle block."""
    quotes, urls = ask("nrbt", latest("TOP"), BOOK)
    assert urls == [nrbt.URL]
    assert quotes[12] == Quote("TOP", "AUD", Decimal("0.67"), FRIDAY)
    assert quotes[16] == Quote("TOP", "JPY", Decimal("64.5"), FRIDAY)
    assert [quote.symbol for quote in quotes] == CODES * 2


def test_days() -> None:
    """A holiday is bridged, a range may reach into another sheet, and a day long before has nothing."""
    quotes, _ = ask("nrbt", on(date(2026, 10, 29), "TOP"), BOOK)
    assert {quote.day for quote in quotes} == {date(2026, 10, 28)}
    quotes, _ = ask("nrbt", between(date(2024, 12, 1), FRIDAY, "TOP"), BOOK)
    assert {quote.day for quote in quotes} == {date(2024, 12, 31), date(2026, 10, 28), FRIDAY}
    with pytest.raises(NoRates):
        ask("nrbt", on(date(2024, 12, 1), "TOP"), BOOK)


def test_one_currency_may_be_blank() -> None:
    """A currency without a rate is no quote; the rest of the day holds."""
    book = workbook({"2025 to 2026": sheet(row(FRIDAY, ["", *MIDDLES[1:]]))})
    assert [quote.symbol for quote in ask("nrbt", latest("TOP"), book)[0]] == CODES[1:]


@pytest.mark.parametrize(
    "rows",
    [
        [["a"]],
        sheet(row(FRIDAY), side="AVERAGE"),
        sheet(row(FRIDAY), codes=[*CODES[:11], "S$"]),
        sheet(row("Friday")),
        sheet(row(FRIDAY, ["closed", *MIDDLES[1:]])),
        sheet(row(FRIDAY)[:20]),
    ],
)
def test_another_layout_is_refused(rows: Rows) -> None:
    """A block, a currency, a day or a rate that is not where it should be is named."""
    with pytest.raises(ParseError):
        ask("nrbt", latest("TOP"), workbook({"2025 to 2026": rows}))


@recordings
def test_recorded() -> None:
    """Every number in columns O to Z below the names."""
    found = replay("nrbt", asked("2017-01-01", "2026-05-22", "TOP"))
    columns = dict(zip("OPQRSTUVWXYZ", CODES, strict=True))
    expected = {}
    for grid in cells("nrbt/1.xlsx").values():
        for (line, column), text in grid.items():
            if line > 6 and column in columns and text[0].isdigit():
                day = date(1899, 12, 30) + timedelta(days=int(grid[line, "A"]))
                expected["TOP", columns[column], day] = Decimal(text)
    assert found == expected
    assert len(found) == 108
    assert codes(found) == in_sample("nrbt")
    assert_crosses_agree(found, "TOP")
