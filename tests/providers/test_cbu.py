"""The Central Bank of Uzbekistan: one list a question, which may be an earlier day's; the nominal."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, dotted, in_sample, recordings, replay

CASE = case("cbu", "UZS", "13990.09", "2026-10-30.json")

FOLDER = "https://cbu.uz/en/arkhiv-kursov-valyut/json/all/"
LISTS = [specimen(f"cbu/2026-10-{day}.json") for day in (30, 27, 23)]
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """Today's list; the rupiah per one unit, its digits as printed."""
    quotes, urls = ask("cbu", latest("UZS"), LISTS[0])
    assert urls == [f"{FOLDER}2026-10-30/"]
    assert quotes == (
        Quote("USD", "UZS", Decimal("12010.55"), FRIDAY),
        Quote("EUR", "UZS", Decimal("13990.09"), FRIDAY),
        Quote("IDR", "UZS", Decimal("0.720"), FRIDAY),
    )


def test_a_closed_day_has_the_list_in_force() -> None:
    """One question, since the server looks back itself."""
    quotes, urls = ask("cbu", on(date(2026, 10, 29), "UZS"), LISTS[1])
    assert urls == [f"{FOLDER}2026-10-29/"]
    assert {quote.day for quote in quotes} == {date(2026, 10, 27)}


def test_a_range_asks_for_each_list_once() -> None:
    """After the list of the 27th comes the question for the 26th; what began before the range is left out."""
    quotes, urls = ask("cbu", between(date(2026, 10, 25), FRIDAY, "UZS"), *LISTS)
    assert [url.removeprefix(FOLDER) for url in urls] == ["2026-10-30/", "2026-10-29/", "2026-10-26/"]
    assert {quote.day.day for quote in quotes} == {30, 27}


def test_empty_lists_are_no_rates() -> None:
    """A list without rows is its word for none, for the day and for a whole range."""
    with pytest.raises(NoRates):
        ask("cbu", on(FRIDAY, "UZS"), b"[]")
    with pytest.raises(NoRates):
        ask("cbu", between(date(2026, 10, 29), FRIDAY, "UZS"), b"[]", b"[]")


def test_a_later_list_than_asked_for_is_refused() -> None:
    """The list in force on a day cannot have begun after it."""
    with pytest.raises(ParseError, match="asked for 2026-10-29"):
        ask("cbu", on(date(2026, 10, 29), "UZS"), LISTS[0])


@recordings
def test_recorded() -> None:
    """Every rate of three days, divided by its nominal."""
    found = replay("cbu", asked("2026-04-01", "2026-04-03", "UZS"))
    expected: Figures = {}
    row = r'"Ccy":"(\w+)","CcyNm_RU".*?"Nominal":"(\d+)","Rate":"([\d.]+)","Diff":"[^"]*","Date":"([\d.]+)"'
    for number in (1, 2, 3):
        for code, units, rate, day in re.findall(row, body(f"cbu/{number}.json").decode()):
            expected[code, "UZS", dotted(day)] = Decimal(rate) / int(units)
    assert found == expected
    assert codes(found) == in_sample("cbu")
    assert len(found) == 225
