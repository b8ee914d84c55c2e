"""FloatRates: the feed of a base, both ways of writing thousands, and items of their own days.

There are no recorded answers of it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import EmptyAnswer, ParseError, WrongBase
from rates.model import Quote
from tests.providers.conversation import ask, case, latest, specimen

CASE = case("floatrates", "USD", "0.89509487", "usd.xml", other="EUR")

FRIDAY = date(2026, 10, 30)
FEED = specimen("floatrates/usd.xml")


def test_latest() -> None:
    """One feed a base; every item has its own day, and commas between thousands or none."""
    quotes, urls = ask("floatrates", latest("USD"), FEED)
    assert urls == ["https://www.floatrates.com/daily/usd.xml"]
    assert quotes == (
        Quote("USD", "EUR", Decimal("0.89509487"), FRIDAY),
        Quote("USD", "IDR", Decimal("18148.20085929"), FRIDAY),
        Quote("USD", "MMK", Decimal("2101.00000000"), date(2026, 10, 29)),
    )


def test_a_feed_of_midnight() -> None:
    """What comes out just after midnight has the rates of the day before."""
    midnight = FEED.replace(b"30 Oct 2026 12:00:01", b"30 Oct 2026 00:00:01")
    quotes, _ = ask("floatrates", latest("USD"), midnight)
    assert {quote.day for quote in quotes} == {date(2026, 10, 29)}


def test_a_feed_within_rss() -> None:
    """The channel may stand in the element that RSS has for it."""
    wrapped = FEED.replace(b"<channel>", b'<rss version="2.0"><channel>').replace(b"</channel>", b"</channel></rss>")
    assert ask("floatrates", latest("USD"), wrapped)[0] == ask("floatrates", latest("USD"), FEED)[0]


def test_another_base_is_refused() -> None:
    """Each item says its base, and one of another base among them is found out."""
    item = FEED.rindex(b"<baseCurrency>USD")
    with pytest.raises(WrongBase):
        ask("floatrates", latest("USD"), FEED[:item] + FEED[item:].replace(b"<baseCurrency>USD", b"<baseCurrency>EUR"))


def test_no_items_are_no_holiday() -> None:
    """A channel without items is an empty answer."""
    with pytest.raises(EmptyAnswer):
        ask("floatrates", latest("USD"), b"<channel><title>Daily</title></channel>")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (b"Fri, 30 Oct 2026 12:00:01 GMT", b"Fri, 30 Oct 2026 12:00:01 CET"),
        (b"Fri, 30 Oct 2026 12:00:01 GMT", b"Fri, 31 Sep 2026 12:00:01 GMT"),
        (b"Fri, 30 Oct 2026 12:00:01 GMT", b"2026-10-30"),
        (b"<exchangeRate>18,148.20085929", b"<exchangeRate>18,14.20085929"),
        (b"<targetCurrency>IDR", b"<targetCurrency>Rupiah"),
        (b"<targetCurrency>IDR</targetCurrency>", b""),
        (b"channel>", b"list>"),
    ],
)
def test_what_does_not_fit_is_refused(text: bytes, wrong: bytes) -> None:
    """A time that is not in GMT, a comma in a wrong place, a name for a code: none is passed over."""
    assert text in FEED
    with pytest.raises(ParseError):
        ask("floatrates", latest("USD"), FEED.replace(text, wrong))
