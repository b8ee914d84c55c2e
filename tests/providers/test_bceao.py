"""The Central Bank of West African States: French names, days that rest, and Sundays of the Gulf alone."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import bceao
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

CASE = case("bceao", "XOF", "566,2100", "friday.html", html=True)

URL = "https://www.bceao.int/fr/cours/get_all_reference_by_date?dateJour="
FRIDAY, SUNDAY, HOLIDAY = (specimen(f"bceao/{name}.html") for name in ("friday", "sunday", "holiday"))


def test_latest() -> None:
    """Today's page; the dot stands between thousands, the comma before decimals."""
    quotes, urls = ask("bceao", latest("XOF"), FRIDAY)
    assert urls == [URL + "2026-10-30"]
    assert quotes == tuple(
        Quote(code, "XOF", Decimal(rate), date(2026, 10, 30))
        for code, rate in (
            ("EUR", "655.9570"),
            ("USD", "566.2100"),
            ("JPY", "3.7105"),
            ("CZK", "26.9800"),
            ("KWD", "1845.3300"),
        )
    )


def test_a_sunday_is_completed_by_the_friday_before() -> None:
    """A Sunday has the Gulf's currencies alone: the walk goes on, past the Saturday, to the last page with the euro."""
    query = on(date(2026, 10, 25), "XOF")
    quotes, urls = ask("bceao", query, SUNDAY, FRIDAY.replace(b"30 octobre", b"23 octobre"))
    assert urls == [URL + "2026-10-25", URL + "2026-10-23"]
    days = {quote.base: quote.day.day for quote in effective(quotes, bceao.PROVIDER, query)}
    assert days == {"EUR": 23, "USD": 23, "JPY": 23, "CZK": 23, "KWD": 25, "SAR": 25}


def test_a_heading_alone_is_a_holiday() -> None:
    """The bank says that it rested by a heading and nothing else; the first of a month is written 1er."""
    before = FRIDAY.replace(b"vendredi 30 octobre", b"mercredi 30 septembre")
    quotes, urls = ask("bceao", on(date(2026, 10, 1), "XOF"), HOLIDAY, before)
    assert urls == [URL + "2026-10-01", URL + "2026-09-30"]
    assert {quote.day for quote in quotes} == {date(2026, 9, 30)}
    with pytest.raises(NoRates):
        list(bceao.parse(HOLIDAY))
    with pytest.raises(NoRates):
        ask("bceao", on(date(2026, 10, 1), "XOF"), *[HOLIDAY] * 7)


def test_range() -> None:
    """Each day is asked for but Saturdays, and nothing before the first."""
    other = FRIDAY.replace(b"30 octobre", b"26 octobre")
    quotes, urls = ask("bceao", between(date(2026, 10, 24), date(2026, 10, 26), "XOF"), SUNDAY, other)
    assert urls == [URL + "2026-10-25", URL + "2026-10-26"]
    assert len(quotes) == 7
    with pytest.raises(NoRates):
        ask("bceao", between(date(2013, 12, 20), date(2014, 1, 2), "XOF"), HOLIDAY)


def test_an_unknown_name_is_refused() -> None:
    """A currency that the list of names lacks is named, not left out."""
    with pytest.raises(ParseError, match="Peso argentin"):
        ask("bceao", latest("XOF"), FRIDAY.replace(b"Yen japonais", b"Peso argentin"))


@recordings
def test_recorded() -> None:
    """Every row of the five days, by the names as the pages have them.

    The recorded figures are those of about 20 March 2025, whatever their dates: units and direction agree with the
    ECB's of that day to half a per cent.
    """
    found = replay("bceao", asked("2026-03-16", "2026-03-20", "XOF"))
    expected: Figures = {}
    for number in range(1, 6):
        page = body(f"bceao/{number}.html").decode()
        day = date(2026, 3, int(re.findall(r"(\d+) mars 2026", page)[0]))
        for name, rate in re.findall(r"<td>([^<]+)</td>\s*<td>([\d.,]+)</td>", page):
            expected[bceao.NAMES[name.lower()], "XOF", day] = Decimal(rate.replace(".", "").replace(",", "."))
    assert found == expected
    assert len(found) == 135
    assert codes(found) == in_sample("bceao")
