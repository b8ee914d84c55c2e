"""The South African Reserve Bank: a series a currency, directions by names, days without a figure."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError, Unsupported
from rates.model import Quote
from rates.providers import sarb
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

USD, JPY = specimen("sarb/usd.json"), specimen("sarb/jpy.json")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)

CASE = Case(latest("ZAR", "USD", "JPY"), (USD, JPY), b"17.2450")


def test_both_directions() -> None:
    """Rand for a dollar, yen for a rand, as the names say; a day whose value is null in all series is closed."""
    quotes, urls = ask("sarb", latest("ZAR", "USD", "JPY"), USD, JPY)
    assert urls == [f"{sarb.URL}/EXCX135D/2026-10-23/2026-10-30", f"{sarb.URL}/EXCB120D/2026-10-23/2026-10-30"]
    assert quotes == (
        Quote("USD", "ZAR", Decimal("17.2450"), FRIDAY),
        Quote("USD", "ZAR", Decimal("17.3012"), THURSDAY),
        Quote("ZAR", "JPY", Decimal("8.9310"), FRIDAY),
        Quote("ZAR", "JPY", Decimal("8.8955"), THURSDAY),
    )


def test_all_series_when_none_is_named() -> None:
    """One request each; some of them may have nothing."""
    quotes, urls = ask("sarb", latest("ZAR"), USD, *[b"[]"] * 22)
    assert len(urls) == 23
    assert len(quotes) == 2


def test_day_and_range() -> None:
    """A day bridges a week before it; a range of more than 365 days is asked for in pieces."""
    assert ask("sarb", on(THURSDAY, "USD", "ZAR"), USD)[1] == [f"{sarb.URL}/EXCX135D/2026-10-22/2026-10-29"]
    _, urls = ask("sarb", between(date(2025, 10, 1), FRIDAY, "USD", "ZAR"), b"[]", USD)
    assert urls == [f"{sarb.URL}/EXCX135D/2025-10-01/2026-09-30", f"{sarb.URL}/EXCX135D/2026-10-01/2026-10-30"]


def test_nothing_by_name() -> None:
    """Empty series are no rates, one that was asked for by name even if others have some."""
    with pytest.raises(NoRates):
        ask("sarb", latest("ZAR"), *[b"[]"] * 23)
    with pytest.raises(NoRates, match="JPY"):
        ask("sarb", latest("ZAR", "USD", "JPY"), USD, b"[]")
    with pytest.raises(Unsupported, match="XAG"):
        ask("sarb", latest("XAU", "XAG"))


@pytest.mark.parametrize(
    "jpy",
    [
        USD,
        JPY.replace(b"Japan: Yen per Rand", b"Rand per Japanese Yen"),
        JPY.replace(b"8.8955", b"null"),
        JPY.replace(b'"Timeseries":"Japan: Yen per Rand",', b""),
    ],
)
def test_another_series_and_lost_figures_are_refused(jpy: bytes) -> None:
    """Another series, another direction, a null on a day on which others have figures."""
    with pytest.raises(ParseError):
        ask("sarb", latest("ZAR", "USD", "JPY"), USD, jpy)


@recordings
def test_recorded() -> None:
    """Every value of every series, rand for one of three currencies, else units for one rand."""
    query = asked("2026-03-23", "2026-03-27", "ZAR")
    clock = "T00:00:00"
    found = replay(
        "sarb",
        query,
        rename=lambda url: url.replace("2026-03-23", "2026-03-23" + clock).replace("2026-03-27", "2026-03-27" + clock),
    )
    order = (
        "USD", "GBP", "EUR", "AUD", "BWP", "BRL", "CAD", "CNY", "DKK", "HKD", "INR", "ILS",
        "JPY", "KES", "MWK", "NZD", "NOK", "SEK", "CHF", "TWD", "THB", "ZMW", "KRW",
    )  # fmt: skip
    expected: Figures = {}
    for number, code in enumerate(order, start=1):
        for row in json.loads(body(f"sarb/{number}.json"), parse_float=Decimal):
            pair = (code, "ZAR") if number <= 3 else ("ZAR", code)
            expected[*pair, date.fromisoformat(row["Period"][:10])] = Decimal(row["Value"])
    assert found == expected
    assert codes(found) == in_sample("sarb")
