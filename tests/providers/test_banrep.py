"""The Bank of the Republic: one rate and the days on which it holds, the window, the limit of rows, refusals."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Query, Quote, Reply
from rates.providers import banrep
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("banrep", "COP", "3871.22", "rates.json")

RATES = specimen("banrep/rates.json")
FRIDAY = date(2026, 10, 30)


def test_rates_begin_to_hold_on_their_day() -> None:
    """The rate of Saturday, made on Friday, is there on Friday already."""
    quotes, _ = ask("banrep", latest("COP"), RATES)
    assert quotes == (
        Quote("USD", "COP", Decimal("3871.22"), date(2026, 10, 28)),
        Quote("USD", "COP", Decimal("3868.04"), date(2026, 10, 29)),
        Quote("USD", "COP", Decimal("3880.5"), FRIDAY),
        Quote("USD", "COP", Decimal("3875.91"), date(2026, 10, 31)),
    )


def test_a_day_has_the_rate_that_holds() -> None:
    """On Monday, a holiday here, Saturday's rate holds."""
    monday = date(2026, 11, 2)
    query = Query("COP", (), monday, monday, date(2026, 11, 3))
    quotes, _ = ask("banrep", query, RATES)
    assert [quote.rate for quote in effective(quotes, banrep.PROVIDER, query)] == [Decimal("3875.91")]


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        (latest("COP"), "2026-10-23", "2026-10-31"),
        (on(FRIDAY, "COP"), "2026-10-23", "2026-10-30"),
        (between(date(2001, 1, 1), FRIDAY, "COP"), "2001-01-01", "2026-10-30"),
    ],
)
def test_what_is_asked(query: Query, first: str, last: str) -> None:
    """One question for whatever window, in order, with room for a hundred years of rows."""
    _, urls = ask("banrep", query, RATES)
    where = f"vigenciadesde>='{first}T00:00:00.000' AND vigenciadesde<='{last}T00:00:00.000'"
    assert urls == [
        f"https://www.datos.gov.co/resource/32sa-8pi3.json?$where={where}&$limit=50000&$order=vigenciadesde ASC"
    ]


def test_no_rows_is_no_rates() -> None:
    """An empty list says that no rate began to hold."""
    with pytest.raises(NoRates):
        ask("banrep", on(FRIDAY, "COP"), b"[]\n")


def test_a_message_is_an_error_answer() -> None:
    """A refused question has a status and a message."""
    with pytest.raises(ErrorAnswer, match="no such column"):
        ask("banrep", latest("COP"), Reply(400, specimen("banrep/error.json")))


def test_another_unit_is_a_parse_error() -> None:
    """The rate is in pesos, or it is another rate."""
    with pytest.raises(ParseError, match="EUR"):
        ask("banrep", latest("COP"), RATES.replace(b'"COP"', b'"EUR"', 1))


@recordings
def test_recorded() -> None:
    """Every row by its first day."""
    found = replay("banrep", asked("2026-03-16", "2026-03-24", "COP"))
    row = r'"valor":"([\d.]+)","unidad":"COP","vigenciadesde":"([\d-]+)T'
    expected = {
        ("USD", "COP", date.fromisoformat(day)): Decimal(rate)
        for rate, day in re.findall(row, body("banrep/1.json").decode())
    }
    assert found == expected
    assert codes(found) == in_sample("banrep")
