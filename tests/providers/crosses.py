"""Units and directions held against the ECB's own figures: a rate per 100, or upside down, is far off."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO, TextIOWrapper
from zipfile import ZipFile

from rates.model import Quote
from tests.providers.recordings import SOURCES, Figures


@cache
def euro_rates() -> dict[date, dict[str, Decimal]]:
    """The ECB's rates of all days: units of each currency for one euro."""
    with ZipFile(BytesIO((SOURCES.parent / "data" / "eurofxref-hist.zip").read_bytes())) as archive:
        table = csv.DictReader(TextIOWrapper(archive.open(archive.namelist()[0]), "utf-8"))
        return {
            date.fromisoformat(row["Date"]): {
                "EUR": Decimal(1),
                **{code: Decimal(text) for code, text in row.items() if code not in ("Date", "") and text != "N/A"},
            }
            for row in table
        }


@cache
def days_between(first: date, last: date) -> list[date]:
    """The days of the ECB's rates from the first to the last of these."""
    return [day for day in euro_rates() if first <= day <= last]


def worst_crosses(found: Figures, pivot: str) -> dict[str, Decimal]:
    """For each currency that the ECB quotes too, how far its rate to the dollar is off at the median, as a share."""
    off = defaultdict(list)
    by_day: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for (base, symbol, day), rate in found.items():
        by_day[day][base if symbol == pivot else symbol] = rate if symbol == pivot else 1 / rate
    for day, values in by_day.items():
        euro = euro_rates().get(day)
        if not euro or "USD" not in values:
            continue
        for code, value in {**values, pivot: Decimal(1)}.items():
            if code in euro:
                off[code].append(abs(value / values["USD"] * euro[code] / euro["USD"] - 1))
    return {code: sorted(shares)[len(shares) // 2] for code, shares in off.items()}


def assert_crosses_agree(found: Figures, pivot: str, most: str = "0.02", least: int = 3) -> None:
    """Every cross through the dollar is within 2 % of the ECB's, and there are some beside the dollar itself."""
    worst = worst_crosses(found, pivot)
    assert len(worst) >= least, worst
    assert all(share < Decimal(most) for share in worst.values()), worst


def off_by_period(quotes: Iterable[Quote], *, last: bool = False) -> dict[str, Decimal]:
    """How far the rates of periods are off the ECB's mean of the days of their period, or off its last day's.

    For each currency that the ECB quotes too, the largest share among its periods.
    """
    worst: dict[str, Decimal] = {}
    for base, symbol, rate, first, end in quotes:
        days = days_between(first, end or first)
        tables = [euro_rates()[day] for day in ([max(days)] if last and days else days)]
        crosses = [table[symbol] / table[base] for table in tables if symbol in table and base in table]
        if crosses:
            code = f"{base}/{symbol}"
            worst[code] = max(worst.get(code, Decimal(0)), abs(rate * len(crosses) / sum(crosses) - 1))
    return worst


def assert_periods_agree(
    quotes: Iterable[Quote], *, last: bool = False, most: str = "0.02", least: int = 3, differing: Iterable[str] = ()
) -> None:
    """The rates of periods are within 2 % of the ECB's, but for the pairs `differing`, which are not."""
    worst = off_by_period(quotes, last=last)
    assert len(worst) >= least, worst
    assert {pair for pair, share in worst.items() if share > Decimal(most)} == set(differing), worst
