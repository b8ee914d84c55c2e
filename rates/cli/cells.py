"""Amounts and days in the cells of a column: what one cell leaves open, the other cells of its column may decide.

1.234 is a thousand and more if another amount is 99,95, and one and a part if another is 99.95. 03/04/2024 is in April
if another day is 31/12/2024, and in March if another is 12/31/2024. Without such a cell it has two meanings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from rates.cli.typed import amount
from rates.errors import UsageError, quoted
from rates.readers import day as read_day

ORDERS = ("dmy", "mdy")
_PLAIN = re.compile(r"-?\d{1,15}(?:\.(?:\d{1,2}|\d{4,6}))?", re.ASCII)
_BLANKS = str.maketrans("\xa0\u2007\u2009\u202f", "    ")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d\d.*)?|(\d{4})(\d\d)(\d\d)", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?: \d{1,2}:\d\d.*)?", re.ASCII)
_NAMED = ("D-M-Y", "D M Y", "M D, Y", "D-M-y")


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark that all clear amounts of a column agree on, "." or ","; "" if none is clear or they differ."""
    marks = {mark for cell in cells if (mark := _mark_of(cell))}
    return marks.pop() if len(marks) == 1 else ""


def _mark_of(cell: str) -> str:
    """The decimal mark of an amount; "" if it has none, or it is not clear."""
    marks = re.findall(r"[.,]", cell)
    if not marks:
        return ""
    other = {".": ",", ",": "."}
    if len(set(marks)) == 2:
        return marks[-1] if marks.count(marks[-1]) == 1 else ""
    if len(marks) > 1:
        return other[marks[0]]
    whole, _, rest = cell.strip().strip("()").rpartition(marks[0])
    decimals = re.match(r"\d*", rest, re.ASCII)
    grouped = decimals is not None and len(decimals.group()) == 3 and re.fullmatch(r"[-+]?[1-9]\d{0,2}", whole.strip())
    return "" if grouped else marks[0]


def read_amount(cell: str, mark: str) -> Decimal:
    """The amount in a cell; in parentheses, as accountants write it, or with a minus behind, it is negative."""
    if _PLAIN.fullmatch(cell) and mark != ",":
        return Decimal(cell)
    text = cell.translate(_BLANKS).strip().replace("\N{MINUS SIGN}", "-")
    negative = re.fullmatch(r"\(([^()+-]+)\)|([^()+-]+)-", text)
    try:
        return -amount(negative[1] or negative[2], mark) if negative else amount(text, mark)
    except UsageError as error:
        hint = "say which with --decimal" if "not clear" in error.detail else ""
        raise UsageError(error.detail if text else "no amount", hint=hint) from None


def day_order(cells: Iterable[str]) -> str:
    """The order of days like 31/12/2024 that all clear ones of a column agree on, "dmy" or "mdy"; "" for none."""
    orders = set()
    for cell in cells:
        found = _NUMBERS.fullmatch(cell.strip())
        if found and found[2] != "." and (int(found[1]) > 12) != (int(found[3]) > 12):
            orders.add("dmy" if int(found[1]) > 12 else "mdy")
    return orders.pop() if len(orders) == 1 else ""


def read_cell_day(cell: str, order: str) -> date:
    """The day in a cell; `UsageError` for no day, and for one with two meanings."""
    text = cell.strip()
    try:
        if found := _YEAR_FIRST.fullmatch(text):
            return date(*(int(found[part]) for part in ((1, 3, 4) if found[1] else (5, 6, 7))))
        if found := _NUMBERS.fullmatch(text):
            return _by_order(found, order)
    except ValueError as error:
        raise UsageError(f"{quoted(cell)} is not a day of the calendar: {error}") from None
    for form in _NAMED:
        try:
            return read_day(text, form)
        except ValueError:
            continue
    raise UsageError(f"not a day: {quoted(cell)}" if text else "no day")


def _by_order(found: re.Match[str], order: str) -> date:
    """The day of three numbers; with points between them it is a European one, the day first."""
    one, two, year = int(found[1]), int(found[3]), int(found[4])
    if len(found[4]) == 2:
        year += 1900 if year >= 70 else 2000
    order = "dmy" if found[2] == "." else order or ("dmy" if one > 12 else "mdy" if two > 12 else "")
    if not order and one != two:
        first, second = date(year, two, one), date(year, one, two)
        raise UsageError(f"{quoted(found.group())} may be {first} or {second}", hint="say which with --date-order")
    return date(year, one, two) if order == "mdy" else date(year, two, one)
