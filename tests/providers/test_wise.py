"""Wise: all targets of the latest at once, pairs of the past one by one, times in UTC, and failures by name.

There are no recorded answers of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, ParseError, PlanRefused, QuotaExceeded, Unsupported, WrongBase
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen

CASE = case("wise", "USD", "0.895115", "latest.json")

API = "https://api.wise.com/v1/rates?source=USD"
KEY = (("wise", "s3cret"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
LATEST, EUR, GBP = (specimen(f"wise/{name}.json") for name in ("latest", "eur", "gbp"))


@pytest.mark.parametrize("query", [latest("USD", "EUR", secrets=KEY), on(FRIDAY, "USD", "EUR", secrets=KEY)])
def test_latest(query: Query) -> None:
    """All targets in one request, today's day too; the token is in the documented header alone."""
    publisher = Publisher([LATEST])
    quotes = run_provider(providers.load("wise"), query, publisher)
    assert publisher.urls() == [API]
    assert publisher.asked[0].headers == (("Authorization", "Bearer s3cret"),)
    assert publisher.asked[0].private == ("Authorization",)
    assert quotes == (
        Quote("USD", "IDR", Decimal("18148.0"), FRIDAY),
        Quote("USD", "EUR", Decimal("0.895115"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.746325"), FRIDAY),
    )


def test_a_day() -> None:
    """One request a pair, for the end of the day."""
    query = on(THURSDAY, "USD", "EUR", "USD", "GBP", "EUR", secrets=KEY)
    quotes, urls = ask("wise", query, EUR, GBP)
    assert urls == [f"{API}&target={code}&time=2026-10-29T23:59:59" for code in ("EUR", "GBP")]
    assert Quote("USD", "GBP", Decimal("0.75091"), THURSDAY) in quotes


def test_a_range() -> None:
    """One request a pair, by day; oldest first, so that the last time of a day counts."""
    query = between(date(2026, 10, 28), THURSDAY, "USD", "EUR", secrets=KEY)
    quotes, urls = ask("wise", query, EUR)
    assert urls == [f"{API}&target=EUR&from=2026-10-28T00:00:00&to=2026-10-29T23:59:59&group=day"]
    assert quotes == (
        Quote("USD", "EUR", Decimal("0.89826"), date(2026, 10, 28)),
        Quote("USD", "EUR", Decimal("0.89845"), THURSDAY),
    )


@pytest.mark.parametrize("symbols", [(), ("USD",)])
def test_the_past_wants_symbols(symbols: tuple[str, ...]) -> None:
    """Without one there is no pair to ask for."""
    with pytest.raises(Unsupported, match="name the symbols"):
        ask("wise", on(THURSDAY, "USD", *symbols, secrets=KEY))


def test_another_base_is_refused() -> None:
    """A rate of another source than the one asked for is found out by what it says."""
    with pytest.raises(WrongBase):
        ask("wise", latest("EUR", secrets=KEY), LATEST)


@pytest.mark.parametrize("time", ["2026-10-30T15:04:05+0100", "2026-10-30", "", "+0000", "30.10.2026 +0000"])
def test_a_time_that_is_not_in_utc_is_refused(time: str) -> None:
    """In another zone it may be another day."""
    with pytest.raises(ParseError):
        ask("wise", latest("USD", secrets=KEY), LATEST.replace(b"2026-10-30T15:04:05+0000", time.encode()))


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (401, b'{"error": "invalid_token", "error_description": "Sorry"}', KeyRefused),
        (200, b'{"error": "invalid_token", "error_description": "Sorry"}', KeyRefused),
        (200, b'{"error": "unauthorized", "error_description": "Sorry"}', KeyRefused),
        (400, b'{"errors": [{"code": "NOT_VALID", "message": "Sorry"}]}', ErrorAnswer),
        (422, b'{"error": "Bad Request", "message": "Sorry"}', ErrorAnswer),
        (422, b"Sorry", ErrorAnswer),
        (403, b'{"errors": [{"code": "FORBIDDEN", "message": "Sorry"}]}', PlanRefused),
        (429, b"Sorry", QuotaExceeded),
        (404, b'{"error": "Not Found", "path": "Sorry"}', ErrorAnswer),
    ],
)
def test_errors_by_name(status: int, answer: bytes, error: type[Exception]) -> None:
    """Errors of the token, of the question and of the plan have their names."""
    with pytest.raises(error, match="Sorry"):
        ask("wise", latest("USD", secrets=KEY), Reply(status, answer))
