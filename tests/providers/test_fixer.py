"""Fixer: the euro's document for all bases, years in pieces, and no base but the euro."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, WrongBase
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote
from tests.providers.conversation import Publisher, between, case, latest, on, specimen
from tests.providers.recordings import Figures, body, figures, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("fixer", "EUR", "1.117191", "latest.json")

API = "https://data.fixer.io/api"
KEY = (("fixer", "KEY"),)
FRIDAY = date(2026, 10, 30)
LATEST, SERIES = specimen("fixer/latest.json"), specimen("fixer/series.json")


def conversation(query: Query, *answers: bytes) -> tuple[tuple[Quote, ...], list[str]]:
    """The quotes, and the URLs with the key's parameter."""
    publisher = Publisher(answers)
    quotes = run_provider(providers.load("fixer"), query, publisher)
    assert {request.private for request in publisher.asked} == {("access_key",)}
    return quotes, publisher.urls()


def test_latest() -> None:
    """One document for all bases, over HTTPS, with the day that it says."""
    quotes, urls = conversation(latest("USD", "GBP", secrets=KEY), LATEST)
    assert urls == [f"{API}/latest?access_key=KEY"]
    assert quotes == (
        Quote("EUR", "AED", Decimal("4.102934"), FRIDAY),
        Quote("EUR", "EUR", Decimal("1"), FRIDAY),
        Quote("EUR", "GBP", Decimal("0.833812"), FRIDAY),
        Quote("EUR", "IDR", Decimal("20271.650214"), FRIDAY),
        Quote("EUR", "JPY", Decimal("175.702066"), FRIDAY),
        Quote("EUR", "USD", Decimal("1.117191"), FRIDAY),
    )


def test_a_day() -> None:
    """A day is a document of its own."""
    _, urls = conversation(on(FRIDAY, "USD", secrets=KEY), LATEST)
    assert urls == [f"{API}/2026-10-30?access_key=KEY"]


def test_a_range_in_pieces_of_365_days() -> None:
    """The service gives no more at once; every day of each answer counts."""
    older = SERIES.replace(b"2026-10", b"2025-10")
    quotes, urls = conversation(between(date(2025, 10, 28), date(2026, 10, 29), "EUR", secrets=KEY), older, SERIES)
    assert urls == [
        f"{API}/timeseries?access_key=KEY&start_date=2025-10-28&end_date=2026-10-27",
        f"{API}/timeseries?access_key=KEY&start_date=2026-10-28&end_date=2026-10-29",
    ]
    assert quotes[6:] == (
        Quote("EUR", "EUR", Decimal("1"), date(2026, 10, 28)),
        Quote("EUR", "USD", Decimal("1.113304"), date(2026, 10, 28)),
        Quote("EUR", "JPY", Decimal("175.861"), date(2026, 10, 28)),
        Quote("EUR", "EUR", Decimal("1"), date(2026, 10, 29)),
        Quote("EUR", "USD", Decimal("1.112987"), date(2026, 10, 29)),
        Quote("EUR", "JPY", Decimal("175.915502"), date(2026, 10, 29)),
    )


def test_a_range_is_cut_to_the_days_that_can_have_rates() -> None:
    """No day before the first, nor one after today, is asked for; a range of such days alone has no rates."""
    older = SERIES.replace(b"2026-10-28", b"1999-01-01").replace(b"2026-10-29", b"1999-01-02")
    _, urls = conversation(between(date(1998, 12, 30), date(1999, 1, 2), "EUR", secrets=KEY), older)
    assert urls == [f"{API}/timeseries?access_key=KEY&start_date=1999-01-01&end_date=1999-01-02"]
    with pytest.raises(NoRates):
        conversation(between(date(1998, 12, 30), date(1998, 12, 31), "EUR", secrets=KEY))


def test_another_base_is_refused() -> None:
    """An answer for another base than the euro would be crossed wrongly."""
    with pytest.raises(WrongBase):
        conversation(latest("EUR", secrets=KEY), LATEST.replace(b'"base": "EUR"', b'"base": "CHF"'))


def second(name: str, base: str, day: date) -> Figures:
    """Every rate of a recorded body, read with a regular expression."""
    rows = re.findall(r'"([A-Z]{3})"\s*:\s*([\d.eE-]+)', body(name).decode())
    return {(base, code, day): Decimal(rate) for code, rate in rows}


@recordings
def test_recorded_latest() -> None:
    """Every rate of the recorded day, which are the ECB's own to 2 %."""
    found = exchange("fixer", Query("EUR", today=date(2016, 8, 26), secrets=KEY), "exchanger-fixer", 1)
    assert found == second("exchanger-fixer/latest.json", "EUR", date(2016, 8, 26))
    assert len(found) == 31
    assert not far_from_ecb(found)


@recordings
@pytest.mark.parametrize("folder", ["fixer", "apilayer-fixer", "fixer-apilayer-header"])
def test_recorded_day_of_another_base(folder: str) -> None:
    """The recorded day is in dollars: read right, and refused as an answer to us, who cross over the euro."""
    name, day = f"exchanger-{folder}/historical.json", date(2000, 1, 3)
    found = figures(providers.load("fixer").parse(body(name)))
    assert found == second(name, "USD", day)
    assert not far_from_ecb(found)
    with pytest.raises(WrongBase):
        exchange("fixer", Query("EUR", (), day, day, day, KEY), "exchanger-fixer", 2)


@recordings
@pytest.mark.parametrize("folder", ["apilayer-fixer", "fixer-apilayer-header"])
def test_recorded_latest_of_the_gateway(folder: str) -> None:
    """The gateway of the same service answers in the same form."""
    name = f"exchanger-{folder}/latest.json"
    assert figures(providers.load("fixer").parse(body(name))) == second(name, "EUR", date(2016, 8, 26))
