"""The Central Bank of Iraq: one workbook of three, pairs and triples of columns, holidays, slips of typing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import cbi
from tests.providers.conversation import Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import asked, codes, in_sample, recordings, replay
from tests.providers.workbook_cells import cells
from tests.readers.workbooks import Cell, Rows, workbook

PAGE = """<html><body><a href="https://cbi.iq/static/uploads/up/file-1.xlsx">الدولار</a>
<a href="https://cbi.iq/static/uploads/up/file-2.xlsx">العملات الرئيسية <span>والذهب</span></a>
<a href="https://cbi.iq/static/uploads/up/file-3.xlsx">1995</a></body></html>""".encode()
BOOK_URL = "https://cbi.iq/static/uploads/up/file-2.xlsx"
THURSDAY = date(2026, 10, 29)
BUY, SELL, SECOND = "  Buy      ID  ", " Sell         ID ", " Sell      ID 2 "

TRIPLES: list[list[Cell]] = [
    ["أسعار"],
    ["Daily Exchange Rate"],
    ["Date", "الدولار USD ", "", "", "", "الين  JPY", "", "", "", "", "الذهب"],
    ["", "", "", "", "", "", "", "", "", "", "Gold"],
    ["2026", BUY, SELL, SECOND, BUY, SELL, SECOND, BUY, SELL, SECOND],
]
TRIPLES[2][7:9] = ["", "السحب SDR"]
PAIRS: list[list[Cell]] = [
    ["أسعار"],
    ["Daily Exchange Rate"],
    ["Date", "الدولار", "", "الفرنك", "", "الدرهم"],
    ["", "USD", "", "S.FR", "", "UAE"],
    ["2024", BUY, SELL, BUY, SELL, BUY, SELL],
]


def day(number: int, *figures: str) -> list[Cell]:
    """A row of a day of three currencies, with second selling rates and gold."""
    return [number, *(figures or ("1300", "1310", "1320", "8.5", "8.6", "8.7", "1790", "1800", "1810", "6064851000"))]


OCTOBER: Rows = [
    *TRIPLES,
    ["2026"],
    ["1", "", "", "عطلة", "", "8.6"],
    day(4),
    ["Average", "1300", "1310"],
    [],
    ["Sept.2026"],
    ["27", "1300", "1310", "1320", "8.29", "8.31", "", "", "", ""],
    ["Oct,2026"],
    day(28, "1300", "1310", "1320", "5.286", "8.35", "8.4", "1790.7", "180.486", "1818", "6"),
    day(29),
    ["30"],
    ["31"],
    ["Average"],
]
BOOK = workbook(
    {
        "2023": [],
        "2024": [*PAIRS, ["Jan. 2024"], ["2", "1300", "1310", "1529.592", "1541.358", "353.982", "356.705"]],
        "2026": OCTOBER,
    }
)
CASE = Case(latest("IQD"), (PAGE, BOOK), b"", html=True, packed=True)


def test_latest() -> None:
    """The middle of the first two sides of three; gold and the second selling rates are passed over."""
    quotes, urls = ask("cbi", latest("IQD"), PAGE, BOOK)
    assert urls == [cbi.PAGE, BOOK_URL]
    assert quotes[-3:] == (
        Quote("USD", "IQD", Decimal("1305"), THURSDAY),
        Quote("JPY", "IQD", Decimal("8.55"), THURSDAY),
        Quote("XDR", "IQD", Decimal("1795"), THURSDAY),
    )


def test_slips_and_blanks_are_no_quotes() -> None:
    """Sides far apart or crosswise are mistyped; blank sides are not quoted; a holiday has a name in its row."""
    quotes, _ = ask("cbi", between(date(2026, 1, 1), date(2026, 10, 28), "IQD"), PAGE, BOOK)
    assert [(quote.base, quote.day) for quote in quotes] == [
        *((code, date(2026, 1, 4)) for code in ("USD", "JPY", "XDR")),
        *((code, date(2026, 9, 27)) for code in ("USD", "JPY")),
        ("USD", date(2026, 10, 28)),
    ]


def test_pairs_of_columns() -> None:
    """Until 2024 there are two sides, and names under the Arabic ones, two of them the bank's own."""
    quotes, _ = ask("cbi", on(date(2024, 1, 4), "IQD"), PAGE, BOOK)
    assert quotes == (
        Quote("USD", "IQD", Decimal("1305"), date(2024, 1, 2)),
        Quote("CHF", "IQD", Decimal("1535.475"), date(2024, 1, 2)),
        Quote("AED", "IQD", Decimal("355.3435"), date(2024, 1, 2)),
    )
    with pytest.raises(NoRates):
        ask("cbi", on(date(2023, 5, 4), "IQD"), PAGE, BOOK)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Notes", OCTOBER),
        ("2026", [["a"]]),
        ("2026", [*TRIPLES[:2], [], [], *TRIPLES[4:], ["Oct.2026"], day(29)]),
        ("2026", [*TRIPLES[:4], ["2026", BUY, BUY, SELL], ["Oct.2026"], day(29)]),
        ("2026", [*TRIPLES, day(29)]),
        ("2026", [*TRIPLES, ["Oct.2026"], day(29), day(29)]),
        ("2026", [*TRIPLES, ["Oct.2025"], day(29)]),
        ("2026", [*TRIPLES, ["Foo.2026"], day(29)]),
        ("2026", [*TRIPLES, ["Feb.2026"], day(29)]),
        ("2026", [*TRIPLES, ["Oct.2026"], ["Total", "1"]]),
        ("2026", [*TRIPLES, ["Oct.2026"], day(29, "1300", "1310", "", "8.5")]),
        ("2026", [*TRIPLES, ["Oct.2026"], day(29, "1300", "closed")]),
    ],
)
def test_another_layout_is_refused(name: str, rows: Rows) -> None:
    """A year, currency, month, day or side that is not what it should be is named."""
    with pytest.raises(ParseError):
        ask("cbi", latest("IQD"), PAGE, workbook({name: rows}))


