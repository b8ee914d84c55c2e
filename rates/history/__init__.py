"""The European Central Bank's reference rates since 1999-01-04, embedded in the package: by day, and for any base.

Source: European Central Bank, https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, free to reuse if the source
is named (see eurofxref-hist.txt). Rows are newest first, and are decompressed as far back as they are needed: the last
year takes a millisecond, all years 12. zlib alone does it: `zipfile` takes 15 ms to import.
"""

from __future__ import annotations

import os
import zlib
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from rates.errors import NoRates
from rates.forks import fork_safe_lock
from rates.model import ONE, Quote

FILE = os.path.join(os.path.dirname(__file__), "eurofxref-hist.zip")
DIGEST = "73db21584dd46cebf5cd6df75ebb6de7afcdeebff52f54d5046ca8e459c0fbb3"  # the file's SHA-256
FIRST_DAY = date(1999, 1, 4)
SATURDAY = 5
NOT_PUBLISHED = "N/A"
PIECE_BYTES = 16 * 1024  # compressed: about 50 kB of rows, two thirds of a year
# Twelve digits are more than any service publishes, and twice as many as the ECB does.
TWELVE = Context(prec=12, rounding=ROUND_HALF_EVEN)

Row = tuple[date, Mapping[str, str]]


class NotInHistory(Exception):
    """The history lacks that currency, that day, or both; the message names them."""


@lru_cache(maxsize=64)
def row(day: date) -> Row | None:
    """The newest day on or before `day`, and the rates of one euro as published; None before the first day."""
    lines = _rows().back_to(day)
    place = _place(lines, day)
    return _parsed(lines[place]) if place < len(lines) else None


def span(first: date, last: date) -> Iterator[Row]:
    """The rows from first to last, both included, oldest first."""
    if first > last:
        return
    lines = _rows().back_to(first)
    for line in reversed(lines[_place(lines, last) : _place(lines, first, past=True)]):
        yield _parsed(line)


def nearest(day: date, codes: Collection[str], *, later: bool) -> date | None:
    """The newest day on or before `day` with a rate of any of these currencies; with `later`, the oldest on or after.

    codes: () for any currency.
    """
    columns = [place for place, symbol in enumerate(symbols(), start=1) if not codes or symbol in codes]
    if not columns:
        return None
    while True:
        lines = _rows().back_to(day)
        place = _place(lines, day, past=later) - later
        if not 0 <= place < len(lines):
            return None
        cells = lines[place].split(b",")
        found = date.fromisoformat(cells[0].decode())
        if any(cells[column] != b"N/A" for column in columns):
            return found
        day = found + timedelta(days=1 if later else -1)


def lines() -> list[bytes]:
    """All rows as they stand in the file, newest first: the day, and a cell for each of the symbols."""
    return _rows().back_to(FIRST_DAY)


def last_day() -> date:
    """The newest day of the history."""
    return _day(_rows().back_to(date.max)[0])


@cache
def symbols() -> tuple[str, ...]:
    """The currencies that the history has on any day, in its order, without the euro."""
    return tuple(_rows().head.decode().strip().rstrip(",").split(",")[1:])


@lru_cache(maxsize=64)
def quotes(days: frozenset[date]) -> tuple[Quote, ...]:
    """The rates of one euro on those days that the history has, as published."""
    found = (row(day) for day in sorted(days))
    rows = [one for one in found if one is not None and one[0] in days]
    return tuple(Quote("EUR", symbol, Decimal(rate), day) for day, rates in rows for symbol, rate in rates.items())


def end(day: date) -> str:
    """A sentence if the ECB has published, or will, between the history's last day and that one; else ""."""
    last = last_day()
    later = (last + timedelta(days=count) for count in range(1, min((day - last).days, 3) + 1))
    if all(one.weekday() >= SATURDAY for one in later):
        return ""
    return f"the ECB's history in this package ends on {last}"


def check_day(day: date | None, provider: str) -> None:
    """Raises `NoRates` for a day after the end of the history: the rates before it were not in force any more."""
    if day is not None and (sentence := end(day)):
        raise NoRates(f"has no rates of {day} offline", provider=provider, hint=sentence)


def published(until: date) -> bytes:
    """The zip file without the days after `until`."""
    if until >= last_day():
        return file_bytes()
    from io import BytesIO
    from zipfile import ZipFile

    lines, packed = _rows().back_to(FIRST_DAY), BytesIO()
    with ZipFile(packed, "w") as written:
        kept = (_rows().head, *lines[_place(lines, until) :], b"")
        written.writestr("eurofxref-hist.csv", b"\n".join(kept))
    return packed.getvalue()


