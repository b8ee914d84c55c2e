"""The Palestine Monetary Authority: a form with a token, and a workbook in which all cells are texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import BadRate, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply
from rates.providers import pma
from tests.providers.conversation import Case, Publisher, ask, between, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, Figures, figures, recordings
from tests.providers.workbook_cells import cells_of
from tests.readers.workbooks import Rows, workbook

FORM = specimen("pma/form.html")
SHEET: Rows = [
    pma.HEAD,
    ["2026/10/28", "USD/ILS", "2.9903", "2.9944", "2.9924"],
    ["2026-10-29 ", " USD/ILS", "3.0103", "3.0127", " 3.0115"],
    ["2026/10/29", "USD/LBP", "89,446.50", "89,800.00", "89623.25"],
    ["2026/10/29", "GBP/USD", "1.3539", "1.3540", "1.354"],
    ["2026/10/29", "XAU/USD", "4,423.00", "4,423.66", "4,423.33"],
    ["2026/10/29", "JOD/ILS", "4.2386", "4.2563", "4.2475"],
]
BOOK = workbook({"Worksheet": SHEET})
CASE = Case(latest("USD"), (FORM, BOOK), b"", html=True, packed=True)
THURSDAY = date(2026, 10, 29)


def test_latest() -> None:
    """The token and the cookie go back with the window; pairs keep their direction; one without dollars is not read."""
    publisher = Publisher([Reply(200, FORM, {"set-cookie": "PHPSESSID=a1; path=/"}), BOOK])
    quotes = run_provider(providers.load("pma"), latest("USD"), publisher)
    assert publisher.urls() == [pma.URL, pma.URL]
    assert publisher.asked[1].headers == (("Cookie", "PHPSESSID=a1"), ("Referer", pma.URL))
    assert dict(publisher.asked[1].form) == {
        "alUxYVk1TC80KzVQcXZtdEUyREtudz09": "NEx1U21pRWRmZG80SmR4blZodlVhdz09",
        "from": "2026-10-20",
        "to": "2026-10-30",
    }
    assert [quote for quote in quotes if quote.day == THURSDAY] == [
        Quote("USD", "ILS", Decimal("3.0115"), THURSDAY),
        Quote("USD", "LBP", Decimal("89623.25"), THURSDAY),
        Quote("GBP", "USD", Decimal("1.354"), THURSDAY),
        Quote("XAU", "USD", Decimal("4423.33"), THURSDAY),
    ]


def test_days_of_rest() -> None:
    """A workbook with titles alone."""
    with pytest.raises(NoRates):
        ask("pma", on(date(2026, 10, 24), "USD"), FORM, workbook({"Worksheet": [pma.HEAD]}))


@pytest.mark.parametrize(
    ("row", "cell", "new", "error"),
    [
        (0, 4, "البيع", ParseError),
        (2, 0, "today", ParseError),
        (2, 1, "USDILS", ParseError),
        (2, 4, "n/a", ParseError),
        (2, 4, "", ParseError),
        (2, 4, "0.0", BadRate),
    ],
)
def test_another_sheet_is_refused(row: int, cell: int, new: str, error: type[Exception]) -> None:
    """Other titles, no day, pair or rate: a named error, no missing quote."""
    rows = [list(cells) for cells in SHEET]
    rows[row][cell] = new
    with pytest.raises(error):
        ask("pma", latest("USD"), FORM, workbook({"Worksheet": rows}))


def test_a_page_without_its_token() -> None:
    """The form is another."""
    with pytest.raises(ParseError):
        ask("pma", latest("USD"), FORM.replace(b'type="hidden"', b'type="text"'))


OFFICIAL = SOURCES / "official" / "pma"


@recordings
def test_recorded() -> None:
    """Every row of a week of September 2026, cell by cell; what is left out are crosses of the rest."""
    page = (OFFICIAL / "export_form.html").read_bytes()
    book = (OFFICIAL / "pma-currencies-ar-2026-09-01-2026-09-08_cut.xlsx").read_bytes()
    quotes, _ = ask("pma", between(date(2026, 9, 1), date(2026, 9, 8), "USD"), page, book)
    (grid,) = cells_of(book).values()
    expected: Figures = {}
    for row in sorted({row for row, _ in grid if row > 1}):
        base, symbol = grid[row, "B"].split("/")
        day = date.fromisoformat(grid[row, "A"].replace("/", "-"))
        expected[base, symbol, day] = Decimal(grid[row, "E"].replace(",", ""))
    assert len(expected) == 150
    found = figures(quotes)
    crosses = {key: rate for key, rate in expected.items() if "USD" not in key}
    assert found == {key: rate for key, rate in expected.items() if key not in crosses}
    assert {key[:2] for key in crosses} == {("JOD", "ILS"), ("EUR", "ILS"), ("EGP", "ILS")}
    for (base, symbol, day), rate in crosses.items():
        dollar = 1 / found["USD", base, day] if base != "EUR" else found["EUR", "USD", day]
        assert abs(dollar * found["USD", symbol, day] / rate - 1) < Decimal("0.01")
    tuesday = {(base, symbol): str(rate) for (base, symbol, day), rate in found.items() if day == date(2026, 9, 8)}
    assert len(tuesday) == 22
    assert tuesday["USD", "ILS"] == "3.0115"
    assert tuesday["GBP", "USD"] == "1.354"
    assert tuesday["XAU", "USD"] == "4423.33"
    assert found["USD", "JOD", date(2026, 9, 1)] == Decimal("0.709")
    assert found["USD", "LBP", date(2026, 9, 1)] == Decimal("89623.25")
    dollars: Figures = {("USD", "USD", day): Decimal(1) for _, _, day in found}
    assert_crosses_agree(found | dollars, "USD")
