"""The National Bank of North Macedonia: the day of use, units of a hundred in old years, pieces of 90 days."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import nbrm
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import asked, body, codes, in_sample, recordings, replay

CASE = case("nbrm", "MKD", "61.695", "rates.json")

ROWS = specimen("nbrm/rates.json")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """Tomorrow's rates are asked for too; each is of its day of use, the yen per 100 as its row says."""
    quotes, urls = ask("nbrm", latest("MKD"), ROWS)
    assert urls == [f"{nbrm.URL}?StartDate=26.10.2026&EndDate=31.10.2026&format=json"]
    assert quotes == (
        Quote("USD", "MKD", Decimal("53.0112"), THURSDAY),
        Quote("EUR", "MKD", Decimal("61.695"), FRIDAY),
        Quote("JPY", "MKD", Decimal("0.344801"), FRIDAY),
    )


def test_day_and_range() -> None:
    """A day bridges four before it; a longer range than 90 days is asked for in pieces."""
    assert "StartDate=25.10.2026&EndDate=29.10.2026" in ask("nbrm", on(THURSDAY, "MKD"), ROWS)[1][0]
    _, urls = ask("nbrm", between(date(2026, 7, 1), FRIDAY, "MKD"), b"[]", ROWS)
    assert [url.partition("?")[2].partition("&format")[0] for url in urls] == [
        "StartDate=01.07.2026&EndDate=28.09.2026",
        "StartDate=29.09.2026&EndDate=30.10.2026",
    ]


def test_a_unit_of_bond_markets_is_left_out() -> None:
    """The older lists have rows of XBA, which is not the code of a currency."""
    quotes, _ = ask("nbrm", latest("MKD"), ROWS.replace(b'"JPY"', b'"XBA"'))
    assert {quote.base for quote in ask("nbrm", latest("MKD"), ROWS)[0]} - {quote.base for quote in quotes} == {"JPY"}


def test_nothing_by_name() -> None:
    """An empty list is no rates."""
    with pytest.raises(NoRates):
        ask("nbrm", latest("MKD"), b"[]")


@pytest.mark.parametrize(
    ("old", "new"), [(b'"nomin":100', b'"nomin":0'), (b'"nomin":100,', b""), (b'"datum":"2026-10-29T', b'"datum":"T')]
)
def test_a_lacking_field_is_refused(old: bytes, new: bytes) -> None:
    """Without its unit or its day nothing is guessed."""
    with pytest.raises(ParseError):
        ask("nbrm", latest("MKD"), ROWS.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of both pieces, divided by its unit."""
    found = replay("nbrm", asked("2026-03-01", "2026-05-30", "MKD"))
    row = r'"datum":"([\d-]+)T00:00:00".*?"oznaka":"([A-Z]{3})".*?"nomin":(\d+),"sreden":([\d.]+)'
    expected = {
        (code, "MKD", date.fromisoformat(day)): Decimal(rate) / int(units)
        for number in (1, 2)
        for day, code, units, rate in re.findall(row, body(f"nbrm/{number}.json").decode())
    }
    assert found == expected
    assert len(expected) == 13 * 31
    assert codes(found) == in_sample("nbrm")
