"""The Bank of Japan: whole months, days and values side by side, two series in opposite directions."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, NoRates, ParseError
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("boj", "USD", "153.02", "october.json")

URL = "https://www.stat-search.boj.or.jp/api/v1/getDataCode?format=json&lang=en&db=FM08&code=FXERD04,FXERD34"
OCTOBER = specimen("boj/october.json")
WEDNESDAY = date(2026, 10, 28)


def test_latest() -> None:
    """The months of the window, without the days before it; yen for a dollar, dollars for a euro."""
    quotes, urls = ask("boj", latest("USD"), OCTOBER)
    assert urls == [f"{URL}&startDate=202610&endDate=202610"]
    assert quotes[2] == Quote("USD", "JPY", Decimal("153.02"), WEDNESDAY)
    assert quotes[5] == Quote("EUR", "USD", Decimal("1.1625"), WEDNESDAY)
    assert len(quotes) == 6


def test_a_day_and_a_range() -> None:
    """A day's window may begin in the month before; a range is cut to its days."""
    _, urls = ask("boj", on(date(2026, 10, 1), "USD"), OCTOBER)
    assert urls == [f"{URL}&startDate=202609&endDate=202610"]
    quotes, urls = ask("boj", between(date(2026, 10, 27), WEDNESDAY, "USD"), OCTOBER)
    assert urls == [f"{URL}&startDate=202610&endDate=202610"]
    assert {quote.day.day for quote in quotes} == {27, 28}


@pytest.mark.parametrize("name", ["closed", "no-data"])
def test_nulls_and_its_own_word_are_no_rates(name: str) -> None:
    """A month of closed days, and the message that nothing meets the question."""
    with pytest.raises(NoRates):
        ask("boj", latest("USD"), specimen(f"boj/{name}.json"))


def test_a_refused_question_is_an_error_answer() -> None:
    """The status in the body counts, since that of HTTP is 200."""
    with pytest.raises(ErrorAnswer, match="Invalid series code"):
        ask("boj", latest("USD"), specimen("boj/error.json"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Yen per U.S. Dollar", b"U.S. Dollar per Yen"),
        (b"FXERD34", b"FXERD04"),
        (b"FXERD34", b"FXERD35"),
        (b"20261026,\n", b""),
        (b"20261026", b"2026102"),
    ],
)
def test_a_changed_answer_is_refused(old: bytes, new: bytes) -> None:
    """Another unit, another series, and a day less than there are values."""
    assert old in OCTOBER
    with pytest.raises(ParseError):
        ask("boj", latest("USD"), OCTOBER.replace(old, new, 1))


def test_a_page_of_several_is_refused() -> None:
    """A next position says that values are missing."""
    with pytest.raises(ParseError, match="one page"):
        ask("boj", latest("USD"), specimen("boj/paged.json"))


@recordings
def test_recorded() -> None:
    """Every value that is no null, against the day in the same place."""
    found = replay("boj", asked("2026-03-01", "2026-03-31", "USD"))
    expected: Figures = {}
    for series in json.loads(body("boj/1.json"), parse_float=Decimal)["RESULTSET"]:
        base, symbol = {"Yen per U.S. Dollar": ("USD", "JPY"), "U.S. Dollar per Euro": ("EUR", "USD")}[series["UNIT"]]
        days, values = series["VALUES"]["SURVEY_DATES"], series["VALUES"]["VALUES"]
        for place, value in enumerate(values):
            if value is not None:
                expected[base, symbol, datetime.strptime(str(days[place]), "%Y%m%d").date()] = value
    assert found == expected
    assert codes(found) == in_sample("boj")
