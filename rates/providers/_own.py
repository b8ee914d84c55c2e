"""The user's own rates: those of a contract, or of the bank's counter, in a CSV or TOML file.

    base,symbol,rate,day,valid_from,valid_to,note
    USD,EUR,0.9105,2026-01-05,,,
    GBP,EUR,1.1700,,2026-01-01,2026-06-30,contract 4711
    GBP,EUR,1.1650,,2026-07-01,,until further notice

    [[rate]]
    base = "USD"
    symbol = "EUR"
    rate = 0.9105
    day = 2026-01-05

One unit of `base` costs `rate` units of `symbol`: on `day`, or from `valid_from` to `valid_to`, both included. Without
`valid_to` a rate holds until the next one of its pair begins. `note` is for people. A CSV needs only the columns that
it uses; semicolons or tabs may separate them, and with semicolons the rates may have a decimal comma.

A rate of a period is never used outside it. The figures are exact: none is taken for a rounded one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from rates.currencies import code, current_unit, ended, not_begun
from rates.defaults import OWN
from rates.errors import RatesError, Unsupported, quoted, suggest
from rates.model import Provider, Query, Quote
from rates.providers import Steps
from rates.readers import day as read_day
from rates.readers import number, numbered_csv

PROVIDER = Provider(
    key=OWN,
    name="Your own rates",
    rate_type="your own rates",
    cadence="as you write them",
    published="in the file that the setting own names",
    since=date.min,
    kind="service",
    official=False,
)

COLUMNS = ("base", "symbol", "rate", "day", "valid_from", "valid_to", "note")
_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*(\S+?)[ \t]*\]\]", re.MULTILINE)
DAY = timedelta(days=1)


class Row(NamedTuple):
    """One entry of the file: its line, and its cells by the name of their column; "" or None for an empty one."""

    line: int
    cells: Mapping[str, Any]


class Line(NamedTuple):
    """A quote and the line that it stands in."""

    number: int
    quote: Quote


def steps(query: Query) -> Steps:
    """Own rates are not asked for: `rates.own_rates` reads their file."""
    raise Unsupported("own rates come from a file, not from a server", provider=OWN)


def parse(body: bytes) -> tuple[Quote, ...]:
    """The quotes, by pair and day; ValueError with the line of a wrong value, or both lines of two that contradict."""
    rows = _toml_rows(body) if _TABLE.search(body.decode("utf-8", "replace")) else _csv_rows(body)
    lines = [Line(row.line, _quote(row)) for row in rows]
    if not lines:
        raise ValueError("holds no rates")
    return tuple(_closed(sorted(lines, key=lambda line: line.quote[:2] + line.quote[3:4])))


def _csv_rows(body: bytes) -> Iterator[Row]:
    head = body.decode("utf-8-sig").lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    names = [name.strip().strip('"').strip().lower() for name in head.strip().split(delimiter)] if head.strip() else []
    _check_names(names, 1)
    commas = points = 0
    for line, cells in numbered_csv(body, delimiter=delimiter):
        found = {str(name).strip().lower(): cell.strip() for name, cell in cells.items()}
        if not any(found.values()):
            continue  # a spreadsheet writes empty rows as delimiters alone
        if delimiter == ";":
            commas, points = commas + ("," in found["rate"]), points + ("." in found["rate"])
            if commas and points:
                raise ValueError(f"line {line}: some rates have a decimal comma and some a point")
            found["rate"] = found["rate"].replace(",", ".")
        yield Row(line, found)


def _toml_rows(body: bytes) -> Iterator[Row]:
    text = body.decode("utf-8-sig")
    document = tomllib.loads(text, parse_float=Decimal)
    for name, value in document.items():
        if name != "rate" or not isinstance(value, list):
            raise ValueError(f"unknown name {quoted(name)}; the rates are tables [[rate]]")
    begins = [text.count("\n", 0, found.start(1)) + 1 for found in _TABLE.finditer(text) if found[1] == "rate"]
    for line, table in zip(begins, document["rate"], strict=False):
        _check_names(table, line)
        yield Row(line, table)


def _check_names(names: Iterable[str], line: int) -> None:
    """Refuses an unknown column, and a file or entry without the needed ones."""
    names = tuple(names)
    for name in names:
        if name not in COLUMNS:
            hint = suggest(name, COLUMNS, f"known are {', '.join(COLUMNS)}")
            raise ValueError(f"line {line}: unknown column {quoted(name)}; {hint}")
        if names.count(name) > 1:
            raise ValueError(f"line {line}: two columns {name}")
    if missing := [name for name in COLUMNS[:3] if name not in names]:
        raise ValueError(f"line {line}: no {' and no '.join(missing)}")
    if "day" not in names and "valid_from" not in names:
        raise ValueError(f"line {line}: no day and no valid_from")


def _quote(row: Row) -> Quote:
    """One entry as a quote; each message begins with the line."""
    try:
        first, last = _days(row.cells)
        base, symbol = (_currency(row.cells[side], first, last) for side in ("base", "symbol"))
        rate = number(row.cells["rate"])
        if rate <= 0:
            raise ValueError(f"a rate is more than zero, not {rate}")
        if base == symbol:
            raise ValueError(f"{base} costs one {symbol}, always")
        return Quote(base, symbol, rate, first, last)
    except RatesError as error:
        raise ValueError(f"line {row.line}: {error}") from None
    except ValueError as error:
        raise ValueError(f"line {row.line}: {error}") from None


def _days(cells: Mapping[str, Any]) -> tuple[date, date | None]:
    """The first day, and for a period the last one."""
    day, first, last = (_day(name, cells.get(name)) for name in ("day", "valid_from", "valid_to"))
    if (day is None) == (first is None):
        raise ValueError("a rate has either a day or a valid_from")
    if day is not None:
        if last is not None:
            raise ValueError("a rate of one day has no valid_to")
        return day, None
    assert first is not None
    if last is not None and last < first:
        raise ValueError(f"valid_to = {last} is before valid_from = {first}")
    return first, last or date.max


def _day(name: str, value: object) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):  # of a TOML file
        return value.date() if isinstance(value, datetime) else value
    try:
        return read_day(value)
    except ValueError:
        raise ValueError(f"{name} = {quoted(value)} is not a day like 2026-01-05") from None


def _currency(text: str, first: date, last: date | None) -> str:
    """The code of a currency that was in use from the first to the last day."""
    symbol = code(text)
    if reason := not_begun(symbol, first) or ended(symbol, first if last is None or last == date.max else last):
        raise ValueError(reason)
    if (unit := current_unit(symbol, first)).unit != symbol:
        raise ValueError(f"{'; '.join(unit.sentences())}: write the rate of {unit.unit}")
    return symbol


def _closed(lines: list[Line]) -> Iterator[Quote]:
    """The quotes, each open period ended by the next of its pair; ValueError for two rates of one pair and day."""
    for place, (line, quote) in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        if following is None or following.quote[:2] != quote[:2]:
            yield quote
            continue
        begins = following.quote.day
        if quote.valid_to == date.max and following.quote.valid_to is not None and begins > quote.day:
            yield quote._replace(valid_to=begins - DAY)
        elif begins <= (quote.valid_to or quote.day):
            both = sorted((line, following.number))
            raise ValueError(f"lines {both[0]} and {both[1]}: two rates of {quote.base}/{quote.symbol} for {begins}")
        else:
            yield quote
