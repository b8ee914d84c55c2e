"""Federal Reserve Board: the table of the Data Download Program, in both directions, whose last line has no end."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError
from rates.model import Query, Quote
from rates.providers import fed
from tests.providers.conversation import TODAY, ask, case, latest, on, specimen
from tests.providers.crosses import assert_periods_agree
from tests.providers.recordings import SOURCES, recordings

CASE = case("fed", "USD", "1.1513", "days.csv")

DAYS = specimen("fed/days.csv")


def test_the_latest() -> None:
    """As many rows as there are working days in three weeks; no quote on a holiday, nor for Venezuela."""
    quotes, (url,) = ask("fed", latest("USD"), DAYS)
    assert url == (
        f"{fed.URL}?rel=H10&series={fed.PACKAGE}&lastobs=16&from=&to=&filetype=csv&label=include&layout=seriescolumn"
        "&type=package"
    )
    assert {quote.day for quote in quotes} == {date(2026, 10, day) for day in (9, 13, 14, 15, 16, 19, 20, 21, 22, 23)}
    assert {quote[:2] for quote in quotes} == {("EUR", "USD"), ("USD", "JPY")}
    assert Quote("EUR", "USD", Decimal("1.1695"), date(2026, 10, 23)) in quotes


def test_a_day_that_is_not_published() -> None:
    """A week that has not come is a time without rates."""
    with pytest.raises(NoRates):
        ask("fed", Query("USD", (), date(2026, 10, 28), TODAY, TODAY), cut(3))
    quotes, (url,) = ask("fed", on(date(2026, 10, 23), "USD"), cut(11))
    assert "lastobs=11&" in url
    assert max(quote.day for quote in quotes) == date(2026, 10, 23)


def cut(rows: int) -> bytes:
    """The specimen with its newest rows alone."""
    lines = DAYS.splitlines(keepends=True)
    return b"".join(lines[:6] + lines[-rows:])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (DAYS[:-1], "four decimals"),
        (DAYS.rpartition(b"\r\n")[0], "expected 16 days, got 15"),
        (DAYS.replace(b"RXI_N.B.JA", b"RXI_N.B.XX"), "unknown currency: 'XX'"),
        (DAYS.replace(b"RXI_N.B.JA", b"JRXWTFB_N.B"), "series of exchange rates"),
        (DAYS.replace(b'"Series Description"', b'"Series"'), "expected lines about series"),
    ],
)
def test_damage(body: bytes, message: str) -> None:
    """A cut table, and a series that is not known, are refused."""
    with pytest.raises(ParseError, match=message):
        ask("fed", latest("USD"), body)


@recordings
def test_recorded() -> None:
    """Every cell of the recorded months, read a second time by another reader, is the mean of its month."""
    body = (SOURCES / "official/frb-h10/FRB_H10_monthly_G5_1999-2020.csv").read_bytes()
    lines = list(csv.reader(body.decode("utf-8-sig").splitlines()))
    units = [unit.rpartition("_")[2] for unit in lines[1][1:]]
    written = {
        (unit, "USD") if unit != "USD" else ("USD", currency): column
        for column, (unit, currency) in enumerate(zip(units, lines[3][1:], strict=True), start=1)
        if currency != "VEB"
    }
    quotes = list(fed.parse(body))
    assert {(*quote[:2], f"{quote.day:%Y-%m}"): quote.rate for quote in quotes} == {
        (*pair, line[0]): Decimal(line[column]) for pair, column in written.items() for line in lines[6:]
    }
    assert len(quotes) > 5000
    assert_periods_agree(quotes, least=18)
