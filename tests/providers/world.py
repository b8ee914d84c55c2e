"""The recorded answers of all publishers as one table: units of each currency for one US dollar, by day."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from statistics import median

from rates import history, providers
from rates.conversion import rebase
from rates.errors import RatesError
from rates.model import Quote
from tests.providers.recordings import SOURCES, replay
from tests.providers.recordings import asked as ranged

# The recordings are of days from February to May 2026, and of September; a publisher that recorded none of them has no
# neighbours.
FIRST, LAST = date(2026, 1, 1), date(2026, 9, 30)
# How far apart the days of two publishers may lie: the recordings were made over weeks, few of them on one day. The
# first of these with enough publishers is taken, since the rand moved by 5 % within one week of March.
NEAR = tuple(timedelta(days=days) for days in (0, 1, 3, 7))
FEWEST = 5
MOST_DAYS = 5  # of each publisher, its newest: a week says as much as a year

# Publishers whose bodies can only be read in their conversation: the question that the recordings answer.
ASKED = {"cbr": ranged("2026-03-01", "2026-03-05", "RUB")}

# Publishers whose answers lie in a folder of another name.
FOLDERS = {"cbt": "cbt-tm", "nbs": "nbs-serbia"}

# Publishers whose recorded figures are of another time than their dates say, so that they have no neighbours.
ELSEWHERE = {
    "bceao": "the recorded figures are those of March 2025: the crosses agree with the ECB's of then",
    "bota": "the recorded figures are those of May 2025: euro 0.885, franc 0.827, rupee 85.2 to the dollar",
}

Table = dict[str, Decimal]


@cache
def world() -> dict[str, dict[date, Table]]:
    """Each publisher's dollar table of each day that its recordings hold."""
    found = {key: by_day(key, read(key)) for key in providers.own_keys()}
    found["ecb"] = by_day("ecb", _ecb())
    return {key: days for key, days in found.items() if days}


@cache
def read(key: str) -> tuple[Quote, ...]:
    """The quotes in all recorded bodies; a page that only leads to the data has none."""
    folder = SOURCES / "exchanges" / key
    if key in ASKED:
        figures = replay(key, ASKED[key], rename=lambda url: url.partition("?date_req=")[0])
        return tuple(Quote(base, symbol, rate, day) for (base, symbol, day), rate in figures.items())
    if not (folder / "exchange.json").is_file():
        official = SOURCES / "official" / FOLDERS.get(key, key)
        periods = providers.load(key).PROVIDER.periods  # means of months have no neighbours among rates of days
        return _parsed(key, sorted(official.glob("*")) if not periods else ())
    exchanges = json.loads((folder / "exchange.json").read_bytes())
    return _parsed(key, (folder / exchange["response"]["body_file"] for exchange in exchanges))


def _parsed(key: str, files: Iterable[Path]) -> tuple[Quote, ...]:
    """The quotes in all bodies that can be read without their conversation."""
    quotes: list[Quote] = []
    for file in files:
        try:
            quotes += providers.load(key).parse(file.read_bytes())
        except (RatesError, ValueError, KeyError, TypeError, LookupError):
            continue
    return tuple(quotes)


def _ecb() -> Iterator[Quote]:
    """The European Central Bank's own, from the history in the package."""
    for day, rates in history.span(FIRST, LAST):
        yield from (Quote("EUR", code, Decimal(rate), day) for code, rate in rates.items())


def by_day(key: str, quotes: Iterable[Quote]) -> dict[date, Table]:
    """The quotes of each day seen from the dollar; days without it are left out."""
    days: dict[date, list[Quote]] = defaultdict(list)
    for quote in quotes:
        if FIRST <= quote.day <= LAST:
            days[quote.day].append(quote)
    found = {}
    for day in sorted(days):
        try:
            table = rebase(days[day], "USD", providers.load(key).PROVIDER)
        except RatesError:
            continue
        found[day] = {symbol: rate for symbol, rate in table.items() if symbol != "USD"}
    return {day: table for day, table in found.items() if table}


@cache
def others(key: str, symbol: str, day: date) -> list[Decimal]:
    """What the other publishers say of a currency within the least time in which there are enough; else ().

    Each on its day nearest to that one; reprints are left out.
    """
    having = {other: days for other, days in _having(symbol).items() if other != key}
    nearest = {other: min(days, key=lambda one: abs(one - day)) for other, days in having.items()}
    for near in NEAR:
        found = [world()[other][one][symbol] for other, one in nearest.items() if abs(one - day) <= near]
        if len(found) + 1 >= FEWEST:
            return found
    return []


@cache
def _having(symbol: str) -> dict[str, list[date]]:
    """The days on which each publisher that can be compared has that currency."""
    found = {
        key: [day for day, table in days.items() if symbol in table]
        for key, days in world().items()
        if key not in ELSEWHERE and not providers.load(key).PROVIDER.reprints
    }
    return {key: days for key, days in found.items() if days}


def differences(key: str) -> Iterator[tuple[str, Decimal]]:
    """How far a publisher is from the others' median, as a share of it: each currency that enough of them have.

    The median over its recorded days: some date their rates by the day on which they were made, others by the next.
    """
    days = dict(list(world()[key].items())[-MOST_DAYS:])
    for symbol in sorted({symbol for table in days.values() for symbol in table}):
        pairs = [(table[symbol], others(key, symbol, day)) for day, table in days.items() if symbol in table]
        ratios = [rate / median(rates) - 1 for rate, rates in pairs if rates]
        if ratios:
            yield symbol, median(ratios)
