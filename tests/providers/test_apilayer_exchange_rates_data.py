"""Exchange Rates Data through apilayer.com: the key in a header, the euro's document for all, refusals."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import KeyRefused, NoRates, PlanRefused, QuotaExceeded, RatesError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import body, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("apilayer_exchange_rates_data", "EUR", "1.117211", "latest.json")

API = "https://api.apilayer.com/exchangerates_data"
KEY = (("apilayer_exchange_rates_data", "s3cret"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
LATEST = specimen("apilayer_exchange_rates_data/latest.json")
SERIES = specimen("fixer/series.json")


@pytest.mark.parametrize(
    ("query", "answer", "asked"),
    [
        (latest("EUR", secrets=KEY), LATEST, "latest"),
        (on(FRIDAY, "EUR", secrets=KEY), LATEST, "2026-10-30"),
        (
            between(date(2026, 10, 28), THURSDAY, "EUR", secrets=KEY),
            SERIES,
            "timeseries?start_date=2026-10-28&end_date=2026-10-29",
        ),
    ],
)
def test_what_is_asked(query: Query, answer: bytes, asked: str) -> None:
    """Latest, day and range have their names; the key is in a header and in no address."""
    publisher = Publisher([answer])
    assert run_provider(providers.load("apilayer_exchange_rates_data"), query, publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [f"{API}/{asked}"]
    assert request.headers == (("apikey", "s3cret"),)
    assert request.private == ("apikey",)


def test_what_is_answered() -> None:
    """The rates in the form of the service behind the gateway."""
    quotes, _ = ask("apilayer_exchange_rates_data", latest("EUR", secrets=KEY), LATEST)
    assert Quote("EUR", "USD", Decimal("1.117211"), FRIDAY) in quotes


@pytest.mark.parametrize(("status", "error"), [(401, KeyRefused), (403, PlanRefused), (429, QuotaExceeded)])
def test_the_gateway_refuses(status: int, error: type[RatesError]) -> None:
    """Its statuses name the error, with its words but for the key."""
    with pytest.raises(error, match="Sorry") as caught:
        ask(
            "apilayer_exchange_rates_data",
            latest("EUR", secrets=KEY),
            Reply(status, b'{"message": "Sorry, not s3cret"}'),
        )
    assert "s3cret" not in str(caught.value)


@recordings
@pytest.mark.parametrize(("number", "name", "day"), [(1, "latest", "2021-04-23"), (2, "historical", "2021-04-15")])
def test_recorded(number: int, name: str, day: str) -> None:
    """The recorded dollar. The recorded addresses name the base, one symbol and the key, which are added here."""
    when = date.fromisoformat(day)
    query = latest("EUR", secrets=KEY) if number == 1 else on(when, "EUR", secrets=KEY)
    found = exchange(
        "apilayer_exchange_rates_data",
        query,
        "exchanger-apilayer-exchange-rates-data",
        number,
        rename=lambda url: url + "?base=EUR&symbols=USD&apikey=KEY",
    )
    text = body(f"exchanger-apilayer-exchange-rates-data/{name}.json").decode()
    assert found == {("EUR", "USD", when): Decimal(re.findall(r'"USD":([\d.]+)', text)[0])}
    assert not far_from_ecb(found)


@recordings
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("base-currency-access-restricted", PlanRefused),
        ("invalid-access-key", KeyRefused),
        ("invalid-base-currency", Unsupported),
        ("no-rates-available", NoRates),
    ],
)
def test_recorded_errors(name: str, error: type[RatesError]) -> None:
    """The recorded errors have their names."""
    with pytest.raises(error):
        ask(
            "apilayer_exchange_rates_data",
            latest("EUR", secrets=KEY),
            body(f"exchanger-apilayer-exchange-rates-data/error-{name}.json"),
        )
