"""UniRate: all questions put to its series of days, and failures by status.

There are no recorded answers of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.conversion import effective
from rates.errors import (
    ErrorAnswer,
    KeyRefused,
    ParseError,
    PlanRefused,
    QuotaExceeded,
    Unsupported,
    WrongBase,
    WrongDay,
)
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from rates.providers import unirate
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen

CASE = case("unirate", "USD", "0.89847", "series.json")

API = "https://api.unirateapi.com/api/historical/timeseries?api_key=s3cret&base=USD"
KEY = (("unirate", "s3cret"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
SERIES = specimen("unirate/series.json")


def test_latest() -> None:
    """The last days up to today, of which the newest count; no tokens; JSON by name, as documented."""
    query = latest("USD", secrets=KEY)
    publisher = Publisher([SERIES])
    quotes = run_provider(providers.load("unirate"), query, publisher)
    assert publisher.urls() == [f"{API}&start_date=2026-10-23&end_date=2026-10-30"]
    assert publisher.asked[0].headers == (("Accept", "application/json"),)
    assert publisher.asked[0].private == ("api_key",)
    assert quotes[0] == Quote("USD", "EUR", Decimal("0.89847"), THURSDAY)
    assert effective(quotes, unirate.PROVIDER, query) == [
        Quote("USD", "EUR", Decimal("0.89509"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.74633"), FRIDAY),
        Quote("USD", "IDR", Decimal("18148.201"), FRIDAY),
    ]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        (on(THURSDAY, "USD", "EUR", "USD", secrets=KEY), ["start_date=2026-10-22&end_date=2026-10-29&currencies=EUR"]),
        (on(date(1999, 1, 5), "USD", secrets=KEY), ["start_date=1999-01-04&end_date=1999-01-05"]),
        (
            between(date(2021, 10, 29), FRIDAY, "USD", secrets=KEY),
            ["start_date=2021-10-29&end_date=2026-10-27", "start_date=2026-10-28&end_date=2026-10-30"],
        ),
    ],
)
def test_what_is_asked(query: Query, asked: list[str]) -> None:
    """Closed days before are bridged, nothing before the first day is asked for, and five years at once."""
    end = asked[0].partition("end_date=")[2][:10].encode()
    days = SERIES.replace(b'"2026-10-29": {', b'"2026-10-28": {') if end == b"2026-10-29" else SERIES
    answers = [days.replace(b'"2026-10-30": {', b'"%s": {' % end)] + [SERIES] * (len(asked) - 1)
    _, urls = ask("unirate", query, *answers)
    assert urls == [f"{API}&{text}" for text in asked]


def test_a_day_to_come_is_asked_for_until_today() -> None:
    """The service may refuse a day to come, and today's rates are not its."""
    publisher = Publisher([SERIES])
    with pytest.raises(WrongDay, match="nothing for 2026-10-31"):
        run_provider(providers.load("unirate"), on(date(2026, 10, 31), "USD", secrets=KEY), publisher)
    assert publisher.urls() == [f"{API}&start_date=2026-10-24&end_date=2026-10-30"]


def test_another_base_or_amount_is_refused() -> None:
    """The answer says its base and for how many units its rates are."""
    with pytest.raises(WrongBase):
        ask("unirate", latest("EUR", secrets=KEY), SERIES)
    with pytest.raises(ParseError, match="100 units"):
        ask("unirate", latest("USD", secrets=KEY), SERIES.replace(b'"amount": 1', b'"amount": 100'))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, KeyRefused),
        (403, PlanRefused),
        (404, Unsupported),
        (429, QuotaExceeded),
        (400, ErrorAnswer),
        (200, ErrorAnswer),
    ],
)
def test_errors_by_status(status: int, error: type[Exception]) -> None:
    """The documented statuses name the error, with the service's words but for the key."""
    answer = b'{"error": "Sorry, not s3cret"}' if status >= 400 else b'{"error": "Sorry"}'
    with pytest.raises(error, match="Sorry") as caught:
        ask("unirate", latest("USD", secrets=KEY), Reply(status, answer))
    assert "s3cret" not in str(caught.value)
