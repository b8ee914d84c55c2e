"""What calls with the same arguments share: their settings, what they have at hand, and a table of the history.

A program converts many times with the same arguments, so its settings are not resolved for each call.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias

from rates.defaults import HISTORY
from rates.errors import UsageError, quoted
from rates.settings import Settings, resolve
from rates.settings.keywords import SeriesKeywords
from rates.store.at_hand import AtHand
from rates.store.records import Rate
from rates.store.written import WRITTEN

if TYPE_CHECKING:
    from rates.store.store import Store

# A path or URL of a store, or an open one.
Place: TypeAlias = "Store | str | os.PathLike[str] | None"
Day = date | str | None

# After so many look-ups under the same settings the table of the history is made: it takes as long as 500 of them.
MANY = 50
# For so long it is not noticed if another process has changed the store.
TRUSTED_S = 1.0
KEPT = 8  # sessions
MOST = 50_000  # days of a table as they were written, and rates that are remembered
# The process's environment as bytes: 40 variables are compared in 0.2 µs; through `os.environ` it takes 40 µs.
ENVIRON: Mapping[Any, Any] = getattr(os.environ, "_data", os.environ)


class Session:
    """Calls with the same arguments: what they have at hand, and after many of them the table of the history.

    places: the row of the history that answers for a day; empty at first. columns: the rates by currency and row. They
    hold until `trusted_until`, as long as no store of this process is written to: `written` counts that.
    """

    def __init__(self, settings: Settings | None, store: Place, given: SeriesKeywords) -> None:
        self.settings, self.store, self.given = settings, store, deepcopy(given)  # the caller may change a list in it
        self.environ = None if settings is not None else dict(ENVIRON)
        self.places: dict[Any, int] = {}
        self.columns: Mapping[str, Sequence[Any]] = {}
        self.trusted_until, self.written = 0.0, -1
        self._rates: dict[tuple[str, str, Day], Rate] = {}
        self._many, self._limit = 0, date.min

    @cached_property
    def at_hand(self) -> AtHand:
        """The chain, the rule and the sources."""
        chosen, store = resolve(self.settings, self.given), self.store
        if store is None or isinstance(store, (str, os.PathLike)):
            return AtHand(chosen if store is None else chosen.with_values(store=store), None, self.distrust)
        if not hasattr(store, "attempts"):
            raise UsageError(f"store must be a path, a URL or an open Store, not {quoted(store)}")
        return AtHand(chosen, store, self.distrust)

    def close(self) -> None:
        """Closes the store, if it was opened here; it opens again when it is needed."""
        if "at_hand" in self.__dict__:
            self.at_hand.close()

    def distrust(self) -> None:
        """Has the table checked before it is used again."""
        self.trusted_until = 0.0

    def is_for(self, settings: Settings | None, store: Place, given: SeriesKeywords) -> bool:
        """True if it was made for these arguments, in this environment."""
        return (
            (self.settings is settings or self.settings == settings)
            and self.store == store
            and self.given == given
            and (settings is not None or self.environ == ENVIRON)
        )

    def remembered(self, base: str, symbol: str, on: Day) -> Rate | None:
        """A rate that is not in the table, and was looked up before."""
        try:
            return self._rates.get((base, symbol, on)) if self.trusted() else None
        except TypeError:  # a wrong argument, which the look-up names
            return None

    def looked_up(self, base: str, symbol: str, on: Day, rate: Rate) -> None:
        """Counts a look-up that the table did not have; makes the table after many, and sees whether it still holds.

        Remembers what the table cannot have: ended currencies, and the days on which a currency changed.
        """
        self._many += 1
        if self._many < MANY:
            return
        self.prepare()
        if type(on) is str and rate.asked in self.places and len(self.places) < MOST:
            self.places[on] = self.places[rate.asked]
        alone = rate.source == HISTORY or not rate.provider  # so that no other source has a say
        if alone and on is not None and rate.asked <= self._limit and len(self._rates) < MOST:
            self._rates[base, symbol, on] = rate

    def trusted(self) -> bool:
        """True if the table may be used: no store has changed since it was checked."""
        return self.written == WRITTEN.count and self.trusted_until > monotonic()

    def prepare(self) -> None:
        """Makes the table, or sees whether it still holds."""
        if self.trusted():
            return
        from rates.store import history_table  # few programs convert so often

        written, limit = WRITTEN.count, self.at_hand.history_until()
        if limit != self._limit:
            self._limit, self.columns = limit, history_table.columns()
            self.places = dict(history_table.places(self.at_hand.rule, limit))
            self._rates = {}
        self.written, self.trusted_until = written, monotonic() + TRUSTED_S


class Recent:
    """The sessions of the last calls: a program mostly calls with the same arguments again."""

    def __init__(self) -> None:
        self.session = Session(None, None, {})
        self.others: tuple[Session, ...] = ()

    def clear(self) -> None:
        """Forgets all of them."""
        sessions, self.session, self.others = (self.session, *self.others), Session(None, None, {}), ()
        for session in sessions:
            session.close()

    def of(self, settings: Settings | None, store: Place, given: SeriesKeywords) -> Session:
        """The session for these arguments."""
        last = self.session
        if last.is_for(settings, store, given):
            return last
        known = next((one for one in self.others if one.is_for(settings, store, given)), None)
        session = known or Session(settings, store, given)
        others = (last, *(one for one in self.others if one is not session))
        self.session, self.others = session, others[:KEPT]
        for old in others[KEPT:]:
            old.close()
        return session


RECENT = Recent()


def session_of(settings: Settings | None, store: Place, given: SeriesKeywords) -> Session:
    """What calls with these arguments share."""
    return RECENT.of(settings, store, given)
