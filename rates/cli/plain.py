"""Tables for people as tabulate's format "simple" draws them, without importing it: a list is there at once."""

from __future__ import annotations

from collections.abc import Sequence

PADDING = 2  # tabulate's own: a column is at least that much wider than its header


def simple(headers: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """The table, its columns to the left, without a final line end."""
    columns = zip(headers, *lines, strict=True)
    widths = [max(len(head) + PADDING, *map(len, cells), 0) for head, *cells in columns]
    drawn = [headers, ["-" * width for width in widths], *lines]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in drawn
    )
