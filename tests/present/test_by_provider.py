from __future__ import annotations

import pytest

from rates.model import Outcome
from rates.present.by_provider import show_by_provider, shown_symbols

from .samples import SETTINGS, TODAY, table

GIVEN = [Outcome("EUR", table("EUR", key=key), provider=key) for key in ("ecb", "apilayer_currency_data")]
USD = SETTINGS.with_values(symbols=("USD",))


@pytest.mark.parametrize(
    ("width", "heading", "second"),
    [
        (None, "publisher               country       USD  day         age", "apilayer_currency_data"),
        (70, "publisher               country       USD  day         age", "apilayer_currency_data"),
        (60, "publisher           country     USD  day         age", "apilayer_currency…"),
        (49, "publisher            USD  day         age", "apilayer_curren…"),
        (35, "publisher           USD  day", "apilayer_curre…"),
    ],
)
def test_a_narrow_terminal(width: int | None, heading: str, second: str) -> None:
    """The country goes first, then the age, which follows from the day; the rate and its day stay."""
    lines = show_by_provider(GIVEN, USD, today=TODAY, width=width).splitlines()
    assert lines[0] == "1 EUR · 2 of 2 publishers"
    assert lines[2] == heading
    assert lines[5].split()[0] == second
    assert all("1.1172" in line and "2026-10-30" in line for line in lines[4:6])
    assert width is None or max(map(len, lines)) <= width


def test_other_formats_are_complete() -> None:
    """On any terminal a format other than the usual one has every column."""
    settings = USD.with_values(format="github")
    assert show_by_provider(GIVEN, settings, today=TODAY, width=20) == show_by_provider(GIVEN, settings, today=TODAY)


def test_shown_symbols() -> None:
    """The symbols asked for, or all that any table has, without the base."""
    tables = [table("EUR", without=("JPY",)), table("EUR", without=("ISK",))]
    assert shown_symbols(tables, "EUR", ()) == ("CHF", "GBP", "IDR", "ISK", "JPY", "USD")
    assert shown_symbols(tables, "EUR", ("EUR", "XAF")) == ("XAF",)
