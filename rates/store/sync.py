"""Filling the store: what is missing of each provider is fetched and stored, and what came of it is recorded.

Each answer is stored as soon as it comes, so that a program that is killed loses at most what was under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from rates.errors import Implausible, NoRates, RatesError, TransportError, Unsupported
from rates.store.answers import far_from_kept
from rates.store.attempts import Failure, Visit
from rates.store.plan import Goal, plan
from rates.store.quote_table import Change
from rates.store.spans import Span
from rates.store.store import Store

if TYPE_CHECKING:
    from rates.fetch import Answer
    from rates.run import Part
    from rates.settings import Settings

# A provider that has failed so often in one sync is left alone until the next.
MOST_FAILURES = 2


@dataclass(slots=True)
class Synced:
    """What a sync has done so far with one provider and base; it grows with each answer.

    asked: how many parts were asked for, of the `planned`. due: when it can have something new. since: the first day
    that is wanted. newest: the newest with figures; None if that was not looked up, as nothing was asked. errors: one
    for each part that failed. doubtful: a warning for each answer with figures far from those before.
    shortened: as in `Goal`.
    """

    key: str
    base: str
    since: date
    planned: int = 0
    asked: int = 0
    change: Change = field(default_factory=Change)
    errors: list[RatesError] = field(default_factory=list)
    doubtful: list[Implausible] = field(default_factory=list)
    newest: date | None = None
    due: datetime | None = None
    shortened: bool = False

    @property
    def given_up(self) -> bool:
        """True when the provider is not asked again in this sync."""
        return len(self.errors) >= MOST_FAILURES or any(not isinstance(one, TransportError) for one in self.errors)


def sync(
    store: Store,
    keys: Sequence[str],
    settings: Settings,
    *,
    since: date | None = None,
    now: datetime | None = None,
    started: Callable[[int], Callable[[], None]] = lambda total: lambda: None,
    waiting: Callable[[], None] = lambda: None,
) -> list[Synced]:
    """Fetches what is missing of these providers into the store, and says what came.

    since: the first day that is wanted; None for that of the last sync, else for all that a provider gives in 150
    requests, and a service in one for each base. now: the time by which a publisher can have something new. started:
    called with the number of parts to ask for; gives the function that is called after each. waiting: called if
    another sync has to end first.
    """
    now = now or datetime.now(UTC)
    found = plan(store, keys, settings, since, now)
    if all(isinstance(one, Visit) for one in found):
        return [_result(one) for one in found]
    with store.alone(waiting):
        found = plan(store, keys, settings, since, now)  # another sync may just have fetched it
        results = {(one.key, one.base): one for one in map(_result, found)}
        goals = [one for one in found if isinstance(one, Goal)]
        if any(goal.spans for goal in goals):
            _fetch(store, goals, results, settings, now, started)
        for goal in goals:
            _note_visit(store, goal, results[goal.key, goal.base], now, offline=settings.mocked)
    return list(results.values())


def _result(one: Goal | Visit) -> Synced:
    if isinstance(one, Visit):
        return Synced(one.provider, one.base, one.since, due=one.due)
    return Synced(one.key, one.base, one.since, len(one.spans), shortened=one.shortened)


def _fetch(
    store: Store,
    goals: Sequence[Goal],
    results: dict[tuple[str, str], Synced],
    settings: Settings,
    now: datetime,
    started: Callable[[int], Callable[[], None]],
) -> None:
    """Asks for all parts, and stores each answer as it comes."""
    from rates.run import fetch_parts

    keys = tuple(dict.fromkeys(goal.key for goal in goals))
    known = {(goal.key, goal.base): goal for goal in goals}
    step = started(sum(len(goal.spans) for goal in goals))
    with closing(fetch_parts(_in_turn(goals, results), keys, settings, settings.workers)) as answers:
        for part, answer in answers:
            result = results[part.key, part.base]
            result.asked += 1
            _keep(store, known[part.key, part.base], part.span, answer, result, settings.day(), now)
            step()


def _in_turn(goals: Sequence[Goal], results: dict[tuple[str, str], Synced]) -> Iterator[Part]:
    """The parts of all providers in turn, so that all hosts are busy; no more of those that were given up."""
    from rates.run import Part

    waiting = [(goal, iter(goal.spans)) for goal in goals if goal.spans]
    while waiting:
        for goal, spans in list(waiting):
            for span in spans:
                if not results[goal.key, goal.base].given_up:
                    yield Part(goal.key, goal.base, span)
                    break
            else:
                waiting.remove((goal, spans))


def _keep(
    store: Store,
    goal: Goal,
    span: Span | None,
    answer: Answer | RatesError,
    result: Synced,
    today: date,
    now: datetime,
) -> None:
    """Stores one answer: its figures, and which days are settled by it or have failed."""
    from rates.store.calendars import settle

    attempts = store.attempts
    error = answer if isinstance(answer, RatesError) else _not_its_own(goal, answer)
    if error is None:
        assert not isinstance(answer, RatesError)
        wanted = [quote for quote in answer.quotes if span is None or (quote.valid_to or quote.day) >= goal.since]
        if (warning := far_from_kept(store, goal.key, wanted)) is not None:
            result.doubtful.append(warning)
        result.change = result.change.plus(store.put(goal.key, wanted, answer.fetched, answer.digest))
    elif not isinstance(error, NoRates) or span is None or _has_figures(store, goal, span):
        result.errors.append(error)
        if span is not None and not isinstance(error, Unsupported):
            attempts.fail(Failure(goal.key, goal.base, *span, now, error.detail))
        return
    if span is not None:
        settle(attempts, goal.facts, goal.base, span, today)


def _has_figures(store: Store, goal: Goal, span: Span) -> bool:
    """True if the store has figures of the span, so that the publisher cannot truly say that it has none."""
    return any(day <= span[1] for day in store.attempts.days(goal.key, goal.base, span[0]))


def _not_its_own(goal: Goal, answer: Answer) -> RatesError | None:
    """The error of figures that the ECB's history gave in the place of another publisher."""
    from rates.defaults import HISTORY

    if answer.source == HISTORY and goal.key != "ecb":
        return Unsupported(
            "is only simulated offline, by the ECB's history", provider=goal.key, hint="nothing of that is stored"
        )
    return None


def _note_visit(store: Store, goal: Goal, result: Synced, now: datetime, *, offline: bool) -> None:
    """Records when the provider can have something new; what failed is due at once."""
    from rates.store.calendars import next_due

    attempts = store.attempts
    result.newest = attempts.newest(goal.key, goal.base)
    if result.errors or result.asked < result.planned:
        result.due = now
    elif goal.due is not None:
        result.due = goal.due
    else:
        result.due = next_due(attempts, goal.facts, goal.base, now)
    attempts.visit(Visit(goal.key, goal.base, goal.since, now, result.due), offline=offline)
