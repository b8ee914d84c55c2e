"""The Central Bank of Liberia: one pair, its middle, and a paged list that is leapt through."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("cbllr", "USD", "178.0000", "newest.html", html=True)

URL = "https://www.cbl.org.lr/research/buying-selling-rates"
NEWEST, OLDER = specimen("cbllr/newest.html"), specimen("cbllr/older.html")


def test_latest() -> None:
    """The first page holds the window; the middle of buying and selling, per US dollar."""
    quotes, urls = ask("cbllr", latest("USD"), NEWEST)
    assert urls == [URL]
    assert quotes[0] == Quote("USD", "LRD", Decimal("179"), date(2026, 10, 30))
    assert quotes[1] == Quote("USD", "LRD", Decimal("179.01"), date(2026, 10, 29))
    assert len(quotes) == 8


def test_pages_are_leapt_over_towards_an_old_day() -> None:
    """From 19 October back to 10 June there are 131 days, of which one page at least holds none that counts."""
    quotes, urls = ask("cbllr", on(date(2026, 6, 10), "LRD"), NEWEST, OLDER)
    assert urls == [URL, URL + "?page=2"]
    assert {quote.day for quote in quotes} == {date(2026, 6, day) for day in range(3, 11)}


def test_a_leap_too_far_is_refused() -> None:
    """A page that begins before the day asked for, after a leap, would lack rates in silence."""
    with pytest.raises(ParseError, match="leapt over"):
        ask("cbllr", on(date(2026, 6, 16), "LRD"), NEWEST, OLDER)


def test_the_same_page_again_is_refused() -> None:
    """A server that ignores the page's number ends in an error, not in endless requests."""
    with pytest.raises(ParseError, match="page 1 begins with 2026-10-30"):
        ask("cbllr", between(date(2026, 6, 10), date(2026, 10, 30), "LRD"), NEWEST, NEWEST)


def test_a_range_over_two_pages() -> None:
    """Pages that follow one another are read until one reaches back to the first day."""
    second = (
        NEWEST.replace(b"October", b"September").replace(b"30, 2026", b"28, 2026").replace(b"29, 2026", b"28, 2026")
    )
    quotes, urls = ask("cbllr", between(date(2026, 9, 20), date(2026, 10, 20), "USD"), NEWEST, second)
    assert urls == [URL, URL + "?page=1"]
    assert min(quote.day for quote in quotes) == date(2026, 9, 20)
    with pytest.raises(NoRates):
        ask("cbllr", between(date(2026, 10, 31), date(2026, 10, 31), "USD"), NEWEST.replace(b"2026<", b"2025<"))


def test_cells_that_cannot_be() -> None:
    """Another amount than one US dollar, and a list without rows, are refused."""
    for page in (NEWEST.replace(b"/US$1.00", b"/US$100.00", 1), NEWEST[: NEWEST.index(b"<tbody>")] + b"</table>"):
        with pytest.raises(ParseError):
            ask("cbllr", latest("USD"), page)


@recordings
def test_recorded() -> None:
    """Every row of the page, the day by its machine-readable form."""
    query = asked("2026-04-11", "2026-05-23", "USD")
    found = replay("cbllr", query)
    row = r'datetime="([\d-]+)T.*?L\$([\d.]+)/US\$1.00.*?L\$([\d.]+)/US\$1.00'
    assert found == {
        ("USD", "LRD", date.fromisoformat(day)): (Decimal(buy) + Decimal(sell)) / 2
        for day, buy, sell in re.findall(row, body("cbllr/1.html").decode(), re.DOTALL)
    }
    assert len(found) == 31
    assert codes(found) == in_sample("cbllr")
