"""The user's own rates through a whole fetch."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rates.errors import NoRates, SettingsError
from rates.fetch import attempt, fetch_quotes, fetch_range, fetch_rates
from rates.model import Query, Quote
from rates.own_rates import in_force, read_own, shared_currency
from rates.settings import Settings

CSV = """base,symbol,rate,day,valid_from,valid_to
USD,EUR,0.91,2026-10-28,,
GBP,EUR,1.17,,2026-10-01,2026-10-30
JPY,EUR,0.0054,2026-10-28,,
"""


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """Settings that ask the own rates, then the ECB's history, on 2026-10-30."""
    file = tmp_path / "own.csv"
    file.write_text(CSV)
    return Settings(own=file, provider="own,ecb", today="2026-10-30", offline=True)


def test_a_table_of_own_rates(own: Settings) -> None:
    """Every figure is marked, direct, inverse and cross; a contract's 0.91 counts as exact."""
    base, table = fetch_rates("USD", own)
    assert (base, table.provider, table.source, table.rate_type) == ("USD", "own", "own", "your own rates")
    assert {symbol: table.how(symbol) for symbol in table} == {
        "USD": "identity", "EUR": "own", "GBP": "own", "JPY": "own"
    }  # fmt: skip
    assert table["EUR"] == Decimal("0.91")
    assert table.figures["EUR"].text() == "0.91"
    assert table.figures["GBP"].text() == "0.777778"  # 0.91 / 1.17
    assert [quote.day for quote in table.figures["GBP"].path] == [date(2026, 10, 28), date(2026, 10, 1)]
    assert table.digest == read_own(own.own).digest != ""


def test_a_chain_goes_on(own: Settings) -> None:
    """A currency that the file lacks comes from the next provider; a required symbol too."""
    assert attempt("CHF", own).table.provider == "ecb"  # type: ignore[union-attr]
    assert attempt("USD", own, symbols="CHF", strict=True).table.provider == "ecb"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("on", "pairs"),
    [
        ("2026-10-28", "GBP JPY USD"),
        ("2026-10-31", "JPY USD"),  # the period has ended
        ("2026-11-05", ""),  # more than a week later
        ("2026-10-01", "GBP"),
        ("2026-09-30", ""),
    ],
)
def test_days(own: Settings, on: str, pairs: str) -> None:
    """A rate of one day serves the week after it, that of a period no day outside."""
    day = date.fromisoformat(on)
    assert " ".join(quote.base for quote in in_force(read_own(own.own).quotes, day, 7)) == pairs
    error = attempt("EUR", own.with_values(on=on, provider="own")).error
    assert (error is None) == bool(pairs)
    if not pairs:
        assert isinstance(error, NoRates)
        assert str(error) == f"own: has none for {on}; its first day is 2026-10-01, its last 2026-10-30"


def test_a_range(own: Settings) -> None:
    """A range has a table for each day on which a rate begins."""
    tables = fetch_range("EUR", "2026-10-15", "2026-10-30", own)
    assert [(table.day, sorted(table)) for table in tables] == [
        (date(2026, 10, 1), ["EUR", "GBP"]),
        (date(2026, 10, 28), ["EUR", "JPY", "USD"]),
    ]


def test_quotes(own: Settings) -> None:
    """The quotes of a day are those of the file."""
    found = fetch_quotes("own", Query("EUR", start=date(2026, 10, 1), end=date(2026, 10, 1)), own)
    assert found == (Quote("GBP", "EUR", Decimal("1.17"), date(2026, 10, 1), date(2026, 10, 30)),)


def test_pegs_keep_their_mark(own: Settings) -> None:
    """A rate derived from a peg over an own rate is a pegged one."""
    table = attempt("EUR", own, pegs=True).table
    assert table is not None
    assert (table.how("AED"), table.how("USD")) == ("pegged", "own")


def test_a_wrong_file_stops_the_chain(own: Settings, tmp_path: Path) -> None:
    """The next provider does not answer in place of a file that is missing or has a wrong line."""
    for path, message in (
        ("", "needs a file of rates, and none is set"),
        (tmp_path / "none.csv", "no file of own rates"),
        (tmp_path, "cannot be read: Is a directory"),
    ):
        error = attempt("USD", own.with_values(own=path)).error
        assert isinstance(error, SettingsError)
        assert message in str(error)
    (tmp_path / "own.csv").write_text(CSV.replace("0.91", "0.9I"))
    error = attempt("USD", own).error
    assert isinstance(error, SettingsError)
    assert str(error) == f"own rates {tmp_path / 'own.csv'}: line 2: not a number: '0.9I'"


def test_a_changed_file_is_read_again(own: Settings) -> None:
    """The file is read once for each of its versions."""
    before = read_own(own.own)
    assert read_own(own.own) is before
    Path(own.own).write_text(CSV.replace("0.91", "0.925"))
    assert read_own(own.own).digest != before.digest


def test_what_all_quotes_share() -> None:
    """Crosses go over the one currency that all quotes have; without one there are none."""
    euro, dollar = Quote("GBP", "EUR", Decimal(1), date.min), Quote("USD", "EUR", Decimal(1), date.min)
    assert shared_currency([euro, dollar]) == "EUR"
    assert shared_currency([euro, dollar, Quote("USD", "JPY", Decimal(1), date.min)]) == ""
    assert shared_currency([]) == ""
