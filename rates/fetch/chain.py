"""What came of a chain of providers: the first fresh table, else the newest stale one, else the last error. Pure."""

from __future__ import annotations

from datetime import date

from rates.errors import RatesError, Stale
from rates.fetch.staleness import stale
from rates.model import Outcome, Provider, RateTable, Timing


class Chain:
    """The answers of the providers of one base, in the order asked.

    today: the day by which staleness is told; None where it does not count, as offline, where all rates are old.
    """

    def __init__(self, today: date | None) -> None:
        self.today = today
        self.met: list[RatesError] = []
        self.kept: list[tuple[Stale, RateTable]] = []
        self.fresh: RateTable | None = None

    def answered(self, table: RateTable, provider: Provider) -> bool:
        """True when the table ends the chain; a stale one is kept for the case that nobody has a newer."""
        late = None if self.today is None else stale(table, provider, self.today)
        if late is None:
            self.fresh = table
            return True
        self.met.append(late)
        self.kept.append((late, table))
        return False

    def failed(self, error: RatesError) -> None:
        """One provider has failed."""
        self.met.append(error)

    def broken(self, error: RatesError) -> None:
        """The chain was broken off: whatever came before, this is what came of it."""
        self.met.append(error)
        self.kept.clear()

    def outcome(self, base: str, timing: Timing) -> Outcome:
        """The table and who was passed over for it; a stale one comes with its warning."""
        if self.fresh is not None:
            return Outcome(base, self.fresh, None, tuple(self.met), timing)
        if self.kept:
            warning, table = max(self.kept, key=lambda one: one[1].day)
            others = tuple(error for error in self.met if error is not warning)
            return Outcome(base, table, None, others, timing, warning=warning)
        return Outcome(base, None, self.met[-1], tuple(self.met[:-1]), timing)
