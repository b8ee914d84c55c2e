"""Frankfurter: what is asked, mixed days, the identity row, and its three errors."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import EmptyAnswer, ErrorAnswer, NoRates, NotFound, Unsupported
from rates.model import Query, Quote, Reply
from rates.providers import frankfurter
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("frankfurter", "USD", "0.86655", "latest.json", other="EUR")

URL = "https://api.frankfurter.dev/v2/rates"
FRIDAY = date(2026, 10, 30)


def test_latest_mixes_days() -> None:
    """Every row keeps the day it was observed on; the identity is a row like any other."""
    quotes, urls = ask("frankfurter", latest("USD"), specimen("frankfurter/latest.json"))
    assert urls == [f"{URL}?base=USD"]
    assert quotes == (
        Quote("USD", "EUR", Decimal("0.86655"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.76183"), date(2026, 10, 29)),
        Quote("USD", "KPW", Decimal("900.0"), date(2026, 10, 21)),
        Quote("USD", "USD", Decimal("1.0"), FRIDAY),
        Quote("USD", "XAU", Decimal("0.00024931"), FRIDAY),
    )
    assert len(effective(quotes, frankfurter.PROVIDER, latest("USD"))) == 5


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (latest("USD", "EUR", "USD", "GBP"), "?base=USD&quotes=EUR,GBP"),
        (latest("USD", "USD"), "?base=USD&quotes=USD"),
        (on(FRIDAY, "USD"), "?base=USD&date=2026-10-30"),
        (on(FRIDAY, "USD", "EUR"), "?base=USD&quotes=EUR&date=2026-10-30"),
        (between(date(2026, 10, 28), FRIDAY, "USD", "EUR"), "?base=USD&quotes=EUR&from=2026-10-28&to=2026-10-30"),
    ],
)
def test_what_is_asked(query: Query, asked: str) -> None:
    """Symbols, the day and the range each have their parameter; the base is no quote of itself unless alone."""
    _, urls = ask("frankfurter", query, specimen("frankfurter/range.json"))
    assert urls == [URL + asked]


def test_range_gives_all_days() -> None:
    """A range comes in one answer, each day with its row."""
    query = between(date(2026, 10, 28), FRIDAY, "USD", "EUR")
    quotes, _ = ask("frankfurter", query, specimen("frankfurter/range.json"))
    assert [(quote.day.day, str(quote.rate)) for quote in quotes] == [(28, "0.86542"), (29, "0.86491"), (30, "0.86655")]


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (422, "invalid-currency", Unsupported),
        (200, "invalid-currency", Unsupported),
        (422, "invalid-date", ErrorAnswer),
        (404, "not-found", NotFound),
    ],
)
def test_errors_by_name(status: int, name: str, error: type[Exception]) -> None:
    """An error object is named by its words, whatever its status."""
    with pytest.raises(error):
        ask("frankfurter", latest("USD"), Reply(status, specimen(f"frankfurter/{name}.json")))


def test_an_empty_array_is_no_rates_of_a_day_only() -> None:
    """It says so for a day or a range; an empty latest is an empty answer, since there is always something."""
    for query in (on(date(1950, 1, 1), "USD"), between(date(1950, 1, 1), date(1950, 1, 5), "USD")):
        with pytest.raises(NoRates):
            ask("frankfurter", query, b"[]")
    with pytest.raises(EmptyAnswer):
        ask("frankfurter", latest("USD"), b"[]")
