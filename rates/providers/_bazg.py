"""How the Swiss customs office writes rates: an element for each currency, below a root of several namespaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rates.readers import Element, child, matched, per_unit, xml

HOST = "https://www.backend-rates.bazg.admin.ch/api/"
_UNITS = re.compile(r"(\d{1,9}) ([A-Z]{3})")


def root(body: bytes, name: str) -> Element:
    """The root of an answer, by its name without the namespace, which changed with the office's name."""
    found = xml(body)
    if found.tag.rpartition("}")[2] != name:
        raise ValueError(f"expected <{name}>, got <{found.tag}>")
    return found


def rates(found: Element) -> Iterator[tuple[str, Decimal]]:
    """Each currency with the francs for one unit of it; rates are for the units written beside the code, "100 JPY"."""
    for row in found.iterfind("{*}devise"):
        units, code = matched(_UNITS, child(row, "{*}waehrung").strip(), "units and a code").groups()
        if row.get("code", "").upper() != code:
            raise ValueError(f"units of {code} for {row.get('code')!r}")
        yield code, per_unit(child(row, "{*}kurs").strip(), units)
