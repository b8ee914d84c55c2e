"""Fixer through apilayer.com: the key in a header, the euro's document for all, refusals."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import KeyRefused, PlanRefused, QuotaExceeded, RatesError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import body, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("apilayer_fixer", "EUR", "1.117188", "latest.json")

API = "https://api.apilayer.com/fixer"
KEY = (("apilayer_fixer", "s3cret"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
LATEST = specimen("apilayer_fixer/latest.json")
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
    assert run_provider(providers.load("apilayer_fixer"), query, publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [f"{API}/{asked}"]
    assert request.headers == (("apikey", "s3cret"),)
    assert request.private == ("apikey",)


def test_what_is_answered() -> None:
    """The rates in the form of the service behind the gateway."""
    quotes, _ = ask("apilayer_fixer", latest("EUR", secrets=KEY), LATEST)
    assert Quote("EUR", "USD", Decimal("1.117188"), FRIDAY) in quotes


@pytest.mark.parametrize(("status", "error"), [(401, KeyRefused), (403, PlanRefused), (429, QuotaExceeded)])
def test_the_gateway_refuses(status: int, error: type[RatesError]) -> None:
    """Its statuses name the error, with its words but for the key."""
    with pytest.raises(error, match="Sorry") as caught:
        ask("apilayer_fixer", latest("EUR", secrets=KEY), Reply(status, b'{"message": "Sorry, not s3cret"}'))
    assert "s3cret" not in str(caught.value)


@recordings
@pytest.mark.parametrize("folder", ["apilayer-fixer", "fixer-apilayer-header"])
def test_recorded_latest(folder: str) -> None:
    """Every rate of the recorded day. The recorded address names the base, and in one the key, which is added here."""
    day, added = date(2016, 8, 26), "?base=EUR" + ("&apikey=KEY" if folder == "apilayer-fixer" else "")
    found = exchange(
        "apilayer_fixer",
        Query("EUR", today=day, secrets=KEY),
        f"exchanger-{folder}",
        1,
        rename=lambda url: url + added,
    )
    rows = re.findall(r'"([A-Z]{3})": ([\d.eE-]+)', body(f"exchanger-{folder}/latest.json").decode())
    assert found == {("EUR", code, day): Decimal(rate) for code, rate in rows}
    assert len(found) == 31
    assert not far_from_ecb(found)


@recordings
def test_recorded_error() -> None:
    """The recorded refusal of another base."""
    with pytest.raises(PlanRefused):
        providers.load("apilayer_fixer").parse(body("exchanger-apilayer-fixer/error-base-restricted.json"))
