"""The Central Bank of Tunisia: posted questions, units, the table of cash, and two ways to have nothing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest

from rates import providers
from rates.errors import NoRates, ParseError
from rates.fetch.run_provider import run_provider
from rates.model import Quote, Reply, Request
from rates.providers import bct
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, figures, in_sample, recordings

CASE = case("bct", "TND", "2,9101", "friday.html", html=True)

FRIDAY, NOTHING = specimen("bct/friday.html"), specimen("bct/nothing.html")


def test_latest() -> None:
    """The day is posted; the first table counts, each rate divided by its units."""
    publisher = Publisher([FRIDAY])
    quotes = run_provider(providers.load("bct"), latest("TND"), publisher)
    (request,) = publisher.asked
    assert request.url == "https://www.bct.gov.tn/bct/siteprod/cours_archiv.jsp"
    assert request.form == (("input", "2026-10-30"), ("langue", "_AN"))
    assert request.headers == (
        ("Referer", "https://www.bct.gov.tn/bct/siteprod/cours_archive.jsp"),
        ("User-Agent", "Mozilla/5.0 (compatible; fetch-rates)"),
    )
    assert quotes == tuple(
        Quote(code, "TND", Decimal(rate), date(2026, 10, 30))
        for code, rate in (("DZD", "0.02213"), ("USD", "2.9101"), ("DKK", "0.453120"), ("JPY", "0.0190712"))
    )


def test_a_day_without_rates() -> None:
    """Its database's complaint is a day without rates: the day before is asked for, weekends never."""
    monday = on(date(2026, 10, 26), "TND")
    quotes, urls = ask("bct", monday, NOTHING, FRIDAY.replace(b"30/10/2026", b"23/10/2026"))
    assert len(urls) == 2
    assert {quote.day for quote in quotes} == {date(2026, 10, 23)}
    with pytest.raises(NoRates):
        list(bct.parse(NOTHING))


def test_another_day_in_silence() -> None:
    """A page of another day than asked is known by the day that it prints, and is not that day's in a range."""
    quotes, _ = ask("bct", between(date(2026, 10, 29), date(2026, 10, 30), "TND"), FRIDAY, FRIDAY)
    assert len(quotes) == 4
    with pytest.raises(NoRates):
        ask("bct", between(date(2026, 10, 28), date(2026, 10, 29), "TND"), FRIDAY, FRIDAY)


def test_cash_alone_is_refused() -> None:
    """A page whose first table is missing does not pass off the rates of cash as the market's."""
    with pytest.raises(ParseError):
        ask("bct", latest("TND"), FRIDAY.replace(b"<table width", b"<div width", 1).replace(b"</table>", b"", 1))


@recordings
def test_recorded() -> None:
    """Every row of the first table of the three days, divided by its units."""
    known = {f"input=2026-05-{17 + n}&langue=_AN": body(f"bct/{n}.html") for n in (1, 2, 3)}

    def send(request: Request) -> Reply:
        return Reply(200, known[urlencode(request.form)])

    found = figures(run_provider(providers.load("bct"), asked("2026-05-18", "2026-05-20", "TND"), send))
    expected: Figures = {}
    for page in known.values():
        text = page.decode().split("</table>")[0]
        day = date(2026, 5, int(re.findall(r"Journée du (\d\d)/05/2026", text)[0]))
        row = (
            r"<td scope='col'>([A-Z]{3})</td> <td scope='col'><div align='right'>(\d+)</div></td> "
            r"<td scope='col'><div align='right'>\s*([\d,]+)</div>"
        )
        for code, units, rate in re.findall(row, text):
            expected[code, "TND", day] = Decimal(rate.replace(",", ".")) / int(units)
    assert found == expected
    assert len(found) == 60
    assert codes(found) == in_sample("bct")
