"""The Central Bank of Paraguay: a page a currency and year, ND for none, gold per ounce, currencies the form lacks."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError, Unsupported
from rates.model import Quote
from rates.providers import bcp
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

USD, XAU, SGD, OLD = (specimen(f"bcp/{name}.html") for name in ("usd", "xau", "sgd", "old"))
# Without symbols the bank is asked 25 times.
CASE = Case(latest("PYG", "USD", "XAU"), (USD, XAU), b"7.058,40", html=True)

URL = "https://www.bcp.gov.py/webapps/web/cotizacion/monedas-historica?anho="


def test_latest() -> None:
    """The year's page of each currency asked for; dots between thousands, gold per ounce, only the window's days."""
    quotes, urls = ask("bcp", latest("PYG", "XAU", "USD"), USD, XAU)
    assert urls == [URL + "2026&moneda=USD", URL + "2026&moneda=XAU"]
    assert quotes == (
        Quote("USD", "PYG", Decimal("7061.52"), date(2026, 10, 29)),
        Quote("USD", "PYG", Decimal("7058.40"), date(2026, 10, 30)),
        Quote("XAU", "PYG", Decimal("28314902.10"), date(2026, 10, 29)),
        Quote("XAU", "PYG", Decimal("28290118.77"), date(2026, 10, 30)),
    )


def test_all_currencies_are_asked_one_by_one() -> None:
    """Without symbols each currency has its request; the form's SDR, which is empty, has none."""
    assert len(bcp.CODES) == 25
    page = USD.replace(b'selected="selected"', b"")
    _, urls = ask("bcp", latest("PYG"), *[page] * 25)
    assert urls[-1] == URL + "2026&moneda=XAU"
    with pytest.raises(Unsupported):
        ask("bcp", latest("PYG", "XDR"))


def test_a_currency_that_the_form_does_not_name() -> None:
    """Nothing is chosen on the page of such a one, and what was asked for counts; alone it cannot be parsed."""
    quotes, _ = ask("bcp", latest("PYG", "SGD"), SGD)
    assert {quote.base for quote in quotes} == {"SGD"}
    with pytest.raises(ValueError, match="no chosen currency"):
        list(bcp.parse(SGD))


def test_new_year() -> None:
    """A day of January looks back into the year before; a range takes a page a year."""
    quotes, urls = ask("bcp", on(date(2026, 1, 2), "PYG", "USD"), OLD, USD)
    assert urls == [URL + "2025&moneda=USD", URL + "2026&moneda=USD"]
    assert quotes == (Quote("USD", "PYG", Decimal("7311.05"), date(2025, 12, 30)),)
    quotes, _ = ask("bcp", between(date(2025, 12, 1), date(2026, 9, 30), "USD", "PYG"), OLD, USD)
    assert [quote.day.month for quote in quotes] == [12, 9]
    with pytest.raises(NoRates):
        ask("bcp", on(date(2026, 5, 1), "PYG", "USD"), USD)
    with pytest.raises(ParseError, match="expected a page of 2026, got 2025's"):
        ask("bcp", latest("PYG", "USD"), OLD)


def test_pages_that_cannot_be() -> None:
    """A rate on 31 September, another currency's page and a missing day are refused."""
    row = USD.index(b"<tr><th>31</th>")
    wrong = USD[:row] + USD[row:].replace(b"ND", b"7.000,00")
    for page in (wrong, XAU, USD[:row] + USD[USD.index(b"</tbody>", row) :]):
        with pytest.raises(ParseError):
            ask("bcp", latest("PYG", "USD"), page)


@recordings
def test_recorded() -> None:
    """Every cell of every currency's year, by its place in the row of twelve."""
    found = replay("bcp", asked("2024-01-01", "2024-12-31", "PYG"))
    expected: Figures = {}
    for number, code in enumerate(bcp.CODES, start=1):
        for day, cells in re.findall(
            r"<th[^>]*>(\d+)</th>((?:<td[^>]*>[\d.,ND]+</td>){12})", body(f"bcp/{number}.html").decode()
        ):
            for month, cell in enumerate(re.findall(r">([\d.,ND]+)<", cells), start=1):
                if cell != "ND":
                    rate = Decimal(cell.replace(".", "").replace(",", "."))
                    expected[code, "PYG", date(2024, month, int(day))] = rate
    assert found == expected
    assert len(found) == 6250
    assert codes(found) == in_sample("bcp")
