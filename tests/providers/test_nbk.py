"""The National Bank of Kazakhstan: a feed's names for code and rate, and units of up to a thousand."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import nbk
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, dotted, in_sample, recordings, replay

CASE = case("nbk", "KZT", "471.20", "day.xml")

DAY, CLOSED = specimen("nbk/day.xml"), specimen("nbk/closed.xml")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The dram is per 10, the Iranian rial per 1000."""
    quotes, urls = ask("nbk", latest("KZT"), DAY)
    assert urls == [f"{nbk.URL}?fdate=30.10.2026"]
    assert quotes == (
        Quote("AMD", "KZT", Decimal("1.231"), FRIDAY),
        Quote("IRR", "KZT", Decimal("0.00037"), FRIDAY),
        Quote("USD", "KZT", Decimal("471.20"), FRIDAY),
    )


def test_day_and_range() -> None:
    """A day without items is walked back over; a range is asked day by day."""
    old = DAY.replace(b"30.10.2026", b"24.10.2026")
    quotes, urls = ask("nbk", on(date(2026, 10, 25), "KZT"), CLOSED, old)
    assert [url[-10:] for url in urls] == ["25.10.2026", "24.10.2026"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 24)}
    quotes, urls = ask("nbk", between(date(2026, 10, 24), date(2026, 10, 25), "KZT"), old, CLOSED)
    assert [url[-10:] for url in urls] == ["24.10.2026", "25.10.2026"]
    assert len(quotes) == 3


def test_nothing_by_name() -> None:
    """Days without items are no rates."""
    with pytest.raises(NoRates):
        ask("nbk", latest("KZT"), *[CLOSED] * 11)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<date>30.10.2026</date>", b""),
        (b"<quant>10</quant>", b"<quant>0</quant>"),
        (b"<quant>1</quant>", b""),
        (b"<title>USD</title>", b"<title>Dollar</title>"),
    ],
)
def test_a_lacking_field_is_refused(old: bytes, new: bytes) -> None:
    """Without its day, its unit or its code nothing is guessed."""
    with pytest.raises(ParseError):
        ask("nbk", latest("KZT"), DAY.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every item of the three days, divided by its quant."""
    found = replay("nbk", asked("2026-04-01", "2026-04-03", "KZT"))
    item = r"<title>([A-Z]{3})</title>\s*<description>([\d.]+)</description>\s*<quant>(\d+)</quant>"
    expected = {}
    for number in (1, 2, 3):
        text = body(f"nbk/{number}.xml").decode()
        day = dotted(re.findall(r"<date>([\d.]+)</date>", text)[0])
        for code, rate, units in re.findall(item, text):
            expected[code, "KZT", day] = Decimal(rate) / int(units)
    assert found == expected
    assert codes(found) == in_sample("nbk")
