"""1Forge: pairs with the dollar in the market's direction, times in two units, and its errors by their words."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.conversion import effective
from rates.errors import EmptyAnswer, ErrorAnswer, KeyRefused, QuotaExceeded
from rates.model import Query, Quote, Reply
from rates.providers import forge
from tests.providers.conversation import ask, case, latest, specimen
from tests.providers.recordings import Figures, body, figures, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("forge", "USD", "1.117195", "quotes.json")

API = "https://api.1forge.com/quotes"
KEY = (("forge", "KEY"),)
FRIDAY = date(2026, 10, 30)
QUOTES = specimen("forge/quotes.json")


def test_latest() -> None:
    """The price of each pair, of the UTC day of its own time, in seconds or in thousandths of one."""
    query = latest("EUR", "JPY", "THB", secrets=KEY)
    quotes, urls = ask("forge", query, QUOTES)
    assert urls == [f"{API}?pairs=EUR/USD,USD/JPY,USD/THB&api_key=KEY"]
    assert quotes == (
        Quote("EUR", "USD", Decimal("1.117195"), FRIDAY),
        Quote("USD", "JPY", Decimal("157.2515"), FRIDAY),
        Quote("USD", "THB", Decimal("33.731"), date(2026, 10, 29)),
    )
    assert effective(quotes, forge.PROVIDER, query) == list(quotes)


@pytest.mark.parametrize("symbols", [(), ("USD",)])
def test_without_names_the_traded_pairs_are_asked_for(symbols: tuple[str, ...]) -> None:
    """All that brokers trade against the dollar, and the base."""
    base = "CNY" if not symbols else "USD"
    _, (url,) = ask("forge", latest(base, *symbols, secrets=KEY), QUOTES)
    pairs = re.findall(r"[A-Z]{3}/[A-Z]{3}", url)
    assert pairs[:4] == ["AUD/USD", "USD/CAD", "USD/CHF", "USD/CNH"]
    assert {"EUR/USD", "GBP/USD", "NZD/USD", "XAG/USD", "XAU/USD", "USD/JPY", "USD/ZAR"} < set(pairs)
    assert ("USD/CNY" in pairs) == (base == "CNY")
    assert "USD/USD" not in pairs
    assert len(pairs) == len(set(pairs)) == len(forge.TRADED) + (base == "CNY")


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("API Key Not Valid. Please go to 1forge.com to get an API key.", KeyRefused),
        ("You have exceeded your quota", QuotaExceeded),
        ("Sorry", ErrorAnswer),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_errors_by_words(message: str, error: type[Exception], status: int) -> None:
    """Its errors differ only in their message."""
    answer = json.dumps({"error": True, "message": message}).encode()
    with pytest.raises(error):
        ask("forge", latest("EUR", secrets=KEY), Reply(status, answer))


@pytest.mark.parametrize(("status", "error"), [(401, KeyRefused), (429, QuotaExceeded), (404, ErrorAnswer)])
def test_errors_by_status(status: int, error: type[Exception]) -> None:
    """A failure in another form is named by its status."""
    with pytest.raises(error):
        ask("forge", latest("EUR", secrets=KEY), Reply(status, b"Sorry, not KEY"))


def second(name: str, day: date) -> Figures:
    """Every price of a recorded body, read with regular expressions."""
    rows = re.findall(r"\{[^}]*\}", body(f"exchanger-forge/{name}.json").decode())
    pairs = [re.findall(r'"s":"([A-Z]{3})/([A-Z]{3})"', row)[0] for row in rows]
    prices = [re.findall(r'"p":([\d.]+)', row)[0] for row in rows]
    return {(*pair, day): Decimal(price) for pair, price in zip(pairs, prices, strict=True)}


@recordings
def test_recorded_pair() -> None:
    """The recorded price of one pair, which is the middle of its sides."""
    day = date(2017, 12, 21)
    found = exchange("forge", Query("EUR", ("USD",), today=day, secrets=KEY), "exchanger-forge", 1)
    assert found == second("latest", day)
    assert not far_from_ecb(found)


@recordings
def test_recorded_pairs() -> None:
    """Both prices of the recorded answer of two pairs."""
    found = figures(providers.load("forge").parse(body("exchanger-forge/multiple.json")))
    assert found == second("multiple", date(2018, 5, 30))
    assert not far_from_ecb(found)


@recordings
def test_recorded_empty_list() -> None:
    """A pair that it lacks is left out, and an answer without other pairs is an EmptyAnswer, not NoRates."""
    with pytest.raises(EmptyAnswer):
        ask("forge", latest("EUR", secrets=KEY), body("exchanger-forge/error-empty-list.json"))
