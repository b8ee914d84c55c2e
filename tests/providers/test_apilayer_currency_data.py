"""Currency Data through apilayer.com: the key in a header, the dollar's document for all, refusals."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import KeyRefused, PlanRefused, QuotaExceeded, RatesError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import body, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("apilayer_currency_data", "USD", "0.895107", "latest.json")

API = "https://api.apilayer.com/currency_data"
KEY = (("apilayer_currency_data", "s3cret"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
LATEST = specimen("apilayer_currency_data/latest.json")
SERIES = specimen("currencylayer/series.json")


@pytest.mark.parametrize(
    ("query", "answer", "asked"),
    [
        (latest("USD", secrets=KEY), LATEST, "live"),
        (on(FRIDAY, "USD", secrets=KEY), LATEST, "historical?date=2026-10-30"),
        (
            between(date(2026, 10, 28), THURSDAY, "USD", secrets=KEY),
            SERIES,
            "timeframe?start_date=2026-10-28&end_date=2026-10-29",
        ),
    ],
)
def test_what_is_asked(query: Query, answer: bytes, asked: str) -> None:
    """Latest, day and range have their names; the key is in a header and in no address."""
    publisher = Publisher([answer])
    assert run_provider(providers.load("apilayer_currency_data"), query, publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [f"{API}/{asked}"]
    assert request.headers == (("apikey", "s3cret"),)
    assert request.private == ("apikey",)


def test_what_is_answered() -> None:
    """The rates in the form of the service behind the gateway."""
    quotes, _ = ask("apilayer_currency_data", latest("USD", secrets=KEY), LATEST)
    assert Quote("USD", "EUR", Decimal("0.895107"), FRIDAY) in quotes


@pytest.mark.parametrize(("status", "error"), [(401, KeyRefused), (403, PlanRefused), (429, QuotaExceeded)])
def test_the_gateway_refuses(status: int, error: type[RatesError]) -> None:
    """Its statuses name the error, with its words but for the key."""
    with pytest.raises(error, match="Sorry") as caught:
        ask("apilayer_currency_data", latest("USD", secrets=KEY), Reply(status, b'{"message": "Sorry, not s3cret"}'))
    assert "s3cret" not in str(caught.value)


@recordings
@pytest.mark.parametrize(
    ("number", "name", "day", "added", "count"),
    [
        (1, "success", "2014-05-10", "?currencies=EUR&apikey=KEY", 1),
        (2, "historical", "2015-05-05", "&apikey=KEY", 168),
    ],
)
def test_recorded(number: int, name: str, day: str, added: str, count: int) -> None:
    """Every recorded pair; the day is the one before that asked for. The recorded addresses have what is added here."""
    when, asked = date.fromisoformat(day), date(2015, 5, 6)
    query = latest("USD", secrets=KEY) if number == 1 else on(asked, "USD", secrets=KEY)
    found = exchange(
        "apilayer_currency_data", query, "exchanger-apilayer-currency-data", number, rename=lambda url: url + added
    )
    text = body(f"exchanger-apilayer-currency-data/{name}.json").decode()
    pairs = re.findall(r'"USD([A-Z]{3})": ([\d.eE-]+)', text)
    assert found == {("USD", code, when): Decimal(rate) for code, rate in pairs}
    assert len(found) == count
    assert not far_from_ecb(found)


@recordings
def test_recorded_error() -> None:
    """The recorded refusal of a key."""
    with pytest.raises(KeyRefused):
        providers.load("apilayer_currency_data").parse(body("exchanger-apilayer-currency-data/error-invalid-key.json"))