def test_a_page_without_the_workbook_of_gold() -> None:
    """The two other workbooks are other tables."""
    with pytest.raises(ParseError, match="links to no address"):
        ask("cbi", latest("IQD"), PAGE.replace("والذهب".encode(), b""))


@recordings
def test_recorded() -> None:
    """Every pair of cells, the currencies by their columns; two slips of typing left out by name."""
    found = replay("cbi", asked("2024-01-01", "2026-05-22", "IQD"))
    pairs = re.findall("...", "USDEURGBPCADCHFSEKNOKDKKJPYCNYAEDJODAUDXDR")
    triples = re.findall("...", "USDEURGBPCADCHFSEKNOKDKKJPYCNYAEDJODAUDSAROMRINRTRYQARXDR")
    slips = {("JPY", date(2026, 2, 9)), ("XDR", date(2026, 2, 18))}
    expected = {}
    for name, listed, width in (("2024", pairs, 2), ("2026", triples, 3)):
        grid = cells("cbi/2.xlsx")[name]
        month = 1
        for line in range(7, max(line for line, _ in grid) + 1):
            label = grid.get((line, "A"), "")
            month = 2 if label.startswith("Feb") else month
            for number, code in enumerate(listed):
                where = [_letters(1 + number * width + side) for side in (0, 1)]
                if label.isdigit() and re.fullmatch(r"[\d.]+", grid.get((line, where[0]), "")):
                    day = date(int(name), month, int(label))
                    sides = [Decimal(grid[line, column]) for column in where]
                    if (code, day) not in slips:
                        expected[code, "IQD", day] = sum(sides) / 2
    assert found == expected
    assert len(found) == 984
    assert codes(found) == in_sample("cbi")
    assert_crosses_agree(found, "IQD")


def _letters(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)
