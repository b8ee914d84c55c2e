"""Bank for International Settlements: ends of months, a row a country."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError, WrongDay
from rates.model import Query, Quote, Reply
from rates.providers import bis
from tests.providers.conversation import ask, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("bis", "USD", "0.862143", "ends.csv", lines=True)

ENDS = specimen("bis/ends.csv")


def test_the_latest() -> None:
    """The newest month end: units for one dollar, the row of the currency's own country or area."""
    quotes, urls = ask("bis", latest("USD"), ENDS)
    assert urls == [f"{bis.URL}?c[TIME_PERIOD]=ge:2026-07+le:2026-09"]
    end = date(2026, 9, 30)
    assert effective(quotes, bis.PROVIDER, latest("USD")) == [
        Quote("USD", code, Decimal(rate), end, end)
        for code, rate in (("EUR", "0.871004"), ("CHF", "0.8124"), ("XOF", "571.3413"), ("IRR", "1316000"))
    ]


def test_the_end_of_a_month_is_no_other_day() -> None:
    """The rate of the last day is that of no other day."""
    quotes, _ = ask("bis", on(date(2026, 8, 31), "USD"), ENDS)
    assert [(str(quote.rate), quote.day) for quote in quotes] == [("0.862143", date(2026, 8, 31))]
    with pytest.raises(WrongDay) as caught:
        ask("bis", on(date(2026, 8, 30), "USD"), ENDS)
    assert caught.value.hint == "the nearest it has is 2026-08-31"


def test_a_month_that_is_not_published() -> None:
    """A month that has not ended has the day from which its rates may come; one without data has none."""
    with pytest.raises(NoRates) as caught:
        ask("bis", on(date(2026, 10, 31), "USD"))
    assert caught.value.hint == "they are due on 2026-11-01"
    with pytest.raises(NoRates):
        ask(
            "bis",
            Query("USD", (), date(2026, 9, 30), date(2026, 9, 30), date(2026, 10, 2)),
            Reply(404, b"No data found"),
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((b",E,2026-08", b",A,2026-08"), "expected ends of months"),
        ((b"2026-08", b"2026-08-31"), "not a period"),
        ((b",F\n", b",F"), "ends within a line|too many cells"),
    ],
)
def test_damage(change: tuple[bytes, bytes], message: str) -> None:
    """Means, days in place of months and lines that were joined are refused."""
    with pytest.raises(ParseError, match=message):
        ask("bis", latest("USD"), ENDS.replace(*change))


@recordings
def test_recorded() -> None:
    """Every row, read a second time by a pattern, has its rate, which is near the ECB's of the month's last day."""
    body = next((SOURCES / "official" / "bis").glob("*.csv")).read_bytes()
    rows = re.findall(r",M,(\w\w),(\w{3}),E,(2025-\d\d),([\d.]+),0,", body.decode())
    quotes = {(quote.symbol, f"{quote.day:%Y-%m}"): quote for quote in bis.parse(body)}
    written = {(code, month): Decimal(rate) for area, code, month, rate in rows if code != "USD" and area != "LU"}
    assert {key: quote.rate for key, quote in quotes.items()} == written
    assert len(rows) == 18
    assert_periods_agree(quotes.values(), last=True, least=3)
