"""The European Central Bank's reference rates since 1999-01-04, as embedded, found by day.

Source: European Central Bank, https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, free to reuse
when the source is named (see eurofxref-hist.txt). Rows are newest first, so that the first 64 kB, unpacked in
a millisecond, answer for the last year; the whole (2 MB) is unpacked once, kept, and searched by halving.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from zipfile import ZipFile

from rates.offline.fork_lock import fork_lock

FILE = Path(__file__).with_name("eurofxref-hist.zip")
FIRST_DAY = date(1999, 1, 4)
HEAD_BYTES = 64 * 1024

Row = tuple[date, Mapping[str, str]]

_lock = fork_lock()


def archive() -> bytes:
    """The zip as published."""
    return FILE.read_bytes()


def row(day: date) -> Row | None:
    """The newest day on or before `day` and its rates of one euro, as published; None before the first."""
    return _row(str(day))


def span(first: date, last: date) -> Iterator[Row]:
    """The published days from first to last, both included, oldest first."""
    if first > last:
        return
    text = _text(str(first))
    newest, older = _offset(text, str(last)), _offset(text, str(first), past=True)
    for line in reversed(text[newest:older].splitlines()):
        yield _parsed(line)


def last_day() -> date:
    """The newest day of the history."""
    return date.fromisoformat(_head()[_first_row() :][:10].decode())


@cache
def symbols() -> tuple[str, ...]:
    """The currencies that the history has, on any day, in its order; the euro is not among them."""
    return tuple(_head()[: _first_row()].decode().strip().rstrip(",").split(",")[1:])


def published(until: date) -> bytes:
    """The zip as it was on a day: as it is, or without the days after `until`."""
    if until >= last_day():
        return archive()
    text, packed = _text(str(FIRST_DAY)), BytesIO()
    with ZipFile(packed, "w") as written:
        written.writestr("eurofxref-hist.csv", text[: _first_row()] + text[_offset(text, str(until)) :])
    return packed.getvalue()


@lru_cache(maxsize=64)
def _row(day: str) -> Row | None:
    text = _text(day)
    start = _offset(text, day)
    return _parsed(text[start : text.index(b"\n", start)]) if start < len(text) else None


def _parsed(line: bytes) -> Row:
    """A line's day and rates; N/A says that nothing was published."""
    day, *cells = line.decode().rstrip(",").split(",")
    rates = {symbol: cell for symbol, cell in zip(symbols(), cells, strict=True) if cell != "N/A"}
    return date.fromisoformat(day), MappingProxyType(rates)


def _offset(text: bytes, day: str, *, past: bool = False) -> int:
    """Where the first row begins that is on or before `day` (past: before it); the end when there is none."""
    wanted = day.encode()
    low, high = _first_row(), len(text)
    while low < high:
        start = max(low, text.rfind(b"\n", low, (low + high) // 2) + 1)
        found = text[start : start + 10]
        if found < wanted or (found == wanted and not past):
            high = start
        else:
            low = text.index(b"\n", start) + 1
    return low


def _text(oldest: str) -> bytes:
    """The rows, at least back to the newest on or before `oldest`."""
    head = _head()
    last_row = head[head.rfind(b"\n", 0, -1) + 1 :]
    return head if last_row[:10].decode() < oldest else _whole()


@cache
def _first_row() -> int:
    return _head().index(b"\n") + 1


@cache
def _head() -> bytes:
    """The header and the newest rows, whole lines."""
    text = _unpacked(HEAD_BYTES)
    return text[: text.rindex(b"\n") + 1]


_all: list[bytes] = []


def _whole() -> bytes:
    """All rows; unpacked by one thread, however many ask at once."""
    with _lock:
        if not _all:
            _all.append(_unpacked(-1))
        return _all[0]


def _unpacked(size: int) -> bytes:
    with ZipFile(FILE) as packed, packed.open("eurofxref-hist.csv") as rows:
        return rows.read(size)
