"""Open Exchange Rates: one document for all bases, a key in a header, and every documented error by name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, PlanRefused, QuotaExceeded, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, case, latest, on, specimen

CASE = case("openexchangerates", "USD", "0.377025", "latest.json")

KEY = (("openexchangerates", "s3cret"),)
FRIDAY = date(2026, 10, 30)


@pytest.mark.parametrize(
    ("query", "name"),
    [(latest("USD", secrets=KEY), "latest.json"), (on(FRIDAY, "USD", secrets=KEY), "historical/2026-10-30.json")],
)
def test_what_is_asked_and_answered(query: Query, name: str) -> None:
    """The latest and a day each have their document; the key is in the documented header and in no parameter."""
    publisher = Publisher([specimen("openexchangerates/latest.json")])
    quotes = run_provider(providers.load("openexchangerates"), query, publisher)
    (request,) = publisher.asked
    assert request.url == f"https://openexchangerates.org/api/{name}"
    assert request.params == ()
    assert request.headers == (("Authorization", "Token s3cret"),)
    assert request.private == ("Authorization",)
    assert quotes == (
        Quote("USD", "AED", Decimal("3.6725"), FRIDAY),
        Quote("USD", "BHD", Decimal("0.377025"), FRIDAY),
        Quote("USD", "EUR", Decimal("0.866402"), FRIDAY),
        Quote("USD", "IDR", Decimal("18151.25"), FRIDAY),
        Quote("USD", "USD", Decimal("1"), FRIDAY),
    )


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (401, "invalid_app_id", KeyRefused),
        (429, "not_allowed", PlanRefused),
        (403, "not_allowed", PlanRefused),
        (400, "not_available", NoRates),
        (400, "invalid_base", Unsupported),
        (429, "over-use", QuotaExceeded),
        (403, "restricted", PlanRefused),
        (404, "not_found", ErrorAnswer),
        (200, "invalid_app_id", KeyRefused),
    ],
)
def test_errors_by_name(status: int, name: str, error: type[Exception]) -> None:
    """An error is named by its code, whatever its status, and never repeats the key."""
    publisher = Publisher([Reply(status, specimen(f"openexchangerates/{name}.json"))])
    with pytest.raises(error) as caught:
        run_provider(providers.load("openexchangerates"), latest("USD", secrets=KEY), publisher)
    assert "s3cret" not in str(caught.value)
