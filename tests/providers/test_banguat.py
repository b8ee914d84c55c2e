"""The Bank of Guatemala: every calendar day, the number of rows, faults by name."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import banguat
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("banguat", "GTQ", "7.68112", "range.xml")

RANGE, NONE = specimen("banguat/range.xml"), specimen("banguat/none.xml")


def test_latest() -> None:
    """The rows of the last days up to today, quetzales for a dollar, with the bank's digits."""
    publisher = Publisher([RANGE])
    quotes = run_provider(providers.load("banguat"), latest("GTQ"), publisher)
    (request,) = publisher.asked
    assert request.url == banguat.URL
    assert request.headers == (("Content-Type", "text/xml; charset=utf-8"),)
    assert b"<fechainit>23/10/2026</fechainit><fechafin>30/10/2026</fechafin></TipoCambioRango>" in request.content
    assert quotes == (
        Quote("USD", "GTQ", Decimal("7.68112"), date(2026, 10, 28)),
        Quote("USD", "GTQ", Decimal("7.6795"), date(2026, 10, 29)),
        Quote("USD", "GTQ", Decimal("7.67801"), date(2026, 10, 30)),
    )


def test_a_long_range_is_asked_by_the_year() -> None:
    """Three years are four questions, the last one of a day."""
    publisher = Publisher([RANGE, NONE, NONE, NONE])
    old = RANGE.replace(b"/10/2026", b"/10/2021")
    publisher.answers[0] = old
    run_provider(providers.load("banguat"), between(date(2021, 1, 1), date(2024, 1, 1), "GTQ"), publisher)
    days = [re.findall(rb"(\d\d/\d\d/\d{4})", request.content) for request in publisher.asked]
    assert days[0] == [b"01/01/2021", b"31/12/2021"]
    assert days[-1] == [b"01/01/2024", b"01/01/2024"]


def test_no_rows_are_no_rates() -> None:
    """The bank says with a count of nought that it has none."""
    with pytest.raises(NoRates):
        ask("banguat", on(date(2026, 10, 25), "GTQ"), NONE)


def test_a_fault_is_an_error_answer() -> None:
    """The words of a fault are repeated."""
    with pytest.raises(ErrorAnswer, match="no valid form"):
        ask("banguat", latest("GTQ"), specimen("banguat/fault.xml"))


@pytest.mark.parametrize(
    ("old", "new"), [(b"Items>3<", b"Items>4<"), (b"<moneda>2<", b"<moneda>3<"), (b"28/10", b"28-10")]
)
def test_other_rows_than_due_are_refused(old: bytes, new: bytes) -> None:
    """A row too few, one of another currency, or one with another kind of day is no answer."""
    with pytest.raises(ParseError):
        ask("banguat", latest("GTQ"), RANGE.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row's selling rate, which its buying rate equals."""
    found = replay("banguat", asked("2026-03-01", "2026-03-20", "GTQ"))
    row = r"<fecha>(\d+)/(\d+)/(\d+)</fecha><venta>([\d.]+)</venta><compra>([\d.]+)</compra>"
    expected: Figures = {}
    for day, month, year, sell, buy in re.findall(row, body("banguat/1.xml").decode()):
        assert sell == buy
        expected["USD", "GTQ", date(int(year), int(month), int(day))] = Decimal(sell)
    assert found == expected
    assert len(found) == 20
    assert codes(found) == in_sample("banguat")
