"""Tables of rates as a pandas DataFrame, for what pandas does better: pivoting, resampling, plotting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rates.errors import UsageError, quoted
from rates.model import Failed, Fetched, Outcome, RateTable

if TYPE_CHECKING:
    import pandas

COLUMNS = ("day", "base", "symbol", "rate", "provider", "how", "source")


def to_frame(tables: RateTable | Iterable[RateTable | Outcome | tuple[str, RateTable]]) -> pandas.DataFrame:
    """A row for each rate, exact, with its day and pedigree: the columns are COLUMNS.

    The day is a timestamp, the rate a Decimal, the source "" for the network. Takes what `fetch_range` and `fetch_all`
    give, or the pairs of `fetch_rates`; an outcome without a table is left out. `frame.pivot(index="day",
    columns="symbol", values="rate")` has a column for each symbol. Raises `UsageError` without pandas.
    """
    try:
        import pandas
    except ImportError as error:
        raise UsageError("a DataFrame needs pandas", hint="pip install 'fetch-rates[pandas]'") from error
    rows = [
        (figure.day, table.base, symbol, figure.rate, table.provider, figure.how, table.source)
        for table in _tables(tables)
        for symbol, figure in table.figures.items()
    ]
    frame = pandas.DataFrame(rows, columns=list(COLUMNS))
    frame["day"] = pandas.to_datetime(frame["day"])
    return frame


def _tables(given: RateTable | Iterable[RateTable | Outcome | tuple[str, RateTable]]) -> Iterable[RateTable]:
    """The tables in what was given."""
    if isinstance(given, RateTable):
        yield given
        return
    for one in given:
        if isinstance(one, RateTable):
            yield one
        elif isinstance(one, Fetched):
            yield one.table
        elif isinstance(one, tuple) and isinstance(one[-1], RateTable):
            yield one[-1]
        elif not isinstance(one, Failed):
            raise UsageError(f"to_frame takes tables of rates, not {quoted(one)}", hint="like those of fetch_range")
