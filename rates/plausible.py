"""Figures far from their neighbours: more than five times what is known of the pair, or less than a fifth.

A currency does not move so far in a year: the most in the ECB's history is 3.6 times (Iceland's krona in 2008). It is a
slip of units (10, 100 or 1000 to one), a row of another currency, or new money. Such a figure is passed on with a
warning that names it and its neighbour. Neighbours are the ECB's history in the package, and the publisher's figure
before it in an answer or the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from rates.currencies.iso import all_currencies
from rates.errors import Implausible
from rates.model import PUBLISHED_DIGITS, Quote, RateTable

FAR = 5
LONGEST = timedelta(days=366)  # between two neighbours
SLIPS = (10, 100, 1000)
NEAR_A_SLIP = 0.05  # a share: what a currency moves in a few days
QUOTED = ("published", "inverse", "cross")
FEWEST = 3  # of figures from which the value of a base is taken that the ECB does not have
_DAY = attrgetter("day")

Pair = tuple[str, str]


class Doubt(NamedTuple):
    """One unit of `base` costs `rate` units of `symbol`; a neighbour, which `whose` names, has `known`.

    provider: the publisher of the figure, where the answers of several are compared.
    """

    base: str
    symbol: str
    rate: Decimal
    day: date
    known: Decimal
    whose: str
    provider: str = ""

    def sentence(self) -> str:
        """Both figures, as in: 1 EUR = 16600 JPY on 2026-10-30, 100 times the 166 of 2026-10-29."""
        share = float(self.rate) / float(self.known)
        times, slip = (share, slip_of(share)) if share > 1 else (1 / share, slip_of(1 / share))
        written = f"{slip or round(times, 1):g}"
        part = f"{written} times" if share > 1 else f"1/{written} of"
        unit = ": it looks like a slip of units" if slip else ""
        figure = f"1 {self.base} = {_written(self.rate)} {self.symbol} on {self.day}"
        return f"{figure}, {part} the {_written(self.known)} of {self.whose}{unit}"


def _written(rate: Decimal) -> str:
    """A figure to be read: a published one in full, a quotient with six digits."""
    return f"{rate:f}" if len(rate.as_tuple().digits) <= PUBLISHED_DIGITS else f"{Decimal(f'{rate:.6g}'):f}"


def is_far(rate: float, known: float) -> bool:
    """True if a figure is more than five times the other, or less than a fifth."""
    return rate > FAR * known or rate * FAR < known


def slip_of(times: float) -> int:
    """The power of ten that a share above 1 is within a few percent; 0 if it is none."""
    return next((slip for slip in SLIPS if abs(times / slip - 1) <= NEAR_A_SLIP), 0)


def warning_of(doubts: Iterable[Doubt], provider: str) -> Implausible | None:
    """One warning for the figures of an answer that are far from their neighbours: the first, and how many more."""
    found = [*doubts]
    if not found:
        return None
    first, *others = found
    more = f" (and {len(others)} more)" if others else ""
    return Implausible(first.sentence() + more, provider=provider, hint="compare it with: rates consensus")


# --- the ECB's history ----------------------------------------------------------------------------------------------


def far_from_history(table: RateTable) -> list[Doubt]:
    """The figures of a table that are far from the newest crosses of the ECB's history, at most a year older.

    The value of a base that the history lacks is the median of what the other figures make of it. Of a table from the
    history or a recording nothing is compared.
    """
    from rates import history

    found = None if table.source else history.row(table.day)
    if found is None or table.day - found[0] > LONGEST:
        return []
    day, row = found
    euro = {"EUR": 1.0, **{code: float(rate) for code, rate in row.items()}}
    shares = {
        symbol: euro[symbol] / float(figure.rate)
        for symbol, figure in table.figures.items()
        if symbol in euro and figure.how in QUOTED
    }
    if table.base not in euro and len(shares) < FEWEST:
        return []
    base = euro.get(table.base) or _median([*shares.values()])
    return [
        Doubt(table.base, symbol, table.figures[symbol].rate, table.figures[symbol].day,
              _short(euro[symbol] / base), f"the ECB of {day}")
        for symbol, share in shares.items()
        if is_far(share, base)
    ]  # fmt: skip


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _short(known: float) -> Decimal:
    return Decimal(f"{known:.6g}")


# --- the publisher's own figures ------------------------------------------------------------------------------------


def far_from_before(quotes: Iterable[Quote], known: Mapping[Pair, Quote]) -> Iterator[Doubt]:
    """The quotes that are far from the one before of their pair: in the answer, or for the first in `known`.

    Quotes more than a year apart, and those with a redenomination between them, are not compared.
    """
    last: dict[Pair, tuple[float, date, Quote]] = {
        pair: (float(quote.rate), quote.day, quote) for pair, quote in known.items()
    }
    for quote in sorted(quotes, key=_DAY):
        pair, rate, day = quote[:2], float(quote.rate), quote.day
        before = last.get(pair)
        last[pair] = (rate, day, quote)
        if before is not None and is_far(rate, before[0]) and _comparable(before[2], quote):
            yield Doubt(*quote[:4], before[2].rate, str(before[1]))


def _comparable(before: Quote, quote: Quote) -> bool:
    """True if the quotes are of the same money, and not too far apart."""
    codes = (all_currencies().get(code) for code in quote[:2])
    cuts = [day for one in codes if one is not None for day, _ in one.cuts]
    return quote.day - before.day <= LONGEST and not any(before.day < cut <= quote.day for cut in cuts)
