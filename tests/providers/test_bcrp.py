"""The Central Reserve Bank of Peru: the middle of both sides, months that are English but for one, days without."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import bcrp
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import figures, official, recordings

CASE = case("bcrp", "PEN", "3.391", "days.json")

DAYS = specimen("bcrp/days.json")
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 10, 28), date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """The middle of the two sides; a day without rates is passed over."""
    quotes, urls = ask("bcrp", latest("PEN"), DAYS)
    assert urls == [f"{bcrp.URL}/2026-10-20/2026-10-30/ing"]
    assert quotes == (
        Quote("USD", "PEN", Decimal("3.3975"), date(2026, 9, 30)),
        Quote("USD", "PEN", Decimal("3.406"), WEDNESDAY),
        Quote("USD", "PEN", Decimal("3.4025"), THURSDAY),
    )


def test_range() -> None:
    """A longer range than a year is asked for in pieces."""
    _, urls = ask("bcrp", between(date(2025, 1, 1), FRIDAY, "PEN"), DAYS, DAYS)
    assert [url.removeprefix(bcrp.URL) for url in urls] == ["/2025-01-01/2026-01-01/ing", "/2026-01-02/2026-10-30/ing"]


def test_days_without_rates() -> None:
    """A window whose days have no rates, or without days, raises NoRates."""
    for body in (
        re.sub(rb'"[\d.]+","[\d.]+"', b'"n.d.","n.d."', DAYS),
        re.sub(rb'"periods":.*', b'"periods":[]}', DAYS, flags=re.S),
    ):
        with pytest.raises(NoRates):
            ask("bcrp", on(FRIDAY, "PEN"), body)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"3.402"', b'"n.d."'), (b'"3.402",', b""), (b"28.Oct", b"28.Okt"), (b"Venta", b"Cierre")],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """One side alone, an unknown month and another series are errors."""
    with pytest.raises(ParseError):
        ask("bcrp", latest("PEN"), DAYS.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every day of the recorded answer but the one without rates, read a second time by a pattern."""
    body = official("bcrp/PD04639PD-PD04640PD_2026-09-01_2026-09-08_ing.json")
    found = re.findall(r'"(\d\d)\.Set\.26",\s*"values":\["([\d.]+)","([\d.]+)"\]', body.decode())
    quotes, _ = ask("bcrp", between(date(2026, 9, 1), date(2026, 9, 8), "PEN"), body)
    assert figures(quotes) == {
        ("USD", "PEN", date(2026, 9, int(number))): (Decimal(buy) + Decimal(sell)) / 2 for number, buy, sell in found
    }
    assert len(found) == 5
