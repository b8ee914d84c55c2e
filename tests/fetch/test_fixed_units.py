"""Minor units, money at par and ended currencies, as bases and symbols of a fetch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import conversion
from rates.errors import MissingSymbols
from rates.fetch import attempt, fetch_range, fetch_rates
from rates.model import RateTable
from rates.settings import Settings

TODAY = date(2026, 11, 23)
SETTINGS = Settings(provider=("ecb",), offline=True, today=TODAY)


def table_of(base: str, *symbols: str, on: date | None = None) -> RateTable:
    """The table of a fetch that requires the symbols."""
    return fetch_rates(base, SETTINGS.with_values(symbols=symbols, strict=bool(symbols), on=on))[1]


def test_a_minor_unit_is_a_hundredth() -> None:
    """One penny buys a hundredth of what a pound buys, in whatever way its code is written."""
    pounds = table_of("GBP", "USD", "JPY", "GBX")
    assert pounds["GBX"] == 100
    assert pounds.how("GBX") == "fixed"
    for written in ("GBX", "gbx", "GBp"):
        pence = table_of(written, "USD", "JPY", "GBP")
        assert pence.base == "GBX"
        assert pence["USD"] * 100 == pounds["USD"]
        assert pence["GBP"] == Decimal("0.01")
        assert pence.how("USD") == "cross"
        assert pence.day == pounds.day
    assert table_of("gbp", "USD")["USD"] == pounds["USD"]


def test_a_symbol_that_is_a_minor_unit() -> None:
    """Rates in cents and agorot are a hundred times those in the currency, with the digits of the published rate."""
    table = table_of("EUR", "ZAR", "ZAC", "ILA", "ILS")
    assert tuple(table) == ("ZAR", "ZAC", "ILA", "ILS")
    assert (table["ZAC"], table["ILA"]) == (table["ZAR"] * 100, table["ILS"] * 100)
    assert table.figures["ZAC"].digits == table.figures["ZAR"].digits


def test_money_at_par() -> None:
    """The pound of an island is a pound, as base and as symbol, and the figure stays the published one."""
    assert table_of("JEP", "USD")["USD"] == table_of("GBP", "USD")["USD"]
    table = table_of("EUR", "GGP", "GBP")
    assert table["GGP"] == table["GBP"]
    assert table.how("GGP") == "published"


def test_only_fixed_symbols() -> None:
    """If all that is asked for is fixed, the publisher still gives the day."""
    table = table_of("GBX", "GBP", "JEP", "GBX")
    assert dict(table) == {"GBP": Decimal("0.01"), "JEP": Decimal("0.01"), "GBX": Decimal(1)}
    assert table.day == date(2026, 10, 30)


def test_without_required_symbols_all_are_there() -> None:
    """Without required symbols the table has all of the publisher's, and the base."""
    table = table_of("GBX")
    assert {"USD", "EUR", "GBP", "GBX", "JPY"} <= set(table)
    assert table["GBX"] == 1


@pytest.mark.parametrize(("base", "symbol"), [("DEM", "FRF"), ("DEM", "USD"), ("EUR", "HRK"), ("USD", "BGN")])
def test_tables_and_conversions_agree(base: str, symbol: str) -> None:
    """An ended currency has the same rate in a table as in a conversion: the irrevocable one."""
    planned = conversion(base, symbol, TODAY)
    table = table_of(base, symbol)
    unit = table_of(planned.base.unit, planned.symbol.unit).figures[planned.symbol.unit] if planned.needs_rate else None
    assert table[symbol] == replace(planned, figure=unit).result(Decimal(1))


def test_in_its_own_time_a_currency_has_its_own_rates() -> None:
    """Before its ratio was fixed, a currency has the published rate."""
    table = table_of("EUR", "HRK", on=date(2022, 12, 30))
    assert table["HRK"] == Decimal("7.5365")
    assert table.how("HRK") == "published"


def test_no_ratio_is_a_named_error() -> None:
    """A base that ended by no fixed ratio is refused by name."""
    outcome = attempt("CUC", SETTINGS)
    assert outcome.error is not None
    assert "CUC was replaced by CUP on 2021-06-30, at no fixed ratio" in str(outcome.error)


def test_a_range_in_a_minor_unit() -> None:
    """The tables of a range are scaled like that of a day; one in which a currency ends is refused."""
    span = (date(2020, 3, 2), date(2020, 3, 4))
    pounds = fetch_range("GBP", *span, SETTINGS, ("USD", "ZAR"))
    pence = fetch_range("GBp", *span, SETTINGS, ("USD", "ZAC"))
    assert [table.day for table in pence] == [table.day for table in pounds]
    for minor, whole in zip(pence, pounds, strict=True):
        assert (minor.base, minor["USD"] * 100, minor["ZAC"]) == ("GBX", whole["USD"], whole["ZAR"])
        assert list(minor) == ["GBX", "USD", "ZAC"]
    with pytest.raises(MissingSymbols, match="has no HRK for EUR on 2023-01-02"):
        fetch_range("EUR", date(2022, 12, 29), date(2023, 1, 3), SETTINGS, ("HRK",))
