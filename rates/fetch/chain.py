"""What a chain of providers has answered: the first fresh table, else the newest stale one, else the last error."""

from __future__ import annotations

from datetime import date, timedelta

from rates.errors import RatesError, Stale
from rates.model import Failed, Fetched, Outcome, Provider, RateTable, Timing
from rates.plausible import far_from_history, warning_of

# On top of the longest pause between two days: the hours between the pause's end and the publication.
SAME_DAY = 1
# A list that comes out once a week is up to a week old when the next is due.
WEEK = 7
# Two months: Hong Kong's figures of a month come out about a month after its end, Algeria's up to three weeks after.
MONTHS = 62


def allowed_days(provider: Provider) -> int:
    """How many days old the newest rates of this publisher may be, from its cadence and its longest pause."""
    calendar = f"{provider.cadence} {provider.published}"
    if "month" in calendar:
        return provider.gap_days + MONTHS
    return provider.gap_days + (WEEK if provider.cadence == "weekly" else 0) + SAME_DAY


def stale(table: RateTable, provider: Provider, today: date) -> Stale | None:
    """The error of a table of the latest rates that is older than it may be; None for a fresh one.

    A table of a day that was asked for is never stale: how far back that may reach is checked where it is read. The age
    of rates that are valid for a period counts from its end.
    """
    most, age = allowed_days(provider), table.age_days(today)
    if table.asked is not None or age <= most:
        return None
    return Stale(
        f"its newest rates are of {today - timedelta(days=age)}, {age} days old; it rests {most} days at most",
        provider=provider.key,
        hint="it may be late, or have stopped publishing",
    )


class Chain:
    """The answers of the providers of one base, in the order asked.

    today: the day by which a table is stale; None where that does not count, as offline, where all rates are old.
    """

    def __init__(self, today: date | None) -> None:
        self.today = today
        self.errors: list[RatesError] = []
        self.stale: list[tuple[Stale, RateTable]] = []
        self.fresh: RateTable | None = None

    def answered(self, table: RateTable, provider: Provider) -> bool:
        """True when the table ends the chain; a stale one is kept in case that no other provider has a newer."""
        late = None if self.today is None else stale(table, provider, self.today)
        if late is None:
            self.fresh = table
            return True
        self.errors.append(late)
        self.stale.append((late, table))
        return False

    def failed(self, error: RatesError) -> None:
        """One provider has failed."""
        self.errors.append(error)

    def broken(self, error: RatesError) -> None:
        """The chain was broken off: this error is its outcome, whatever came before."""
        self.errors.append(error)
        self.stale.clear()

    def outcome(self, base: str, timing: Timing) -> Outcome:
        """The table, with the errors of the providers before it. Else the last error.

        A stale table has its warning, and one with figures far from the ECB's has another.
        """
        if self.fresh is not None:
            doubtful = warning_of(far_from_history(self.fresh), self.fresh.provider)
            return Fetched(base, self.fresh, tuple(self.errors), timing, warning=doubtful)
        if self.stale:
            warning, table = max(self.stale, key=lambda one: one[1].day)
            others = tuple(error for error in self.errors if error is not warning)
            return Fetched(base, table, others, timing, warning=warning)
        return Failed(base, self.errors[-1], tuple(self.errors[:-1]), timing)
