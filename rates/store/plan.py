"""What a sync asks for: the days that the store lacks of each provider, in its largest pieces.

Made from what the store knows, before anything slow is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from rates.store.attempts import Visit
from rates.store.spans import Span, missing, pieces
from rates.store.store import Store

if TYPE_CHECKING:
    from rates.model import Provider
    from rates.settings import Settings

# Without a first day a provider is asked so often at most: politeness towards those that answer for one day a request.
MOST_PARTS = 150
# Of a service without a limit: two years of 160 currencies are half of the values that a JSON document may have here.
# Without a first day that is all that is asked for: 60 years for five bases would be 12 million figures.
SERVICE_DAYS, SERVICE_PARTS = 731, 1
# Of a publisher with a file for each month: one that fails does not take more than the others of its year with it.
A_YEAR = 366
# Days before the newest that are asked for again, where that costs no further request: corrections come within days.
LOOK_BACK = 7


class Goal(NamedTuple):
    """What is missing of one provider and base: spans of days, the newest first; None stands for its latest rates.

    due: when it can have something newer than the store has, if that is not yet. shortened: True if not all of its
    days are asked for.
    """

    facts: Provider
    base: str
    since: date
    spans: tuple[Span | None, ...]
    due: datetime | None = None
    shortened: bool = False

    @property
    def key(self) -> str:
        """The provider's key."""
        return self.facts.key


def plan(
    store: Store, keys: Sequence[str], settings: Settings, since: date | None, now: datetime
) -> list[Goal | Visit]:
    """For each provider and base what is missing, or its last visit if nothing can be new."""
    found: list[Goal | Visit] = []
    for key in keys:
        resting = store.attempts.resting((key,), settings.bases, since, now, offline=settings.mocked)
        found += _goals(store, key, settings, since, now) if resting is None or settings.fresh else resting
    return found


def _goals(store: Store, key: str, settings: Settings, since: date | None, now: datetime) -> Iterator[Goal | Visit]:
    """What is missing of one provider. Without a first day, the one of its last visit holds."""
    from rates import providers
    from rates.store.calendars import newest_day

    facts, visits = providers.load(key).PROVIDER, store.attempts.visits(key, offline=settings.mocked)
    bases = settings.bases if facts.per_base else ("",)
    for base in bases:
        visit = visits.get(base)
        later = visit.due if visit is not None and now < visit.due and not settings.fresh else None
        if later is not None and visit is not None and (since is None or visit.since <= since):
            yield visit
        elif "range" not in facts.answers and (since is None or "day" not in facts.answers):
            yield Goal(facts, base, since or settings.day(), (None,) if later is None else (), later)
        else:
            before = since or (visit.since if visit is not None else None)
            last = newest_day(facts, settings.day())
            most = SERVICE_PARTS if facts.per_base else MOST_PARTS
            yield _days_missing(store, facts, base, _Wanted(before, last, later, most, settings.fresh))


class _Wanted(NamedTuple):
    """The days that are wanted: all since the first, or without one as many as `most` requests give.

    later: when there can be days after the newest in the store, if that is not yet. fresh: True if they are asked for
    again, where the store has them.
    """

    since: date | None
    last: date
    later: datetime | None
    most: int
    fresh: bool


def _days_missing(store: Store, facts: Provider, base: str, wanted: _Wanted) -> Goal:
    """The pieces of days that the store lacks."""
    attempts = store.attempts
    settled = [] if wanted.fresh else attempts.settled(facts.key, base)
    newest = attempts.newest(facts.key, base)
    size = _largest(facts)
    first, last = facts.since, wanted.last
    if wanted.since is not None:
        first = max(first, wanted.since)
    elif size is not None:
        first = max(first, last - timedelta(days=size * wanted.most - 1))
    gaps = missing(first, last, settled)
    if gaps and gaps[-1][1] == last and newest is not None:
        begin = gaps.pop()[0]
        if wanted.later is None:
            # From a day on which the publisher has figures: without them its answer is a failure, not a holiday. A
            # week back shows what it has corrected since.
            back = newest - timedelta(days=LOOK_BACK if size is None or size > LOOK_BACK else 0)
            gaps.append((max(first, min(back, begin)), last))
        elif begin <= newest:
            gaps.append((begin, newest))
    spans = tuple(piece for begin, end in reversed(gaps) for piece in pieces(begin, end, size))
    return Goal(facts, base, first, spans, wanted.later, shortened=wanted.since is None and first > facts.since)


def _largest(facts: Provider) -> int | None:
    """The most days of one request; None for any number."""
    if "range" not in facts.answers:
        return 1
    if facts.periods:
        return A_YEAR
    return facts.max_days or (SERVICE_DAYS if facts.per_base else None)
