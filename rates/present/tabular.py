"""Cells in, text out: any table in any format of `tabulate`, or json, jsonl or csv. Knows nothing of rates.

The usual format, "simple", is drawn by `layout`, which fits it to a terminal and spares the 35 ms that importing
tabulate takes. Decimals are written digit by digit: the standard library's `json` writes a Decimal as a number only by
way of a float, which keeps 17 digits and turns 0.0000551019 into 5.51019e-05.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from rates.present.layout import Column, folded, simple
from rates.present.rounding import plain

Cell = str | int | float | Decimal | date | bool | None | Sequence[str] | Mapping[str, str]

HTML_FORMATS = ("html", "unsafehtml")
LATEX_FORMATS = ("latex", "latex_booktabs", "latex_longtable", "latex_raw")
_WHOLE = re.compile(r"[^.*†‡§]*")  # what stands before the point, or before the mark of a figure without one


def rows(columns: Sequence[Column | str], cells: Sequence[Sequence[Cell]], fmt: str, width: int | None = None) -> str:
    """A table in the format `fmt`, without a final line end.

    json and jsonl give objects keyed by heading, with numbers, booleans and None as such; csv has a header line.
    columns: a bare heading is a column on the left that stays whole. width: of the terminal, which only "simple" uses.
    """
    described = [Column(column) if isinstance(column, str) else column for column in columns]
    headers = [column.name for column in described]
    if fmt in ("json", "jsonl"):
        return objects_text([dict(zip(headers, line, strict=True)) for line in cells], fmt, expand=1)
    texts = [[_text(cell) for cell in line] for line in cells]
    if fmt == "csv":
        import csv  # as html and json below: 2 ms, which a table for people must not pay for
        import io

        page = io.StringIO()
        csv.writer(page, lineterminator="\n").writerows([headers, *texts])
        return page.getvalue().removesuffix("\n")
    if fmt == "tsv":  # tabulate pads the cells, which a program would read as part of them
        return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in [headers, *texts])
    padded = _on_points(described, texts)
    return simple(described, padded, width) if fmt == "simple" else _tabulated(described, padded, fmt)


def _tabulated(columns: Sequence[Column], texts: Sequence[Sequence[str]], fmt: str) -> str:
    """The table as tabulate draws it."""
    from tabulate import tabulate

    sides = ["left" if column.align == "left" else "right" for column in columns]
    drawn = tabulate(
        texts,
        headers=[column.name for column in columns],
        tablefmt=fmt,
        disable_numparse=True,
        preserve_whitespace=True,
        colalign=sides if texts else None,
        headersalign=sides,
    )
    if fmt in HTML_FORMATS:  # without the blanks that pad the cells
        return re.sub(r"(<t[dh][^>]*>) *(.*?) *(</t[dh]>)", r"\1\2\3", drawn)
    return str(drawn)


def _on_points(columns: Sequence[Column], texts: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """The rows, the decimals of each column under each other: tabulate takes a marked one (`0.0551*`) for a word."""
    by_column = zip(columns, zip(*texts, strict=True), strict=True) if texts else ()
    padded = [on_point(cells) if column.align == "decimal" else cells for column, cells in by_column]
    return list(zip(*padded, strict=True))


def on_point(column: Sequence[str]) -> list[str]:
    """The texts of one column, padded to one width so that their decimal points stand under each other."""
    tails = [text[_WHOLE.match(text).end() :] for text in column]  # type: ignore[union-attr]  # it always matches
    tail = max(map(len, tails), default=0)
    level = [text + " " * (tail - len(end)) for text, end in zip(column, tails, strict=True)]
    width = max(map(len, level), default=0)
    return [text.rjust(width) for text in level]


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


def notes(lines: Sequence[str], fmt: str, width: int | None = None) -> str:
    """Lines above or under a table, so that they do not break a document of that format."""
    parts = [part for line in lines for part in line.splitlines()]
    if fmt in HTML_FORMATS and parts:
        import html

        return "<p>" + "<br>\n".join(html.escape(part, quote=False) for part in parts) + "</p>"
    if fmt == "simple":
        return folded("\n".join(parts), width)
    mark = "% " if fmt in LATEX_FORMATS else "# " if fmt == "tsv" else ""
    return "\n".join(mark + part for part in parts)


def stacked(parts: Sequence[str]) -> str:
    """Blocks of text with an empty line between them; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)


def json_text(value: object, expand: int = 0, indent: str = "") -> str:
    """JSON of mappings, sequences, days and scalars; the outer `expand` levels get a line an entry."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"JSON has no number for {value}")
        return plain(value)
    inner = indent + "  "
    if isinstance(value, Mapping):
        pairs = [f"{json_text(str(key))}: {json_text(entry, expand - 1, inner)}" for key, entry in value.items()]
        return _enclosed("{", pairs, "}", expand > 0, indent)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _enclosed("[", [json_text(entry, expand - 1, inner) for entry in value], "]", expand > 0, indent)
    import json

    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=date.isoformat)


def _enclosed(left: str, entries: list[str], right: str, lines: bool, indent: str) -> str:
    if not lines or not entries:
        return left + ", ".join(entries) + right
    inner = "\n" + indent + "  "
    return left + inner + f",{inner}".join(entries) + "\n" + indent + right


def objects_text(values: Sequence[object], fmt: str, expand: int) -> str:
    """A list as json, or as jsonl: one value a line; without a final line end."""
    return "\n".join(map(json_text, values)) if fmt == "jsonl" else json_text(values, expand)
