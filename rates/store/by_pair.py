"""Figures in memory, each pair's by day: what a source needs that keeps no database."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import permutations

from rates.store.records import Stored


class ByPair:
    """Figures of one provider; of one pair, a period that begins later does not end earlier. codes: as in `Source`."""

    def __init__(self, figures: Iterable[Stored] = ()) -> None:
        self._pairs: dict[tuple[str, str], list[Stored]] = {}
        self.add(figures)

    def add(self, figures: Iterable[Stored]) -> None:
        """Adds figures of any pairs and days."""
        changed = set()
        for one in figures:
            pair = one.quote.base, one.quote.symbol
            self._pairs.setdefault(pair, []).append(one)
            changed.add(pair)
        for pair in changed:
            self._pairs[pair].sort(key=_day)

    def between(self, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The figures whose day or period touches first…last; by day, oldest first."""
        found: list[Stored] = []
        for known in self._of(codes):
            begin = bisect_left(known, first, key=_day)
            while begin and first <= (known[begin - 1].quote.valid_to or known[begin - 1].quote.day):
                begin -= 1  # a period that begins before and touches
            near = known[begin : _after(known, last)]
            found += [one for one in near if first <= (one.quote.valid_to or one.quote.day)]
        return iter(sorted(found, key=_day))

    def nearest(self, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with a figure; with `later`, the oldest on or after it.

        The day itself if a period has it. Other periods do not count: a rate is not carried past its end.
        """
        found: list[date | None] = []
        for known in self._of(codes):
            place = _after(known, day)
            if place and known[place - 1].quote.holds_on(day):
                return day
            places = range(place, len(known)) if later else range(place - 1, -1, -1)
            found += [next((known[at].quote.day for at in places if known[at].quote.valid_to is None), None)]
        days = [one for one in found if one is not None]
        return (min(days) if later else max(days)) if days else None

    def _of(self, codes: Collection[str]) -> Iterator[list[Stored]]:
        """The figures of each pair of those currencies."""
        for pair in permutations(codes, 2) if codes else self._pairs:
            if pair in self._pairs:
                yield self._pairs[pair]


def _day(one: Stored) -> date:
    return one.quote.day


def _after(known: Sequence[Stored], day: date) -> int:
    """The place of the first figure that begins after a day."""
    return bisect_right(known, day, key=_day)
