"""VATcomply: what is asked, what its answer says, and its errors in both spellings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, Unsupported, WrongDay
from rates.model import Quote, Reply
from tests.providers.conversation import ask, case, latest, on, specimen

CASE = case("vatcomply", "USD", "0.866551", "latest.json", other="EUR")

URL = "https://api.vatcomply.com/rates"
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The base and the day are read from the answer."""
    quotes, urls = ask("vatcomply", latest("USD"), specimen("vatcomply/latest.json"))
    assert urls == [f"{URL}?base=USD"]
    assert quotes == (
        Quote("USD", "EUR", Decimal("0.866551"), FRIDAY),
        Quote("USD", "USD", Decimal("1.0"), FRIDAY),
        Quote("USD", "JPY", Decimal("154.289428"), FRIDAY),
        Quote("USD", "GBP", Decimal("0.761828"), FRIDAY),
    )


def test_a_sunday_is_answered_with_friday() -> None:
    """Symbols and day are passed on; the last published day answers for a closed one."""
    friday = specimen("vatcomply/latest.json").replace(b"2026-10-30", b"2026-10-23")
    quotes, urls = ask("vatcomply", on(date(2026, 10, 25), "USD", "EUR", "GBP"), friday)
    assert urls == [f"{URL}?base=USD&symbols=EUR,GBP&date=2026-10-25"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 23)}


def test_a_day_far_from_the_one_asked_is_wrong_day() -> None:
    """A date that is silently not the one asked for is found out."""
    with pytest.raises(WrongDay):
        ask("vatcomply", on(date(2026, 9, 1), "USD"), specimen("vatcomply/latest.json"))


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (400, "unsupported-base", Unsupported),
        (400, "unavailable-base", Unsupported),
        (404, "no-data", NoRates),
        (400, "invalid-date", ErrorAnswer),
        (200, "unsupported-base", Unsupported),
    ],
)
def test_errors_by_name(status: int, name: str, error: type[Exception]) -> None:
    """Errors are named by their words, under `error` as documented or `detail` as its newer code has it."""
    with pytest.raises(error):
        ask("vatcomply", latest("XYZ"), Reply(status, specimen(f"vatcomply/{name}.json")))
