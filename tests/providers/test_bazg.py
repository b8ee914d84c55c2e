"""Swiss customs: a list is valid on the days that it names, which follow the day on which it was set."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Query, Quote
from rates.providers import bazg
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import off_by_period
from tests.providers.recordings import SOURCES, recordings

CASE = case("bazg", "CHF", "0.94127", "day.xml")

THURSDAY = specimen("bazg/day.xml")  # set on Thursday, 29 October 2026
FRIDAY = THURSDAY.replace(b"<gueltigkeit>30.10.2026", b"<gueltigkeit>31.10.2026,01.11.2026,02.11.2026").replace(
    b"29.10.2026", b"30.10.2026"
)
NONE = b'<wechselkurse xmlns="https://www.backend-rates.bazg.admin.ch/xmldaily"/>'


def test_a_list() -> None:
    """The latest are those valid today, set on the working day before; francs for one unit."""
    quotes, urls = ask("bazg", latest("CHF"), THURSDAY)
    assert urls == ["https://www.backend-rates.bazg.admin.ch/api/xmldaily?d=20261029&locale=en"]
    today = date(2026, 10, 30)
    assert quotes == (
        Quote("EUR", "CHF", Decimal("0.94127"), today, today),
        Quote("USD", "CHF", Decimal("0.82013"), today, today),
        Quote("JPY", "CHF", Decimal("0.0051984"), today, today),
    )


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)])
def test_fridays_list_is_valid_to_monday(day: date) -> None:
    """Saturday, Sunday and Monday have the list that was set on Friday."""
    query = Query("CHF", (), day, day, date(2026, 11, 20))
    quotes, urls = ask("bazg", query, FRIDAY)
    assert [url.partition("d=")[2][:8] for url in urls] == ["20261030"]
    assert {(quote.day, quote.valid_to) for quote in effective(quotes, bazg.PROVIDER, query)} == {
        (date(2026, 10, 31), date(2026, 11, 2))
    }


def test_after_a_feast() -> None:
    """Where no list was set on the working day before, an earlier one says that it is valid."""
    long = THURSDAY.replace(
        b"<gueltigkeit>30.10.2026", b"<gueltigkeit>30.10.2026,31.10.2026,01.11.2026,02.11.2026,03.11.2026"
    )
    quotes, urls = ask(
        "bazg", Query("CHF", (), date(2026, 11, 3), date(2026, 11, 3), date(2026, 11, 20)), NONE, NONE, long
    )
    assert [url.partition("d=")[2][:8] for url in urls] == ["20261102", "20261030", "20261029"]
    assert len(quotes) == 3


def test_a_range() -> None:
    """A list for each working day before a day of the range."""
    query = Query("CHF", (), date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 20))
    quotes, urls = ask("bazg", query, THURSDAY, FRIDAY)
    assert [url.partition("d=")[2][:8] for url in urls] == ["20261029", "20261030"]
    assert len(quotes) == 6


@pytest.mark.parametrize(("day", "hint"), [(date(2026, 11, 4), "they are due on 2026-11-03"), (date(2026, 10, 31), "")])
def test_a_list_that_is_not_published(day: date, hint: str) -> None:
    """The error of a day without a list names the day on which it is due, if that is to come; nothing is carried on."""
    answers = [] if hint else [NONE, *[THURSDAY] * 5]
    with pytest.raises(NoRates, match=f"no rates valid on {day}") as caught:
        ask("bazg", on(day, "CHF"), *answers)
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((b"<gueltigkeit>30.10.2026</gueltigkeit>", b""), "no <{\\*}gueltigkeit>"),
        ((b"<gueltigkeit>30.10.2026", b"<gueltigkeit>30.10.2026,02.11.2026"), "do not follow each other"),
        ((b"100 JPY", b"100 INR"), "units of INR for 'jpy'"),
        ((b"100 JPY", b"JPY"), "expected units and a code"),
    ],
)
def test_damage(change: tuple[bytes, bytes], message: str) -> None:
    """A list without its days, or with other units than its code's, is refused."""
    with pytest.raises(ParseError, match=message):
        ask("bazg", between(date(2026, 10, 30), date(2026, 10, 30), "CHF"), THURSDAY.replace(*change))


@recordings
@pytest.mark.parametrize(
    ("name", "valid", "count"),
    [
        ("xmldaily_2026-06-03_cut.xml", date(2026, 6, 4), 3),
        ("daily_2017-12-27_old_host_cut.xml", date(2017, 12, 28), 12),
    ],
)
def test_recorded(name: str, valid: date, count: int) -> None:
    """Every row, read a second time by a pattern, has its rate; selling rates lie at most 2 % off the ECB's.

    The list of 2017 is of the former host, without its days, which are put in as today's have them.
    """
    body = (SOURCES / "official" / "bazg" / name).read_bytes()
    if b"gueltigkeit" not in body:
        with pytest.raises(ValueError, match="gueltigkeit"):
            list(bazg.parse(body))
        body = body.replace(b"</zeit>", f"</zeit><gueltigkeit>{valid:%d.%m.%Y}</gueltigkeit>".encode())
    rows = re.findall(r"<waehrung>(\d+) (\w+)</waehrung>\s*<kurs>([\d.]+)</kurs>", body.decode())
    quotes = list(bazg.parse(body))
    assert {quote.base: quote.rate for quote in quotes} == {
        code: Decimal(rate) / Decimal(units) for units, code, rate in rows
    }
    assert {(quote.day, quote.valid_to) for quote in quotes} == {(valid, valid)}
    assert len(rows) == count
    worst = off_by_period(quotes)
    assert worst
    assert max(worst.values()) < Decimal("0.02")
