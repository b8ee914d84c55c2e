"""Text that fits a terminal: tables and sentences that are wider than it, laid out anew. Pure, but for `width_of`.

Works on finished text in the format "simple", whose second line tells where each column begins and ends; what goes
into a file or a pipe, or is of another format, is never touched. A table that is too wide

1. gives away the blanks of its columns, and breaks its sentences and headings between words; where that is not enough,
2. it is cut between columns into several, each with the first column; where a word alone, such as an address, takes
   more than half of the screen,
3. each row becomes a block of its own, a line a cell, and the address stays whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TextIO

GAP = "  "
USUAL, LEAST = 80, 20  # columns of a terminal that does not tell them, and fewest that anything is laid out for
LONG = 16  # from so many characters on a cell with blanks is a sentence, which may be broken; "25 days old" is none
_RULE = re.compile(r"-+(?:  -+)*\s*")

Column = list[str]  # the heading and the cells under it, as they stand there


def fitted(text: str, stream: TextIO | None) -> str:
    """The text as the stream can show it: unchanged but for a terminal that is narrower."""
    width = width_of(stream)
    return text if width is None else fit(text, width)


def width_of(stream: TextIO | None) -> int | None:
    """The columns of a terminal, which COLUMNS overrules; None for what is no terminal."""
    if stream is None or not stream.isatty():
        return None
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told) > 0:
        return max(LEAST, int(told))
    try:
        return max(LEAST, os.get_terminal_size(stream.fileno()).columns or USUAL)
    except (OSError, ValueError):
        return USUAL


def fit(text: str, width: int) -> str:
    """The text with no line wider than that, as far as its words allow."""
    blocks = re.split(r"(\n{2,}|\n\Z)", text)
    return "".join(block if place % 2 else _block(block, width) for place, block in enumerate(blocks))


def _block(block: str, width: int) -> str:
    """One table or some lines."""
    lines = block.split("\n")
    if all(len(line.rstrip()) <= width for line in lines):
        return block
    if len(lines) > 1 and _RULE.fullmatch(lines[1]):
        return _table(columns_of(lines), width)
    return "\n".join(fold(line, width) for line in _unfolded(lines))


def _unfolded(lines: Sequence[str]) -> list[str]:
    """The lines as they were before they were broken for a wider screen: what goes on under a last column."""
    whole: list[str] = []
    hanging = 0
    for line in lines:
        indent = len(line) - len(line.lstrip())
        begins = _begins(line)
        if whole and begins == [hanging]:
            whole[-1] += " " + line.lstrip()
            continue
        whole.append(line)
        hanging = begins[-1] if begins and begins[-1] > indent else indent + len(GAP)
    return whole


def _begins(line: str) -> list[int]:
    """Where its words begin that stand after more than one blank: those of its columns."""
    return [match.end() for match in re.finditer(r"(?:^| ) +(?=\S)", line)]


def fold(line: str, width: int, indent: int | None = None) -> str:
    """One line over several, under its last column; a word stays whole."""
    from textwrap import wrap

    if len(line) <= width:
        return line
    if indent is None:
        indent = next((end for end in reversed(_begins(line)) if end <= width // 2), 0)
    head, tail = line[:indent], line[indent:]
    parts = wrap(tail, max(1, width - indent), break_long_words=False, break_on_hyphens=False)
    return head + ("\n" + " " * indent).join(parts)


def columns_of(lines: Sequence[str]) -> list[Column]:
    """The columns of a table that hold anything, without the blanks that all their cells begin or end with."""
    starts = [match.start() for match in re.finditer("-+", lines[1])]
    found = []
    for start, end in pairwise([*starts, max(map(len, lines)) + len(GAP)]):
        cells = [line[start : end - len(GAP)] for line in (lines[0], *lines[2:])]
        left = min((len(cell) - len(cell.lstrip()) for cell in cells if cell.strip()), default=0)
        found.append([cell[left:].rstrip() for cell in cells])
    return [column for column in found if any(column)]


def _table(columns: Sequence[Column], width: int) -> str:
    """The table in as many columns as are there."""
    least = [_least(column) for column in columns]
    if _total(least) <= width:
        return _drawn(columns, _widths(columns, least, width))
    if max(least) > width // 2:
        return _records(columns, width)
    parts: list[list[int]] = [[0]]
    for place in range(1, len(columns)):
        if len(parts[-1]) > 1 and _total([least[known] for known in (*parts[-1], place)]) > width:
            parts.append([0])
        parts[-1].append(place)
    drawn = []
    for part in parts:
        some, narrow = [columns[place] for place in part], [least[place] for place in part]
        drawn.append(_drawn(some, _widths(some, narrow, width)))
    return "\n\n".join(drawn)


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _least(column: Column) -> int:
    """The narrowest that a column may be: its longest word, or cell where that is no sentence."""
    heading, *cells = column
    sentences = any(len(cell) >= LONG and " " in cell.strip() for cell in cells)
    words = [word for cell in cells for word in cell.split()] if sentences else cells
    return max(map(len, (*heading.split(), *words)), default=0)


def _widths(columns: Sequence[Column], least: Sequence[int], width: int) -> list[int]:
    """The widths: the widest gives a place at a time until all fit, or none has one to give."""
    widths = [max(map(len, column)) for column in columns]
    while _total(widths) > width:
        giving = [place for place, least_of in enumerate(least) if widths[place] > least_of]
        if not giving:
            break
        widths[max(giving, key=lambda place: widths[place])] -= 1
    return widths


def _drawn(columns: Sequence[Column], widths: Sequence[int]) -> str:
    """The table, a row over as many lines as its cells need."""
    rows = list(zip(*columns, strict=True))
    lines = [_row(rows[0], widths), GAP.join("-" * width for width in widths)]
    return "\n".join((*lines, *(_row(row, widths) for row in rows[1:])))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    from itertools import zip_longest

    broken = [fold(cell, width, 0).split("\n") for cell, width in zip(cells, widths, strict=True)]
    lines = zip_longest(*broken, fillvalue="")
    return "\n".join(
        GAP.join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _records(columns: Sequence[Column], width: int) -> str:
    """A block a row: the heading and the cell on each line."""
    headings = [column[0].strip() for column in columns]
    indent = max(map(len, headings)) + len(GAP)
    rows = zip(*(column[1:] for column in columns), strict=True)
    blocks = [
        "\n".join(
            fold(f"{heading:{indent}}{cell.strip()}", width, indent)
            for heading, cell in zip(headings, row, strict=True)
            if cell.strip()
        )
        for row in rows
    ]
    return "\n\n".join(blocks)
