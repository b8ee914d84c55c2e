"""The exchange rates of the Swiss National Bank's data portal: cubes of monthly and yearly figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from rates.model import Request
from rates.providers.kit import WEEKEND, get, periods
from rates.readers import mapping, matched, per_unit, period, records, rows

URL = "https://data.snb.ch/api/cube/"
# The key of a series, "EPB@SNB.devkum{M0,JPY100}": the cube, mean (M0) or month end (M1), the code and its units.
_KEY = re.compile(r"EPB@SNB\.(\w+)\{(?:(M[01]),)?([A-Z]{3})(\d+)\}")


def ask(cube: str, form: str, first: date, last: date, choice: str = "") -> Request:
    """The figures of a cube for the periods from first to last, which are written in a form."""
    span = {"fromDate": first.strftime(form), "toDate": last.strftime(form)}
    return get(f"{URL}{cube}/data/json/en", {**span, **({"dimSel": choice} if choice else {})})


def due(first: date, months: int = 1) -> date:
    """The first working day after the period that begins on a day."""
    _, end = next(periods(first, first, months))
    expected = end + timedelta(days=1)
    while expected.weekday() in WEEKEND:
        expected += timedelta(days=1)
    return expected


def figures(body: bytes, cube: str, measure: str | None) -> Iterator[tuple[str, Decimal, date, date]]:
    """The francs for one unit of each currency, with the first and last day of the period.

    Only of one cube and measure: another one is an error. A period to come may have an empty value at the end.
    """
    for series in records(body, "timeseries", error=("message",)):
        key = mapping(series["metadata"])["key"]
        found, what, code, units = matched(_KEY, key, "key of a series of exchange rates").groups()
        if (found, what) != (cube, measure):
            raise ValueError(f"expected figures of {cube} {measure or ''}, got {key}")
        values = [mapping(value) for value in rows(series["values"])]
        while values and values[-1]["value"] is None:
            values.pop()
        for value in values:
            yield code, per_unit(value["value"], units), *period(value["date"])
