"""The Croatian National Bank: decimal comma, units for one euro, tomorrow's rates, the ECB's figures."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import hnb
from tests.providers.conversation import ask, between, case, latest, specimen
from tests.providers.recordings import SOURCES, asked, body, codes, in_sample, recordings, replay

CASE = case("hnb", "EUR", "1,165250", "days.json")

URL = "https://api.hnb.hr/tecajn-eur/v3"
DAYS = specimen("hnb/days.json")
SATURDAY = date(2026, 10, 31)


def test_latest() -> None:
    """Middles with a point for the comma, of tomorrow when they are out."""
    query = latest("EUR")
    quotes, urls = ask("hnb", query, DAYS)
    assert urls == [f"{URL}?datum-primjene-od=2026-10-23&datum-primjene-do=2026-10-31"]
    assert effective(quotes, hnb.PROVIDER, query) == [
        Quote("EUR", "CZK", Decimal("24.314000"), SATURDAY),
        Quote("EUR", "USD", Decimal("1.164950"), SATURDAY),
        Quote("EUR", "BAM", Decimal("1.955830"), SATURDAY),
    ]
    assert quotes[1] == Quote("EUR", "USD", Decimal("1.165250"), date(2026, 10, 30))


def test_long_ranges_are_asked_in_pieces() -> None:
    """Ninety days at once, and nothing before the euro came."""
    query = between(date(2022, 12, 1), date(2023, 4, 30), "EUR")
    _, urls = ask("hnb", query, DAYS.replace(b"2026-10", b"2023-03"), b"[]")
    assert [url.removeprefix(URL) for url in urls] == [
        "?datum-primjene-od=2023-01-02&datum-primjene-do=2023-04-01",
        "?datum-primjene-od=2023-04-02&datum-primjene-do=2023-04-30",
    ]


def test_an_empty_list_is_no_rates() -> None:
    """Its word for days without rates."""
    with pytest.raises(NoRates):
        ask("hnb", latest("EUR"), b"[]")


def test_kunas_are_refused() -> None:
    """A row of the older service, kunas for units of the currency, is not read as euros."""
    with pytest.raises(ParseError):
        ask("hnb", latest("EUR"), specimen("hnb/kuna.json"))


@recordings
def test_recorded() -> None:
    """Every middle of every day; the older service's answer is refused."""
    found = replay("hnb", asked("2023-01-02", "2023-01-06", "EUR"))
    row = r'"datum_primjene":"([\d-]+)".*?"srednji_tecaj":"([\d,]+)","valuta":"([A-Z]{3})"'
    expected = {
        ("EUR", code, date.fromisoformat(day)): Decimal(rate.replace(",", "."))
        for day, rate, code in re.findall(row, body("hnb/1.json").decode())
    }
    assert found == expected
    assert codes(found) == in_sample("hnb")
    with pytest.raises(KeyError):
        list(hnb.parse(body("hnb/2.json")))


@recordings
def test_the_rates_are_the_ecbs_of_the_working_day_before() -> None:
    """All of them to the last digit, but for the mark, which the ECB has not."""
    archive = SOURCES.parent / "data" / "eurofxref-hist.zip"
    with zipfile.ZipFile(archive) as files:
        table = {row["Date"]: row for row in csv.DictReader(io.StringIO(files.read(files.namelist()[0]).decode()))}
    before = dict(zip(range(2, 7), ("2022-12-30", "2023-01-02", "2023-01-03", "2023-01-04", "2023-01-05"), strict=True))
    found = replay("hnb", asked("2023-01-02", "2023-01-06", "EUR"))
    for (_, code, day), rate in found.items():
        assert rate == Decimal("1.95583" if code == "BAM" else table[before[day.day]][code])
