"""The National Bank of Tajikistan: lists for all days, old numbers beside codes, today's list where none is."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ParseError, WrongDay
from rates.model import Quote
from rates.providers import nbt
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("nbt", "TJS", "9.2105", "day.xml")

DAY = specimen("nbt/day.xml")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The rouble by its code, whatever its number; the Iranian rial is per 1000."""
    quotes, urls = ask("nbt", latest("TJS"), DAY)
    assert urls == [f"{nbt.URL}?date=2026-10-30&export=xmlout"]
    assert quotes == (
        Quote("USD", "TJS", Decimal("9.2105"), FRIDAY),
        Quote("RUB", "TJS", Decimal("0.1142"), FRIDAY),
        Quote("IRR", "TJS", Decimal("0.0000070"), FRIDAY),
    )


def test_day_and_range() -> None:
    """A Sunday has its own list; a range is asked day by day."""
    sunday = DAY.replace(b"2026-10-30", b"2026-10-25")
    quotes, urls = ask("nbt", on(date(2026, 10, 25), "TJS"), sunday)
    assert urls == [f"{nbt.URL}?date=2026-10-25&export=xmlout"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 25)}
    thursday = DAY.replace(b"2026-10-30", b"2026-10-29")
    assert len(ask("nbt", between(date(2026, 10, 29), FRIDAY, "TJS"), thursday, DAY)[0]) == 6


@pytest.mark.parametrize("day", [date(2001, 1, 1), date(2026, 11, 3)])
def test_todays_list_for_another_day_is_found_out(day: date) -> None:
    """The list's own date is believed, not the question's."""
    with pytest.raises(WrongDay):
        ask("nbt", on(day, "TJS"), DAY)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"ValCurs", b"Rates"), (b' Date="2026-10-30"', b""), (b"<Nominal>1</Nominal>", b""), (b">1000<", b">0<")],
)
def test_a_lacking_field_is_refused(old: bytes, new: bytes) -> None:
    """Without its day or its unit nothing is guessed."""
    with pytest.raises(ParseError):
        ask("nbt", latest("TJS"), DAY.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every currency of the three days, divided by its nominal."""
    found = replay("nbt", asked("2026-05-18", "2026-05-20", "TJS"))
    row = r"<CharCode>(\w+)</CharCode>\s*<Nominal>(\d+)</Nominal>\s*<Name>[^<]*</Name>\s*<Value>([\d.]+)<"
    expected = {}
    for number in (1, 2, 3):
        text = body(f"nbt/{number}.xml").decode()
        day = date.fromisoformat(re.findall(r'Date="([\d-]+)"', text)[0])
        for code, units, rate in re.findall(row, text):
            expected[code, "TJS", day] = Decimal(rate) / int(units)
    assert found == expected
    assert codes(found) == in_sample("nbt")
