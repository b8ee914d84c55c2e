"""ExchangeRate-API with a key: what is asked, days without leading zeros, and every documented error by name.

There are no recorded answers of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import (
    ErrorAnswer,
    KeyRefused,
    NoRates,
    ParseError,
    PlanRefused,
    QuotaExceeded,
    Unsupported,
    WrongBase,
    WrongDay,
)
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, case, latest, on, specimen

CASE = case("exchangerate_api", "USD", "0.8984", "latest.json")

API = "https://v6.exchangerate-api.com/v6"
KEY = (("exchangerate_api", "s3cret"),)
THURSDAY = date(2026, 10, 29)  # its file is stamped on Friday, 00:00:01
LATEST, DAY = specimen("exchangerate_api/latest.json"), specimen("exchangerate_api/day.json")


@pytest.mark.parametrize(
    ("query", "answer", "name"),
    [
        (latest("USD", secrets=KEY), LATEST, "latest/USD"),
        (on(date(2026, 9, 1), "USD", secrets=KEY), DAY, "history/USD/2026/9/1"),
    ],
)
def test_what_is_asked(query: Query, answer: bytes, name: str) -> None:
    """The address holds base and day, and the key is in the documented header alone."""
    publisher = Publisher([answer])
    run_provider(providers.load("exchangerate_api"), query, publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [f"{API}/{name}"]
    assert request.headers == (("Authorization", "Bearer s3cret"),)
    assert request.private == ("Authorization",)


def test_what_is_answered() -> None:
    """The latest are of the UTC day that the update closes, a day of the past is the one that it says."""
    quotes, _ = ask("exchangerate_api", latest("USD", secrets=KEY), LATEST)
    assert quotes == (
        Quote("USD", "USD", Decimal("1"), THURSDAY),
        Quote("USD", "AED", Decimal("3.6725"), THURSDAY),
        Quote("USD", "EUR", Decimal("0.8984"), THURSDAY),
        Quote("USD", "GBP", Decimal("0.7508"), THURSDAY),
        Quote("USD", "IDR", Decimal("18143.9072"), THURSDAY),
    )
    quotes, _ = ask("exchangerate_api", on(date(2026, 9, 1), "USD", secrets=KEY), DAY)
    assert quotes[1] == Quote("USD", "EUR", Decimal("0.8912"), date(2026, 9, 1))


def test_another_base_or_day_is_refused() -> None:
    """An answer for another base or day than asked for is found out by what it says."""
    with pytest.raises(WrongBase):
        ask("exchangerate_api", latest("EUR", secrets=KEY), LATEST)
    with pytest.raises(WrongDay):
        ask("exchangerate_api", on(date(2026, 8, 1), "USD", secrets=KEY), DAY)


@pytest.mark.parametrize("figure", [b'"month": 13', b'"month": "September"', b'"month": null', b'"mouth": 9'])
def test_no_day(figure: bytes) -> None:
    """A day that is none is refused."""
    with pytest.raises(ParseError):
        ask("exchangerate_api", on(date(2026, 9, 1), "USD", secrets=KEY), DAY.replace(b'"month": 9', figure))


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("unsupported-code", Unsupported),
        ("unknown-code", Unsupported),
        ("malformed-request", ErrorAnswer),
        ("invalid-key", KeyRefused),
        ("inactive-account", KeyRefused),
        ("quota-reached", QuotaExceeded),
        ("plan-upgrade-required", PlanRefused),
        ("no-data-available", NoRates),
        ("unheard-of", ErrorAnswer),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403, 404])
def test_errors_by_type(status: int, kind: str, error: type[Exception]) -> None:
    """Its type names the error, whatever the status."""
    answer = b'{"result": "error", "error-type": "%s"}' % kind.encode()
    with pytest.raises(error, match=kind):
        ask("exchangerate_api", latest("USD", secrets=KEY), Reply(status, answer))


@pytest.mark.parametrize(("status", "error"), [(403, PlanRefused), (429, QuotaExceeded), (404, ErrorAnswer)])
@pytest.mark.parametrize("answer", [b"Sorry, not s3cret", b'{"sorry": "not s3cret"}'])
def test_errors_by_status(status: int, error: type[Exception], answer: bytes) -> None:
    """A failure in another form is named by its status, without the key."""
    with pytest.raises(error, match="orry") as caught:
        ask("exchangerate_api", latest("USD", secrets=KEY), Reply(status, answer))
    assert "s3cret" not in str(caught.value)
