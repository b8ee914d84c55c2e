"""Exchangerate.host: the dollar's document for all bases, and the form of its years without a key."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import WrongBase
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import body, figures, recordings
from tests.providers.services import far_from_ecb

CASE = case("exchangerate_host", "USD", "0.895098", "latest.json")

API = "https://api.exchangerate.host"
KEY = (("exchangerate_host", "KEY"),)
FRIDAY = date(2026, 10, 30)
LATEST = specimen("exchangerate_host/latest.json")


def test_latest_and_a_day() -> None:
    """Pairs of the dollar, of the UTC day that the time stamp closes where there is no date."""
    quotes, urls = ask("exchangerate_host", latest("EUR", secrets=KEY), LATEST)
    assert urls == [f"{API}/live?access_key=KEY"]
    assert quotes[1] == Quote("USD", "EUR", Decimal("0.895098"), date(2026, 10, 29))  # stamped on Friday, 00:00:03
    assert ask("exchangerate_host", on(FRIDAY, "EUR", secrets=KEY), LATEST) == (
        quotes,
        [f"{API}/historical?access_key=KEY&date=2026-10-30"],
    )


def test_a_range() -> None:
    """A range is one request up to 365 days."""
    days = between(date(2026, 10, 28), date(2026, 10, 29), "USD", secrets=KEY)
    quotes, urls = ask("exchangerate_host", days, specimen("exchangerate_host/series.json"))
    assert urls == [f"{API}/timeframe?access_key=KEY&start_date=2026-10-28&end_date=2026-10-29"]
    assert [(quote.symbol, quote.day.day) for quote in quotes] == [("EUR", 28), ("GBP", 28), ("EUR", 29), ("GBP", 29)]


@recordings
@pytest.mark.parametrize(("name", "day"), [("latest", date(2022, 4, 29)), ("historical", date(2000, 1, 3))])
def test_recorded_before_keys(name: str, day: date) -> None:
    """Every rate of the form without a key, whose addresses are gone since 2023: it is read, and so is its base."""
    content = body(f"exchanger-exchangerate-host/{name}.json")
    rows = re.findall(r'"([A-Z]{3})"\s*:\s*([\d.eE-]+)', content.decode())
    found = figures(providers.load("exchangerate_host").parse(content))
    assert found == {("EUR", code, day): Decimal(rate) for code, rate in rows}
    assert len(found) > 25
    assert not far_from_ecb(found)
    with pytest.raises(WrongBase):
        ask("exchangerate_host", on(day, "EUR", secrets=KEY), content)
