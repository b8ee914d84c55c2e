"""Bytes to rows, numbers and days; shared by all providers, pure.

Every function raises ValueError (or a subclass) with the offending text; `fetch.run_provider` makes it a ParseError.
Only the standard library's parsers are used, and defusedxml over them: isolated interpreters refuse compiled ones.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rates.readers.documents import (
    UNZIPPED_CAP,
    Element,
    child,
    counted,
    csv,
    excerpt,
    is_html,
    json_object,
    json_value,
    mapping,
    records,
    reported,
    rows,
    rows_between,
    text,
    unzip,
    whole_lines,
    xml,
)
from rates.readers.values import (
    EXACT,
    MOST_DIGITS,
    TROY_OUNCE_G,
    day,
    fifteen_digits,
    matched,
    midpoint,
    months,
    named,
    number,
    per_ounce,
    per_unit,
    searched,
    stamp_day,
    unix_day,
)

if TYPE_CHECKING:
    from rates.readers.html import (
        absolute,
        attributes,
        hidden,
        link,
        links,
        plain,
        rows_below,
        tables,
        whole_page,
    )
    from rates.readers.optional import pdf_text, xls_sheets
    from rates.readers.sdmx import has_rows, power_of_ten
    from rates.readers.soap import soap_call, soap_result
    from rates.readers.xlsx import serial_day, sheets

# Loaded when first used: most providers need none of them, and their expressions take 2 ms to compile.
_HOMES = {
    "html": ("absolute", "attributes", "hidden", "link", "links", "plain", "rows_below", "tables", "whole_page"),
    "optional": ("pdf_text", "xls_sheets"),
    "sdmx": ("has_rows", "power_of_ten"),
    "soap": ("soap_call", "soap_result"),
    "xlsx": ("serial_day", "sheets"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "EXACT",
    "MOST_DIGITS",
    "TROY_OUNCE_G",
    "UNZIPPED_CAP",
    "Element",
    "absolute",
    "attributes",
    "child",
    "counted",
    "csv",
    "day",
    "excerpt",
    "fifteen_digits",
    "has_rows",
    "hidden",
    "is_html",
    "json_object",
    "json_value",
    "link",
    "links",
    "mapping",
    "matched",
    "midpoint",
    "months",
    "named",
    "number",
    "pdf_text",
    "per_ounce",
    "per_unit",
    "plain",
    "power_of_ten",
    "records",
    "reported",
    "rows",
    "rows_below",
    "rows_between",
    "searched",
    "serial_day",
    "sheets",
    "soap_call",
    "soap_result",
    "stamp_day",
    "tables",
    "text",
    "unix_day",
    "unzip",
    "whole_lines",
    "whole_page",
    "xls_sheets",
    "xml",
]


def __getattr__(name: str) -> Any:
    """Loads a reader of pages, workbooks or messages from its module at first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'rates.readers' has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
