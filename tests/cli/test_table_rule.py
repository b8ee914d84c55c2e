from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.cli.table_rule import allowed
from rates.errors import NoRates
from rates.model import DerivedRate, Fetched, Quote, RateTable
from rates.settings import Settings

ASKED = date(2024, 3, 20)


def figure(day: date, valid_to: date | None = None) -> DerivedRate:
    """A rate of a day, or of the period that it begins."""
    quote = Quote("USD", "EUR", Decimal("0.9"), day, valid_to=valid_to)
    return DerivedRate(quote.rate, day, "published", 1, (quote,))


def ruled(when: str, *figures: tuple[str, DerivedRate], **more: object) -> tuple[str, ...] | str:
    """The symbols that the rule leaves, or the error."""
    settings = Settings(on=ASKED, when=when, **more)  # type: ignore[arg-type]
    (one,) = allowed([Fetched("USD", RateTable("USD", "ecb", dict(figures)))], settings)
    if one.table is None:
        assert isinstance(one.error, NoRates)
        return str(one.error)
    return tuple(one.table)


@pytest.mark.parametrize("when", ["exact", "previous"])
def test_periods(when: str) -> None:
    """A rate whose period holds the day is exact; none is carried past its period."""
    held, past = figure(date(2024, 3, 1), date(2024, 3, 31)), figure(date(2024, 3, 1), date(2024, 3, 19))
    assert ruled(when, ("EUR", held)) == ("EUR",)
    assert "has no rates of USD for 2024-03-20" in ruled(when, ("EUR", past))


def test_each_rate_is_judged() -> None:
    """Of a table of several days the rates that the rule allows are left; a symbol named by the user is missed."""
    both = (("EUR", figure(ASKED)), ("JPY", figure(date(2024, 3, 12))))
    assert ruled("previous", *both) == ruled("exact", *both) == ("EUR",)
    assert ruled("previous", *both, max_age=8) == ruled("previous", *both, max_age=None) == ("EUR", "JPY")
    assert "allow them with --max-age 8" in ruled("previous", both[1])
    lost = ruled("exact", *both, symbols="EUR,JPY", strict=True)
    assert "has no USD/JPY for 2024-03-20 by --when exact; it has those of 2024-03-12" in lost
