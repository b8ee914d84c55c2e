"""The Bank of Israel: powers of ten, days with fewer currencies, and 404 as its word for nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.errors import EmptyAnswer, NoRates, NotFound, ParseError, WrongBase
from rates.model import Quote, Reply
from rates.providers import boi
from tests.providers.conversation import ask, between, case, latest, on, specimen

CASE = case("boi", "ILS", "3.252", "rates.csv", lines=True)

CSV = specimen("boi/rates.csv")
WEDNESDAY, THURSDAY = date(2026, 10, 28), date(2026, 10, 29)


def test_latest() -> None:
    """The yen is per 100, the Lebanese pound per 10; each currency has its newest rate."""
    quotes, urls = ask("boi", latest("ILS"), CSV)
    assert urls == [f"{boi.URL}?c[DATA_TYPE]=OF00&startperiod=2026-10-20&endperiod=2026-10-30&format=csv"]
    assert quotes == (
        Quote("USD", "ILS", Decimal("3.252"), WEDNESDAY),
        Quote("USD", "ILS", Decimal("3.260"), THURSDAY),
        Quote("JPY", "ILS", Decimal("0.02112"), THURSDAY),
        Quote("LBP", "ILS", Decimal("0.00004"), WEDNESDAY),
    )
    newest = effective(quotes, boi.PROVIDER, latest("ILS"))
    assert {(quote.base, quote.day) for quote in newest} == {("USD", THURSDAY), ("JPY", THURSDAY), ("LBP", WEDNESDAY)}


def test_day_and_range() -> None:
    """A day bridges ten before it; a range is asked for unchanged."""
    assert "startperiod=2026-10-19&endperiod=2026-10-29" in ask("boi", on(THURSDAY, "ILS"), CSV)[1][0]
    query = between(date(2026, 10, 1), THURSDAY, "ILS")
    assert "startperiod=2026-10-01&endperiod=2026-10-29" in ask("boi", query, CSV)[1][0]


def test_nothing_by_name() -> None:
    """404 with the standard's words is no rates; in other words it is a moved address; a bare header is empty."""
    with pytest.raises(NoRates):
        ask("boi", latest("ILS"), Reply(404, specimen("boi/none.json")))
    with pytest.raises(NotFound):
        ask("boi", latest("ILS"), Reply(404, b"no such path"))
    with pytest.raises(EmptyAnswer):
        ask("boi", latest("ILS"), CSV.splitlines(keepends=True)[0])


@pytest.mark.parametrize("lacking", [b"UNIT_MULT", b"OBS_VALUE", b"BASE_CURRENCY"])
def test_a_missing_column_is_a_parse_error(lacking: bytes) -> None:
    """Columns are found by name; without one nothing is guessed."""
    with pytest.raises(ParseError):
        ask("boi", latest("ILS"), CSV.replace(lacking, b"ELSE"))


def test_an_unknown_row_does_not_refuse_the_window() -> None:
    """A row of a code that no currency has, or of another pair, is passed over; a table of such rows is refused."""
    quotes, _ = ask("boi", latest("ILS"), CSV)
    head, first, *_ = CSV.splitlines(keepends=True)
    strange = first.replace(b"USD", b"BEL") + first.replace(b"ILS", b"EUR")
    assert ask("boi", latest("ILS"), CSV.rstrip() + b"\n" + strange)[0] == quotes
    with pytest.raises(ParseError, match="BEL"):
        ask("boi", latest("ILS"), head + strange)


def test_a_damaged_row_refuses_the_window() -> None:
    """A pair that is not that of the series' name is damage, and no rate is lost in silence."""
    for damaged in (CSV.replace(b",USD,ILS", b",UzD,ILS", 1), CSV.replace(b",USD,ILS", b",USD,IzS", 1)):
        with pytest.raises((ParseError, WrongBase)):
            ask("boi", latest("ILS"), damaged)
