"""Spans of days, both ends included: united, and cut to what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

Span = tuple[date, date]
DAY = timedelta(days=1)


def united(spans: Iterable[Span]) -> list[Span]:
    """The same days in as few spans as possible, oldest first; spans that touch become one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= _after(found[-1][1]):
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def missing(first: date, last: date, covered: Iterable[Span]) -> list[Span]:
    """The days from first to last that no span covers, oldest first."""
    found: list[Span] = []
    for begin, end in united(covered):
        if begin > first:
            found.append((first, min(last, begin - DAY)))
        first = max(first, _after(end))
        if first > last:
            break
    else:
        found.append((first, last))
    return [(begin, end) for begin, end in found if begin <= end]


def pieces(first: date, last: date, days: int | None) -> Iterator[Span]:
    """The days from first to last in pieces of at most so many days, the newest first; one piece for None."""
    while first <= last:
        begin = max(first, last - timedelta(days=days - 1)) if days else first
        yield begin, last
        last = begin - DAY


def _after(day: date) -> date:
    return day + DAY if day < date.max else day
