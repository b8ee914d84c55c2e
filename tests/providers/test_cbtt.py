"""The Central Bank of Trinidad and Tobago: whole years, sides that are lacking, and sides that are crossed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import cbtt
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import figures, official, recordings

CASE = case("cbtt", "TTD", "6.7112", "year.json")

YEAR = specimen("cbtt/year.json")
WEDNESDAY, THURSDAY = date(2026, 10, 28), date(2026, 10, 29)


def test_latest() -> None:
    """The middle of both sides, cut to the days asked for; without a side, or with crossed ones, there is none."""
    quotes, urls = ask("cbtt", latest("TTD"), YEAR)
    assert urls == [f"{cbtt.URL}/2026-2026"]
    assert quotes == (
        Quote("USD", "TTD", Decimal("6.7457"), WEDNESDAY),
        Quote("EUR", "TTD", Decimal("7.5578"), WEDNESDAY),
        Quote("JMD", "TTD", Decimal("0.0421"), WEDNESDAY),
        Quote("USD", "TTD", Decimal("6.7477"), THURSDAY),
        Quote("CAD", "TTD", Decimal("4.88"), THURSDAY),
    )


def test_range() -> None:
    """All years of a window come in one answer."""
    quotes, urls = ask("cbtt", between(date(2024, 5, 1), WEDNESDAY, "TTD"), YEAR)
    assert urls == [f"{cbtt.URL}/2024-2026"]
    assert {quote.day for quote in quotes} == {date(2026, 1, 2), WEDNESDAY}


def test_days_without_deals_are_no_rates() -> None:
    """A weekend's rows hold nothing."""
    with pytest.raises(NoRates):
        ask("cbtt", on(date(2026, 10, 25), "TTD"), YEAR.replace(b'"2026-10-2', b'"2026-09-2'))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"cbttdaily", b"daily"),
        (b'"6.7802"', b'""'),
        (b'"famedate":"2026-10-28"', b'"famedate":""'),
        (b"Euro_S", b"EUR_S"),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """Other names, a side that is no number and a row without its day are errors."""
    with pytest.raises(ParseError):
        ask("cbtt", latest("TTD"), YEAR.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every currency of which both sides are there and in order, read a second time as plain JSON.

    Averages of few deals, with the dealers' wide margins, lie further from the ECB's crosses than those of other banks:
    by up to 9.5 % at the median of five days (the euro), which would still show a wrong unit or direction.
    """
    body = official("cbtt/forex-rate_2026-2026_cut6days.json")
    expected = {}
    for row in json.loads(body)["cbttdailyforexrates"]:
        for name in ("USD", "CAD", "GBP", "Euro", "CHF", "BBD", "GYD", "JMD"):
            buy, sell = (Decimal(row[f"{name}_{side}"] or 0) for side in ("Buying", "Selling"))
            if 0 < buy <= sell:
                expected[name.upper()[:3], "TTD", date.fromisoformat(row["famedate"])] = (buy + sell) / 2
    found = figures(ask("cbtt", between(date(2026, 1, 1), date(2026, 1, 31), "TTD"), body)[0])
    assert found == expected
    assert ("EUR", "TTD", date(2026, 1, 5)) not in found
    assert len(found) == 28
    assert_crosses_agree(found, "TTD", most="0.1", least=5)
