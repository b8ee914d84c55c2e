"""InforEuro: rates for a calendar month, which the answer does not name."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.currencies.believed import believed
from rates.errors import NoRates, NotFound, ParseError
from rates.model import Quote, Reply
from rates.providers import inforeuro
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("inforeuro", "EUR", "181.07", "month.json")

MONTH = specimen("inforeuro/month.json")
NONE = Reply(404, b'{"code":5,"message":"No rates published for period"}')


def test_a_month() -> None:
    """Units for one euro, valid on every day of the month that was asked for; a currency of several countries once."""
    quotes, urls = ask("inforeuro", latest("EUR"), MONTH)
    assert urls == [f"{inforeuro.URL}?lang=en&year=2026&month=10"]
    assert quotes == tuple(
        Quote("EUR", code, Decimal(rate), date(2026, 10, 1), date(2026, 10, 31))
        for code, rate in (("JPY", "181.07"), ("XOF", "655.957"), ("USD", "1.1483"), ("ZWG", "30.2214"))
    )


def test_a_range_of_months() -> None:
    """Each month is asked for, and its rates are those of that month."""
    quotes, urls = ask("inforeuro", between(date(2026, 8, 31), date(2026, 10, 1), "EUR"), MONTH, NONE, MONTH)
    assert [url.rpartition("=")[2] for url in urls] == ["8", "9", "10"]
    assert {(quote.day, quote.valid_to) for quote in quotes} == {
        (date(2026, 8, 1), date(2026, 8, 31)),
        (date(2026, 10, 1), date(2026, 10, 31)),
    }


@pytest.mark.parametrize(("day", "hint"), [(date(2026, 12, 5), "due on 2026-11-27"), (date(2026, 11, 2), "")])
def test_a_month_that_is_not_published(day: date, hint: str) -> None:
    """The error of a month without rates names the day on which they are due, if that is to come."""
    with pytest.raises(NoRates, match=f"valid from {day:%Y-%m}-01") as caught:
        ask("inforeuro", on(day, "EUR"), NONE)
    assert hint in caught.value.hint
    assert bool(hint) == bool(caught.value.hint)


def test_another_404_is_a_moved_address() -> None:
    """A status 404 without the message is no month without rates."""
    with pytest.raises(NotFound):
        ask("inforeuro", latest("EUR"), Reply(404, b'{"message":"no handler"}'))


def test_ecus_before_the_euro() -> None:
    """Before 1999 the rates are for one ecu."""
    quotes, _ = ask("inforeuro", on(date(1998, 12, 31), "XEU"), MONTH.replace(b"ZIG", b"SKK"))
    assert {(quote.base, quote.day) for quote in quotes} == {("XEU", date(1998, 12, 1))}


@pytest.mark.parametrize(
    ("code", "first", "found"),
    [("FRC", date(1998, 8, 1), "CDF"), ("AOK", date(2000, 2, 1), "AOA"), ("AOK", date(1994, 3, 1), "AOK")],
)
def test_other_codes(code: str, first: date, found: str) -> None:
    """Codes of the publisher's own mean the currency of then."""
    body = MONTH.replace(b"ZIG", code.encode())
    assert [quote.symbol for quote in inforeuro.parse(body, first)][-1] == found


def test_two_rates_of_one_currency_are_an_error() -> None:
    """The rows of one currency must be equal."""
    with pytest.raises(ParseError, match="two rates for EUR in XOF"):
        ask("inforeuro", latest("EUR"), MONTH.replace(b"655.957", b"650", 1))


OFFICIAL = SOURCES / "official" / "inforeuro"


@recordings
@pytest.mark.parametrize(
    ("name", "first", "count"),
    [
        ("monthly-rates_1998-12_cut.json", date(1998, 12, 1), 46),
        ("monthly-rates_2026-10_cut_pretty.json", date(2026, 10, 1), 4),
    ],
)
def test_recorded(name: str, first: date, count: int) -> None:
    """Every row, read a second time by a pattern, has its rate."""
    text = (OFFICIAL / name).read_text(encoding="utf-8")
    rows = re.findall(r'"isoA3Code":\s*"(\w+)",\s*"isoA2Code":\s*"\w+",\s*"value":\s*([\d.]+)', text)
    found = {quote.symbol: quote.rate for quote in inforeuro.parse(text.encode(), first)}
    assert found == {{"FRC": "CDF"}.get(code, code): Decimal(rate) for code, rate in rows if code != "EUR"}
    assert len(found) == count


@recordings
def test_recorded_crosses() -> None:
    """The rates of December 1998 are near those of the first week of 1999; yen, leu and lira moved meanwhile."""
    quotes = believed(
        tuple(inforeuro.parse((OFFICIAL / "monthly-rates_1998-12_cut.json").read_bytes(), date(1998, 12, 1)))
    )
    january = [quote._replace(base="EUR", day=date(1999, 1, 4), valid_to=date(1999, 1, 8)) for quote in quotes]
    assert_periods_agree(january, most="0.05", differing=("EUR/JPY", "EUR/ROL", "EUR/TRL"))
