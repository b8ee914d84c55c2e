"""The Central Bank of Samoa: sheets of years, blocks of months, rows with a wrong date."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import cbs
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import asked, codes, in_sample, recordings, replay
from tests.providers.workbook_cells import cells
from tests.readers.workbooks import Cell, Rows, workbook

PAGE = (
    b'<!doctype html><html><body><a href="/media/Annual-Report.xlsx">Report</a>'
    b'<a href="/media/Historical Daily-Rates-October302026.xlsx" target="_blank"><svg><path d="M0"/></svg> Rates</a>'
)
BOOK_URL = "https://cbs.gov.ws/media/Historical%20Daily-Rates-October302026.xlsx"
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
HEAD: list[Cell] = ["", "DATE", "TALA/USD", "TALA/NZD", "TALA/EURO", "TALA/YEN", "TALA/CNH"]


def row(day: Cell, *rates: str) -> list[Cell]:
    """A row of a day, its first column empty."""
    return ["", day, *(rates or ("0.361", "0.63", "0.309", "56.5", "2.52"))]


YEAR: Rows = [
    ["", "SEPTEMBER"],
    HEAD,
    row(date(2026, 9, 29)),
    row(date(2026, 8, 30), "0.999"),
    ["", "", "0.36", "0.62"],
    [],
    ["", "October", "TALA/USD"],
    HEAD,
    row(THURSDAY, "0.36012", "n/a", "0.30881", "56.4", "2.5", "", "0.02"),
    row(FRIDAY, "0.36023000000000005", "0.62426", "0.3072", "56.47811", "2.51107"),
    ["", "Oct", "0.36", "0.62"],
    ["", "Sept qtr avg", "0.36", "0.62"],
    ["", "45000"],
]
LAST_YEAR: Rows = [
    ["", "DECEMBER"],
    ["", "DATE", "US/TALA", "AUS/TALA"],
    row(date(2025, 12, 30), "0.35", "0.54"),
    row(date(2025, 12, 31), "0.36", "0.55"),
    row(date(2024, 12, 31), "0.37", "0.56"),
]
BOOK = workbook({"2024": LAST_YEAR, "2026": YEAR})
CASE = Case(latest("WST"), (PAGE, BOOK), b"", html=True, packed=True)


def test_latest() -> None:
    """One tala in each currency; what is not available, lies beyond the headings or is misdated is no quote."""
    quotes, urls = ask("cbs", latest("WST"), PAGE, BOOK)
    assert urls == [cbs.PAGE, BOOK_URL]
    assert quotes[-5:] == (
        Quote("WST", "USD", Decimal("0.36023"), FRIDAY),
        Quote("WST", "NZD", Decimal("0.62426"), FRIDAY),
        Quote("WST", "EUR", Decimal("0.3072"), FRIDAY),
        Quote("WST", "JPY", Decimal("56.47811"), FRIDAY),
        Quote("WST", "CNH", Decimal("2.51107"), FRIDAY),
    )
    assert [quote.symbol for quote in quotes if quote.day == THURSDAY] == ["USD", "EUR", "JPY", "CNH"]
    assert {quote.day for quote in quotes} == {date(2026, 9, 29), THURSDAY, FRIDAY}


def test_days() -> None:
    """A sheet may bear the name of the year beside; headings of both kinds mean the same; other years are not read."""
    quotes, _ = ask("cbs", between(date(2025, 1, 1), date(2025, 12, 31), "WST"), PAGE, BOOK)
    assert quotes[2:] == (
        Quote("WST", "USD", Decimal("0.36"), date(2025, 12, 31)),
        Quote("WST", "AUD", Decimal("0.55"), date(2025, 12, 31)),
    )
    assert len(quotes) == 4
    assert len(ask("cbs", on(date(2026, 9, 30), "WST"), PAGE, BOOK)[0]) == 5
    with pytest.raises(NoRates):
        ask("cbs", on(date(2026, 8, 30), "WST"), PAGE, BOOK)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Notes", YEAR),
        ("2026", [["", "DATE", "TALA/USD"], row(FRIDAY)]),
        ("2026", [["", "OCTOBER"], row(FRIDAY)]),
        ("2026", [["", "OCTOBER"], ["", "DATE", "TALA/XYZ"], row(FRIDAY)]),
        ("2026", [["", "OCTOBER"], ["", "DATE", "DOLLAR"], row(FRIDAY)]),
        ("2026", [["", "OCTOBER"], HEAD]),
        ("2026", [["", "OCTOBER"], HEAD, row(FRIDAY, "holiday")]),
        ("2026", [["", "OCTOBER"], HEAD, row("7", "0.36")]),
        ("2026", []),
    ],
)
def test_another_layout_is_refused(name: str, rows: Rows) -> None:
    """A sheet, month, currency, day or rate that is not what it should be is named."""
    with pytest.raises(ParseError):
        ask("cbs", latest("WST"), PAGE, workbook({name: rows}))


@recordings
def test_recorded() -> None:
    """Every number of every dated row, by the order of columns; the three misdated rows left out by name."""
    found = replay("cbs", asked("2008-01-01", "2026-06-03", "WST"))
    columns = dict(zip("CDEFGHIJK", ("USD", "NZD", "AUD", "EUR", "FJD", "JPY", "GBP", "CNY", "CNH"), strict=True))
    misdated = {("2013", 136), ("2014", 135), ("2026", 34)}
    expected = {}
    for name, grid in cells("cbs/2.xlsx").items():
        for (line, column), text in grid.items():
            dated = grid.get((line, "B"), "").isdigit()
            if dated and column in columns and text != "n/a" and (name, line) not in misdated:
                day = date(1899, 12, 30) + timedelta(days=int(grid[line, "B"]))
                assert expected.setdefault(("WST", columns[column], day), Decimal(text)) == Decimal(text)
    assert found == expected
    assert len(found) > 29_000
    assert codes(found) == in_sample("cbs")
    assert_crosses_agree(found, "WST")
