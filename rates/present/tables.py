"""Rates for people: one base's table, or a matrix of bases and symbols, each with its caption and legend."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rates.model import DerivedRate, RateTable
from rates.present.captions import matrix_caption, table_caption
from rates.present.pegs import pegged
from rates.present.rounding import shown, weak
from rates.present.tabular import Align, notes, rows
from rates.providers.published import absence

ABSENT = "\N{EN DASH}"
WEAK = "*"
WEAK_MEANS = "fewer than four significant digits behind it"
OLD = "†"
DERIVED = "§"
INSTEAD = "derived from the reverse rate, which is published with more digits"
PEGGED = "‡"
# Wider than this, a matrix leaves 80 columns: then the longer side goes down the page.
MATRIX_COLUMNS = 6


def single(table: RateTable, symbols: Sequence[str], digits: int, fmt: str, today: date) -> str:
    """One base's table: a line for each symbol; a column of days when they are not all of the table's day."""
    mixed = any(old(table, figure) for figure in _shown(table, symbols))
    lines = []
    for symbol in symbols:
        figure = table.figures.get(symbol)
        day = [str(figure.day) if figure else ABSENT] if mixed else []
        lines.append([symbol, cell(figure, digits), *day])
    body = rows(["symbol", "rate", *(["day"] if mixed else [])], lines, fmt, ("left", "decimal"))
    legend = _legend([table], symbols)
    return stacked([notes(table_caption(table, today), fmt), body, notes(legend, fmt)])


def matrix(tables: Sequence[RateTable], symbols: Sequence[str], digits: int, fmt: str, today: date) -> str:
    """All bases in one table: a row a base, a column a symbol; turned when the symbols are too many."""
    bases = [f"1 {table.base}" for table in tables]
    cells = [[_matrix_cell(table, symbol, digits) for symbol in symbols] for table in tables]
    corner, heads, sides = "base", list(symbols), bases
    if len(symbols) > max(len(tables), MATRIX_COLUMNS):
        cells = [list(line) for line in zip(*cells, strict=True)]
        corner, heads, sides = "symbol", bases, list(symbols)
    lines = [[side, *line] for side, line in zip(sides, cells, strict=True)]
    numbers: list[Align] = ["decimal"] * len(heads)
    body = rows([corner, *heads], lines, fmt, ["left", *numbers])
    legend = _legend(tables, symbols)
    if any(old(table, figure) for table in tables for figure in _shown(table, symbols)):
        legend.append(f"{OLD} of an earlier day; --layout table shows which")
    return stacked([notes(matrix_caption(tables, today), fmt), body, notes(legend, fmt)])


def _matrix_cell(table: RateTable, symbol: str, digits: int) -> str:
    figure = table.figures.get(symbol)
    return cell(figure, digits) + (OLD if figure and old(table, figure) else "")


def rate_text(table: RateTable, symbol: str, digits: int) -> str:
    """One rate by the rule of `digits`, for a sentence of one's own; a weak one says so in words."""
    figure = table.figures[symbol]
    return shown(figure, digits) + (f" ({WEAK_MEANS})" if weak(figure) else "")


def cell(figure: DerivedRate | None, digits: int) -> str:
    """A rate with its mark, or a dash where there is none."""
    if figure is None:
        return ABSENT
    marks = (WEAK if weak(figure) else "") + (PEGGED if figure.how == "pegged" else "")
    return shown(figure, digits) + marks + (DERIVED if figure.instead_of is not None else "")


def old(table: RateTable, figure: DerivedRate) -> bool:
    """True when the figure is of an earlier day than the table's newest."""
    return figure.how != "identity" and figure.day != table.day


def _shown(table: RateTable, symbols: Sequence[str]) -> list[DerivedRate]:
    return [table.figures[symbol] for symbol in symbols if symbol in table]


def _legend(tables: Sequence[RateTable], symbols: Sequence[str]) -> list[str]:
    """The lines under a table that its cells need, and no others."""
    lines = []
    if any(weak(figure) for table in tables for figure in _shown(table, symbols)):
        lines.append(f"{WEAK} {WEAK_MEANS}")
    if any(figure.instead_of is not None for table in tables for figure in _shown(table, symbols)):
        lines.append(f"{DERIVED} {INSTEAD}")
    lines += [f"{PEGGED} pegged: {peg}" for peg in pegged(f for table in tables for f in _shown(table, symbols))]
    newest = max(table.day for table in tables)
    provider = tables[0].provider if len({table.provider for table in tables}) == 1 else ""
    gone = [absence(provider, symbol, newest) for symbol in symbols if not any(symbol in table for table in tables)]
    return [*lines, *(line for line in gone if line)]


def stacked(parts: Sequence[str]) -> str:
    """Blocks of text with an empty line between them; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)
