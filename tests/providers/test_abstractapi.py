"""Abstract: one request a base, tokens left out, 204 as its word for no data, and its errors by their codes."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import EmptyAnswer, ErrorAnswer, KeyRefused, NoRates, PlanRefused, QuotaExceeded, WrongBase
from rates.model import Query, Quote, Reply
from tests.providers.conversation import ask, case, latest, on, specimen
from tests.providers.recordings import Figures, body, figures, recordings
from tests.providers.services import exchange, far_from_ecb

CASE = case("abstractapi", "USD", "0.895095", "live.json")

API = "https://exchange-rates.abstractapi.com/v1"
KEY = (("abstractapi", "KEY"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
LIVE, DAY = specimen("abstractapi/live.json"), specimen("abstractapi/historical.json")


def test_latest() -> None:
    """Every currency known to ISO 4217, of the UTC day of the last update."""
    quotes, urls = ask("abstractapi", latest("USD", secrets=KEY), LIVE)
    assert urls == [f"{API}/live/?api_key=KEY&base=USD"]
    assert quotes == (
        Quote("USD", "EUR", Decimal("0.895095"), FRIDAY),
        Quote("USD", "JPY", Decimal("157.250269"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.74633"), FRIDAY),
        Quote("USD", "IDR", Decimal("18148.200859"), FRIDAY),
    )


def test_another_base_is_refused() -> None:
    """An answer for another base than the one asked for is found out by what it says."""
    with pytest.raises(WrongBase):
        ask("abstractapi", latest("EUR", secrets=KEY), LIVE)


def test_a_day() -> None:
    """A day is asked for by date, and dated by the answer."""
    quotes, urls = ask("abstractapi", on(THURSDAY, "USD", secrets=KEY), DAY)
    assert urls == [f"{API}/historical?api_key=KEY&base=USD&date=2026-10-29"]
    assert quotes[0] == Quote("USD", "EUR", Decimal("0.898473"), THURSDAY)


def test_no_content_is_no_rates() -> None:
    """Status 204 says that there is nothing; an empty body with status 200 says nothing."""
    with pytest.raises(NoRates):
        ask("abstractapi", on(THURSDAY, "USD", secrets=KEY), Reply(204, b""))
    with pytest.raises(EmptyAnswer):
        ask("abstractapi", on(THURSDAY, "USD", secrets=KEY), Reply(200, b""))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, "unauthorized", KeyRefused),
        (200, "unauthorized", KeyRefused),
        (422, "quota_reached", QuotaExceeded),
        (429, "too_many_requests", QuotaExceeded),
        (400, "validation_error", ErrorAnswer),
        (400, "bad_request", ErrorAnswer),
    ],
)
def test_errors_by_code(status: int, code: str, error: type[Exception]) -> None:
    """The code in the body names the error."""
    answer = json.dumps({"error": {"message": "Sorry.", "code": code, "details": None}}).encode()
    with pytest.raises(error, match=r"Sorry\."):
        ask("abstractapi", latest("USD", secrets=KEY), Reply(status, answer))


@pytest.mark.parametrize(
    ("status", "error"), [(401, KeyRefused), (403, PlanRefused), (422, QuotaExceeded), (404, ErrorAnswer)]
)
@pytest.mark.parametrize("answer", [b"KEY is bad", b'{"error": "KEY is bad"}', b'{"message": "KEY is bad"}'])
def test_errors_by_status(status: int, error: type[Exception], answer: bytes) -> None:
    """A failure in another form is named by its status, without the key."""
    with pytest.raises(error, match="is bad") as caught:
        ask("abstractapi", latest("USD", secrets=KEY), Reply(status, answer))
    assert "KEY" not in str(caught.value)


def second(name: str) -> Figures:
    """Every rate of a recorded body, read with a regular expression; both are of one day."""
    rows = re.findall(r'"([A-Z]{3})": ([\d.eE-]+)', body(f"exchanger-abstract-api/{name}.json").decode())
    return {("USD", code, date(2021, 5, 14)): Decimal(rate) for code, rate in rows}


@recordings
def test_recorded_latest() -> None:
    """Every recorded rate; they are the ECB's of the day to a hundredth of a percent."""
    found = exchange("abstractapi", Query("USD", today=date(2021, 5, 14), secrets=KEY), "exchanger-abstract-api", 1)
    assert found == second("success")
    assert len(found) == 32
    assert not far_from_ecb(found, "0.0001")


@recordings
def test_recorded_day() -> None:
    """Every recorded rate of the day that the answer names; the request recorded with it names another."""
    found = figures(providers.load("abstractapi").parse(body("exchanger-abstract-api/historical.json")))
    assert found == second("historical")
    day = date(2021, 5, 14)
    asked = exchange(
        "abstractapi",
        Query("USD", (), day, day, day, KEY),
        "exchanger-abstract-api",
        2,
        rename=lambda url: url.replace("date=2021-05-14", "date=2000-01-03"),
    )
    assert asked == found
