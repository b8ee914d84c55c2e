"""currency-api: two hosts, tokens left out, and what it means when both lack a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import (
    ConnectionRefused,
    EmptyAnswer,
    HtmlAnswer,
    NoRates,
    NotFound,
    RatesError,
    ServerFailed,
    TimedOut,
    Unsupported,
)
from rates.model import Quote, Reply
from tests.providers.conversation import PAGE, ask, case, latest, on, specimen

CASE = case("currency_api", "USD", "0.86642118", "usd.json", other="EUR")

FIRST = "https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api@{}/v1/currencies/{}.min.json"
SECOND = "https://{}.currency-api.pages.dev/v1/currencies/{}.min.json"
FRIDAY = date(2026, 10, 30)
NO_DAY = b"Couldn't find the requested release version 2026-10-28."
NO_BASE = b"Couldn't find the requested file /v1/currencies/xyz.min.json in @fawazahmed0/currency-api."


def test_latest_leaves_tokens_out() -> None:
    """Lower-case codes become currencies; what ISO 4217 does not know is no currency."""
    quotes, urls = ask("currency_api", latest("USD"), specimen("currency_api/usd.json"))
    assert urls == [FIRST.format("latest", "usd")]
    assert quotes == (
        Quote("USD", "EUR", Decimal("0.86642118"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.76190335"), FRIDAY),
        Quote("USD", "XAU", Decimal("0.00024938712"), FRIDAY),
        Quote("USD", "USD", Decimal("1"), FRIDAY),
    )


def test_a_day_is_a_version() -> None:
    """A day has a file of its own."""
    _, urls = ask("currency_api", on(FRIDAY, "USD"), specimen("currency_api/usd.json"))
    assert urls == [FIRST.format("2026-10-30", "usd")]


@pytest.mark.parametrize(
    "failing",
    [
        ConnectionRefused("x"),
        TimedOut("x"),
        ServerFailed("x"),
        NotFound("x"),
        b"",
        PAGE,
        Reply(404, b"gone"),
        Reply(404, PAGE),
    ],
)
def test_the_second_host_answers_when_the_first_fails(failing: bytes | Reply | RatesError) -> None:
    """However the first host fails, the same file is asked of the second."""
    quotes, urls = ask("currency_api", on(FRIDAY, "USD"), failing, specimen("currency_api/usd.json"))
    assert urls == [FIRST.format("2026-10-30", "usd"), SECOND.format("2026-10-30", "usd")]
    assert len(quotes) == 4


@pytest.mark.parametrize(
    ("second", "error"),
    [(TimedOut("x"), TimedOut), (PAGE, HtmlAnswer), (b" ", EmptyAnswer), (NotFound("x"), NotFound)],
)
def test_when_both_hosts_fail_the_second_error_is_raised(second: bytes | RatesError, error: type[Exception]) -> None:
    """Two failing hosts are one named error."""
    with pytest.raises(error):
        ask("currency_api", latest("USD"), ServerFailed("x"), second)


def test_what_both_hosts_lack() -> None:
    """The first host says whether the day or the base is not there; of the latest a missing version is a move."""
    with pytest.raises(NoRates):
        ask("currency_api", on(date(2026, 10, 28), "USD"), Reply(404, NO_DAY), NotFound("x"))
    with pytest.raises(Unsupported):
        ask("currency_api", latest("XYZ"), Reply(404, NO_BASE), NotFound("x"))
    with pytest.raises(NotFound):
        ask("currency_api", latest("USD"), Reply(404, NO_DAY), NotFound("x"))
