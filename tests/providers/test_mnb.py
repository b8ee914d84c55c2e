"""The National Bank of Hungary: XML within XML, units of a hundred, decimal commas."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import mnb
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("mnb", "HUF", "388,45", "range.xml")

RANGE, NONE = specimen("mnb/range.xml"), specimen("mnb/none.xml")
FRIDAY, THURSDAY = date(2026, 10, 30), date(2026, 10, 29)


def test_latest() -> None:
    """The last days for all currencies; the yen is per 100, and the commas are points."""
    publisher = Publisher([RANGE])
    quotes = run_provider(providers.load("mnb"), latest("HUF"), publisher)
    (request,) = publisher.asked
    assert request.url == "http://www.mnb.hu/arfolyamok.asmx"
    assert ("SOAPAction", mnb.ACTION) in request.headers
    assert b"<startDate>2026-10-23</startDate><endDate>2026-10-30</endDate><currencyNames>AUD,BRL," in request.content
    assert quotes == (
        Quote("EUR", "HUF", Decimal("388.45"), FRIDAY),
        Quote("JPY", "HUF", Decimal("2.1907"), FRIDAY),
        Quote("USD", "HUF", Decimal("336.12"), FRIDAY),
        Quote("EUR", "HUF", Decimal("387.90"), THURSDAY),
        Quote("JPY", "HUF", Decimal("2.1855"), THURSDAY),
        Quote("USD", "HUF", Decimal("335.50"), THURSDAY),
    )


def test_a_long_range_is_asked_by_the_year() -> None:
    """A year and a day are two questions; one piece may be without days."""
    publisher = Publisher([RANGE.replace(b"2026", b"2024"), NONE])
    run_provider(providers.load("mnb"), between(date(2024, 1, 1), date(2024, 12, 31), "HUF"), publisher)
    days = [re.findall(rb"\d{4}-\d\d-\d\d", request.content) for request in publisher.asked]
    assert days == [[b"2024-01-01", b"2024-12-30"], [b"2024-12-31", b"2024-12-31"]]


def test_no_days_are_no_rates() -> None:
    """A list without a day is the bank's word for days of rest."""
    with pytest.raises(NoRates):
        ask("mnb", on(date(2026, 10, 25), "HUF"), NONE)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'unit="100" ', b""), (b'unit="100"', b'unit="0"'), (b"MNBExchangeRates", b"Other"), (b"&lt;/Day&gt;", b"")],
)
def test_other_contents_than_due_are_refused(old: bytes, new: bytes) -> None:
    """No unit is guessed, and the inner document must be whole and the one that was asked for."""
    with pytest.raises(ParseError):
        ask("mnb", latest("HUF"), RANGE.replace(old, new))


def test_a_day_without_rates_is_refused() -> None:
    """Such days come when no currency was named, which would be our mistake and no holiday."""
    empty = re.sub(rb"&lt;Rate.*?/Rate&gt;", b"", RANGE)
    with pytest.raises(ParseError, match="no rates on 2026-10-30"):
        ask("mnb", latest("HUF"), empty)


@recordings
def test_recorded() -> None:
    """Every rate divided by its unit."""
    found = replay("mnb", asked("2025-03-24", "2025-03-28", "HUF"))
    expected: Figures = {}
    for part in re.split(r"<Day date=", unescape(body("mnb/1.xml").decode()))[1:]:
        day = date.fromisoformat(part[1:11])
        for unit, code, rate in re.findall(r'unit="(\d+)" curr="([A-Z]{3})">([\d,]+)<', part):
            expected[code, "HUF", day] = Decimal(rate.replace(",", ".")) / int(unit)
    assert found == expected
    assert len(found) == 160
    assert codes(found) == in_sample("mnb")
