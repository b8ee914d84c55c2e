"""The Bank of Canada: the window it is asked for, its series, and its errors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("boc", "CAD", "1.3968", "observations.json")

URL = "https://www.bankofcanada.ca/valet/observations/group/FX_RATES_DAILY/json"
THURSDAY = date(2026, 10, 29)


def test_all_observations() -> None:
    """Each series is Canadian dollars for one unit, as printed."""
    quotes, _ = ask("boc", latest("CAD"), specimen("boc/observations.json"))
    assert quotes == (
        Quote("USD", "CAD", Decimal("1.3968"), date(2026, 10, 28)),
        Quote("IDR", "CAD", Decimal("0.000077"), date(2026, 10, 28)),
        Quote("USD", "CAD", Decimal("1.3990"), THURSDAY),
        Quote("IDR", "CAD", Decimal("0.000078"), THURSDAY),
    )
    assert str(quotes[2].rate) == "1.3990"


@pytest.mark.parametrize(
    ("query", "window"),
    [
        (latest("CAD"), "start_date=2026-10-23&end_date=2026-10-30"),
        (on(THURSDAY, "CAD"), "start_date=2026-10-22&end_date=2026-10-29"),
        (between(date(2026, 10, 1), THURSDAY, "CAD"), "start_date=2026-10-01&end_date=2026-10-29"),
    ],
)
def test_what_is_asked(query: Query, window: str) -> None:
    """A week before is asked for too, to bridge closed days; never a day ahead of today."""
    _, urls = ask("boc", query, specimen("boc/observations.json"))
    assert urls == [f"{URL}?{window}"]


def test_no_observation_is_no_rates() -> None:
    """A list without observations is the bank's word that it rested."""
    with pytest.raises(NoRates):
        ask("boc", latest("CAD"), specimen("boc/none.json"))


def test_a_message_is_an_error_answer() -> None:
    """What the bank says instead of observations is repeated."""
    with pytest.raises(ErrorAnswer, match="end date"):
        ask("boc", latest("CAD"), specimen("boc/error.json"))


def test_another_series_is_a_parse_error() -> None:
    """A series of another kind in the group would be misread as a currency."""
    with pytest.raises(ParseError, match="CORRA"):
        ask("boc", latest("CAD"), specimen("boc/observations.json").replace(b"FXIDRCAD", b"CORRA"))
