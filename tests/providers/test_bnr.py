"""The National Bank of Romania: a file a year, the multiplier, gold per ounce, two namespaces."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import NoRates, NotFound, ParseError, RatesError
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply, Request
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("bnr", "RON", "5.2640", "2026.xml")

FOLDER = "https://curs.bnr.ro/files/xml/years/"
THIS, LAST, OLD = (specimen(f"bnr/{year}.xml") for year in (2026, 2025, 2005))
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The file of this year, cut to the window; the forint per one, gold per ounce, what is "-" not at all."""
    quotes, urls = ask("bnr", latest("RON"), THIS)
    assert urls == [f"{FOLDER}nbrfxrates2026.xml"]
    assert quotes[4:] == (
        Quote("EUR", "RON", Decimal("5.2640"), FRIDAY),
        Quote("HUF", "RON", Decimal("0.014500"), FRIDAY),
        Quote("USD", "RON", Decimal("4.5107"), FRIDAY),
        Quote("XAU", "RON", Decimal("591.0000") * Decimal("31.1034768"), FRIDAY),
    )
    assert str(quotes[5].rate) == "0.014500"


def test_a_range_over_the_new_year_has_two_files() -> None:
    """Each year is a file of its own, and days outside the range are left out."""
    quotes, urls = ask("bnr", between(date(2025, 12, 31), date(2026, 10, 29), "RON"), LAST, THIS)
    assert [url.removeprefix(FOLDER) for url in urls] == ["nbrfxrates2025.xml", "nbrfxrates2026.xml"]
    assert {quote.day for quote in quotes} == {date(2025, 12, 31), date(2026, 10, 29)}


def answers(known: dict[str, bytes]) -> Callable[[Request], Reply]:
    """A server that has these files only."""

    def send(request: Request) -> Reply:
        name = request.url.removeprefix(FOLDER)
        if name not in known:
            raise NotFound(f"has no {name}")
        return Reply(200, known[name])

    return send


def test_a_new_year_without_a_file_has_last_years_rates() -> None:
    """On 2 January, when nothing of the year has been published, the newest rates are those of December."""
    module, query = providers.load("bnr"), Query("RON", today=date(2026, 1, 2))
    quotes = run_provider(module, query, answers({"nbrfxrates2025.xml": LAST}))
    assert {quote.day for quote in quotes} == {date(2025, 12, 30), date(2025, 12, 31)}
    with pytest.raises(NotFound):
        run_provider(module, query, answers({"nbrfxrates2026.xml": THIS}))


def test_rates_in_old_lei_are_left_out() -> None:
    """The leu of before July 2005 was a ten-thousandth; the file of that year has the old namespace."""
    quotes, urls = ask("bnr", on(date(2005, 7, 1), "RON"), OLD)
    assert urls == [f"{FOLDER}nbrfxrates2005.xml"]
    assert {quote.day for quote in quotes} == {date(2005, 7, 1)}


def test_a_window_without_days_is_no_rates() -> None:
    """The file is whole and has no day near the one asked for."""
    with pytest.raises(NoRates):
        ask("bnr", on(date(2026, 6, 1), "RON"), THIS)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b">RON<", b">USD<"), (b'"100"', b'"0"'), (b'"100"', b'"x"'), (b">4.5107<", b"/><x>1<"), (b"Body>", b"Bod>")],
)
def test_a_changed_file_is_refused(old: bytes, new: bytes) -> None:
    """Another pivot, no multiplier, no figure, no body."""
    with pytest.raises(ParseError):
        ask("bnr", latest("RON"), THIS.replace(old, new))


def test_a_file_without_days_is_refused() -> None:
    """A year's file always has days."""
    with pytest.raises(RatesError):
        ask("bnr", latest("RON"), re.sub(rb"<Cube.*?</Cube>", b"", THIS, flags=re.DOTALL))


@recordings
def test_recorded() -> None:
    """Every rate of every day, divided by its multiplier, gold times the grams of an ounce."""
    found = replay("bnr", asked("2026-01-01", "2026-08-19", "RON"))
    expected: Figures = {}
    for part in body("bnr/1.xml").decode().split('<Cube date="')[1:]:
        day = date.fromisoformat(part[:10])
        for code, units, rate in re.findall(r'<Rate currency="(\w+)"(?: multiplier="(\d+)")?>([\d.]+)<', part):
            value = Decimal(rate) / Decimal(units or 1)
            expected[code, "RON", day] = value * Decimal("31.1034768") if code == "XAU" else value
    assert found == expected
    assert codes(found) == in_sample("bnr")
    assert len({day for _, _, day in found}) == 29
