"""Bytes to rows, numbers and days; shared by all providers, pure.

Every function raises ValueError (or a subclass) with the offending text; `fetch.run_provider` makes it a ParseError.
Only the standard library's parsers are used, and defusedxml over them: isolated interpreters refuse compiled ones.
"""

from __future__ import annotations

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
from rates.readers.optional import (
    pdf_text,
    xls_sheets,
)
from rates.readers.sdmx import (
    has_rows,
    power_of_ten,
)
from rates.readers.soap import (
    soap_call,
    soap_result,
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
from rates.readers.xlsx import (
    serial_day,
    sheets,
)

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
