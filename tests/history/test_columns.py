from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import history
from rates.history.columns import Columns


def test_a_column_is_the_rates_of_a_currency() -> None:
    """Row by row as the history has them, oldest first; None where nothing was published."""
    columns = Columns()
    for code in ("USD", "ISK", "HRK"):
        for place in range(0, len(columns.days), 97):
            row = history.row(columns.days[place])
            assert row is not None
            published = row[1].get(code)
            assert columns[code][place] == (None if published is None else Decimal(published))


def test_the_euro_is_one() -> None:
    """Each currency costs itself, and the euro is quoted against itself on every day."""
    columns = Columns()
    assert set(columns["EUR"]) == {Decimal(1)}
    assert len(columns["EUR"]) == len(columns.days) == 7126
    assert (columns.days[0], columns.days[-1]) == (history.FIRST_DAY, date(2026, 10, 30))


def test_a_currency_that_the_history_lacks() -> None:
    """An unknown column is a KeyError, so that callers look elsewhere."""
    with pytest.raises(KeyError):
        Columns()["KZT"]
