"""Currencylayer: the dollar's document for all bases, its pairs taken apart, its days and ranges."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import WrongBase
from rates.model import Query, Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, body, figures, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("currencylayer", "USD", "0.895102", "latest.json")

API = "https://api.currencylayer.com"
KEY = (("currencylayer", "KEY"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
LATEST, DAY, SERIES = (specimen(f"currencylayer/{name}.json") for name in ("latest", "day", "series"))


def test_latest() -> None:
    """Pairs of the dollar, of the UTC day of the time stamp."""
    quotes, urls = ask("currencylayer", latest("EUR", secrets=KEY), LATEST)
    assert urls == [f"{API}/live?access_key=KEY"]
    assert quotes == (
        Quote("USD", "AED", Decimal("3.672504"), FRIDAY),
        Quote("USD", "EUR", Decimal("0.895102"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.746329"), FRIDAY),
        Quote("USD", "IDR", Decimal("18148.15"), FRIDAY),
        Quote("USD", "JPY", Decimal("157.253504"), FRIDAY),
    )


def test_a_day() -> None:
    """The day of the answer is the one that it says, should it be the one before."""
    quotes, urls = ask("currencylayer", on(FRIDAY, "EUR", secrets=KEY), DAY)
    assert urls == [f"{API}/historical?access_key=KEY&date=2026-10-30"]
    assert quotes[0] == Quote("USD", "EUR", Decimal("0.898451"), THURSDAY)


def test_a_range_in_pieces_of_365_days() -> None:
    """Every day of each answer counts."""
    older = SERIES.replace(b"2026-10", b"2025-10")
    days = between(date(2025, 10, 28), THURSDAY, "USD", secrets=KEY)
    quotes, urls = ask("currencylayer", days, older, SERIES)
    assert urls == [
        f"{API}/timeframe?access_key=KEY&start_date=2025-10-28&end_date=2026-10-27",
        f"{API}/timeframe?access_key=KEY&start_date=2026-10-28&end_date=2026-10-29",
    ]
    assert quotes[4:] == (
        Quote("USD", "EUR", Decimal("0.898228"), date(2026, 10, 28)),
        Quote("USD", "GBP", Decimal("0.752597"), date(2026, 10, 28)),
        Quote("USD", "EUR", Decimal("0.898451"), THURSDAY),
        Quote("USD", "GBP", Decimal("0.750902"), THURSDAY),
    )


def test_another_source_is_refused() -> None:
    """Pairs of another source have not the dollar that we cross over."""
    with pytest.raises(WrongBase):
        ask("currencylayer", latest("USD", secrets=KEY), LATEST.replace(b"USD", b"CHF"))


def second(name: str, day: date) -> Figures:
    """Every pair of a recorded body, read with a regular expression."""
    pairs = re.findall(r'"USD([A-Z]{3})": ([\d.eE-]+)', body(name).decode())
    return {("USD", code, day): Decimal(rate) for code, rate in pairs}


@recordings
def test_recorded_latest() -> None:
    """The recorded euro. The recorded address is that of an older host, and names a currency, which is added here."""
    found = exchange(
        "currencylayer",
        Query("USD", today=date(2014, 5, 10), secrets=KEY),
        "exchanger-currency-layer",
        1,
        rename=lambda url: url.replace("api.currencylayer.com", "www.apilayer.net/api") + "&currencies=EUR",
    )
    assert found == second("exchanger-currency-layer/latest.json", date(2014, 5, 10))
    assert len(found) == 1
    assert not far_from_ecb(found)


@recordings
def test_recorded_day() -> None:
    """Every pair of the recorded day, which is the one before that asked for; the ECB's crosses agree to 2 %."""
    day = date(2015, 5, 6)
    found = exchange(
        "currencylayer",
        Query("USD", (), day, day, day, KEY),
        "exchanger-currency-layer",
        2,
        rename=lambda url: url.replace("api.currencylayer.com", "apilayer.net/api"),
    )
    assert found == second("exchanger-currency-layer/historical.json", date(2015, 5, 5))
    assert len(found) == 168
    assert not far_from_ecb(found)


@recordings
@pytest.mark.parametrize(("name", "day"), [("success", date(2014, 5, 10)), ("historical", date(2015, 5, 5))])
def test_recorded_by_the_gateway(name: str, day: date) -> None:
    """The gateway of the same service answers in the same form."""
    file = f"exchanger-apilayer-currency-data/{name}.json"
    assert figures(providers.load("currencylayer").parse(body(file))) == second(file, day)
