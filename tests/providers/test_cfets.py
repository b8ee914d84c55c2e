"""The China Foreign Exchange Trade System: pairs of both directions, the yen per 100, dashes, pages of 50 days."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import cfets
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import figures, official, recordings

CASE = case("cfets", "CNY", "6.6531", "days.json")

DAYS = specimen("cfets/days.json")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """Each pair in the direction of its label; a pair with dashes is passed over."""
    quotes, urls = ask("cfets", latest("CNY"), DAYS)
    assert urls == [f"{cfets.URL}?startDate=2026-10-18&endDate=2026-10-30&pageNum=1&pageSize=50"]
    assert quotes == (
        Quote("USD", "CNY", Decimal("6.6531"), FRIDAY),
        Quote("JPY", "CNY", Decimal("0.042310"), FRIDAY),
        Quote("CNY", "KRW", Decimal("200.71"), FRIDAY),
        Quote("CNY", "THB", Decimal("5.0701"), FRIDAY),
        Quote("USD", "CNY", Decimal("6.6550"), THURSDAY),
        Quote("JPY", "CNY", Decimal("0.042288"), THURSDAY),
        Quote("CNY", "KRW", Decimal("200.95"), THURSDAY),
    )


def test_range() -> None:
    """A range is asked for in windows that one page holds, by a POST for all currencies."""
    _, urls = ask("cfets", between(date(2026, 8, 1), FRIDAY, "CNY"), DAYS, DAYS)
    assert [url.partition("?")[2].partition("&page")[0] for url in urls] == [
        "startDate=2026-08-01&endDate=2026-09-19",
        "startDate=2026-09-20&endDate=2026-10-30",
    ]
    assert cfets.ask(FRIDAY, FRIDAY).form == (("currency", ""),)


def test_no_day_is_no_rates() -> None:
    """A window without records is days of rest."""
    empty = json.dumps({**json.loads(DAYS), "data": {"head": ["USD/CNY"], "total": 0}, "records": []}).encode()
    with pytest.raises(NoRates):
        ask("cfets", on(FRIDAY, "CNY"), empty)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"total":2', b'"total":3'), (b"100JPY/", b"10JPY/"), (b'"6.6531",', b""), (b'"records":[', b'"rows":[')],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """A page that lacks a day or a value, and an unknown number of units, are errors."""
    with pytest.raises(ParseError):
        ask("cfets", latest("CNY"), DAYS.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every value of the recorded page, and crosses that agree with the ECB's."""
    body = official("cfets/CcprHisNew_2026-09-01_2026-09-04.json")
    answer = json.loads(body)
    expected = {
        (label[-7:-4], label[-3:], date.fromisoformat(row["date"])): Decimal(value) / (100 if label[0] == "1" else 1)
        for row in answer["records"]
        for label, value in zip(answer["data"]["head"], row["values"], strict=True)
    }
    found = figures(ask("cfets", between(date(2026, 9, 1), date(2026, 9, 4), "CNY"), body)[0])
    assert found == expected
    assert len(found) == 4 * 25
    assert_crosses_agree({pair: rate for pair, rate in found.items() if "RUB" not in pair}, "CNY", least=20)
