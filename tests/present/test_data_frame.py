from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rates import fetch_all, fetch_range, fetch_rates
from rates.errors import NoRates, UsageError
from rates.model import Failed
from rates.present.data_frame import to_frame


def test_a_row_for_each_rate() -> None:
    """Tables of days become rows with exact rates, which pivot into a column for each symbol."""
    pytest.importorskip("pandas")
    tables = fetch_range("USD", "2020-03-02", "2020-03-06", symbols="EUR,JPY", provider="ecb", offline=True)
    frame = to_frame(tables)
    assert list(frame.columns) == ["day", "base", "symbol", "rate", "provider", "how", "source"]
    assert len(frame) == 5 * 3
    wide = frame.pivot(index="day", columns="symbol", values="rate")
    assert wide.loc["2020-03-02", "EUR"] == tables[0]["EUR"]
    assert isinstance(wide.loc["2020-03-02", "EUR"], Decimal)
    assert [day.date() for day in wide.index] == [table.day for table in tables]


def test_what_fetches_give() -> None:
    """One table, pairs and outcomes are taken too; a failure has no rows."""
    pytest.importorskip("pandas")
    pair = fetch_rates("USD", provider="ecb", on="2020-03-02", offline=True)
    assert to_frame(pair[1]).equals(to_frame([pair]))
    outcomes = [*fetch_all(["USD"], provider="ecb", on=date(2020, 3, 2), offline=True), Failed("EUR", NoRates("none"))]
    assert to_frame(outcomes).equals(to_frame(pair[1]))
    assert to_frame([]).empty


@pytest.mark.parametrize("wrong", [["USD"], [None], [{"USD": 1}]])
def test_what_is_no_table(wrong: Any) -> None:
    """Anything else is named."""
    pytest.importorskip("pandas")
    with pytest.raises(UsageError, match="to_frame takes tables of rates, not"):
        to_frame(wrong)


def test_without_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pandas the error says what to install."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError, match=r"pip install 'fetch-rates\[pandas\]'"):
        to_frame([])
