"""Release H.10 from FRED: one series an answer, two directions, a key in the query."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, KeyRefused, NoRates, ParseError, Unsupported
from rates.model import Query, Quote, Reply
from rates.providers import fred
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, body, codes, in_sample, recordings, replay

CASE = case("fred", "USD", "5.1234", *(f"{name}.json" for name in fred.SERIES.values()))

URL = "https://api.stlouisfed.org/fred/series/observations"
YEN, EURO = specimen("fred/DEXJPUS.json"), specimen("fred/DEXUSEU.json")
KEY = (("fred", "k3y"),)
THURSDAY, FRIDAY = date(2026, 10, 22), date(2026, 10, 23)


def test_named_currencies_are_one_request_each() -> None:
    """Units for a dollar, but dollars for a euro; the key is last; holidays are left out."""
    quotes, urls = ask("fred", latest("EUR", "JPY", secrets=KEY), YEN, EURO)
    window = "file_type=json&observation_start=2026-10-09&observation_end=2026-10-30&api_key=k3y"
    assert urls == [f"{URL}?series_id=DEXJPUS&{window}", f"{URL}?series_id=DEXUSEU&{window}"]
    assert quotes == (
        Quote("USD", "JPY", Decimal("153.44"), THURSDAY),
        Quote("USD", "JPY", Decimal("153.41"), FRIDAY),
        Quote("EUR", "USD", Decimal("1.1653"), THURSDAY),
        Quote("EUR", "USD", Decimal("1.1650"), FRIDAY),
    )


def test_all_currencies_are_22_requests() -> None:
    """Without symbols each series is asked for."""
    quotes, urls = ask("fred", CASE.query, *CASE.answers)
    assert len(urls) == 22
    assert {quote.symbol for quote in quotes if quote.base != "USD"} == {"USD"}
    assert {quote.base for quote in quotes} == {"USD", "AUD", "EUR", "GBP", "NZD"}


def test_a_day_and_a_range() -> None:
    """A day looks back over a week; a range has its own days."""
    _, urls = ask("fred", on(FRIDAY, "JPY", "USD", secrets=KEY), YEN)
    assert "observation_start=2026-10-16&observation_end=2026-10-23" in urls[0]
    _, urls = ask("fred", between(date(1999, 1, 4), FRIDAY, "JPY", "USD", secrets=KEY), YEN)
    assert "observation_start=1999-01-04&observation_end=2026-10-23" in urls[0]


def test_nothing_but_holidays_is_no_rates() -> None:
    """Every series has a full stop for every day."""
    with pytest.raises(NoRates):
        ask("fred", latest("USD", "JPY", secrets=KEY), specimen("fred/none.json"))


def test_an_unknown_symbol_is_unsupported() -> None:
    """Nothing is asked for a currency that the release has not."""
    with pytest.raises(Unsupported, match="PLN"):
        ask("fred", latest("USD", "PLN", secrets=KEY))


def test_errors_by_name() -> None:
    """Status 400 with words about the key, or about the question."""
    query = latest("USD", "JPY", secrets=KEY)
    with pytest.raises(KeyRefused):
        ask("fred", query, Reply(400, specimen("fred/bad-key.json")))
    with pytest.raises(ErrorAnswer, match="series does not exist"):
        ask("fred", query, Reply(400, specimen("fred/bad-series.json")))


def test_a_lost_observation_is_found_out() -> None:
    """The answer says how many there are."""
    with pytest.raises(ParseError, match="expected 3 observations"):
        ask("fred", latest("USD", "JPY", secrets=KEY), re.sub(rb',\{[^{}]*"153.41"\}', b"", YEN))


def test_a_series_without_its_name_is_of_no_currency() -> None:
    """The answer does not say whose it is."""
    assert {(quote.base, quote.symbol) for quote in fred.parse(YEN)} == {("USD", "XXX")}


@recordings
def test_recorded() -> None:
    """Every value of all 22 series, in the direction that follows from the place of US in the name."""
    day = date(2026, 3, 19)
    query = Query("USD", (), date(2026, 3, 1), day, day, (("fred", "KEY"),))
    found = replay("fred", query, rename=lambda url: re.sub("&observation_end=[0-9-]+", "", url))
    places = dict(pair.split(":") for pair in PLACES.split())
    expected: Figures = {}
    for exchange in json.loads(body("fred/exchange.json")):
        left, right = re.findall("series_id=DEX(..)(..)", exchange["request"]["url"])[0]
        pair = (places[right], "USD") if left == "US" else ("USD", places[left])
        text = body(f"fred/{exchange['response']['body_file']}").decode()
        for when, value in re.findall(r'"date":"([\d-]+)","value":"([\d.]+)"', text):
            expected[*pair, date.fromisoformat(when)] = Decimal(value)
    assert found == expected
    assert codes(found) == in_sample("fred")
    assert len(found) == 220


PLACES = """
    BZ:BRL CA:CAD CH:CNY DN:DKK HK:HKD IN:INR JP:JPY KO:KRW MA:MYR MX:MXN NO:NOK SD:SEK SF:ZAR SI:SGD SL:LKR SZ:CHF
    TA:TWD TH:THB AL:AUD EU:EUR NZ:NZD UK:GBP
"""
