"""The Bank of Albania: a page with tables of two days, and workbooks of years that come after their end."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import BadRate, NoRates, ParseError
from rates.model import Quote
from rates.providers import bsh
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, dotted, figures, recordings
from tests.providers.workbook_cells import cells_of
from tests.readers.workbooks import Rows, workbook

CASE = case("bsh", "ALL", "82.24", "rates.html", html=True)

PAGE, ARCHIVE = specimen("bsh/rates.html"), specimen("bsh/archive.html")
FRIDAY, WEEK_BEFORE = date(2026, 10, 30), date(2026, 10, 23)
TODAY = (
    Quote("USD", "ALL", Decimal("82.24"), FRIDAY),
    Quote("JPY", "ALL", Decimal("0.5168"), FRIDAY),
    Quote("XDR", "ALL", Decimal("112.40"), FRIDAY),
    Quote("XAU", "ALL", Decimal("371473.97"), FRIDAY),
)
SHEETS: dict[str, Rows] = {
    "Janar": [
        [],
        ["   ", "", "    DT. 03.01.2024", "", "", "    DT.04.01.2024", ""],
        ["", "Monedhat e huaja", "Kundrejt  një USD", " të monedhës", "", "Kundrejt  një USD", " të monedhës"],
        ["1", "Jeni Japonez (per 100) (JPY)", "142.71", "66.150000000000006", "", "143.95", "65.85"],
        ["2", "E U R O", "0.914745700695207", "103.24", "", "0.912242291552636", "103.92"],
        ["3", "Spec. Drawing RIGHTS (SDR)", "0.746708880608717", "126.42", "", "0.748435769242284", "126.65"],
        ["4", "Juani Kinez (offshore) CNH", "7.1553", "13.19", "", "7.1555", "13.25"],
        ["", "", "DT", "#DIV/0!"],
    ],
    "Sheet1": [],
    "Korrik ": [[], ["", "", "DT 11.07.2024"], ["1", "Ari (oz)", "2371.3", "219000.5"]],
}
BOOK = workbook(SHEETS)


def test_latest() -> None:
    """Both tables, each of its day, the gold by the ounce; the forint per 100, which is not written."""
    quotes, urls = ask("bsh", latest("ALL"), PAGE)
    assert urls == [bsh.PAGE]
    assert quotes == (
        *TODAY,
        Quote("HUF", "ALL", Decimal("0.2647"), WEEK_BEFORE),
        Quote("CZK", "ALL", Decimal("3.92"), WEEK_BEFORE),
    )


def test_the_newest_day_needs_no_archive() -> None:
    """The page has it, also for days of rest after it."""
    assert ask("bsh", on(FRIDAY, "ALL"), PAGE)[0][:4] == TODAY
    thursday = PAGE.replace(b"30.10.2026", b"29.10.2026")
    assert {quote.day for quote in ask("bsh", on(FRIDAY, "ALL"), thursday)[0]} == {date(2026, 10, 29), WEEK_BEFORE}


def test_the_day_before_the_newest() -> None:
    """Of the running year it is not to be had: the page has a later day, and the year no workbook."""
    with pytest.raises(NoRates):
        ask("bsh", on(date(2026, 10, 22), "ALL"), PAGE, ARCHIVE)


def test_a_past_range() -> None:
    """The workbooks of the years, whose rates in lekë stand right of the day; days outside are left out."""
    quotes, urls = ask("bsh", between(date(2024, 1, 4), date(2024, 7, 31), "ALL"), ARCHIVE, BOOK)
    assert urls == [bsh.ARCHIVE, "https://www.bankofalbania.org/rc/doc/kursi_2024_29746.xlsx"]
    assert [(quote.base, str(quote.rate), quote.day.isoformat()) for quote in quotes] == [
        ("JPY", "0.6585", "2024-01-04"),
        ("EUR", "103.92", "2024-01-04"),
        ("XDR", "126.65", "2024-01-04"),
        ("CNH", "13.25", "2024-01-04"),
        ("XAU", "219000.5", "2024-07-11"),
    ]


def test_binary_noise_is_cut() -> None:
    """66.150000000000006 in a cell is 66.15."""
    rates = {quote.base: str(quote.rate) for quote in ask("bsh", on(date(2024, 1, 3), "ALL"), ARCHIVE, BOOK)[0]}
    assert rates["JPY"] == "0.6615"


def test_the_running_year_has_no_workbook() -> None:
    """Of it only the newest day can be had."""
    with pytest.raises(NoRates):
        ask("bsh", on(date(2026, 6, 5), "ALL"), ARCHIVE)
    assert ask("bsh", between(date(2026, 10, 1), FRIDAY, "ALL"), PAGE, ARCHIVE)[0][:4] == TODAY


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"23.10.2026", b"none"), (b"Main Currency", b"Money"), (b"Last update:", b"Last:"), (b"26.47", b"n.d.")],
)
def test_another_page_is_refused(old: bytes, new: bytes) -> None:
    """A table without its day, another head, no rate: a named error, no missing quote."""
    with pytest.raises(ParseError):
        ask("bsh", latest("ALL"), PAGE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("row", "cell", "new", "error"),
    [
        (1, 2, "03/01/2024", ParseError),
        (1, 2, "", ParseError),
        (3, 1, "Jeni", ParseError),
        (4, 3, "", ParseError),
        (4, 3, "#DIV/0!", ParseError),
        (4, 3, "0", BadRate),
    ],
)
def test_another_workbook_is_refused(row: int, cell: int, new: str, error: type[Exception]) -> None:
    """A day or a currency that cannot be read, a rate that is missing or none."""
    rows = [list(cells) for cells in SHEETS["Janar"]]
    rows[row][cell] = new
    if row == 1:
        rows[1][5] = ""
    with pytest.raises(error):
        ask("bsh", on(date(2024, 1, 3), "ALL"), ARCHIVE, workbook({"Janar": rows}))


OFFICIAL = SOURCES / "official" / "bsh"


@recordings
def test_recorded_page() -> None:
    """Every row of both tables of 22 May 2026 by a pattern; the table of both sides is apart."""
    body = (OFFICIAL / "Official_exchange_rate_2026-05-23_cut.html").read_bytes()
    daily, weekly, _ = re.split("Last update:", body.decode())[1:]
    expected = {}
    for part in (daily, weekly):
        day = dotted(re.findall(r"<b>(\d\d\.\d\d\.\d{4})</b>", part)[0])
        for code, rate in re.findall(r"<TD nowrap>([A-Z]{3})</TD>\s*<td[^>]*>([\d.]+)</td>", part):
            code = code.replace("SDR", "XDR")
            expected[code, "ALL", day] = Decimal(rate) / (100 if code in ("JPY", "HUF", "RUB") else 1)
    found = figures(bsh.parse(body))
    assert found == expected
    assert len(found) == 20
    known = {"USD": "82.24", "JPY": "0.5168", "XAU": "371473.97", "XAG": "6223.96"}
    assert {code: str(found[code, "ALL", date(2026, 5, 22)]) for code in known} == known
    assert_crosses_agree(found, "ALL")


@recordings
def test_recorded_workbook() -> None:
    """Every cell of the sheets of 2024, by the recorded link."""
    book = (OFFICIAL / "Kursi_i_kembimit_2024_cut.xlsx").read_bytes()
    archive = (OFFICIAL / "Exchage_rate_archive_2026-05-23_cut.html").read_bytes()
    quotes, urls = ask("bsh", between(date(2024, 1, 1), date(2024, 12, 31), "ALL"), archive, book)
    assert urls[1] == "https://www.bankofalbania.org/rc/doc/Kursi_i_kembimit_2024_29746.xlsx"
    codes = [
        "JPY",
        "GBP",
        "CHF",
        "EUR",
        "XAU",
        "XAG",
        "AUD",
        "CAD",
        "SEK",
        "NOK",
        "DKK",
        "TRY",
        "USD",
        "XDR",
        "CNY",
        "CNH",
    ]
    expected = {}
    for grid in cells_of(book).values():
        for date_column, rate_column in ("CD", "FG", "IJ"):
            day = dotted(grid[9, date_column].strip()[-10:])
            for row, code in enumerate(codes, start=18):
                expected[code, "ALL", day] = Decimal(grid[row, rate_column]) / (100 if code == "JPY" else 1)
    found = figures(quotes)
    assert found == expected
    assert len(found) == 3 * 3 * 16
    january = {code: str(found[code, "ALL", date(2024, 1, 3)]) for code in ("USD", "JPY", "XAU", "XDR")}
    assert january == {"USD": "94.4", "JPY": "0.6615", "XAU": "193869.19", "XDR": "126.42"}
    assert found["USD", "ALL", date(2024, 12, 2)] == Decimal("93.54")
    assert found["EUR", "ALL", date(2024, 7, 1)] == Decimal("100.28")
    assert_crosses_agree(found, "ALL")
