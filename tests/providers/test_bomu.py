"""The Bank of Mauritius: a page whose table is repeated, with a NUL byte before it and rates of .0000."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import bomu
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import SOURCES, Figures, dotted, figures, recordings

CASE = case("bomu", "MUR", "48.5885", "rates.html", html=True)

RATES = specimen("bomu/rates.html")
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """Middles of the rates for transfers; yen per 100, no leading zero, nothing of a currency that is not quoted."""
    quotes, urls = ask("bomu", latest("MUR"), RATES)
    assert urls == [f"{bomu.URL}?{bomu.FIRST}=23-10-2026&{bomu.LAST}=30-10-2026"]
    assert quotes == (
        Quote("AUD", "MUR", Decimal("34.28315"), FRIDAY),
        Quote("JPY", "MUR", Decimal("0.3001235"), FRIDAY),
        Quote("CNY", "MUR", Decimal("7.31595"), FRIDAY),
        Quote("INR", "MUR", Decimal("0.5032"), THURSDAY),
        Quote("USD", "MUR", Decimal("47.8879"), THURSDAY),
    )


def test_long_ranges_are_asked_in_pieces() -> None:
    """Of a month each, with both ends."""
    _, urls = ask("bomu", between(date(2026, 9, 15), FRIDAY, "MUR"), RATES, RATES)
    assert [url.partition("?")[2].replace(bomu.FIRST, "").replace(bomu.LAST, "") for url in urls] == [
        "=15-09-2026&=15-10-2026",
        "=16-10-2026&=30-10-2026",
    ]


def test_no_rows() -> None:
    """The page without its table is a window of days of rest."""
    with pytest.raises(NoRates):
        ask("bomu", on(date(2026, 10, 25), "MUR"), specimen("bomu/none.html"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"T.T/D.D", b"T.T"),
        (b"USD 1", b"USD"),
        (b"USD 1", b"USD 0"),
        (b"47.1873", b""),
        (b"47.1873", b"0.0000"),
        (b">29-10-2026<", b"><"),
    ],
)
def test_another_table_is_refused(old: bytes, new: bytes) -> None:
    """Other titles, no unit, rate or day: a named error, no missing quote."""
    with pytest.raises(ParseError):
        ask("bomu", latest("MUR"), RATES.replace(old, new))


OFFICIAL = SOURCES / "official" / "bomu"


@recordings
@pytest.mark.parametrize(
    ("name", "count", "known"),
    [
        (
            "rates_2026-09-23_25_cut.html",
            4,
            {"AUD": "34.28315", "CNY": "7.31595", "JPY": "0.3001235", "USD": "47.8879"},
        ),
        ("rates_2005-01-04_cut.html", 3, {"USD": "28.00555", "JPY": "0.274105"}),
    ],
)
def test_recorded(name: str, count: int, known: dict[str, str]) -> None:
    """Every row that has the class of the main table, by its text alone."""
    body = (OFFICIAL / name).read_bytes()
    expected: Figures = {}
    for row in re.findall(r'<tr class="[^"]*tblConso[^"]*">(.*?)</tr>', body.decode(), re.DOTALL):
        code, units, buy, _, _, sell, _, day = re.sub(r"<[^>]*>", " ", row).split()[-8:]
        expected[code, "MUR", dotted(day.replace("-", "."))] = (Decimal(buy) + Decimal(sell)) / 2 / Decimal(units)
    found = figures(bomu.parse(body))
    assert found == expected
    assert len(found) == count
    rates = {base: rate for (base, _, _), rate in found.items()}
    assert {code: str(rates[code]) for code in known} == known
    if name.startswith("rates_2005"):
        assert_crosses_agree(found, "MUR")
