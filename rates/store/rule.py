"""The rule for days without a rate: which days may answer for the day asked, the best first.

A day counts if every leg of a route has a figure on it: the pair itself, or both halves of a cross. A source gives the
nearest day of one leg; legs that disagree are moved to the further of their days until they agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from heapq import merge

from rates.store.records import Rule, When

DAY = timedelta(days=1)
Leg = frozenset[str]  # the two currencies of a quote, in either direction
Route = tuple[Leg, ...]
# The nearest day with a quote of a leg, on or before a day; with the second argument, on or after it.
Nearest = Callable[[Leg, date, bool], date | None]


def days(rule: Rule, asked: date, routes: Sequence[Route], nearest: Nearest) -> Iterator[date]:
    """The days that the rule allows, the day asked for first: a period may hold on it, whatever the rule."""
    yield asked
    if rule.when in (When.PREVIOUS, When.BEFORE):
        yield from _away(asked, rule, routes, nearest, later=False)
    elif rule.when is When.NEXT:
        yield from _away(asked, rule, routes, nearest, later=True)
    elif rule.when is When.NEAREST:
        back, ahead = (_away(asked, rule, routes, nearest, later=later) for later in (False, True))
        yield from merge(back, ahead, key=lambda day: (abs((day - asked).days), day))


def _away(asked: date, rule: Rule, routes: Sequence[Route], nearest: Nearest, *, later: bool) -> Iterator[date]:
    """The days on one side on which any route is complete, ever further away, within the rule's age."""
    step, best = (DAY, min) if later else (-DAY, max)
    day = asked
    while day not in (date.min, date.max):
        found = [one for route in routes if (one := _complete(route, day + step, nearest, later=later)) is not None]
        if not found:
            return
        day = best(found)
        if rule.max_age is not None and abs((day - asked).days) > rule.max_age:
            return
        yield day


def _complete(route: Route, day: date, nearest: Nearest, *, later: bool) -> date | None:
    """The nearest day on which every leg of a route has a quote; None if there is none."""
    furthest = max if later else min
    while True:
        found = _all(nearest(leg, day, later) for leg in route)
        if not found:
            return None
        day = furthest(found)
        if all(one == day for one in found):
            return day


def _all(found: Iterable[date | None]) -> list[date]:
    """The days, or none if one is missing."""
    days = []
    for one in found:
        if one is None:
            return []
        days.append(one)
    return days
