"""CurrencyBeacon: the dollar's document for all bases, in both documented forms, and failures by number.

There are no recorded answers of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, PlanRefused, QuotaExceeded, WrongBase
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply
from tests.providers.conversation import Publisher, ask, case, latest, on, specimen

CASE = case("currencybeacon", "USD", "0.89509741", "latest.json")

API = "https://api.currencybeacon.com/v1"
KEY = (("currencybeacon", "s3cret"),)
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)
LATEST, DAY = specimen("currencybeacon/latest.json"), specimen("currencybeacon/day.json")


def test_latest() -> None:
    """The dollar's rates of the day of the time stamp, without tokens, some of which it prints as 0."""
    publisher = Publisher([LATEST])
    quotes = run_provider(providers.load("currencybeacon"), latest("EUR", secrets=KEY), publisher)
    (request,) = publisher.asked
    assert publisher.urls() == [f"{API}/latest?base=USD"]
    assert request.headers == (("Authorization", "Bearer s3cret"),)
    assert request.private == ("Authorization",)
    assert quotes == (
        Quote("USD", "AED", Decimal("3.6725"), FRIDAY),
        Quote("USD", "EUR", Decimal("0.89509741"), FRIDAY),
        Quote("USD", "IDR", Decimal("18148.35112206"), FRIDAY),
        Quote("USD", "USD", Decimal("1"), FRIDAY),
    )


def test_a_day() -> None:
    """A day is asked for by date; the answer may have its table at the top."""
    quotes, urls = ask("currencybeacon", on(THURSDAY, "EUR", secrets=KEY), DAY)
    assert urls == [f"{API}/historical?base=USD&date=2026-10-29"]
    assert quotes == (
        Quote("USD", "EUR", Decimal("0.89846603"), THURSDAY),
        Quote("USD", "GBP", Decimal("0.75091877"), THURSDAY),
        Quote("USD", "USD", Decimal("1"), THURSDAY),
    )


def test_another_base_is_refused() -> None:
    """An answer for another base than the dollar would be crossed wrongly."""
    with pytest.raises(WrongBase):
        ask("currencybeacon", latest("USD", secrets=KEY), LATEST.replace(b'"base": "USD"', b'"base": "CHF"'))


@pytest.mark.parametrize(
    ("code", "error"),
    [(401, KeyRefused), (403, PlanRefused), (422, ErrorAnswer), (429, QuotaExceeded), (600, ErrorAnswer)],
)
@pytest.mark.parametrize("word", ["message", "error_detail"])
def test_errors_by_number(code: int, error: type[Exception], word: str) -> None:
    """The number in the answer, or that of the status, names the error; the key is never repeated."""
    answer = b'{"meta": {"code": %d, "%s": "Sorry"}, "response": []}' % (code, word.encode())
    with pytest.raises(error, match="Sorry"):
        ask("currencybeacon", latest("USD", secrets=KEY), Reply(200, answer))
    if code < 600:
        with pytest.raises(error, match="Sorry") as caught:
            ask("currencybeacon", latest("USD", secrets=KEY), Reply(code, answer.replace(b"orry", b"orry s3cret")))
        assert "s3cret" not in str(caught.value)
