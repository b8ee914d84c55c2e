"""Bank of Canada: averages that are dated by the first day of their period, and are there on its last working day."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Query, Quote
from rates.providers import boc_average
from tests.providers.conversation import TODAY, ask, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("boc_average", "CAD", "1.3817", "averages.csv")

MONTHS = specimen("boc_average/averages.csv")
URL = "https://www.bankofcanada.ca/valet/observations/group/"


def test_the_latest() -> None:
    """The latest averages are of the newest month that is there; October's is due on its last working day."""
    quotes, urls = ask("boc_average", latest("CAD"), MONTHS)
    assert urls == [f"{URL}FX_RATES_MONTHLY/csv?start_date=2026-07-01&end_date=2026-10-31"]
    assert effective(quotes, boc_average.PROVIDER, latest("CAD")) == [
        Quote(code, "CAD", Decimal(rate), date(2026, 9, 1), date(2026, 9, 30))
        for code, rate in (("EUR", "1.6047"), ("JPY", "0.008921"), ("USD", "1.3935"))
    ]


def test_a_day_of_the_past() -> None:
    """Every day of a month has its average."""
    quotes, urls = ask("boc_average", on(date(2026, 8, 31), "CAD"), MONTHS)
    assert urls == [f"{URL}FX_RATES_MONTHLY/csv?start_date=2026-08-01&end_date=2026-08-31"]
    assert {(quote.day, quote.valid_to) for quote in quotes} == {(date(2026, 8, 1), date(2026, 8, 31))}


@pytest.mark.parametrize(
    ("key", "day", "today", "due"),
    [
        ("boc_average", date(2026, 10, 1), date(2026, 10, 29), "2026-10-30"),
        ("boc_average", date(2026, 11, 5), TODAY, "2026-11-30"),
        ("boc_average_yearly", date(2026, 3, 1), TODAY, "2026-12-31"),
    ],
)
def test_never_before_the_end(key: str, day: date, today: date, due: str) -> None:
    """A period that has not ended is not asked for: the error names the day on which its average is due."""
    with pytest.raises(NoRates) as caught:
        ask(key, Query("CAD", (), day, day, today))
    assert caught.value.hint == f"they are due on {due}"


def test_a_year() -> None:
    """The yearly averages have the same form, which no recorded answer has proven."""
    quotes, urls = ask("boc_average_yearly", on(date(2025, 7, 1), "CAD"), specimen("boc_average_yearly/averages.csv"))
    assert urls == [f"{URL}FX_RATES_ANNUAL/csv?start_date=2025-01-01&end_date=2025-12-31"]
    assert {(quote.day, quote.valid_to) for quote in quotes} == {(date(2025, 1, 1), date(2025, 12, 31))}
    assert not providers.load("boc_average_yearly").PROVIDER.proven


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((b"2026-09-01", b"2026-09-02"), "a period begins on 2026-09-01, not on 2026-09-02"),
        ((b'"OBSERVATIONS"', b'"OBS"'), "expected the block"),
        ((b"FXMUSDCAD", b"FXUSDCAD"), "series of averages"),
    ],
)
def test_damage(change: tuple[bytes, bytes], message: str) -> None:
    """A row within a period, and a series that is no average, are refused."""
    with pytest.raises(ParseError, match=message):
        ask("boc_average", latest("CAD"), MONTHS.replace(*change))


@recordings
def test_recorded() -> None:
    """Every cell, read a second time by another reader, has its rate, near the ECB's mean of the month."""
    body = (SOURCES / "official/boc-average/FX_RATES_MONTHLY-sd-2017-01-01.csv").read_bytes()
    lines = list(csv.reader(body.decode("utf-8-sig").splitlines()))
    head = next(place for place, line in enumerate(lines) if line[:1] == ["date"])
    written = {
        (series[3:6], line[0]): Decimal(cell)
        for line in lines[head + 1 :]
        for series, cell in zip(lines[head][1:], line[1:], strict=False)
        if cell
    }
    quotes = list(boc_average.parse(body))
    assert {(quote.base, str(quote.day)): quote.rate for quote in quotes} == written
    assert len(written) > 900
    assert_periods_agree(quotes, least=20)
