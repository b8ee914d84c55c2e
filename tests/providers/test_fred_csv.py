"""FRED's graphs: the series of H.10 without a key, a column each."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import fred_csv
from rates.providers._fred import SERIES
from tests.providers.conversation import ask, between, case, latest, specimen
from tests.providers.recordings import SOURCES, recordings

CASE = case("fred_csv", "USD", "1.1602", "graph.csv", lines=True)

GRAPH = specimen("fred_csv/graph.csv")


def test_the_latest() -> None:
    """All series in one request; both directions; no quote on a holiday, nor before a series began."""
    quotes, (url,) = ask("fred_csv", latest("USD"), GRAPH)
    assert url == f"{fred_csv.URL}?id={','.join(SERIES.values())}&cosd=2026-09-25&coed=2026-10-30"
    assert len(quotes) == 11
    assert Quote("EUR", "USD", Decimal("1.1571"), date(2026, 10, 21)) in quotes
    assert Quote("USD", "BRL", Decimal("5.3604"), date(2026, 10, 22)) in quotes


def test_the_currencies_asked_for() -> None:
    """Only the series of those currencies are asked for, and only the days of the range are kept."""
    quotes, (url,) = ask("fred_csv", between(date(2026, 10, 22), date(2026, 10, 23), "USD", "EUR", "JPY"), GRAPH)
    assert url == f"{fred_csv.URL}?id=DEXJPUS,DEXUSEU&cosd=2026-10-08&coed=2026-10-23"
    assert {quote.day for quote in quotes} == {date(2026, 10, 22), date(2026, 10, 23)}


def test_a_week_that_is_not_published() -> None:
    """Days of which the release has not come are days without rates."""
    with pytest.raises(NoRates, match="no rates from 2026-10-28"):
        ask("fred_csv", between(date(2026, 10, 28), date(2026, 10, 30), "USD"), GRAPH)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((b"DEXJPUS", b"DEXXXUS"), "unknown currency: 'DEXXXUS'"),
        ((b"156.04", b""), "not a number"),
        ((b"156.04", b"."), "not a number"),
    ],
)
def test_damage(change: tuple[bytes, bytes], message: str) -> None:
    """A series that is not known, and a hole among rates, are refused."""
    with pytest.raises(ParseError, match=message):
        ask("fred_csv", latest("USD"), GRAPH.replace(*change))


def test_the_former_name_of_the_days() -> None:
    """The column of the days had another name."""
    assert list(fred_csv.parse(GRAPH.replace(b"observation_date", b"DATE"))) == list(fred_csv.parse(GRAPH))


@recordings
def test_recorded() -> None:
    """Every cell, read a second time by another reader, has its rate, near the ECB's of that day where it has one."""
    body = next((SOURCES / "official" / "fred-csv").glob("*.csv")).read_bytes()
    rows = list(csv.DictReader(body.decode().splitlines()))
    cells = {
        (row["observation_date"], name): cell for row in rows for name, cell in row.items() if name.startswith("DEX")
    }
    quotes = list(fred_csv.parse(body))
    assert {
        (str(quote.day), SERIES[quote.base if quote.symbol == "USD" else quote.symbol]): quote.rate for quote in quotes
    } == {key: Decimal(cell) for key, cell in cells.items() if cell}
    assert len(quotes) == 22
    euro, pound, yen = (next(one.rate for one in quotes[::-1] if code in one[:2]) for code in ("EUR", "GBP", "JPY"))
    assert Decimal("0.82") < euro / pound < Decimal("0.90")
    assert Decimal("165") < euro * yen < Decimal("190")
