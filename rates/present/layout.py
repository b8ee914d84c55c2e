"""Text laid out for the width of a terminal. Pure: a width is a number of columns, None for a file or a pipe.

A file or a pipe gets every column and every character. On a terminal a row stays one line where that is possible: a
table that is too wide, in this order,

1. gives up the padding of its columns;
2. leaves out columns that may be dropped, the least important first, as few as are enough;
3. shortens cells that may be cut, in the column that loses the fewest letters: `Central Bank of the Rep…`;
4. is split between columns into several tables, each with the first column, when 2 and 3 are not enough;
5. becomes a block a row, a line a cell, when one column alone is too wide for that: an address stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

Align = Literal["left", "right", "decimal"]

GAP = "  "
PADDING = 2  # tabulate's: a column is at least so much wider than its heading
_COUNT = re.compile(r"\b(\d+) (?=[a-z%])")
LINE = 80  # where text is folded that has no terminal's width


class Column(NamedTuple):
    """A column of a table, and how it may shrink on a terminal that is too narrow.

    cut: the fewest characters its cells may be shortened to; 0 when they must stay whole. drop: its turn when columns
    are left out, 1 for the first to go; 0 when it must stay.
    """

    name: str
    align: Align = "left"
    cut: int = 0
    drop: int = 0


class _Filled(NamedTuple):
    """A column with its cells as text."""

    column: Column
    cells: tuple[str, ...]

    @property
    def natural(self) -> int:
        """The width that shows all of it."""
        return max(len(self.column.name), *map(len, self.cells), 0)

    @property
    def least(self) -> int:
        """The narrowest that it may be."""
        return min(self.natural, max(self.column.cut, len(self.column.name))) if self.column.cut else self.natural

    def longer(self, width: int) -> int:
        """How many of its cells are longer than that."""
        return sum(len(cell) > width for cell in self.cells)

    @property
    def padded(self) -> int:
        """The width that it has where there is room."""
        return max(self.natural, len(self.column.name) + PADDING)


def simple(columns: Sequence[Column], lines: Sequence[Sequence[str]], width: int | None = None) -> str:
    """A table in the format "simple", as tabulate draws it where it fits, without a final line end."""
    cells = zip(*lines, strict=True) if lines else [()] * len(columns)
    filled = [_Filled(column, tuple(texts)) for column, texts in zip(columns, cells, strict=True)]
    padded = [one.padded for one in filled]
    if width is None or _total(padded) <= width:
        return _drawn(filled, padded)
    filled = [one for one in filled if one.natural]
    kept = _without_the_least_important(filled, width)
    if kept is not None:
        return _narrowed(kept, width)
    first, *others = filled
    if any(_total([first.least, one.least]) > width for one in others):
        return _blocks(filled, width)
    return "\n\n".join(_narrowed([first, *part], width) for part in _parts(first, others, width))


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _without_the_least_important(filled: Sequence[_Filled], width: int) -> list[_Filled] | None:
    """The columns that fit at their narrowest, as many as possible; None when those that must stay do not."""
    for turn in sorted({0, *(one.column.drop for one in filled)}):
        kept = [one for one in filled if not 0 < one.column.drop <= turn]
        if _total([one.least for one in kept]) <= width:
            return kept
    return None


def _narrowed(filled: Sequence[_Filled], width: int) -> str:
    """The table with all padding, or else without any, and then with cells cut: where fewest are longer."""
    widths = [one.padded for one in filled]
    if _total(widths) > width:
        widths = [one.natural for one in filled]
    limits = [one.least for one in filled]
    while _total(widths) > width:
        wide = [place for place, limit in enumerate(limits) if widths[place] > limit]
        if not wide:
            break
        widths[min(wide, key=lambda place: (filled[place].longer(widths[place] - 1), -widths[place]))] -= 1
    return _drawn(filled, widths)


def _parts(first: _Filled, others: Sequence[_Filled], width: int) -> list[list[_Filled]]:
    """The other columns in groups that fit beside the first one."""
    parts: list[list[_Filled]] = [[]]
    for one in others:
        if parts[-1] and _total([each.least for each in (first, *parts[-1], one)]) > width:
            parts.append([])
        parts[-1].append(one)
    return parts


def _drawn(filled: Sequence[_Filled], widths: Sequence[int]) -> str:
    """Heading, rule and rows, each one line."""
    rules = ["-" * width for width in widths]
    lines = [[one.column.name for one in filled], rules, *zip(*(one.cells for one in filled), strict=True)]
    return "\n".join(GAP.join(map(_cell, line, filled, widths)).rstrip() for line in lines)


def _cell(text: str, filled: _Filled, width: int) -> str:
    """A cell of exactly that width."""
    text = shortened(" ".join(text.splitlines()), width)
    return text.ljust(width) if filled.column.align == "left" else text.rjust(width)


def _blocks(filled: Sequence[_Filled], width: int) -> str:
    """A block a row: the heading and the cell on each line."""
    widest = max(len(one.column.name) for one in filled)
    headings = [one.column.name.ljust(widest) for one in filled]
    rows = zip(*(one.cells for one in filled), strict=True)
    blocks = ([(name, cell.strip()) for name, cell in zip(headings, row, strict=True) if cell.strip()] for row in rows)
    return "\n\n".join(aligned(block, width) for block in blocks)


def shortened(text: str, width: int) -> str:
    """At most so many characters; what is cut ends with `…`."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def aligned(rows: Sequence[Sequence[str]], width: int | None = None, indent: str = "") -> str:
    """Rows without headings: each cell stands under the one above; the last one of a row is folded under itself."""
    heads = [row[:-1] for row in rows]
    most = max(map(len, heads), default=0)
    sizes = [max(len(head[place]) for head in heads if place < len(head)) for place in range(most)]
    begun = [indent + "".join(f"{cell:{size}}{GAP}" for cell, size in zip(head, sizes, strict=False)) for head in heads]
    return "\n".join(_folded(row[-1], head, len(head), width) for row, head in zip(rows, begun, strict=True))


def folded(text: str, width: int | None) -> str:
    """Sentences, a line each; further lines of a folded one are indented."""
    return "\n".join(_folded(line, "", len(GAP), width) for line in text.split("\n"))


def _folded(text: str, head: str, hanging: int, width: int | None) -> str:
    """The head and the text on one line, or folded between words; a longer word than a line stays whole."""
    if width is None or len(head) + len(text) <= width:
        return (head + text).rstrip()
    from textwrap import wrap

    text = _COUNT.sub("\\1\N{NO-BREAK SPACE}", text)  # a count stays on the line of its word
    if hanging > width // 2:  # too little would fit beside it
        hanging = 2 * len(GAP)
    lines = wrap(text, width, initial_indent=head, subsequent_indent=" " * hanging,
                 break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def entry(title: str, fields: Mapping[str, str], width: int | None = None) -> str:
    """A title, and under it the fields by name; empty ones are left out.

    Never wider than `LINE`, where the words allow; without a width a field with an address stays one line.
    """
    names = max(len(name) for name, text in fields.items() if text)
    lines = (
        aligned([(name.ljust(names), text)], None if width is None and "://" in text else min(width or LINE, LINE), GAP)
        for name, text in fields.items()
        if text
    )
    return "\n".join((title, *lines))
