"""Bytes to rows, numbers and days; shared by all providers, pure.

Every function raises ValueError (or a subclass) with the offending text; `fetch.run_provider` makes it a ParseError.
Only the standard library's parsers are used, and defusedxml over them: isolated interpreters refuse compiled ones.
"""

from __future__ import annotations

from rates.readers.documents import (
    UNZIPPED_CAP,
    child,
    csv,
    is_html,
    json_value,
    mapping,
    rows,
    text,
    unzip,
    whole_lines,
    xml,
)
from rates.readers.html import attributes, hidden, links, plain, tables
from rates.readers.values import (
    EXACT,
    MOST_DIGITS,
    TROY_OUNCE_G,
    day,
    midpoint,
    number,
    per_ounce,
    per_unit,
    unix_day,
)
from rates.readers.xlsx import serial_day, sheets

__all__ = [
    "EXACT",
    "MOST_DIGITS",
    "TROY_OUNCE_G",
    "UNZIPPED_CAP",
    "attributes",
    "child",
    "csv",
    "day",
    "hidden",
    "is_html",
    "json_value",
    "links",
    "mapping",
    "midpoint",
    "number",
    "per_ounce",
    "per_unit",
    "plain",
    "rows",
    "serial_day",
    "sheets",
    "tables",
    "text",
    "unix_day",
    "unzip",
    "whole_lines",
    "xml",
]
