"""HM Revenue and Customs: averages of the years to 31 March and 31 December, whose names the files do not have."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Query, Quote, Reply
from rates.providers import hmrc_average
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("hmrc_average", "GBP", "1.3310", "year.csv", lines=True)

YEAR = specimen("hmrc_average/year.csv")
NONE = Reply(404, b"not found")


def test_a_year() -> None:
    """Units for one pound, of the year to the day in the file's name; a currency of several countries once."""
    quotes, urls = ask("hmrc_average", on(date(2026, 3, 31), "GBP"), YEAR)
    assert [url.rpartition("/")[2] for url in urls] == ["average_csv_2026-3.csv"]
    assert quotes == tuple(
        Quote("GBP", code, Decimal(rate), date(2025, 4, 1), date(2026, 3, 31))
        for code, rate in (
            ("XOF", "761.4421"),
            ("EUR", "1.1612"),
            ("JPY", "198.7713"),
            ("LRD", "252.0031"),
            ("SLE", "30.1905"),
            ("USD", "1.3310"),
        )
    )


@pytest.mark.parametrize(
    ("query", "files"),
    [
        (latest("GBP"), ["2026-3"]),
        (on(date(2025, 12, 31), "GBP"), ["2025-12"]),
        (on(date(2025, 6, 15), "GBP"), ["2025-12"]),
        (on(date(2026, 1, 1), "GBP"), ["2026-3"]),
        (on(date(2019, 4, 1), "GBP"), ["2020-3"]),
        (between(date(2025, 12, 31), date(2026, 3, 31), "GBP"), ["2025-12", "2026-3"]),
        (between(date(2024, 1, 1), date(2024, 12, 31), "GBP"), ["2024-3", "2024-12", "2025-3"]),
    ],
)
def test_what_is_asked(query: Query, files: list[str]) -> None:
    """A day asks for the year that ends first, a range for all that it touches, the latest for the newest."""
    quotes, urls = ask("hmrc_average", query, *[YEAR] * len(files))
    assert [url.rpartition("_")[2].removesuffix(".csv") for url in urls] == files
    assert all(query.end is None or quote.day <= query.end for quote in quotes)


def test_the_latest_before_its_file_is_there() -> None:
    """On the last day of a year its file may not be there yet: the one before is the latest."""
    _, urls = ask("hmrc_average", Query("GBP", today=date(2026, 3, 31)), NONE, YEAR)
    assert [url.rpartition("_")[2] for url in urls] == ["2026-3.csv", "2025-12.csv"]


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 12, 31)])
def test_a_year_that_has_not_ended(day: date) -> None:
    """A year that has not ended is an error with the day on which its average is due, without a request."""
    with pytest.raises(NoRates, match=f"no rates valid on {day}") as caught:
        ask("hmrc_average", on(day, "GBP"))
    assert caught.value.hint == "they are due on 2026-12-31"


def test_a_file_that_is_missing() -> None:
    """A year of the past without a file has no rates, and no other year's are taken."""
    with pytest.raises(NoRates) as caught:
        ask("hmrc_average", on(date(2025, 12, 31), "GBP"), NONE)
    assert "due" not in caught.value.hint


def test_averages_of_two_moneys_are_left_out() -> None:
    """Years with the exchanged codes of the leones, or with Liberia at parity, have no average of them."""
    assert {quote.symbol for quote in hmrc_average.parse(YEAR, date(2023, 12, 31))}.isdisjoint({"SLE", "LRD"})
    assert {"SLE"} == {q.symbol for q in hmrc_average.parse(YEAR, date(2024, 3, 31))} & {"SLE", "LRD"}


def test_two_rates_of_one_currency_are_an_error() -> None:
    """The rows of one currency must be equal."""
    with pytest.raises(ParseError, match="two rates for XOF"):
        ask("hmrc_average", latest("GBP"), YEAR.replace(b"761.4421", b"761", 1))


@recordings
@pytest.mark.parametrize("end", [date(2025, 12, 31), date(2026, 3, 31)])
def test_recorded(end: date) -> None:
    """Every row, read a second time by a pattern, has its rate; the averages are near the ECB's of the year."""
    body = (SOURCES / f"official/hmrc/average_csv_{end:%Y-%m}.csv").read_bytes()
    rows = re.findall(r",([A-Z]{3}),[\d.]+,([\d.]+)$", body.decode(), re.MULTILINE)
    quotes = list(hmrc_average.parse(body, end))
    assert {quote.symbol: quote.rate for quote in quotes} == {code: Decimal(rate) for code, rate in rows}
    assert len(rows) > 160
    assert_periods_agree(quotes, least=25)