# --- the rows --------------------------------------------------------------------------------------------------------


class _Rows:
    """The lines of the file, newest first, decompressed as far back as any caller needed; safe for threads.

    head: the line with the currencies.
    """

    def __init__(self) -> None:
        self._packed = _first_member(file_bytes())
        self._unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        self._broken_off = b""
        self._lock = fork_safe_lock()
        self._lines: list[bytes] = []
        self._read_on()
        self.head = self._lines.pop(0)

    def back_to(self, day: date) -> list[bytes]:
        """The lines, at least back to the newest on or before a day."""
        wanted = day.isoformat().encode()
        if self._packed and self._lines[-1][:10] > wanted:
            with self._lock:
                while self._packed and self._lines[-1][:10] > wanted:
                    self._read_on()
        return self._lines

    def _read_on(self) -> None:
        """Adds the lines of the next piece; the last one may be broken off, and waits for its rest."""
        text = self._broken_off + self._unpack.decompress(self._packed[:PIECE_BYTES])
        self._packed = b"" if self._unpack.eof else self._packed[PIECE_BYTES:]
        *lines, self._broken_off = text.split(b"\n")
        self._lines += lines


@cache
def _rows() -> _Rows:
    return _Rows()


def _first_member(archive: bytes) -> bytes:
    """The compressed bytes of the archive's only file: after a header of 30 bytes, its name and an extra field."""
    name_size, extra_size = (int.from_bytes(archive[at : at + 2], "little") for at in (26, 28))
    return archive[30 + name_size + extra_size :]


def file_bytes() -> bytes:
    """The ECB's zip file; the package may stand in a zip file itself."""
    if os.path.isfile(FILE):
        with open(FILE, "rb") as file:
            return file.read()
    loader: Any = __spec__.loader
    body: bytes = loader.get_data(FILE)
    return body


def _place(lines: list[bytes], day: date, *, past: bool = False) -> int:
    """The place of the newest line on or before `day` (past: before it); the number of lines if there is none."""
    wanted = day.isoformat().encode()
    if past:
        return bisect_left(range(len(lines)), True, key=lambda place: lines[place][:10] < wanted)
    return bisect_left(range(len(lines)), True, key=lambda place: lines[place][:10] <= wanted)


def _parsed(line: bytes) -> Row:
    """A line's day and rates; N/A means that nothing was published."""
    day, *cells = line.decode().rstrip().rstrip(",").split(",")
    rates = {symbol: cell for symbol, cell in zip(symbols(), cells, strict=True) if cell != NOT_PUBLISHED}
    return date.fromisoformat(day), MappingProxyType(rates)


def _day(line: bytes) -> date:
    return date.fromisoformat(line[:10].decode())


# --- rates of any base -----------------------------------------------------------------------------------------------


def has(code: str) -> bool:
    """True for a currency that the history has on any day."""
    return code == "EUR" or code in symbols()


@lru_cache(maxsize=128)
def rates_on(base: str, day: date) -> tuple[date, Mapping[str, str]]:
    """The newest day on or before `day`, and the rates of one unit of base; `NotInHistory` if it lacks them."""
    found = row(day)
    if found is None:
        raise NotInHistory(f"the embedded ECB history begins on {FIRST_DAY}")
    if base != "EUR" and base not in found[1]:
        raise NotInHistory(f"the embedded ECB history has no {base} on {found[0]}")
    return found[0], _crossed(base, found[1])


def rates_between(base: str, first: date, last: date) -> Iterator[tuple[date, Mapping[str, str]]]:
    """The same for each published day from first to last on which the base has a rate, oldest first."""
    for day, rates in span(first, last):
        if base == "EUR" or base in rates:
            yield day, _crossed(base, rates)


def _crossed(base: str, rates: Mapping[str, str]) -> Mapping[str, str]:
    """The rates of one unit of base, its own first: published text for the euro, else quotients."""
    if base == "EUR":
        return {"EUR": "1", **rates}
    leg = Decimal(rates[base])
    figures = {base: "1", "EUR": _divided(ONE, leg)}
    figures.update((code, _divided(Decimal(rate), leg)) for code, rate in rates.items() if code != base)
    return figures


def _divided(rate: Decimal, leg: Decimal) -> str:
    return format(TWELVE.divide(rate, leg), "f")
