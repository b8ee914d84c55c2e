"""Vietcombank: the middle of transfers and sales, a comment before the root, currencies that it only sells."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ParseError
from rates.model import Quote
from rates.providers import vietcombank
from tests.providers.conversation import ask, case, latest, specimen
from tests.providers.crosses import euro_rates
from tests.providers.recordings import figures, official, recordings

CASE = case("vietcombank", "VND", "18,232.42", "board.xml", html=True)

BOARD = specimen("vietcombank/board.xml")


def test_latest() -> None:
    """The middle of both sides; a currency that is not bought for cash has one, one that is only sold has none."""
    quotes, urls = ask("vietcombank", latest("VND"), BOARD)
    assert urls == [vietcombank.URL]
    assert quotes == tuple(
        Quote(code, "VND", Decimal(rate), date(2026, 10, 30))
        for code, rate in (("AUD", "18531.73"), ("DKK", "3923.81"), ("JPY", "162.275"))
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"10/30/2026 9:05:12 AM", b""),
        (b'Transfer="157.60"', b'Transfer="-"'),
        (b'Sell="166.95"', b'Sell=""'),
        (b' Sell="166.95"', b""),
        (b"18,232.42", b"182,32.42"),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """A board without its day, and a currency with one side alone, are errors."""
    with pytest.raises(ParseError):
        ask("vietcombank", latest("VND"), BOARD.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row with both sides, and a cross within 3 % of the ECB's: the bank's margin for the yen is of 6 %."""
    body = official("vietcombank/pXML_2026-09-02_cut.xml")
    rows = re.findall(r'CurrencyCode="(\w+)".*?Transfer="([\d.,]+)" Sell="([\d.,]+)"', body.decode())
    day = date(2026, 9, 2)
    found = figures(ask("vietcombank", latest("VND"), body)[0])
    assert found == {
        (code, "VND", day): (Decimal(buy.replace(",", "")) + Decimal(sell.replace(",", ""))) / 2
        for code, buy, sell in rows
    }
    assert len(found) == 2
    euro = euro_rates()[day]
    cross = found["AUD", "VND", day] / found["JPY", "VND", day]
    assert abs(cross / (euro["JPY"] / euro["AUD"]) - 1) < Decimal("0.03")
