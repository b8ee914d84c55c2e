"""Currencyapi: the dollar's document for all bases, proof that it is the dollar's, and failures by status.

There are no recorded answers of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, ParseError, PlanRefused, QuotaExceeded, WrongIdentity
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen

CASE = case("currencyapi", "USD", "0.8984641088", "latest.json")

API = "https://api.currencyapi.com/v3"
KEY = (("currencyapi", "s3cret"),)
THURSDAY = date(2026, 10, 29)
LATEST, RANGE = specimen("currencyapi/latest.json"), specimen("currencyapi/range.json")


def test_latest() -> None:
    """The dollar's rates of the day of the last update, without tokens; the key is in the documented header."""
    publisher = Publisher([LATEST])
    quotes = run_provider(providers.load("currencyapi"), latest("EUR", secrets=KEY), publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [f"{API}/latest"]
    assert request.headers == (("apikey", "s3cret"),)
    assert request.private == ("apikey",)
    assert quotes == (
        Quote("USD", "AED", Decimal("3.6725005614"), THURSDAY),
        Quote("USD", "EUR", Decimal("0.8984641088"), THURSDAY),
        Quote("USD", "IDR", Decimal("18143.2208415623"), THURSDAY),
        Quote("USD", "USD", Decimal("1"), THURSDAY),
    )


def test_a_day() -> None:
    """A day is asked for by date, in the form of the latest."""
    quotes, urls = ask("currencyapi", on(THURSDAY, "USD", secrets=KEY), LATEST)
    assert urls == [f"{API}/historical?date=2026-10-29"]
    assert {quote.day for quote in quotes} == {THURSDAY}


def test_a_range_in_pieces_of_366_days() -> None:
    """The service gives no more at once; each entry is of its own day."""
    older = RANGE.replace(b"2026-10", b"2025-10")
    days = between(date(2025, 10, 28), THURSDAY, "USD", secrets=KEY)
    quotes, urls = ask("currencyapi", days, older, RANGE)
    assert urls == [
        f"{API}/range?datetime_start=2025-10-28T00:00:00Z&datetime_end=2026-10-28T23:59:59Z&accuracy=day",
        f"{API}/range?datetime_start=2026-10-29T00:00:00Z&datetime_end=2026-10-29T23:59:59Z&accuracy=day",
    ]
    assert quotes[4:] == (
        Quote("USD", "EUR", Decimal("0.8982301644"), date(2026, 10, 28)),
        Quote("USD", "USD", Decimal("1"), date(2026, 10, 28)),
        Quote("USD", "EUR", Decimal("0.8984641088"), THURSDAY),
        Quote("USD", "USD", Decimal("1"), THURSDAY),
    )


def test_the_dollar_must_be_the_base() -> None:
    """Another base shows by the dollar's rate, and a table without it could be of any."""
    with pytest.raises(WrongIdentity):
        ask("currencyapi", latest("USD", secrets=KEY), LATEST.replace(b'"value": 1}', b'"value": 1.1172}'))
    with pytest.raises(ParseError, match="base is unknown"):
        ask("currencyapi", latest("USD", secrets=KEY), LATEST.replace(b'"USD"', b'"USN"'))


def test_a_code_must_be_that_of_its_name() -> None:
    """A rate under another name than its own is refused."""
    with pytest.raises(ParseError, match="'EUR' has the code 'GBP'"):
        ask("currencyapi", latest("USD", secrets=KEY), LATEST.replace(b'"code": "EUR"', b'"code": "GBP"'))


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, KeyRefused), (403, PlanRefused), (422, ErrorAnswer), (429, QuotaExceeded), (404, ErrorAnswer)],
)
def test_errors_by_status(status: int, error: type[Exception]) -> None:
    """The documented statuses name the error, with the service's words but for the key."""
    with pytest.raises(error, match="Sorry") as caught:
        ask("currencyapi", latest("USD", secrets=KEY), Reply(status, b'{"message": "Sorry, not s3cret"}'))
    assert "s3cret" not in str(caught.value)


def test_a_message_with_a_success_status() -> None:
    """What reports an error is one, whatever its status."""
    with pytest.raises(ErrorAnswer, match="Sorry"):
        ask("currencyapi", latest("USD", secrets=KEY), b'{"message": "Sorry"}')
