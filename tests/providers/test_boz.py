"""The Bank of Zambia: JSON that leads to a workbook, and the old kwacha before 2013."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import BadRate, HtmlAnswer, NoRates, ParseError
from rates.model import Quote
from tests.providers.conversation import PAGE as MAINTENANCE
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.recordings import SOURCES, recordings
from tests.readers.workbooks import Rows, workbook

FILE = "field_average_historical_file"
ENTRY = json.dumps(
    {
        "data": [{"id": "n1", "relationships": {"uid": {"data": None}, FILE: {"data": {"id": "f2"}}}}],
        "included": [
            {"id": "f1", "attributes": {"uri": {"url": "/sites/default/files/other.xlsx"}}},
            {"id": "f2", "attributes": {"uri": {"url": "/sites/default/files/2026-10/AVERAGE_FXRATES_3.xlsx"}}},
        ],
    }
).encode()
URL = (
    "https://www.boz.zm/jsonapi/node/historical_average_exchange_rate"
    f"?include={FILE}&page[limit]=1&sort=-created"
)  # fmt: skip
FRIDAY = date(2026, 10, 30)
SHEET: Rows = [
    ["", "BANK OF ZAMBIA"],
    [],
    ["", "", " Dollar ", "", "Pound", "", "Euro", "", "Rand", ""],
    ["", "Date", *["Buy", "Sale"] * 4],
    ["", date(2006, 1, 11), "n/a", "n/a"],
    ["", date(2012, 12, 28), "5126.0", "5146.0", "8250", "8300", "6760", "6800", "600.5", "602.5"],
    ["", date(2013, 1, 2), "5.2", "5.22", "8.4", "8.5", "6.8", "6.9", "0.61", "0.62"],
    [],
    ["", date(2026, 10, 29), "19.2", "19.3", "", "", "22.4", "22.5", "1.17", "1.18"],
    ["", FRIDAY, "19.2041", "19.2541", "25.9", "26", "22.3", "22.4", "1.17", "1.18"],
]
BOOK = workbook({"Sheet1": SHEET})
CASE = Case(latest("ZMW"), (ENTRY, BOOK), b"", packed=True)


def test_latest() -> None:
    """The file of the newest entry, and the middle of both sides."""
    quotes, urls = ask("boz", latest("ZMW"), ENTRY, BOOK)
    assert urls == [URL, "https://www.boz.zm/sites/default/files/2026-10/AVERAGE_FXRATES_3.xlsx"]
    assert quotes[3:] == tuple(
        Quote(code, "ZMW", Decimal(rate), FRIDAY)
        for code, rate in (("USD", "19.2291"), ("GBP", "25.95"), ("EUR", "22.35"), ("ZAR", "1.175"))
    )
    assert [quote.base for quote in quotes[:3]] == ["USD", "EUR", "ZAR"]  # no pound on Thursday


def test_old_kwacha() -> None:
    """A thousand old ones are a new one since 2013, and rows before 2006-01-12 are not read."""
    quotes, _ = ask("boz", between(date(2006, 1, 1), date(2013, 1, 31), "ZMW", "USD"), ENTRY, BOOK)
    assert [quote for quote in quotes if quote.base == "USD"] == [
        Quote("USD", "ZMK", Decimal("5136"), date(2012, 12, 28)),
        Quote("USD", "ZMW", Decimal("5.21"), date(2013, 1, 2)),
    ]


def test_days_of_rest() -> None:
    """A day that the sheet has not, nor one of the week before."""
    with pytest.raises(NoRates):
        ask("boz", on(date(2020, 5, 1), "ZMW"), ENTRY, BOOK)


@pytest.mark.parametrize(
    ("row", "cell", "new", "error"),
    [
        (2, 2, "Yen", ParseError),
        (2, 3, "Pound", ParseError),
        (3, 1, "Day", ParseError),
        (3, 3, "Sell", ParseError),
        (9, 1, "", ParseError),
        (9, 1, "30 October", ParseError),
        (9, 2, "", ParseError),
        (9, 3, "n/a", ParseError),
        (9, 3, "0", ParseError),
    ],
)
def test_another_sheet_is_refused(row: int, cell: int, new: str, error: type[Exception]) -> None:
    """Other names or titles, a row without a day, one side alone: a named error, no missing rate."""
    rows = [list(cells) for cells in SHEET]
    rows[row][cell] = new
    with pytest.raises((error, BadRate)):
        ask("boz", latest("ZMW"), ENTRY, workbook({"Sheet1": rows}))


@pytest.mark.parametrize(
    "wrong", [ENTRY.replace(b'"f2"', b'"f3"', 1), ENTRY.replace(b'"n1"', b"1").replace(b"data", b"x")]
)
def test_an_entry_without_its_file(wrong: bytes) -> None:
    """The file must be among those that the answer includes."""
    with pytest.raises(ParseError):
        ask("boz", latest("ZMW"), wrong)


def test_a_page_in_place_of_the_workbook() -> None:
    """The address may have moved."""
    with pytest.raises(HtmlAnswer):
        ask("boz", latest("ZMW"), ENTRY, MAINTENANCE)


@recordings
def test_recorded_entry() -> None:
    """The recorded JSON leads to the recorded address; the workbook itself is not recorded."""
    entry = (SOURCES / "official" / "boz" / "historical_average_exchange_rate.json").read_bytes()
    _, urls = ask("boz", latest("ZMW"), entry, BOOK)
    assert urls[1] == "https://www.boz.zm/sites/default/files/2026-09/AVERAGE_FXRATES_3.xlsx"
