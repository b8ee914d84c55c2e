"""The National Bank of Ukraine: units, metals, tomorrow's rates, ranges in years."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import ErrorAnswer, NoRates
from rates.model import Quote
from rates.providers import nbu
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("nbu", "UAH", "42.0837", "rows.json")

ROWS = specimen("nbu/rows.json")
FRIDAY, SATURDAY = date(2026, 10, 30), date(2026, 10, 31)


def url(start: str, end: str) -> str:
    """The address of a window."""
    return f"{nbu.URL}?start={start}&end={end}&sort=exchangedate&order=asc&json="


def test_latest_reaches_to_tomorrow() -> None:
    """Rates of one unit with the digits of the printed one; the newest day is tomorrow's when it is out."""
    quotes, urls = ask("nbu", latest("UAH"), ROWS)
    assert urls == [url("20261026", "20261031")]
    assert quotes == (
        Quote("USD", "UAH", Decimal("42.0837"), FRIDAY),
        Quote("VND", "UAH", Decimal("0.0015990"), FRIDAY),
        Quote("XAU", "UAH", Decimal("168433.54"), SATURDAY),
        Quote("USD", "UAH", Decimal("42.1120"), SATURDAY),
    )
    assert {quote.day for quote in effective(quotes, nbu.PROVIDER, latest("UAH"))} == {SATURDAY}


def test_a_day_bridges_a_few() -> None:
    """Some days before are asked for too."""
    assert ask("nbu", on(FRIDAY, "UAH"), ROWS)[1] == [url("20261026", "20261030")]


def test_a_range_is_asked_in_pieces_of_a_year() -> None:
    """More than 365 days are several questions."""
    _, urls = ask("nbu", between(date(2025, 10, 1), FRIDAY, "UAH"), b"[]", ROWS)
    assert urls == [url("20251001", "20260930"), url("20261001", "20261030")]


def test_no_rows_are_no_rates() -> None:
    """An empty list is the bank's word that it has nothing."""
    with pytest.raises(NoRates):
        ask("nbu", on(FRIDAY, "UAH"), b"[]")


def test_a_message_is_an_error_answer() -> None:
    """A refused question is a list with a message."""
    with pytest.raises(ErrorAnswer, match="Wrong parameters format"):
        ask("nbu", latest("UAH"), specimen("nbu/error.json"))
