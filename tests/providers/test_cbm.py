"""The Central Bank of Myanmar: the latest only, a time stamp, units that are not stated."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ParseError, Unsupported
from rates.fetch.validate import check_query
from rates.model import Query, Quote
from tests.providers.conversation import ask, case, latest, on, specimen
from tests.providers.recordings import body, codes, in_sample, recordings, replay

CASE = case("cbm", "MMK", "2446.50", "latest.json")

LATEST = specimen("cbm/latest.json")
FRIDAY = date(2026, 10, 30)


def test_latest() -> None:
    """The yen and the kip per hundred, whatever has a comma without it, the others as printed."""
    quotes, urls = ask("cbm", latest("MMK"), LATEST)
    assert urls == ["https://forex.cbm.gov.mm/api/latest"]
    assert quotes == (
        Quote("USD", "MMK", Decimal("2100.00"), FRIDAY),
        Quote("EUR", "MMK", Decimal("2446.50"), FRIDAY),
        Quote("JPY", "MMK", Decimal("13.6510"), FRIDAY),
        Quote("KWD", "MMK", Decimal("6842.61"), FRIDAY),
        Quote("LAK", "MMK", Decimal("0.0955"), FRIDAY),
    )


def test_a_day_of_the_past_is_unsupported() -> None:
    """It has no history."""
    with pytest.raises(Unsupported):
        check_query(providers.load("cbm").PROVIDER, on(FRIDAY, "MMK"))


def test_a_currency_of_unknown_unit_is_refused() -> None:
    """Whether a new currency is quoted for one or a hundred would be a guess."""
    with pytest.raises(ParseError, match="TWD"):
        ask("cbm", latest("MMK"), LATEST.replace(b'"KWD"', b'"TWD"'))


@recordings
def test_recorded() -> None:
    """Every rate, the six currencies divided by a hundred."""
    day = date(2026, 4, 9)
    found = replay("cbm", Query("MMK", today=day))
    hundred = {"IDR", "JPY", "KHR", "KRW", "LAK", "VND"}
    rows = re.findall(r'"([A-Z]{3})":"([\d.]+)"', body("cbm/1.json").decode())
    expected = {(code, "MMK", day): Decimal(rate) / (100 if code in hundred else 1) for code, rate in rows}
    assert found == expected
    assert codes(found) == in_sample("cbm")


@recordings
def test_the_units_by_crosses() -> None:
    """A dollar in each currency is much the same in Uzbekistan's list, which is of six days before."""
    found = replay("cbm", Query("MMK", today=date(2026, 4, 9)))
    known = {
        code: Decimal(rate) / Decimal(units)
        for code, units, rate in re.findall(
            r'"Ccy":"(\w+)".*?"Nominal":"(\d+)","Rate":"([\d.]+)"', body("cbu/3.json").decode()
        )
    }
    ours = {code: rate for (code, _, _), rate in found.items()}
    for code in set(ours) & set(known):
        assert abs((ours["USD"] / ours[code]) / (known["USD"] / known[code]) - 1) < Decimal("0.04"), code
    assert {"VND", "KHR", "LAK", "KRW", "IDR", "JPY"} <= set(known)
