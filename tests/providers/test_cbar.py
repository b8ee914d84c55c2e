"""The Central Bank of Azerbaijan: metals by the ounce, units of a hundred, the bulletin in force under its own date."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import NoRates, ParseError
from rates.model import Quote
from rates.providers import cbar
from tests.providers.conversation import ask, between, case, latest, on, specimen
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import figures, official, recordings

CASE = case("cbar", "AZN", "7651.2175", "day.xml")

DAY = specimen("cbar/day.xml")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """Gold by the ounce, the yen per 100, the special drawing right under its own code."""
    quotes, urls = ask("cbar", latest("AZN"), DAY)
    assert urls == ["https://www.cbar.az/currencies/30.10.2026.xml"]
    assert quotes == (
        Quote("XAU", "AZN", Decimal("7651.2175"), FRIDAY),
        Quote("USD", "AZN", Decimal("1.7"), FRIDAY),
        Quote("XDR", "AZN", Decimal("2.3185"), FRIDAY),
        Quote("JPY", "AZN", Decimal("0.010812"), FRIDAY),
    )


def test_a_closed_day_has_the_bulletin_in_force() -> None:
    """A Sunday is answered with Friday's bulletin, which is in force on it; one that is repeated counts once."""
    friday = DAY.replace(b'Date="30.10', b'Date="23.10')
    query = on(date(2026, 10, 25), "AZN")
    quotes, _ = ask("cbar", query, friday)
    assert {quote.day for quote in effective(quotes, cbar.PROVIDER, query)} == {date(2026, 10, 23)}
    quotes, _ = ask("cbar", between(date(2026, 10, 23), date(2026, 10, 25), "AZN"), *[friday] * 3)
    assert len(quotes) == 4


def test_no_old_manats() -> None:
    """Days of the old manat are not asked for: the bank gives its rates under the code of the new one."""
    with pytest.raises(NoRates):
        ask("cbar", on(date(2005, 12, 30), "AZN"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">100<", b">0<"),
        (b"1 t.u.", b"1 q"),
        (b"<Nominal>100</Nominal>", b""),
        (b"<Value>1.7</Value>", b""),
        (b'Date="', b'Day="'),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """Rows without units or value, unknown units, and a bulletin without its day are errors."""
    with pytest.raises(ParseError):
        ask("cbar", latest("AZN"), DAY.replace(old, new))


@recordings
def test_recorded() -> None:
    """Every row of the recorded bulletin, and crosses that agree with the ECB's."""
    body = official("cbar/04.09.2026_cut.xml")
    rows = re.findall(r'Code="(\w+)">.*?<Nominal>(\d+).*?<Value>([\d.]+)<', body.decode(), flags=re.DOTALL)
    day = date(2026, 9, 4)
    found = figures(ask("cbar", on(day, "AZN"), body)[0])
    assert found == {(code, "AZN", day): Decimal(rate) / int(units) for code, units, rate in rows}
    assert len(found) == 8
    assert_crosses_agree(found, "AZN")
