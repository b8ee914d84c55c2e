"""Lists for the day after they are set: their crosses are the ECB's of the day before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import median

import pytest

from rates import providers
from rates.store.calendars import ahead
from tests.providers.crosses import euro_rates
from tests.providers.recordings import body, recordings

COMPARED = ("EUR", "GBP", "CHF", "JPY", "SEK", "NOK", "AUD", "CAD", "CNY", "KRW")
# A list in a recording, and the ECB's days of its date and before; the dollar had moved by 0.7 % or more.
LISTS = [
    ("nbm", "5.xml", date(2026, 4, 8), date(2026, 4, 7)),
    ("nbk", "2.xml", date(2026, 4, 2), date(2026, 4, 1)),
    ("cbu", "2.json", date(2026, 4, 2), date(2026, 4, 1)),
    ("tcmb", "1.json", date(2026, 3, 2), date(2026, 2, 27)),  # a Monday, and the Friday before
]


@recordings
@pytest.mark.parametrize(("key", "file", "day", "before"), LISTS)
def test_crosses_are_of_the_day_before(key: str, file: str, day: date, before: date) -> None:
    """They are within 0.15 % of the ECB's of the day before, and four times as far from the day's own."""
    listed = {quote.base: quote.rate for quote in providers.load(key).parse(body(f"{key}/{file}")) if quote.day == day}

    def off(known: dict[str, Decimal]) -> Decimal:
        """How far the crosses to the dollar are off, at the median."""
        codes = [code for code in COMPARED if code in listed]
        return median(abs(listed[code] / listed["USD"] * known[code] / known["USD"] - 1) for code in codes)

    assert off(euro_rates()[before]) < Decimal("0.0015")
    assert off(euro_rates()[day]) > 4 * off(euro_rates()[before])


@pytest.mark.parametrize("key", [key for key, *_ in LISTS])
def test_their_facts_say_so(key: str) -> None:
    """The calendars then look for tomorrow's list today."""
    assert ahead(providers.load(key).PROVIDER)
