"""Exchangeratesapi: the euro's document for all bases, in Fixer's form under its own address."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import body, figures, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("exchangeratesapi", "EUR", "1.117204", "latest.json")

API = "https://api.exchangeratesapi.io/v1"
KEY = (("exchangeratesapi", "KEY"),)
FRIDAY = date(2026, 10, 30)
LATEST = specimen("exchangeratesapi/latest.json")


def test_latest_and_a_day() -> None:
    """The latest and a day each have a document."""
    quotes, urls = ask("exchangeratesapi", latest("EUR", secrets=KEY), LATEST)
    assert urls == [f"{API}/latest?access_key=KEY"]
    assert quotes[2] == Quote("EUR", "GBP", Decimal("0.833799"), FRIDAY)
    assert quotes[5] == Quote("EUR", "USD", Decimal("1.117204"), FRIDAY)
    assert ask("exchangeratesapi", on(FRIDAY, "EUR", secrets=KEY), LATEST) == (
        quotes,
        [f"{API}/2026-10-30?access_key=KEY"],
    )


def test_a_range() -> None:
    """A range is one request up to 365 days, in Fixer's form."""
    days = between(date(2026, 10, 28), date(2026, 10, 29), "EUR", secrets=KEY)
    quotes, urls = ask("exchangeratesapi", days, specimen("fixer/series.json"))
    assert urls == [f"{API}/timeseries?access_key=KEY&start_date=2026-10-28&end_date=2026-10-29"]
    assert {quote.day.day for quote in quotes} == {28, 29}


@recordings
@pytest.mark.parametrize(("number", "day"), [(1, date(2021, 4, 23)), (2, date(2021, 4, 15))])
def test_recorded(number: int, day: date) -> None:
    """The recorded dollar of the latest and of a day.

    The recorded addresses lack the /v1 of today's and name base and symbols, which is added here.
    """
    asked = {1: Query("EUR", today=day, secrets=KEY), 2: Query("EUR", (), day, day, day, KEY)}[number]
    found = exchange(
        "exchangeratesapi",
        asked,
        "exchanger-exchange-rates-api",
        number,
        rename=lambda url: url.replace("/v1/", "/") + "&base=EUR&symbols=USD",
    )
    text = body(f"exchanger-exchange-rates-api/{'latest' if number == 1 else 'historical'}.json").decode()
    assert found == {("EUR", "USD", day): Decimal(re.findall(r'"USD":([\d.]+)', text)[0])}
    assert not far_from_ecb(found)


@recordings
@pytest.mark.parametrize(("name", "day"), [("latest", date(2021, 4, 23)), ("historical", date(2021, 4, 15))])
def test_recorded_by_the_gateway(name: str, day: date) -> None:
    """The gateway of the same service answers in the same form."""
    content = body(f"exchanger-apilayer-exchange-rates-data/{name}.json")
    rate = re.findall(r'"USD":([\d.]+)', content.decode())[0]
    assert figures(providers.load("exchangeratesapi").parse(content)) == {("EUR", "USD", day): Decimal(rate)}
