"""Whose rates, of which side and day, how old: the lines above a table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from textwrap import fill

from rates.model import RateTable

# Not strftime: its names change with the locale.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WIDTH = 80


def age(day: date, today: date) -> str:
    """How old rates of that day are: "today", "1 day old", "24 days old", "for tomorrow"."""
    days = (today - day).days
    if days == 0:
        return "today"
    if days == -1:
        return "for tomorrow"
    if days < 0:
        return f"for {-days} days ahead"
    return "1 day old" if days == 1 else f"{days} days old"


def source(table: RateTable, today: date) -> str:
    """The pedigree, `frankfurter · reference · Fri 2026-10-30 (24 days old)`; "" without a provider."""
    if not table.provider:
        return ""
    dated = f"{_WEEKDAYS[table.day.weekday()][:3]} {table.day} ({age(table.day, today)})"
    return " · ".join(part for part in (table.provider, table.rate_type, dated) if part)


def asked(table: RateTable) -> str:
    """A line when the rates are of another day than was asked for, else ""."""
    if table.asked is None or table.asked == table.day:
        return ""
    weekday = _WEEKDAYS[table.asked.weekday()]
    return f"asked for {table.asked}, a {weekday}: these are the newest rates up to then"


def caption(table: RateTable, today: date) -> str:
    """Whose rates a table holds, and of which day, for a sentence of one's own above it."""
    return "\n".join(line for line in (source(table, today), asked(table)) if line)


def table_caption(table: RateTable, today: date) -> list[str]:
    """The lines above one base's table."""
    head = " · ".join(part for part in (f"1 {table.base}", source(table, today)) if part)
    return [line for line in (head, asked(table)) if line]


def matrix_caption(tables: Iterable[RateTable], today: date) -> list[str]:
    """The lines above a matrix: one source for all, or each source with its bases.

    Lines rather than columns for provider and day, which would make a matrix of five by five 90 columns wide.
    """
    sources: dict[str, list[str]] = {}
    notes: dict[str, None] = {}
    for table in tables:
        sources.setdefault(source(table, today), []).append(table.base)
        if note := asked(table):
            notes[note] = None
    if len(sources) == 1:
        return [*(line for line in sources if line), *notes]
    lines = (f"{' '.join(bases)}: {named or 'no source'}" for named, bases in sources.items())
    return [*(fill(line, WIDTH, subsequent_indent="  ") for line in lines), *notes]
