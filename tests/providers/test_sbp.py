"""The State Bank of Pakistan: a row a currency, a column a day, two workbooks that overlap."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.errors import HtmlAnswer, NoRates, ParseError
from rates.model import Quote
from rates.providers import sbp
from tests.providers.conversation import PAGE, Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import asked, codes, in_sample, recordings, replay
from tests.providers.workbook_cells import Grid, cells
from tests.readers.workbooks import Cell, workbook

ARCHIVE_URL, MONTH_URL = (sbp.FOLDER + name for name in (sbp.ARCHIVE, sbp.MONTH))
LAST = date(2026, 9, 30)


def book(days: list[date], rows: dict[str, list[str]]) -> bytes:
    """A workbook of these days with a row a currency, and the address of the bank below."""
    table: list[list[Cell]] = [[" Country", name, *rates] for name, rates in rows.items()]
    return workbook({"Sheet2": [["State Bank"], [], ["Country", "Currency", *days], *table, [], ["Phone No:", "021"]]})


DAYS = [date(2026, 9, 28), date(2026, 9, 29)]
ARCHIVE = book(
    DAYS,
    {
        "U.S. Dollar": ["281.1", "281.25"],
        "Japanese Yen": ["1.76", "1.759259"],
        "U.K. Pound Sterling": ["", "369.9"],
        "Euro": ["322.2", "322.0000000000001"],
    },
)
MONTH = book(
    [DAYS[1], LAST], {"U.S. Dollar": ["999", "281.5"], "Japnese Yen": ["999", "1.75"], "Thai Bhat": ["8.5", "8.6"]}
)
CASE = Case(latest("PKR"), (ARCHIVE, MONTH), b"", packed=True)


def test_latest() -> None:
    """Both workbooks; where they have the same day, the archive's figure counts."""
    quotes, urls = ask("sbp", latest("PKR"), ARCHIVE, MONTH)
    assert urls == [ARCHIVE_URL, MONTH_URL]
    assert {quote for quote in quotes if quote.day == LAST} == {
        Quote("USD", "PKR", Decimal("281.5"), LAST),
        Quote("JPY", "PKR", Decimal("1.75"), LAST),
        Quote("THB", "PKR", Decimal("8.6"), LAST),
    }
    assert {quote for quote in quotes if quote.day == DAYS[1]} == {
        Quote("USD", "PKR", Decimal("281.25"), DAYS[1]),
        Quote("JPY", "PKR", Decimal("1.759259"), DAYS[1]),
        Quote("GBP", "PKR", Decimal("369.9"), DAYS[1]),
        Quote("EUR", "PKR", Decimal("322"), DAYS[1]),
        Quote("THB", "PKR", Decimal("8.5"), DAYS[1]),
    }


def test_a_day_of_the_archive_asks_for_no_more() -> None:
    """The last month's workbook is spared when the archive reaches the day."""
    quotes, urls = ask("sbp", on(DAYS[0], "PKR"), ARCHIVE)
    assert urls == [ARCHIVE_URL]
    assert {(quote.base, quote.rate) for quote in quotes} == {
        ("USD", Decimal("281.1")),
        ("JPY", Decimal("1.76")),
        ("EUR", Decimal("322.2")),
    }


def test_range() -> None:
    """The days asked for, of both; before the archive there is nothing."""
    quotes, _ = ask("sbp", between(DAYS[1], LAST, "PKR"), ARCHIVE, MONTH)
    assert {quote.day for quote in quotes} == {DAYS[1], LAST}
    with pytest.raises(NoRates):
        ask("sbp", on(date(2026, 8, 1), "PKR"), ARCHIVE)


def test_the_home_page_is_no_workbook() -> None:
    """An address that has moved answers with the bank's home page."""
    with pytest.raises(HtmlAnswer):
        ask("sbp", latest("PKR"), PAGE)


@pytest.mark.parametrize(
    "body",
    [
        book(DAYS, {"Moon Dollar": ["1", "2"]}),
        book(DAYS, {"Euro": ["322.1", "holiday"]}),
        book(DAYS, {}),
        book([], {"Euro": ["322.1"]}),
        workbook({"A": [["Country", "Currency", "Monday"], ["EMU", "Euro", "322.1"]]}),
        workbook({"A": [["a"]]}),
    ],
)
def test_another_layout_is_refused(body: bytes) -> None:
    """An unknown currency, day or rate is named."""
    with pytest.raises(ParseError):
        ask("sbp", latest("PKR"), body, MONTH)


def second_reading(grid: Grid, head: int) -> dict[tuple[str, str, date], Decimal]:
    """Every number to the right of a currency's name and below a day; the code from the country's place in the list."""
    order = re.findall("...", "AUDBHDCADCNYDKKHKDJPYKWDMYRNZDNOKOMRQARSGDSEKCHFSARTHBTRYAEDGBPUSDEUR")
    days = {
        column: date(1899, 12, 30) + timedelta(days=int(text))
        for (row, column), text in grid.items()
        if row == head and text.isdigit()
    }
    return {
        (order[row - head - 1], "PKR", days[column]): Decimal(text)
        for (row, column), text in grid.items()
        if head < row <= head + len(order) and column in days
    }


@recordings
def test_recorded() -> None:
    """Every cell of both workbooks, by the order of the countries instead of the names."""
    found = replay("sbp", asked("2013-01-01", "2026-07-22", "PKR"))
    month = second_reading(cells("sbp/2.xlsx")["Sheet1"], 9)
    archive = second_reading(cells("sbp/1.xlsx")["Sheet2"], 7)
    assert found == {**month, **archive}
    assert len(month) > 400
    assert codes(found) == in_sample("sbp")
    assert len({day for _, _, day in found}) == 3190
    assert_crosses_agree(found, "PKR")
