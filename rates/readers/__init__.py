"""Bytes to rows, numbers and days; shared by all providers, pure.

Every function raises ValueError (or a subclass) with the offending text; `fetch.run_provider` makes it a ParseError.
Only the standard library's parsers are used, and defusedxml over them: isolated interpreters refuse compiled ones.

Documented in its modules: `documents` (text, JSON, XML, CSV, zip), `values` (numbers, days), `html`, `xlsx`, `services`
(SOAP, SDMX) and `optional` (xls, PDF). A name that is imported here as itself is public: type checkers take that for an
export.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rates.readers.values import EXACT as EXACT
from rates.readers.values import MOST_DIGITS as MOST_DIGITS
from rates.readers.values import TROY_OUNCE_G as TROY_OUNCE_G
from rates.readers.values import day as day
from rates.readers.values import fifteen_digits as fifteen_digits
from rates.readers.values import matched as matched
from rates.readers.values import midpoint as midpoint
from rates.readers.values import months as months
from rates.readers.values import named as named
from rates.readers.values import number as number
from rates.readers.values import per_ounce as per_ounce
from rates.readers.values import per_unit as per_unit
from rates.readers.values import period as period
from rates.readers.values import searched as searched
from rates.readers.values import stamp_day as stamp_day
from rates.readers.values import unix_close_day as unix_close_day
from rates.readers.values import unix_day as unix_day

if TYPE_CHECKING:
    from rates.readers.documents import UNZIPPED_CAP as UNZIPPED_CAP
    from rates.readers.documents import Element as Element
    from rates.readers.documents import child as child
    from rates.readers.documents import counted as counted
    from rates.readers.documents import csv as csv
    from rates.readers.documents import excerpt as excerpt
    from rates.readers.documents import is_html as is_html
    from rates.readers.documents import json_object as json_object
    from rates.readers.documents import json_value as json_value
    from rates.readers.documents import mapping as mapping
    from rates.readers.documents import numbered_csv as numbered_csv
    from rates.readers.documents import records as records
    from rates.readers.documents import reported as reported
    from rates.readers.documents import rows as rows
    from rates.readers.documents import rows_between as rows_between
    from rates.readers.documents import text as text
    from rates.readers.documents import unzip as unzip
    from rates.readers.documents import whole_lines as whole_lines
    from rates.readers.documents import xml as xml
    from rates.readers.html import absolute as absolute
    from rates.readers.html import attributes as attributes
    from rates.readers.html import hidden as hidden
    from rates.readers.html import link as link
    from rates.readers.html import links as links
    from rates.readers.html import plain as plain
    from rates.readers.html import rows_below as rows_below
    from rates.readers.html import tables as tables
    from rates.readers.html import whole_page as whole_page
    from rates.readers.optional import pdf_text as pdf_text
    from rates.readers.optional import xls_sheets as xls_sheets
    from rates.readers.services import has_rows as has_rows
    from rates.readers.services import power_of_ten as power_of_ten
    from rates.readers.services import soap_call as soap_call
    from rates.readers.services import soap_result as soap_result
    from rates.readers.xlsx import serial_day as serial_day
    from rates.readers.xlsx import sheets as sheets

# Loaded when first used: rates that are kept need no reader, and most providers none of pages, whose expressions take
# 2 ms to compile.
_HOMES = {
    "documents": (
        "UNZIPPED_CAP",
        "Element",
        "child",
        "counted",
        "csv",
        "excerpt",
        "is_html",
        "json_object",
        "json_value",
        "mapping",
        "numbered_csv",
        "records",
        "reported",
        "rows",
        "rows_between",
        "text",
        "unzip",
        "whole_lines",
        "xml",
    ),
    "html": ("absolute", "attributes", "hidden", "link", "links", "plain", "rows_below", "tables", "whole_page"),
    "optional": ("pdf_text", "xls_sheets"),
    "services": ("has_rows", "power_of_ten", "soap_call", "soap_result"),
    "xlsx": ("serial_day", "sheets"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Loads a reader of documents from its module at first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'rates.readers' has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
