"""The Bank of Algeria: a page, a workbook that grows, the yen per 100 and the euro under a name of its own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.errors import HtmlAnswer, NoRates, ParseError
from rates.model import Quote
from rates.providers import boa
from tests.providers.conversation import PAGE as MAINTENANCE
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import asked, codes, in_sample, recordings, replay
from tests.providers.workbook_cells import cells
from tests.readers.workbooks import Rows, workbook

PAGE = (
    b'<html><body><a href="/menu">Accueil</a> <a href="https://www.bank-of-algeria.dz/stoodroa/2026/10/'
    b'Cotation-DZD-2000-2026-journalier.xlsx">Cotation du dinar</a></body></html>'
)
BOOK_URL = "https://www.bank-of-algeria.dz/stoodroa/2026/10/Cotation-DZD-2000-2026-journalier.xlsx"
LAST = date(2026, 9, 30)


def sheet(title: str, *rates: str) -> Rows:
    """A sheet with these rates on the days up to the last."""
    days = [LAST - timedelta(days=back) for back in range(len(rates))][::-1]
    return [[], [title], [], ["", title], *([day, rate] for day, rate in zip(days, rates, strict=True))]


SHEETS = {
    "USD - DZD": sheet("USD / DZD", "132.1", "132.25", "132.4424"),
    "EURO - DZD": sheet("EURO / DZD", "154.5", "", "154.8914"),
    "JPY - DZD": sheet("100 JPY / DZD", "83.1", "83.05", "83.0386"),
    "MRO - DZD": sheet("MRO / DZD"),
}
BOOK = workbook(SHEETS)
CASE = Case(latest("DZD"), (PAGE, BOOK), b"", html=True, packed=True)


def test_latest() -> None:
    """The newest day of the workbook, although it is a month old."""
    quotes, urls = ask("boa", latest("DZD"), PAGE, BOOK)
    assert urls == [boa.PAGE, BOOK_URL]
    assert [quote for quote in quotes if quote.day == LAST] == [
        Quote("USD", "DZD", Decimal("132.4424"), LAST),
        Quote("EUR", "DZD", Decimal("154.8914"), LAST),
        Quote("JPY", "DZD", Decimal("0.830386"), LAST),
    ]
    assert len(quotes) == 8  # the euro has no rate on one of the three days


def test_latest_of_an_old_workbook() -> None:
    """When nothing is recent, the newest there is."""
    old = {"USD - DZD": [[], ["USD / DZD"], [], [], [date(2025, 1, 2), "135.5"]]}
    assert ask("boa", latest("DZD"), PAGE, workbook(old))[0] == (
        Quote("USD", "DZD", Decimal("135.5"), date(2025, 1, 2)),
    )


def test_day_and_range() -> None:
    """The days asked for alone; a day is bridged to the last before it."""
    quotes, _ = ask("boa", between(date(2026, 9, 29), date(2026, 9, 29), "DZD", "USD"), PAGE, BOOK)
    assert max(quote.day for quote in quotes) == date(2026, 9, 29)
    quotes, _ = ask("boa", between(date(2026, 9, 29), LAST, "DZD"), PAGE, BOOK)
    assert {quote.day for quote in quotes} == {date(2026, 9, 29), LAST}


def test_a_day_that_is_not_listed() -> None:
    """The workbook ends in September: for the end of October it has nothing."""
    with pytest.raises(NoRates):
        ask("boa", on(date(2026, 10, 29), "DZD"), PAGE, BOOK)


def test_an_empty_workbook_is_no_holiday() -> None:
    """A file without any day is another file."""
    with pytest.raises(ParseError):
        ask("boa", on(LAST, "DZD"), PAGE, workbook({"USD - DZD": sheet("USD / DZD")}))


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Feuil1", [["a"], ["b"]]),
        ("USD - DZD", sheet("100 JPY / DZD", "83.1")),
        ("USD - DZD", sheet("USD / EUR", "1.1")),
        ("USD - DZD", [["a"]]),
        ("USD - DZD", sheet("USD / DZD", "n.d.")),
        ("USD - DZD", [[], ["USD / DZD"], [], [], ["vendredi", "132.5"]]),
        ("USD - DZD", [[], ["USD / DZD"], [], [], ["", "132.5"]]),
    ],
)
def test_another_layout_is_refused(name: str, rows: Rows) -> None:
    """A sheet whose title is another's, a day or a rate that is none: a named error, no missing rate."""
    with pytest.raises(ParseError):
        ask("boa", latest("DZD"), PAGE, workbook({**SHEETS, name: rows}))


def test_a_page_in_place_of_the_workbook() -> None:
    """The address may have moved between the page and the file."""
    with pytest.raises(HtmlAnswer):
        ask("boa", latest("DZD"), PAGE, MAINTENANCE)


@recordings
def test_recorded() -> None:
    """Every cell of every sheet of April 2026."""
    found = replay("boa", asked("2026-04-01", "2026-04-30", "DZD"))
    expected = {}
    for name, grid in cells("boa/2.xlsx").items():
        units = Decimal(re.match(r"\d*", grid[2, "A"])[0] or 1)  # type: ignore[index]
        for (row, column), text in grid.items():
            if column == "A" and row > 4 and (row, "B") in grid:
                day = date(1899, 12, 30) + timedelta(days=int(text))
                code = name[:3]
                expected[code, "DZD", day] = Decimal(grid[row, "B"]) / units
    assert found == expected
    assert len(found) == 352
    assert codes(found) == in_sample("boa")
    assert_crosses_agree(found, "DZD")
