"""The Reserve Bank of Fiji: units of the currency for one Fiji dollar, under the bank's own short names."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import rbf
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import asked, codes, in_sample, recordings, replay
from tests.providers.workbook_cells import cells
from tests.readers.workbooks import Rows, workbook

PAGE = (
    b'<html><body><a href="/a/8.7-Other.xlsx">8.7</a>'
    b'<a href="/wp-content/uploads/2026/10/8.8-Exchange-Rates-Daily-12.xlsx">8.8 Exchange Rates Daily</a></body></html>'
)
BOOK_URL = "https://www.rbf.gov.fj/wp-content/uploads/2026/10/8.8-Exchange-Rates-Daily-12.xlsx"
HEAD = ["Period", "     SDR", "    YEN", "A$", "US$", "EURO"]
FRIDAY = date(2026, 10, 30)


def book(*rows: list[str | date | None]) -> bytes:
    """The workbook with these rows of days."""
    sheet: Rows = [["DAILY EXCHANGE RATES"], ["(RBF Mid-Rate Per Fiji Dollar)"], HEAD, [], *rows]
    return workbook({"Exchange Rates": sheet, "Sheet1": []})


BOOK = book(
    [date(2026, 10, 28), "0.3281", "69.1", "0.6901", "0.4501", "0.3871"],
    [date(2026, 10, 29), "0.3282", "69.11", None, "0.4502", "0.3872"],
    [FRIDAY, "0.328247", "69.12", "0.6903", "0.4503", "0.3873"],
    [],
)
CASE = Case(latest("FJD"), (PAGE, BOOK), b"", html=True, packed=True)


def test_latest() -> None:
    """One Fiji dollar in each currency, the SDR among them; a blank cell is no quote."""
    quotes, urls = ask("rbf", latest("FJD"), PAGE, BOOK)
    assert urls == [rbf.PAGE, BOOK_URL]
    assert quotes[-5:] == (
        Quote("FJD", "XDR", Decimal("0.328247"), FRIDAY),
        Quote("FJD", "JPY", Decimal("69.12"), FRIDAY),
        Quote("FJD", "AUD", Decimal("0.6903"), FRIDAY),
        Quote("FJD", "USD", Decimal("0.4503"), FRIDAY),
        Quote("FJD", "EUR", Decimal("0.3873"), FRIDAY),
    )
    assert len(quotes) == 14


def test_day_and_range() -> None:
    """The days asked for; a Sunday is bridged; before the first day there is nothing."""
    quotes, _ = ask("rbf", between(date(2026, 10, 29), FRIDAY, "FJD"), PAGE, BOOK)
    assert {quote.day for quote in quotes} == {date(2026, 10, 29), FRIDAY}
    quotes, _ = ask("rbf", on(date(2026, 10, 29), "FJD"), PAGE, BOOK)
    assert max(quote.day for quote in quotes) == date(2026, 10, 29)
    with pytest.raises(NoRates):
        ask("rbf", on(date(2026, 10, 1), "FJD"), PAGE, BOOK)


@pytest.mark.parametrize(
    "body",
    [
        book(["Monday", "0.3281"]),
        book([FRIDAY, "closed"]),
        workbook({"A": [["Period", "RUPEE"], [FRIDAY, "1.5"]]}),
        workbook({"A": [["Day", "US$"], [FRIDAY, "1.5"]]}),
    ],
)
def test_another_layout_is_refused(body: bytes) -> None:
    """An unknown name, day or rate is named, not passed over."""
    with pytest.raises(ParseError):
        ask("rbf", latest("FJD"), PAGE, body)


@recordings
def test_recorded() -> None:
    """Every cell below the names."""
    found = replay("rbf", asked("2026-05-18", "2026-05-22", "FJD"))
    grid = cells("rbf/2.xlsx")["Exchange Rates"]
    columns = dict(zip("BCDEFGHI", ("XDR", "GBP", "JPY", "CHF", "AUD", "NZD", "USD", "EUR"), strict=True))
    assert [grid[3, column].strip() for column in columns] == [
        "SDR", "STG", "YEN", "CHF", "A$", "NZ$", "US$", "EURO"
    ]  # fmt: skip
    expected = {
        ("FJD", columns[column], date(1899, 12, 30) + timedelta(days=int(grid[row, "A"]))): Decimal(text)
        for (row, column), text in grid.items()
        if row > 3 and column in columns
    }
    assert found == expected
    assert len(found) == 40
    assert codes(found) == in_sample("rbf")
    assert_crosses_agree(found, "FJD")
