"""The Central Bank of The Gambia: an archive a currency, units that are not stated, days with two figures."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import BadRate, NoRates, ParseError, Unsupported
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import cbg
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recorded, recordings, replay

CASE = case("cbg", "GMD", "73.15", *["usd.json"] * 6, "xof.json", *["usd.json"] * 24)

USD, XOF, SLL = (specimen(f"cbg/{name}.json") for name in ("usd", "xof", "sll"))
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The last day of every archive, one request each; the Danish krone, which stands at 1, is not asked for."""
    publisher = Publisher([USD] * 31)
    quotes = run_provider(providers.load("cbg"), latest("GMD"), publisher)
    assert publisher.urls() == [cbg.FOLDER + name for name in cbg.NAMES]
    assert "DKK" not in cbg.NAMES
    assert {quote.day for quote in quotes} == {FRIDAY}
    assert Quote("USD", "GMD", Decimal("73.15"), FRIDAY) in quotes
    assert Quote("JPY", "GMD", Decimal("0.7315"), FRIDAY) in quotes


def test_only_what_may_be_wanted_is_asked() -> None:
    """Named symbols spare the bank the others; 5000 francs are divided."""
    quotes, urls = ask("cbg", latest("GMD", "USD", "XOF"), USD, XOF)
    assert urls == [cbg.FOLDER + "USD", cbg.FOLDER + "XOF"]
    assert quotes[1] == Quote("XOF", "GMD", Decimal("0.13042"), FRIDAY)
    with pytest.raises(Unsupported):
        ask("cbg", latest("GMD", "DKK"))


def test_a_day_with_two_figures_is_left_out() -> None:
    """Either may be the slip; the same figure twice is one."""
    quotes, _ = ask("cbg", between(date(2026, 10, 28), FRIDAY, "GMD", "USD", "XOF"), USD, XOF)
    assert [(quote.base, quote.day.day) for quote in quotes] == [("USD", 30), ("USD", 29), ("XOF", 30), ("XOF", 29)]


def test_the_leone_changes_its_name() -> None:
    """SLL is the new leone from July 2022; zeros before were no quotes."""
    query = between(date(2021, 9, 1), date(2022, 7, 31), "GMD", "SLE")
    quotes, urls = ask("cbg", query, SLL)
    assert urls == [cbg.FOLDER + "SLL"]
    assert quotes == (
        Quote("SLE", "GMD", Decimal("4.09"), date(2022, 7, 18)),
        Quote("SLE", "GMD", Decimal("4.11"), date(2022, 7, 12)),
        Quote("SLL", "GMD", Decimal("0.01"), date(2021, 9, 20)),
    )


def test_a_zero_of_the_others_is_a_bad_rate() -> None:
    """Only three currencies were ever listed at zero."""
    with pytest.raises(BadRate):
        ask("cbg", latest("GMD", "USD"), USD.replace(b"73.15", b"0"))


def test_nothing_by_name() -> None:
    """A window without rows has no rates; an archive without rows is none of the bank's."""
    with pytest.raises(NoRates):
        ask("cbg", on(date(2026, 9, 1), "GMD", "USD"), USD)
    with pytest.raises(ParseError):
        ask("cbg", latest("GMD", "USD"), b"[]")
    with pytest.raises(ParseError, match="no midnight"):
        ask("cbg", latest("GMD", "USD"), USD.replace(b"00000,", b"00001,"))


@recordings
def test_recorded() -> None:
    """Every pair of every archive but the Danish one, divided by the units, where a day has one figure."""
    figures_of: dict[tuple[str, date], list[str]] = defaultdict(list)
    for (place, _), reply in recorded("cbg").items():
        for stamp, rate in re.findall(r"\[(\d+),([\d.]+)\]", reply.body.decode()):
            figures_of[place[-3:], date(1970, 1, 1) + timedelta(milliseconds=int(stamp))].append(rate)
    units = {"JPY": 100, "NOK": 100, "SEK": 100, "XOF": 5000}
    expected: Figures = {}
    for (code, day), rates in figures_of.items():
        if code != "DKK" and len(set(rates)) == 1 and Decimal(rates[0]):
            name = "SLE" if code == "SLL" and day.isoformat() >= "2022-07-12" else code
            expected[name, "GMD", day] = Decimal(rates[0]) / units.get(code, 1)
    found = replay("cbg", asked("2000-01-01", "2026-05-24", "GMD"))
    assert found == expected
    assert len(found) > 26_000
    assert codes(found) == in_sample("cbg") - {"DKK"} | {"SLE"}


@recordings
def test_recorded_units() -> None:
    """The crosses of what is not per one agree with parities that are known: the ECB's rates of those weeks."""
    found = replay("cbg", asked("2026-03-25", "2026-03-25", "GMD"))
    of = {base: rate for (base, _, day), rate in found.items() if day == date(2026, 3, 25)}
    known = {"XOF": Decimal("655.957"), "JPY": Decimal("184"), "SEK": Decimal("10.8"), "NOK": Decimal("11.25")}
    for code, per_euro in known.items():
        assert abs(of["EUR"] / of[code] / per_euro - 1) < Decimal("0.05")
    assert body("cbg/1.json")
