"""The European Central Bank's reference rates since 1999-01-04, embedded in the package: by day, and for any base.

Source: European Central Bank, https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, free to reuse if the source
is named (see eurofxref-hist.txt). Rows are newest first: the first 64 kB, decompressed in a millisecond, hold the last
year. The whole file (2 MB) is decompressed once, kept, and searched by bisection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO
from zipfile import ZipFile

from rates.errors import NoRates
from rates.forks import fork_safe_lock
from rates.model import ONE, Quote

FILE = Path(__file__).with_name("eurofxref-hist.zip")
FIRST_DAY = date(1999, 1, 4)
SATURDAY = 5
HEAD_BYTES = 64 * 1024
# Twelve digits are more than any service publishes, and twice as many as the ECB does.
TWELVE = Context(prec=12, rounding=ROUND_HALF_EVEN)

Row = tuple[date, Mapping[str, str]]

_lock = fork_safe_lock()


class NotInHistory(Exception):
    """The history lacks that currency, that day, or both; the message names them."""


@lru_cache(maxsize=64)
def row(day: date) -> Row | None:
    """The newest day on or before `day`, and the rates of one euro as published; None before the first day."""
    text = _text(str(day))
    start = _offset(text, str(day))
    return _parsed(text[start : text.index(b"\n", start)]) if start < len(text) else None


def span(first: date, last: date) -> Iterator[Row]:
    """The rows from first to last, both included, oldest first."""
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
    """The currencies that the history has on any day, in its order, without the euro."""
    return tuple(_head()[: _first_row()].decode().strip().rstrip(",").split(",")[1:])


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
        with _file() as file:
            return file.read()
    text, packed = _text(str(FIRST_DAY)), BytesIO()
    with ZipFile(packed, "w") as written:
        written.writestr("eurofxref-hist.csv", text[: _first_row()] + text[_offset(text, str(until)) :])
    return packed.getvalue()


def _parsed(line: bytes) -> Row:
    """A line's day and rates; N/A means that nothing was published."""
    day, *cells = line.decode().rstrip(",").split(",")
    rates = {symbol: cell for symbol, cell in zip(symbols(), cells, strict=True) if cell != "N/A"}
    return date.fromisoformat(day), MappingProxyType(rates)


def _offset(text: bytes, day: str, *, past: bool = False) -> int:
    """The offset of the first row on or before `day` (past: before it); the end of the text if there is none."""
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
    """The rows at least back to the newest on or before `oldest`."""
    head = _head()
    last_row = head[head.rfind(b"\n", 0, -1) + 1 :]
    return head if last_row[:10].decode() < oldest else _whole()


@cache
def _first_row() -> int:
    return _head().index(b"\n") + 1


@cache
def _head() -> bytes:
    """The header and the newest rows, in whole lines."""
    text = _unpacked(HEAD_BYTES)
    return text[: text.rindex(b"\n") + 1]


_all: list[bytes] = []


def _whole() -> bytes:
    """All rows; decompressed by one thread only."""
    with _lock:
        if not _all:
            _all.append(_unpacked(-1))
        return _all[0]


def _file() -> BinaryIO:
    """The file of the history; the package may stand in a zip file itself."""
    if FILE.is_file():
        return FILE.open("rb")
    loader: Any = __spec__.loader
    return BytesIO(loader.get_data(str(FILE)))


def _unpacked(size: int) -> bytes:
    with _file() as file, ZipFile(file) as packed, packed.open("eurofxref-hist.csv") as rows:
        return rows.read(size)


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
