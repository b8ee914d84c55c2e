"""The Central Bank of Iceland: two groups of numbered series, of which the middle rates are read."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import sbi
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("sbi", "ISK", "123.440000", "official.xml", "others.xml")

OFFICIAL, OTHERS, NONE = (specimen(f"sbi/{name}.xml") for name in ("official", "others", "none"))
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def _url(first: str, last: str, group: int) -> str:
    return f"{sbi.URL}?DagsFra={first}&DagsTil={last}&GroupID={group}&Type=xml"


def test_latest() -> None:
    """Both groups, the middle series alone; buying rates and the bolívar of no certain kind are not read."""
    quotes, urls = ask("sbi", latest("ISK"), OFFICIAL, OTHERS)
    assert urls == [_url("2026-10-23", "2026-10-30", 9), _url("2026-10-23", "2026-10-30", 7)]
    assert quotes == (
        Quote("USD", "ISK", Decimal("123.440000"), THURSDAY),
        Quote("USD", "ISK", Decimal("123.910000"), FRIDAY),
        Quote("JPY", "ISK", Decimal("0.807000"), THURSDAY),
        Quote("JPY", "ISK", Decimal("0.810000"), FRIDAY),
        Quote("CNY", "ISK", Decimal("17.301000"), THURSDAY),
        Quote("CNY", "ISK", Decimal("17.344000"), FRIDAY),
    )


def test_a_long_range_is_asked_by_the_year() -> None:
    """The official group first; the other group is asked for from 2005 only."""
    old = OFFICIAL.replace(b"/2026", b"/2004")
    _, urls = ask("sbi", between(date(2004, 2, 1), date(2005, 3, 1), "ISK"), old, NONE, OTHERS)
    assert urls == [
        _url("2004-02-01", "2005-01-30", 9),
        _url("2005-01-31", "2005-03-01", 9),
        _url("2005-01-01", "2005-03-01", 7),
    ]
    assert len(ask("sbi", on(date(1990, 1, 5), "ISK"), OFFICIAL.replace(b"10/29/2026", b"1/4/1990"))[1]) == 1


def test_empty_series_are_no_rates() -> None:
    """All series without entries is a time of rest."""
    with pytest.raises(NoRates):
        ask("sbi", on(date(2026, 10, 25), "ISK"), NONE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'ID="4085"', b'ID="9999"'),
        (b"<Date>10/29", b"<Date>29/10"),
        (b"<Value>0.810000</Value>", b""),
        (b"Group", b"G"),
    ],
)
def test_nothing_is_guessed(old: bytes, new: bytes) -> None:
    """A series of an unknown number, a day the other way round and an entry without its value are refused."""
    with pytest.raises(ParseError):
        ask("sbi", latest("ISK"), OFFICIAL.replace(old, new), OTHERS)


@recordings
def test_recorded() -> None:
    """Every entry of every series that calls itself a middle rate, under a code that its Icelandic name confirms."""
    found = replay("sbi", asked("2026-03-24", "2026-03-28", "ISK"))
    named = {
        "Bandaríkjadalur": "USD", "Dönsk króna": "DKK", "Evra": "EUR", "Japanskt jen": "JPY", "Kanadadalur": "CAD",
        "Norsk króna": "NOK", "Sérstök dráttarréttindi- SDR": "XDR", "Sterlingspund": "GBP",
        "Svissneskur franki": "CHF", "Sænsk króna": "SEK", "Kínverskt júan": "CNY", "Pólskt slot": "PLN",
        "Nígerísk næra": "NGN", "Tævanskur dalur": "TWD", "Suðurkóreskt vonn": "KRW", "Súrinamskur dalur": "SRD",
        "Ástralíudalur": "AUD", "Ný-Sjálenskur dalur": "NZD", "Hong Kong dalur": "HKD", "Ungversk forinta": "HUF",
        "Ísraelskur sikill": "ILS", "Suður-Afrískt rand": "ZAR", "Singapúrskur dalur": "SGD",
        "Mexíkóskur pesi": "MXN", "Tyrknesk líra": "TRY", "Indversk rúpía": "INR", "Tékknesk króna": "CZK",
        "Brasilískt ríal": "BRL", "Tælenskt bat": "THB", "Jamaískur dalur": "JMD", "Sádi-arabískt ríal": "SAR",
        "Kúveiskur denari": "KWD",
    }  # fmt: skip
    expected: Figures = {}
    for group in (1, 2):
        for series in body(f"sbi/{group}.xml").decode().split("<TimeSeries ID=")[1:]:
            name, words = re.findall(r"<!\[CDATA\[([^\]]+)\]", series)
            entry = r"<Date>(\d+)/(\d+)/(\d+) 12:00:00 AM</Date><Value>([\d.]+)<"
            for month, day, year, rate in re.findall(entry, series):
                assert words.endswith("miðgengi.")
                expected[named[name], "ISK", date(int(year), int(month), int(day))] = Decimal(rate)
    assert found == expected
    assert len(found) == 128
    assert codes(found) == in_sample("sbi")
