"""Whether a publisher's newest rates are as new as its own calendar lets one expect."""

from __future__ import annotations

from datetime import date

from rates.errors import Stale
from rates.model import Provider, RateTable

# On top of the longest pause between two days: the hours between the pause's end and the publication.
SAME_DAY = 1
# A list that comes out once a week is up to a week old when the next is due.
WEEK = 7
# Two months: Hong Kong's figures of a month come out about a month after its end, Algeria's up to three weeks after.
MONTHS = 62


def allowed_days(provider: Provider) -> int:
    """How many days old the newest rates of this publisher may be, by what its facts say of its calendar."""
    told = f"{provider.cadence} {provider.published}"
    if "month" in told:
        return provider.gap_days + MONTHS
    return provider.gap_days + (WEEK if provider.cadence == "weekly" else 0) + SAME_DAY


def stale(table: RateTable, provider: Provider, today: date) -> Stale | None:
    """The error of a table of the latest rates that is older than it may be; None for a fresh one.

    A table of a day that was asked for is never stale: how far back that may reach is checked where it is read.
    """
    most = allowed_days(provider)
    if table.asked is not None or table.age_days(today) <= most:
        return None
    return Stale(
        f"its newest rates are of {table.day}, {table.age_days(today)} days old; it rests {most} days at most",
        provider=provider.key,
        hint="it may be late, or publish no more",
    )
