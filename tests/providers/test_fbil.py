"""Financial Benchmarks India: amount and currency in a text, N/A, midnight in the dates."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("fbil", "INR", "95.104500", "days.json")

URL = "https://www.fbil.org.in/wasdm/refrates/fetchfiltered"
DAYS = specimen("fbil/days.json")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """Per one unit, all digits kept, no quote where there is none."""
    quotes, urls = ask("fbil", latest("INR"), DAYS)
    assert urls == [f"{URL}?fromDate=2026-10-23&toDate=2026-10-30&authenticated=false"]
    assert quotes == (
        Quote("USD", "INR", Decimal("95.104500"), FRIDAY),
        Quote("JPY", "INR", Decimal("0.62070000"), FRIDAY),
        Quote("IDR", "INR", Decimal("0.0055310200"), FRIDAY),
        Quote("USD", "INR", Decimal("95.000100"), date(2026, 10, 29)),
    )
    assert str(quotes[0].rate) == "95.104500"


def test_long_ranges_are_asked_in_pieces() -> None:
    """A year at once, beginning with the first day that it has."""
    _, urls = ask("fbil", between(date(2018, 7, 1), date(2019, 7, 31), "INR"), DAYS.replace(b"2026-", b"2018-"), b"[]")
    assert [url.removeprefix(URL) for url in urls] == [
        "?fromDate=2018-07-10&toDate=2019-07-09&authenticated=false",
        "?fromDate=2019-07-10&toDate=2019-07-31&authenticated=false",
    ]


def test_an_empty_list_is_no_rates() -> None:
    """Its word for a window without working days."""
    with pytest.raises(NoRates):
        ask("fbil", latest("INR"), b"[]")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"INR / 1 USD", b"USD / 1 INR"),
        (b"INR / 100 JPY", b"INR / 0 JPY"),
        (b" 00:00:00", b" 12:00:00"),
        (b'"N/A"', b'"-"'),
    ],
)
def test_a_changed_row_is_refused(old: bytes, new: bytes) -> None:
    """Another direction, no amount, a time of day, another word for none."""
    with pytest.raises(ParseError):
        ask("fbil", latest("INR"), DAYS.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every rate, divided by the amount in its name."""
    found = replay("fbil", asked("2026-03-17", "2026-03-21", "INR"))
    expected: Figures = {}
    for row in json.loads(body("fbil/1.json"), parse_float=Decimal):
        _, _, amount, code = row["subProdName"].split(" ")
        expected[code, "INR", date.fromisoformat(row["processRunDate"][:10])] = row["rate"] / int(amount)
    assert found == expected
    assert codes(found) == in_sample("fbil")
