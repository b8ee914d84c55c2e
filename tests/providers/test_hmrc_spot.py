"""HM Revenue and Customs: spot rates, valid on 31 March and 31 December alone."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates
from rates.model import Quote
from rates.providers import hmrc_spot
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("hmrc_spot", "GBP", "1.3349", "day.csv", lines=True)

DAY = specimen("hmrc_spot/day.csv")


def test_a_day() -> None:
    """Units for one pound, valid on that day alone."""
    end = date(2025, 12, 31)
    quotes, urls = ask("hmrc_spot", on(end, "GBP"), DAY)
    assert [url.rpartition("/")[2] for url in urls] == ["spot_csv_2025-12.csv"]
    rates = (("EUR", "1.1493"), ("JPY", "211.0342"), ("USD", "1.3349"))
    assert quotes == tuple(Quote("GBP", code, Decimal(rate), end, end) for code, rate in rates)


def test_the_latest_and_a_range() -> None:
    """The latest are those of the newest of the two days; a range has all between."""
    quotes, urls = ask("hmrc_spot", latest("GBP"), DAY)
    assert {quote.day for quote in quotes} == {date(2026, 3, 31)}
    _, urls = ask("hmrc_spot", between(date(2025, 12, 1), date(2026, 10, 1), "GBP"), DAY, DAY)
    assert [url.rpartition("_")[2] for url in urls] == ["2025-12.csv", "2026-3.csv"]


@pytest.mark.parametrize(
    ("day", "hint"),
    [
        (date(2026, 12, 31), "they are due on 2026-12-31"),
        (date(2026, 3, 30), "its years end on 31 March and 31 December"),
    ],
)
def test_another_day(day: date, hint: str) -> None:
    """No other day has a rate, nor has one that is still to come."""
    with pytest.raises(NoRates) as caught:
        ask("hmrc_spot", on(day, "GBP"))
    assert caught.value.hint == hint


@recordings
@pytest.mark.parametrize("end", [date(2025, 12, 31), date(2026, 3, 31)])
def test_recorded(end: date) -> None:
    """Every row, read a second time by a pattern, has its rate, near the ECB's of that day."""
    body = (SOURCES / f"official/hmrc/spot_csv_{end:%Y-%m}.csv").read_bytes()
    rows = re.findall(r",([A-Z]{3}),[\d.]+,([\d.]+)$", body.decode(), re.MULTILINE)
    quotes = list(hmrc_spot.parse(body, end))
    assert {quote.symbol: quote.rate for quote in quotes} == {code: Decimal(rate) for code, rate in rows}
    assert len(rows) == 11
    assert_periods_agree(quotes, least=10)
