"""The history by currency, for a program that looks up many days: a column of rates for each currency when needed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

from rates import history
from rates.model import ONE


class Columns(dict[str, list[Decimal | None]]):
    """The rates of one euro by currency and row, oldest first; None where nothing was published.

    A currency that the history lacks is a KeyError.
    """

    @cached_property
    def days(self) -> list[date]:
        """The days of the rows."""
        return [date.fromisoformat(cells[0].decode()) for cells in self._rows]

    @cached_property
    def _rows(self) -> list[list[bytes]]:
        return [line.split(b",") for line in reversed(history.lines())]

    def __missing__(self, code: str) -> list[Decimal | None]:
        if code == "EUR":
            column: list[Decimal | None] = [ONE] * len(self._rows)
        elif code in history.symbols():
            place = history.symbols().index(code) + 1
            column = [None if row[place] == b"N/A" else Decimal(row[place].decode()) for row in self._rows]
        else:
            raise KeyError(code)
        self[code] = column
        return column
