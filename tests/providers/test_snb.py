"""Swiss National Bank: means of months and years, and the rates of the ends of months, from cubes of one form."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.conversion import effective
from rates.errors import NoRates, ParseError, WrongDay
from rates.model import Query, Quote
from rates.providers import snb_yearly
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("snb", "CHF", "0.94113", "months.json")

MONTHS = specimen("snb/months.json")
ENDS = specimen("snb_month_end/months.json")
YEARS = specimen("snb_yearly/years.json")
CUBE = "https://data.snb.ch/api/cube/"


@pytest.mark.parametrize(
    ("key", "body", "url", "first", "last"),
    [
        (
            "snb",
            MONTHS,
            "devkum/data/json/en?fromDate=2026-07&toDate=2026-09&dimSel=D0(M0)",
            date(2026, 9, 1),
            date(2026, 9, 30),
        ),
        (
            "snb_month_end",
            ENDS,
            "devkum/data/json/en?fromDate=2026-07&toDate=2026-09&dimSel=D0(M1)",
            date(2026, 9, 30),
            date(2026, 9, 30),
        ),
        ("snb_yearly", YEARS, "devkua/data/json/en?fromDate=2023&toDate=2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_latest(key: str, body: bytes, url: str, first: date, last: date) -> None:
    """The latest are of the newest period that has ended, in francs for one unit of the currency."""
    quotes, urls = ask(key, latest("CHF"), body)
    assert urls == [f"{CUBE}{url}"]
    used = effective(quotes, providers.load(key).PROVIDER, latest("CHF"))
    assert {(quote.day, quote.valid_to) for quote in used} == {(first, last)}
    rates = {quote.base: str(quote.rate) for quote in used}
    assert rates["JPY"] == {"snb_yearly": "0.0055519"}.get(key, "0.0052176")
    assert set(rates) == {"EUR", "USD", "JPY"}


def test_a_day_has_the_mean_of_its_month() -> None:
    """A day of the past takes the month that holds it."""
    quotes, _ = ask("snb", on(date(2026, 8, 10), "CHF"), MONTHS)
    assert Quote("EUR", "CHF", Decimal("0.94113"), date(2026, 8, 1), date(2026, 8, 31)) in quotes
    quotes, _ = ask("snb", between(date(2026, 8, 31), date(2026, 9, 1), "CHF"), MONTHS)
    assert len(quotes) == 6


def test_the_end_of_a_month_is_no_other_day() -> None:
    """The rate of the last day is not that of a day within the month."""
    with pytest.raises(WrongDay) as caught:
        ask("snb_month_end", on(date(2026, 8, 30), "CHF"), ENDS)
    assert caught.value.hint == "the nearest it has is 2026-08-31"


@pytest.mark.parametrize(
    ("key", "day", "due"),
    [
        ("snb", date(2026, 10, 5), "2026-11-02"),
        ("snb_month_end", date(2026, 10, 31), "2026-11-02"),
        ("snb_yearly", date(2026, 10, 5), "2027-01-01"),
    ],
)
def test_never_before_the_end(key: str, day: date, due: str) -> None:
    """A period that has not ended is an error with the day on which its figures are due."""
    with pytest.raises(NoRates) as caught:
        ask(key, Query("CHF", (), day, day, date(2026, 10, 30)))
    assert caught.value.hint == f"they are due on {due}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((b"M0,USD1", b"M1,USD1"), "expected figures of devkum M0"),
        ((b"USD1}", b"USD}"), "key of a series"),
        ((b"0.94113", b"null"), "not a number"),
        ((b'"2026-08"', b'"2026-08-01"'), "not a period"),
    ],
)
def test_damage(change: tuple[bytes, bytes], message: str) -> None:
    """The other measure, a series without its units, a hole and a day in place of a month are refused."""
    with pytest.raises(ParseError, match=message):
        ask("snb", latest("CHF"), MONTHS.replace(*change))


@recordings
def test_recorded() -> None:
    """Every value of the recorded years, read a second time, has its rate, near the mean of the ECB's daily rates.

    But for the rouble of 2022, of which the ECB has rates of January and February alone.
    """
    body = (SOURCES / "official/snb/cube_devkua_en_cut.json").read_bytes()
    written = {}
    for series in json.loads(body, parse_float=str)["timeseries"]:
        key = series["metadata"]["key"].partition("{")[2].rstrip("}")
        for value in series["values"]:
            written[key[:3], value["date"]] = Decimal(value["value"]) / Decimal(key[3:])
    quotes = list(snb_yearly.parse(body))
    assert {(quote.base, str(quote.day.year)): quote.rate for quote in quotes} == written
    assert len(written) > 30
    assert_periods_agree(quotes, least=6, differing=["RUB/CHF"])
