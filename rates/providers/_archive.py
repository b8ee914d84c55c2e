"""Archives that come whole, however few days are asked for: only the rows of those days are read further.

Reading every day and number of Nigeria's 60,000 rows takes as long again as the JSON itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers

_ISO = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)


def within(rows: Iterable[object], field: str, first: date, last: date) -> Iterator[tuple[date, Mapping[str, Any]]]:
    """The rows whose `field` is a day from first to last, with that day; ValueError when one of the others has none."""
    low, high = str(first), str(last)
    for item in rows:
        row = readers.mapping(item)
        written = row[field]
        if not isinstance(written, str) or not _ISO.fullmatch(written):
            raise ValueError(f"no day like Y-M-D: {written!r}")
        if low <= written <= high:
            yield readers.day(written), row
