"""The Central Bank of Bosnia and Herzegovina: tomorrow's list, empty rows, and windows without lists."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import AnswerError, ErrorAnswer, NoRates, ParseError
from rates.model import Quote, Reply
from rates.providers import cbbh
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import figures, official, recordings

CASE = case("cbbh", "BAM", '"1.755400"', "lists.json")

LISTS = specimen("cbbh/lists.json")
FRIDAY, SATURDAY = date(2026, 10, 30), date(2026, 10, 31)
NONE = Reply(404, b'"Problem with export"')


def newest(day: str) -> bytes:
    """The list in force as of a day."""
    return json.dumps({**json.loads(LISTS)[0], "Date": f"{day}T00:00:00"}).encode()


def test_latest() -> None:
    """Tomorrow's list too; the yen per 100, with a decimal comma or point; the empty row is passed over."""
    quotes, urls = ask("cbbh", latest("BAM"), LISTS)
    assert urls == [f"{cbbh.URL}/GetJsonForPeriod?dateFrom=2026-10-20&dateTo=2026-10-31"]
    assert quotes == tuple(
        Quote(code, "BAM", Decimal(rate), day)
        for day, rates in ((FRIDAY, ("0.01112300", "1.755400")), (SATURDAY, ("0.01113300", "1.750700")))
        for code, rate in zip(("EUR", "JPY", "USD"), ("1.955830", *rates), strict=True)
    )


def test_range() -> None:
    """A longer range is asked for in pieces."""
    _, urls = ask("cbbh", between(date(2026, 7, 1), FRIDAY, "BAM"), LISTS, LISTS)
    assert [url.partition("?")[2] for url in urls] == [
        "dateFrom=2026-07-01&dateTo=2026-09-28",
        "dateFrom=2026-09-29&dateTo=2026-10-30",
    ]


def test_a_window_without_lists_is_no_rates() -> None:
    """The words for it are believed when the list in force on its last day is older than the window."""
    query = between(date(2026, 10, 25), date(2026, 10, 26), "BAM")
    with pytest.raises(NoRates):
        ask("cbbh", query, NONE, newest("2026-10-24"))


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ((NONE, newest("2026-10-26")), ParseError),
        ((NONE, b"{}"), ParseError),
        ((Reply(404, b'"not found"'),), ErrorAnswer),
        ((Reply(404, b"<html>not found</html>"),), AnswerError),
    ],
)
def test_a_failed_export_is_no_day_of_rest(answers: tuple[Reply | bytes, ...], error: type[Exception]) -> None:
    """A list within the window, or other words, mean that the answer failed."""
    with pytest.raises(error) as caught:
        ask("cbbh", between(date(2026, 10, 25), date(2026, 10, 26), "BAM"), *answers)
    assert not isinstance(caught.value, NoRates)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"Units": "100"', b'"Units": ""'),
        (b'"1.755400"', b'""'),
        (b'"Date"', b'"Day"'),
        (b'"Middle": "1.7', b'"Mid": "1.7'),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """A row with some of its figures, and a list without its day, are errors."""
    with pytest.raises(ParseError):
        ask("cbbh", latest("BAM"), LISTS.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of the recorded list but the empty one, divided by its units; the old codes under those of ISO 4217."""
    body = official("cbbh/GetJsonForPeriod_1998-01-06_cut.json")
    day = date(1998, 1, 6)
    codes = {"XBA": "XEU", "ESB": "ESP"}
    expected = {
        (codes.get(row["AlphaCode"], row["AlphaCode"]), "BAM", day): Decimal(row["Middle"]) / int(row["Units"])
        for row in json.loads(body)[0]["CurrencyExchangeItems"]
        if row["Units"]
    }
    assert figures(ask("cbbh", on(day, "BAM"), body)[0]) == expected
    assert len(expected) == 9


@recordings
def test_the_recorded_euro_currencies_agree() -> None:
    """Crosses of January 1998 lie within 2 % of the ratios at which the euro was fixed, so units and direction hold."""
    rates = {quote.base: quote.rate for quote in cbbh.parse(official("cbbh/GetJsonForPeriod_1998-01-06_cut.json"))}
    per_euro = {"ATS": "13.7603", "ITL": "1936.27", "DEM": "1.95583", "ESP": "166.386", "XEU": "1"}
    for code, ratio in per_euro.items():
        assert abs(rates[code] * Decimal(ratio) / rates["DEM"] / Decimal("1.95583") - 1) < Decimal("0.02"), code
