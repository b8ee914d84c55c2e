"""Cells in, text out: any table in any format of `tabulate`, or json, jsonl or csv. Knows nothing of rates.

Columns of alignment "decimal" are padded here: tabulate takes a marked figure (`0.0551*`) for a word.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from rates.present.encode import csv_text, json_text, jsonl_text
from rates.present.rounding import plain

Align = Literal["left", "right", "decimal"]
Cell = str | int | float | Decimal | bool | None | Sequence[str] | Mapping[str, str]

HTML_FORMATS = ("html", "unsafehtml")
LATEX_FORMATS = ("latex", "latex_booktabs", "latex_longtable", "latex_raw")
_WHOLE = re.compile(r"[^.*†‡§]*")  # what stands before the point, or before the mark of a figure without one


def rows(headers: Sequence[str], cells: Sequence[Sequence[Cell]], fmt: str, align: Sequence[Align] = ()) -> str:
    """A table in the format `fmt`, without a final line end.

    json and jsonl give objects keyed by header, with numbers, booleans and None as such; csv has a header.
    align: of each column, "left" where none is given; numbers are best "decimal" or "right".
    """
    if fmt == "json":
        return json_text([dict(zip(headers, line, strict=True)) for line in cells], expand=1)
    if fmt == "jsonl":
        return jsonl_text([dict(zip(headers, line, strict=True)) for line in cells])
    texts = [[_text(cell) for cell in line] for line in cells]
    if fmt == "csv":
        return csv_text(headers, texts)
    if fmt == "tsv":  # tabulate pads the cells, which a program would read as part of them
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in [headers, *texts])
    return _tabulated(headers, texts, fmt, (*align, *["left"] * (len(headers) - len(align))))


def _tabulated(headers: Sequence[str], texts: list[list[str]], fmt: str, align: Sequence[str]) -> str:
    """The table as tabulate draws it."""
    from tabulate import tabulate

    columns = list(zip(*texts, strict=True)) if texts else [()] * len(headers)
    padded = [on_point(column) if side == "decimal" else column for column, side in zip(columns, align, strict=True)]
    sides = ["left" if side == "left" else "right" for side in align]
    drawn = tabulate(
        list(zip(*padded, strict=True)),
        headers=list(headers),
        tablefmt=fmt,
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=sides if texts else None,
        headersalign=sides,
    )
    return _unpadded(drawn) if fmt in HTML_FORMATS else str(drawn)


def on_point(column: Sequence[str]) -> list[str]:
    """The texts of one column, padded to one width so that their decimal points stand under each other."""
    tails = [text[_WHOLE.match(text).end() :] for text in column]  # type: ignore[union-attr]  # it always matches
    tail = max(map(len, tails), default=0)
    level = [text + " " * (tail - len(end)) for text, end in zip(column, tails, strict=True)]
    width = max(map(len, level), default=0)
    return [text.rjust(width) for text in level]


def _unpadded(page: str) -> str:
    """HTML without the blanks that pad the cells."""
    return re.sub(r"(<t[dh][^>]*>) *(.*?) *(</t[dh]>)", r"\1\2\3", page)


def _text(cell: Cell) -> str:
    """A cell for people: exact decimals, yes and no, lists with commas, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, Mapping):
        return ", ".join(f"{key}={value}" for key, value in cell.items())
    if isinstance(cell, Sequence) and not isinstance(cell, str):
        return ", ".join(cell)
    return str(cell)


def notes(lines: Sequence[str], fmt: str) -> str:
    """Lines above or under a table, so that they do not break a document of that format."""
    parts = [part for line in lines for part in line.splitlines()]
    if fmt in HTML_FORMATS and parts:
        return "<p>" + "<br>\n".join(html.escape(part, quote=False) for part in parts) + "</p>"
    mark = "% " if fmt in LATEX_FORMATS else "# " if fmt == "tsv" else ""
    return "\n".join(mark + part for part in parts)
