"""FastFOREX: one request a base, a key in a header, and its errors by status and words."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, ParseError, PlanRefused, QuotaExceeded, Unsupported, WrongBase
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from tests.providers.conversation import Publisher, ask, case, latest, on, specimen
from tests.providers.recordings import body, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("fastforex", "USD", "0.74634", "all.json")

API = "https://api.fastforex.io"
KEY = (("fastforex", "s3cret"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
ALL, DAY = specimen("fastforex/all.json"), specimen("fastforex/day.json")


def test_latest() -> None:
    """All currencies, of the UTC day of the last update; the key is in the documented header alone."""
    publisher = Publisher([ALL])
    quotes = run_provider(providers.load("fastforex"), latest("USD", secrets=KEY), publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [f"{API}/fetch-all?from=USD"]
    assert request.headers == (("X-API-Key", "s3cret"),)
    assert request.private == ("X-API-Key",)
    assert quotes == (
        Quote("USD", "AED", Decimal("3.6725"), FRIDAY),
        Quote("USD", "EUR", Decimal("0.8951"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.74634"), FRIDAY),
        Quote("USD", "IDR", Decimal("18148.35"), FRIDAY),
        Quote("USD", "JPY", Decimal("157.25112"), FRIDAY),
        Quote("USD", "USD", Decimal("1"), FRIDAY),
    )


def test_another_base_is_refused() -> None:
    """An answer for another base than the one asked for is found out by what it says."""
    with pytest.raises(WrongBase):
        ask("fastforex", latest("EUR", secrets=KEY), ALL)


def test_a_day() -> None:
    """A day is asked for by date, and dated by the answer."""
    quotes, urls = ask("fastforex", on(THURSDAY, "USD", secrets=KEY), DAY)
    assert urls == [f"{API}/historical?date=2026-10-29&from=USD"]
    assert quotes[0] == Quote("USD", "EUR", Decimal("0.89846"), THURSDAY)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [("2026-10-30T15:04:11Z", FRIDAY), ("2026-10-29 23:59:59", THURSDAY), ("2026-10-30", FRIDAY)],
)
def test_stamps(stamp: str, day: date) -> None:
    """Its time stamps have a blank in older answers and ISO 8601's T in newer ones."""
    quotes, _ = ask("fastforex", latest("USD", secrets=KEY), ALL.replace(b"2026-10-30 15:04:11", stamp.encode()))
    assert {quote.day for quote in quotes} == {day}


@pytest.mark.parametrize("stamp", ["2026-10-301", "2026-10-3", "30.10.2026 15:04", ""])
def test_no_stamps(stamp: str) -> None:
    """What is no time stamp is refused."""
    with pytest.raises(ParseError):
        ask("fastforex", latest("USD", secrets=KEY), ALL.replace(b"2026-10-30 15:04:11", stamp.encode()))


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, b'{"error": "Invalid/unsupported base currency: [ZZZ]"}', Unsupported),
        (400, b'{"error": "Invalid/unsupported base currency: [ZZZ]"}', Unsupported),
        (400, b'{"error": "Invalid date"}', ErrorAnswer),
        (400, b'{"error": "No s3cret"}', ErrorAnswer),
        (200, b'{"error": "Sorry"}', ErrorAnswer),
        (401, b'{"error": "No s3cret"}', KeyRefused),
        (403, b'{"error": "No s3cret"}', PlanRefused),
        (429, b'{"error": "No s3cret"}', QuotaExceeded),
    ],
)
def test_errors_by_name(status: int, answer: bytes, error: type[Exception]) -> None:
    """The documented statuses name the error, else its words; the key is never repeated."""
    with pytest.raises(error) as caught:
        ask("fastforex", latest("USD", secrets=KEY), Reply(status, answer))
    assert "s3cret" not in str(caught.value)


def one(url: str) -> str:
    """The recorded address, of one pair and with the key as a parameter, for that of all currencies."""
    return url.replace("fetch-all", "fetch-one") + "&to=EUR&api_key=KEY"


@recordings
def test_recorded_latest() -> None:
    """The recorded pair, in the form that one pair has."""
    day = date(2021, 2, 16)
    found = exchange("fastforex", Query("USD", today=day, secrets=KEY), "exchanger-fastforex", 1, rename=one)
    (rate,) = re.findall(r'"EUR": ([\d.]+)', body("exchanger-fastforex/latest.json").decode())
    assert found == {("USD", "EUR", day): Decimal(rate)}
    assert not far_from_ecb(found)


@recordings
def test_recorded_error() -> None:
    """The recorded error of a currency that it lacks, with a success status."""
    with pytest.raises(Unsupported, match="ZZZ"):
        providers.load("fastforex").parse(body("exchanger-fastforex/error-unsupported.json"))
