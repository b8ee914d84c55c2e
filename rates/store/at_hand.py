"""What the look-ups under one record of settings have at hand: the chain, the rule, and the sources.

Sources in order: the user's own rates, the answers of this process, the store, the history in the package.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from datetime import date, timedelta
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from rates import providers
from rates.conversion import Conversion
from rates.defaults import CONSENSUS, HISTORY, OWN, STORE
from rates.errors import RatesError
from rates.settings import SETTINGS, Settings
from rates.settings.days import EARLIEST
from rates.store.answer_source import AnswerSource
from rates.store.history_source import ECB, HistorySource
from rates.store.lookup import Found, search
from rates.store.own import OwnSource
from rates.store.records import Rate, Rule, Source, When
from rates.store.sources import having, known_days
from rates.store.spans import Span

if TYPE_CHECKING:
    from rates.store.store import Store

# An answer serves again for so long: a file of invoices asks for one closed day a hundred times. The store has it, too,
# but a day after the publisher's newest is settled there only when the next one is published.
ANSWER_S = 600.0
MOST_ANSWERS = 64
# A provider that could not be reached is not tried again for so long: a column of amounts would wait for it each time.
LOST_S = 30.0
DAY = timedelta(days=1)


class Question(NamedTuple):
    """One pair and day to look up. latest: no day was asked for, so `on` is today."""

    planned: Conversion
    on: date
    rule: Rule
    latest: bool = False


class AtHand:
    """The chain, the rule and the sources of the look-ups under one record of settings; safe for threads.

    changed: called when there is another answer at hand.
    """

    def __init__(
        self, settings: Settings, store: Store | None = None, changed: Callable[[], object] = lambda: None
    ) -> None:
        self.settings, self.chain = settings, tuple(map(providers.key_of, settings.chain))
        self.rule = Rule(When(settings.when), settings.max_age)
        self._store, self._given = store, store is not None
        self._own = [OwnSource(settings.own)] if OWN in self.chain else []
        # Recordings, a simulated network and the recorder stand for the network: what is fetched goes by them alone.
        alone = settings.replay or settings.record or settings.latency or settings.jitter or settings.fail
        self._kept = not alone
        self._history = [HistorySource()] if self._kept else []
        self._fresh = settings.fresh and not settings.mocked
        self._changed = changed
        self._answers: tuple[tuple[float, AnswerSource], ...] = ()
        self._lost: dict[str, tuple[float, RatesError]] = {}

    @property
    def store(self) -> Store | None:
        """The store; None as long as it has no file, and where the settings leave it alone."""
        if self._store is None and self._kept and not self.settings.no_store:
            from rates.store.database import URL, location

            place = location(self.settings.store)
            if URL.match(place) or os.path.exists(place):
                self._store = self._open(place)
        return self._store

    def store_to_write(self) -> Store | None:
        """The store, which makes its file when the first figure comes; None where the settings leave it alone."""
        if self.settings.no_store or self.settings.mocked:
            return None
        if self._store is None:
            self._store = self._open(self.settings.store)
        return self._store

    def close(self) -> None:
        """Closes the store, unless the caller has opened it; it opens again when it is needed."""
        if self._store is not None and not self._given:
            self._store.close()

    @staticmethod
    def _open(place: str) -> Store:
        from rates.store.store import Store

        return Store.open(place)

    def sources(self) -> list[Source]:
        """All sources, in their order."""
        kept = [self.store] if self.store is not None else []
        return [*self._own, *self.answers(), *kept, *self._history]

    def answers(self) -> list[AnswerSource]:
        """The answers of this process that still serve."""
        now = monotonic()
        return [answer for until, answer in self._answers if until > now]

    def add(self, answer: AnswerSource) -> None:
        """Keeps an answer for a while."""
        kept = [(until, one) for until, one in self._answers if until > monotonic()]
        self._answers = (*kept[1 - MOST_ANSWERS :], (monotonic() + ANSWER_S, answer))
        self._changed()

    def lost(self, key: str) -> RatesError | None:
        """Why a provider could not be reached, if that was a moment ago."""
        until, error = self._lost.get(key, (0.0, None))
        return error if until > monotonic() else None

    def lose(self, key: str, error: RatesError) -> None:
        """Notes that a provider could not be reached."""
        self._lost[key] = monotonic() + LOST_S, error

    def history_until(self) -> date:
        """The last day for which nothing but the history in the package can answer; `date.min` if there is none.

        So it is if no provider before ecb in the chain, nor ecb itself, has figures in another source up to then.
        """
        before = self.chain[: self.chain.index(ECB) + 1] if ECB in self.chain else (OWN,)
        if self._fresh or OWN in before or CONSENSUS in before or not self._history:
            return date.min
        # So far ahead of the day asked for another provider's day may answer; None: any day.
        looks_ahead, most = self.rule.when in (When.NEXT, When.NEAREST), self.rule.max_age
        reach = None if looks_ahead and most is None else timedelta(days=most or 0) if looks_ahead else timedelta()
        limit = self._history[0].last_day()
        others = [source for source in self.sources() if not isinstance(source, HistorySource)]
        for key in before:
            for source in having(others, key):
                first = source.nearest(key, (), EARLIEST, later=True)
                if first is None or reach is None:  # without a day there are periods
                    return date.min
                limit = min(limit, first - DAY - reach)
        return limit

    def find(self, question: Question) -> tuple[Rate | None, Rate | None]:
        """The rate of the first provider that surely has the best day, and of the first that has any allowed one."""
        sources, likely = self.sources(), None
        for key in self.chain:
            found = self.search(key, question, sources)
            if found is not None and found.certain:
                return found.rate, likely or found.rate
            likely = likely or (found.rate if found is not None else None)
            if self.asked_first(key):
                break
        return None, likely

    def asked_first(self, key: str) -> bool:
        """True if a provider that has nothing at hand is asked before the next one of the chain is looked at.

        So it is for providers that the user has named. Those of the default chain are as good as one another.
        """
        named = tuple(one for one in self.chain if one != OWN) != SETTINGS["provider"].default
        return key != OWN and named and not self.settings.history_only

    def can_ask(self, key: str) -> bool:
        """False for own rates, and for the ECB where its history in the package is all that may answer."""
        return key != OWN and not (self.settings.history_only and self._kept and key == ECB)

    def search(self, key: str, question: Question, sources: list[Source]) -> Found | None:
        """The rate of one provider."""
        planned, on, rule, latest = question
        found = search(key, planned, on, rule, sources, pegs=self.settings.pegs, latest=latest)
        if found is not None and self._fresh and found.rate.source in (STORE, HISTORY):
            return found._replace(certain=False)
        return found

    def known(self, key: str, codes: Collection[str]) -> list[Span]:
        """The days of which a provider need not be asked; with `fresh` those alone that this process has asked for."""
        sources: list[Source] = [*self._own, *self.answers()] if self._fresh else self.sources()
        return known_days(having(sources, key), key, codes)
