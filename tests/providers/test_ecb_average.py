"""The ECB's monthly averages: one series a currency, an observation a month."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates import providers
from rates.conversion import effective
from rates.errors import NoRates, NotFound, ParseError
from rates.model import Query, Quote, Reply
from rates.providers import ecb_average
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import off_by_period
from tests.providers.recordings import SOURCES, recordings

CASE = case("ecb_average", "EUR", "1.158231818181818", "averages.xml")

MONTHS = specimen("ecb_average/averages.xml")
NONE = Reply(404, b"No results found.")


def test_the_latest() -> None:
    """The latest averages are of the newest month that has ended; a missing one makes no quote."""
    quotes, urls = ask("ecb_average", latest("EUR"), MONTHS)
    assert urls == [
        "https://data-api.ecb.europa.eu/service/data/EXR/M..EUR.SP00.A"
        "?startPeriod=2026-07&endPeriod=2026-09&format=genericdata"
    ]
    assert effective(quotes, ecb_average.PROVIDER, latest("EUR")) == [
        Quote("EUR", code, Decimal(rate), date(2026, 9, 1), date(2026, 9, 30))
        for code, rate in (("USD", "1.149904761904762"), ("JPY", "179.9185714285714"), ("GBP", "0.866213809523809"))
    ]


def test_a_day_has_the_average_of_its_month() -> None:
    """A day of the past takes the month that holds it, never a neighbour's."""
    quotes, _ = ask("ecb_average", on(date(2026, 8, 31), "EUR"), MONTHS)
    assert {(quote.day, quote.valid_to) for quote in quotes} == {(date(2026, 8, 1), date(2026, 8, 31))}
    quotes, urls = ask("ecb_average", between(date(2026, 8, 31), date(2026, 10, 30), "EUR"), MONTHS)
    assert "startPeriod=2026-08&endPeriod=2026-09" in urls[0]
    assert len(quotes) == 5


def test_a_month_that_has_not_ended() -> None:
    """It is an error with the day on which its average is due, and nothing is asked for."""
    with pytest.raises(NoRates, match="valid from 2026-10-01 to 2026-10-31") as caught:
        ask("ecb_average", on(date(2026, 10, 15), "EUR"))
    assert caught.value.hint == "they are due on 2026-11-01"


def test_a_month_that_is_late() -> None:
    """No results are a month without rates; another 404 is a moved address."""
    with pytest.raises(NoRates):
        ask("ecb_average", on(date(2026, 9, 15), "EUR"), NONE)
    with pytest.raises(NotFound):
        ask("ecb_average", on(date(2026, 9, 15), "EUR"), Reply(404, b"resource"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((b'id="EXR_SUFFIX" value="A"', b'id="EXR_SUFFIX" value="E"'), "expected averages for one euro"),
        ((b'"NaN"', b'"NaN1"'), "not a number"),
        ((b'value="M"/></generic:Attributes>', b'value="A"/></generic:Attributes>'), "not a number: 'NaN'"),
    ],
)
def test_damage(change: tuple[bytes, bytes], message: str) -> None:
    """The end of a period is not its average, and a value that should be there is needed."""
    with pytest.raises(ParseError, match=message):
        ask("ecb_average", latest("EUR"), MONTHS.replace(*change))


@pytest.mark.parametrize(
    ("key", "day", "asked", "first", "last"),
    [
        ("quarterly", date(2026, 9, 30), "Q..EUR.SP00.A?startPeriod=2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("half_yearly", date(2025, 12, 1), "H..EUR.SP00.A?startPeriod=2025-S2", date(2025, 7, 1), date(2025, 12, 31)),
        ("yearly", date(2025, 6, 1), "A..EUR.SP00.A?startPeriod=2025&", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_longer_periods(key: str, day: date, asked: str, first: date, last: date) -> None:
    """Quarters, half-years and years are providers of their own, not proven by a recorded answer."""
    key = f"ecb_average_{key}"
    quotes, (url,) = ask(key, on(day, "EUR"), specimen(f"{key}/averages.xml"))
    assert asked in url
    assert {(quote.day, quote.valid_to) for quote in quotes} == {(first, last)}
    assert not providers.load(key).PROVIDER.proven
    with pytest.raises(NoRates) as caught:
        ask(key, Query("EUR", (), last, last, last))
    assert caught.value.hint == f"they are due on {last + timedelta(days=1)}"


@recordings
def test_recorded() -> None:
    """Every month, read a second time by a pattern, has its rate: the mean of the ECB's daily rates in the package."""
    body = (SOURCES / "official/ecb-average/M.USD.EUR.SP00.A_1999-01_2019-12_generic.xml").read_bytes()
    rows = re.findall(r'ObsDimension value="([\d-]+)"/>\s*<generic:ObsValue value="([\d.]+)"', body.decode())
    quotes = list(ecb_average.parse(body))
    assert [(f"{quote.day:%Y-%m}", quote.rate) for quote in quotes] == [(month, Decimal(rate)) for month, rate in rows]
    assert len(rows) == 252
    assert off_by_period(quotes)["EUR/USD"] < Decimal("0.000001")
