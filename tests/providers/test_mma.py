"""The Maldives Monetary Authority: one rate a day since 2011, days in words, two of them twice."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("mma", "MVR", "15.40", "archive.json")

URL = "https://www.mma.gov.mv/JSON/referencerates.json?v="
ARCHIVE = specimen("mma/archive.json")


def test_latest() -> None:
    """The window's days, rates as text or as numbers."""
    quotes, urls = ask("mma", latest("MVR"), ARCHIVE)
    assert urls == [URL + "20261030"]
    assert quotes == (
        Quote("USD", "MVR", Decimal("15.40"), date(2026, 10, 29)),
        Quote("USD", "MVR", Decimal("15.42"), date(2026, 10, 28)),
        Quote("USD", "MVR", Decimal("15.39"), date(2026, 10, 27)),
    )


def test_a_day_that_comes_twice_counts_as_it_comes_first() -> None:
    """The ninth of February 2021 stands there twice."""
    quotes, _ = ask("mma", between(date(2021, 2, 1), date(2021, 2, 28), "MVR"), ARCHIVE)
    assert [(quote.day.day, str(quote.rate)) for quote in quotes] == [(9, "15.42"), (8, "15.37")]


def test_a_day_looks_back() -> None:
    """Over the weekend of Friday and Saturday, and over feasts."""
    quotes, urls = ask("mma", on(date(2021, 2, 20), "MVR"), ARCHIVE)
    assert urls == [URL + "20261030"]
    assert quotes[0].day == date(2021, 2, 9)


def test_a_window_without_days_is_no_rates() -> None:
    """The archive is whole and has nothing near that day."""
    with pytest.raises(NoRates):
        ask("mma", on(date(2015, 1, 1), "MVR"), ARCHIVE)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"29 October", b"29 Oktober"), (b"29 October", b"31 June"), (b'"Rate"', b'"rate"'), (b"2026", b"202")],
)
def test_a_changed_row_is_refused(old: bytes, new: bytes) -> None:
    """An unknown month, a day that never was, a field of another name."""
    with pytest.raises(ParseError):
        ask("mma", latest("MVR"), ARCHIVE.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row, the first of each day."""
    found = replay("mma", asked("2011-04-21", "2026-05-21", "MVR"))
    expected: Figures = {}
    for text, rate in re.findall(r'"Date": "([^"]+)", "Rate": "?([\d.]+)', body("mma/1.json").decode()):
        expected.setdefault(("USD", "MVR", datetime.strptime(text, "%d %B %Y").date()), Decimal(rate))
    assert found == expected
    assert codes(found) == in_sample("mma")
    assert len(found) == 159
