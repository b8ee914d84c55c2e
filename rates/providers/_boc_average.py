"""The averages of the Bank of Canada: a CSV of several blocks, of which the last has a row a period."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers.kit import by_periods, get, periods, timedelta, weekday_before
from rates.readers import csv, day, matched, number, whole_lines

URL = "https://www.bankofcanada.ca/valet/observations/group/"
HEAD = b'"OBSERVATIONS"'
LENGTHS = {"M": 1, "A": 12}  # in months, by the third letter of a series such as FXMUSDCAD
_SERIES = re.compile(r"FX([MA])([A-Z]{3})CAD")


def steps(query: Query, facts: Provider, group: str, months: int) -> Steps:
    """One request for all periods that are touched; an average is there on the last working day of its period."""

    def ask(first: date, last: date) -> Request:
        return get(f"{URL}{group}/csv", {"start_date": first, "end_date": last})

    def due(first: date) -> date:
        _, end = next(periods(first, first, months))
        return weekday_before(end + timedelta(days=1))

    return by_periods(query, facts, ask, parse, months=months, due=due, ended=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, each dated by the first day of its period.

    A series that has stopped has empty cells to the end; an empty cell between rates is a rate that was lost.
    """
    _, head, table = whole_lines(body).partition(HEAD)
    if not head or not table.replace(b"\r", b"").endswith(b"\n\n"):
        raise ValueError(f"expected the block {HEAD.decode()}, ended by an empty line as every block is")
    begun: set[str] = set()
    stopped: set[str] = set()
    for row in csv(table.lstrip()):
        first = day(row.pop("date"))
        for series, rate in row.items():
            length, code = matched(_SERIES, series, "series of averages against the Canadian dollar").groups()
            if not rate:
                stopped |= {series} & begun
            elif series in stopped:
                raise ValueError(f"{series} has an empty cell before {first}")
            else:
                begun.add(series)
                begin, end = next(periods(first, first, LENGTHS[length]))
                if begin != first:
                    raise ValueError(f"a period begins on {begin}, not on {first}")
                yield Quote(code, "CAD", number(rate), first, end)
