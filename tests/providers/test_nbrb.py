"""The National Bank of Belarus: units that only the list names, numbers that end, lists or series by length."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError, Unsupported
from rates.model import Query, Quote
from rates.providers import nbrb
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("nbrb", "BYN", "11.3342", "list.json")

LIST, OLD, USD, JPY10, JPY100 = (
    specimen(f"nbrb/{name}.json") for name in ("list", "old-list", "usd", "jpy-10", "jpy-100")
)
MONDAY, FRIDAY = date(2026, 10, 12), date(2026, 10, 30)


def test_latest() -> None:
    """The list in force; the dong is per 100,000, the yen per 100."""
    quotes, urls = ask("nbrb", latest("BYN"), LIST)
    assert urls == [f"{nbrb.LIST}?periodicity=0"]
    assert quotes == (
        Quote("USD", "BYN", Decimal("2.9810"), FRIDAY),
        Quote("VND", "BYN", Decimal("0.000113342"), FRIDAY),
        Quote("JPY", "BYN", Decimal("0.019402"), FRIDAY),
    )


def test_a_day_and_a_few_days_are_lists() -> None:
    """Up to a fortnight a list a day is less than a series a currency."""
    assert ask("nbrb", on(FRIDAY, "BYN"), LIST)[1] == [f"{nbrb.LIST}?ondate=2026-10-30&periodicity=0"]
    quotes, urls = ask("nbrb", between(date(2026, 10, 17), FRIDAY, "BYN"), *[b"[]"] * 13, LIST)
    assert urls[0] == f"{nbrb.LIST}?ondate=2026-10-17&periodicity=0"
    assert len(urls) == 14
    assert len(quotes) == 3


def test_a_range_is_asked_by_currency() -> None:
    """The yen's number changed with its units: both series are asked for, each with its own."""
    query = between(MONDAY, FRIDAY, "BYN", "USD", "JPY")
    quotes, urls = ask("nbrb", query, OLD, LIST, USD, JPY10, JPY100)
    window = "startDate=2026-10-12&endDate=2026-10-30"
    assert urls == [
        f"{nbrb.LIST}?ondate=2026-10-12&periodicity=0",
        f"{nbrb.LIST}?ondate=2026-10-30&periodicity=0",
        f"{nbrb.SERIES}/431?{window}",
        f"{nbrb.SERIES}/295?{window}",
        f"{nbrb.SERIES}/508?{window}",
    ]
    assert quotes == (
        Quote("USD", "BYN", Decimal("2.9700"), MONDAY),
        Quote("USD", "BYN", Decimal("2.9810"), FRIDAY),
        Quote("JPY", "BYN", Decimal("0.01931"), MONDAY),
        Quote("JPY", "BYN", Decimal("0.019402"), FRIDAY),
    )


def test_years_are_pieces() -> None:
    """A series is asked for in pieces of 365 days, and each New Year's list is looked at for new numbers."""
    query = between(date(2025, 10, 1), FRIDAY, "USD", "BYN")
    _, urls = ask("nbrb", query, OLD, OLD, OLD, USD, USD)
    assert [url.partition("?ondate=")[2][:10] for url in urls[:3]] == ["2025-10-01", "2026-01-01", "2026-10-30"]
    assert [url.partition("?")[2] for url in urls[3:]] == [
        "startDate=2025-10-01&endDate=2026-09-30",
        "startDate=2026-10-01&endDate=2026-10-30",
    ]


def test_nothing_by_name() -> None:
    """Empty lists and series are no rates; a currency that is in no list cannot be asked for."""
    with pytest.raises(NoRates):
        ask("nbrb", on(FRIDAY, "BYN"), *[b"[]"] * 5)
    with pytest.raises(NoRates):
        ask("nbrb", between(MONDAY, FRIDAY, "USD", "BYN"), OLD, OLD, b"[]")
    with pytest.raises(Unsupported, match="none of XAG"):
        ask("nbrb", between(MONDAY, FRIDAY, "XAU", "XAG"), OLD, OLD)


def test_another_series_is_refused() -> None:
    """A row of another number would get the wrong units."""
    with pytest.raises(ParseError):
        ask("nbrb", between(MONDAY, FRIDAY, "USD", "BYN"), OLD, OLD, JPY10)


@pytest.mark.parametrize("new", [b'"Cur_Scale":0,', b'"Cur_Scale":null,', b""])
def test_no_unit_is_guessed(new: bytes) -> None:
    """A row without its units is refused."""
    with pytest.raises(ParseError):
        ask("nbrb", latest("BYN"), LIST.replace(b'"Cur_Scale":100000,', new))


@recordings
def test_recorded_range() -> None:
    """Every row of every series, divided by the scale of its number; the recording has the list of its day alone."""
    query = asked("2026-03-01", "2026-03-17", "BYN")
    found = replay("nbrb", query, rename=lambda url: re.sub(r"ondate=[\d-]+&", "", url))
    listed = {row["Cur_ID"]: row for row in json.loads(body("nbrb/1.json"))}
    expected: Figures = {}
    for number in range(3, 33):
        row = r'"Cur_ID":(\d+),"Date":"([\d-]+)T00:00:00","Cur_OfficialRate":([\d.]+)'
        for name, day, rate in re.findall(row, body(f"nbrb/{number}.json").decode()):
            known = listed[int(name)]
            key = known["Cur_Abbreviation"], "BYN", date.fromisoformat(day)
            expected[key] = Decimal(rate) / known["Cur_Scale"]
    assert found == expected
    assert codes(found) == in_sample("nbrb")


@recordings
def test_recorded_list() -> None:
    """Every row of the list, divided by its scale; the series say the same of that day."""
    day = date(2026, 3, 17)
    found = replay("nbrb", Query("BYN", today=day))
    row = r'"Cur_Abbreviation":"(\w+)","Cur_Scale":(\d+),.*?"Cur_OfficialRate":([\d.]+)'
    rows = re.findall(row, body("nbrb/1.json").decode())
    assert found == {(code, "BYN", day): Decimal(rate) / int(units) for code, units, rate in rows}
    query = asked("2026-03-01", "2026-03-17", "BYN")
    ranged = replay("nbrb", query, rename=lambda url: re.sub(r"ondate=[\d-]+&", "", url))
    assert found.items() <= ranged.items()
