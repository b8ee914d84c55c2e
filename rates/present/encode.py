"""Data in, text out: JSON, JSON lines and CSV, with decimals written digit by digit.

The standard library's `json` writes a Decimal as a number only by way of a float, which keeps 17 digits and
turns 0.0000551019 into 5.51019e-05.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from rates.present.rounding import plain


def encode(value: object, expand: int = 0, indent: str = "") -> str:
    """JSON text of mappings, sequences and scalars; the outer `expand` levels get a line an entry."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"JSON has no number for {value}")
        return plain(value)
    inner = indent + "  "
    if isinstance(value, Mapping):
        pairs = [f"{encode(str(key))}: {encode(entry, expand - 1, inner)}" for key, entry in value.items()]
        return _enclosed("{", pairs, "}", expand > 0, indent)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _enclosed("[", [encode(entry, expand - 1, inner) for entry in value], "]", expand > 0, indent)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _enclosed(left: str, entries: list[str], right: str, lines: bool, indent: str) -> str:
    if not lines or not entries:
        return left + ", ".join(entries) + right
    inner = "\n" + indent + "  "
    return left + inner + f",{inner}".join(entries) + "\n" + indent + right


def json_text(value: Sequence[object], expand: int) -> str:
    """A JSON document of a list."""
    return encode(value, expand)


def jsonl_text(values: Sequence[object]) -> str:
    """One JSON value a line, without a final line end."""
    return "\n".join(encode(value) for value in values)


def csv_text(headers: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """CSV with a header line, lines ended by a bare line feed, without the last one."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(lines)
    return page.getvalue().removesuffix("\n")
