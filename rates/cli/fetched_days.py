"""The days that many look-ups need, asked of a publisher in few requests, as a source of look-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rates.errors import RatesError
from rates.model import Provider
from rates.settings import Settings
from rates.store.by_pair import ByPair
from rates.store.records import Rule, Stored, When
from rates.store.spans import Span, pieces, united

if TYPE_CHECKING:
    from rates.fetch import Answer
    from rates.run import Part

LONGEST_PAUSE = 31  # days that a rule without a limit looks back or ahead: no publisher here rests longer
BETWEEN = timedelta(days=14)  # days between two spans that are asked for with them, rather than by a request more
DAY = timedelta(days=1)


class FetchedDays:
    """What one publisher has answered in this run; a `Source` of look-ups.

    name: "" for the network, else what has answered in its place; as in `RateTable.source`.
    """

    def __init__(self, provider: str) -> None:
        self.name, self._provider, self._figures = "", provider, ByPair()

    def add(self, answer: Answer) -> None:
        """Adds the figures of an answer."""
        self._figures.add(Stored(self._provider, quote, answer.fetched, answer.digest) for quote in answer.quotes)
        self.name = answer.source or self.name

    def providers(self) -> tuple[str, ...]:
        """The one provider."""
        return (self._provider,)

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The figures whose day or period touches first…last; by day, oldest first."""
        return self._figures.between(codes, first, last)

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with such a figure; with `later`, the oldest on or after it."""
        return self._figures.nearest(codes, day, later=later)

    def known(self, provider: str, codes: Collection[str]) -> list[Span]:
        """All days: it is made of the answers for those that are looked up."""
        return [(date.min, date.max)] if provider == self._provider else []


def fetch_days(
    key: str, bases: Sequence[str], days: Collection[date], rule: Rule, settings: Settings
) -> Iterator[tuple[Part, Answer | RatesError]]:
    """One provider's answers about the days that the rule may use for these, as they come; an error is a value.

    bases: the currencies to ask for, where the provider's document does not have all.
    """
    from rates import providers
    from rates.run import Part, fetch_parts

    facts = providers.load(key).PROVIDER
    asked = bases if facts.per_base else ("",)
    parts = [Part(key, base, span) for base in asked for span in _spans(facts, days, rule, settings.day())]
    with closing(fetch_parts(parts, (key,), settings, settings.workers)) as answers:
        yield from answers


def _spans(facts: Provider, days: Collection[date], rule: Rule, today: date) -> list[Span]:
    """The days to ask for, a span a request.

    A publisher that answers for one day alone gives the newest rates up to it, so that earlier days need no request.
    """
    if "range" not in facts.answers and rule.when in (When.EXACT, When.PREVIOUS):
        return [(day, day) for day in sorted(days)]
    most = facts.max_days if "range" in facts.answers else 1
    return [piece for span in needed(days, rule, today) for piece in pieces(*span, most)]


def needed(days: Iterable[date], rule: Rule, today: date) -> list[Span]:
    """The days that the rule may use for these days, oldest first; spans near each other are one."""
    most = timedelta(days=LONGEST_PAUSE if rule.max_age is None else rule.max_age)
    back = timedelta() if rule.when in (When.EXACT, When.NEXT) else most
    ahead = most if rule.when in (When.NEXT, When.NEAREST) else timedelta()
    spans = [(day - back, min(day + ahead, today + DAY)) for day in days]
    widened = united((first, last + BETWEEN) for first, last in spans if first <= last)
    return [(first, last - BETWEEN) for first, last in widened]
