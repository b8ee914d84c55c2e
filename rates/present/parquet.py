"""Rows as a Parquet file, for data frames and databases: exact decimals, days as days. Needs pyarrow, an extra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from rates.errors import UsageError

if TYPE_CHECKING:
    import pyarrow

INSTALL = "python -m pip install 'fetch-rates[parquet]'"
# Of Parquet's decimals: the digits of one that most programs read, and of the longest.
_USUAL, _LONGEST = 38, 76
_WIDE = Context(prec=_LONGEST + 1, rounding=ROUND_HALF_EVEN)
_NO_TYPES: Mapping[str, type] = {}


def ready() -> Any:
    """The library that writes Parquet; `UsageError`, with what to do, if it is missing."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError("Parquet needs the package pyarrow, which is not installed", hint=INSTALL) from error
    return pyarrow


def parquet(headers: Sequence[str], cells: Sequence[Sequence[object]], types: Mapping[str, type] = _NO_TYPES) -> bytes:
    """The file with a column for each heading.

    types: of columns that may be empty; other empty columns are text.
    A column of decimals has the most digits before and after the point that its numbers have, at most 76 in all; a
    number that does not fit is rounded half-even.
    """
    library = ready()
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(headers)
    arrays = [_array(library, list(one), types.get(name, str)) for name, one in zip(headers, columns, strict=True)]
    file = BytesIO()
    library.parquet.write_table(library.table(arrays, names=list(headers)), file)
    return file.getvalue()


def _array(library: Any, values: list[Any], usual: type) -> pyarrow.Array:
    """The values of one column, all of one type or None; of the usual type if all are None."""
    known = [value for value in values if value is not None]
    if known and isinstance(known[0], Decimal):
        whole = max(value.adjusted() + 1 for value in known)
        scale = min(max(0, *(-int(value.as_tuple().exponent) for value in known)), _LONGEST - max(1, whole))
        digits = max(1, whole) + scale
        kind = library.decimal128(_USUAL, scale) if digits <= _USUAL else library.decimal256(_LONGEST, scale)
        step = Decimal(1).scaleb(-scale)
        return library.array([value and value.quantize(step, context=_WIDE) for value in values], kind)
    kinds = {bool: library.bool_(), int: library.int64(), datetime: library.timestamp("us", "UTC"),
             date: library.date32()}  # fmt: skip
    return library.array(values, kinds.get(type(known[0]) if known else usual, library.string()))
