"""Figures as a run gives them: a table of one base, and the tables of the ECB's history in the package.

Nothing here imports a database or a network library: a table of the history costs no more than to read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from rates.conversion import Publisher, rebase, select
from rates.currencies import current_unit
from rates.defaults import HISTORY
from rates.errors import MissingSymbols, RatesError, Unsupported
from rates.model import Fetched, Quote, RateTable
from rates.settings import SETTINGS, Settings


class Facts(NamedTuple):
    """What a table needs to know of a provider, without its module, which costs 4 ms."""

    key: str
    pivot: str
    rate_type: str


ECB, ECB_GAP = Facts("ecb", "EUR", "reference"), timedelta(days=7)


def from_history(bases: Sequence[str], settings: Settings) -> dict[str, Fetched]:
    """The outcomes of the bases that the ECB's history in the package has, for settings under which it alone answers.

    A base that it lacks, or whose figures need more than the history, is absent.
    """
    from rates import history

    if not _plain(settings):
        return {}
    row = history.row(settings.on or settings.day())
    if row is None or (settings.on is not None and history.end(settings.on)):
        return {}
    day, rates = row
    if settings.on is not None and settings.on - day > ECB_GAP:
        return {}
    quotes = history.quotes(frozenset((day,)))
    found = {}
    for base in bases:
        if (base == "EUR" or base in rates) and has_own_unit(base, settings):
            table = table_of(quotes, base, ECB, settings)
            if table is not None:
                found[base] = Fetched(base, replace(table, source=HISTORY))
    return found


def _plain(settings: Settings) -> bool:
    """True if nothing but the history answers, at once and always, and neither a peg nor another mode is wanted."""
    if not settings.history_only or settings.chain != ("ecb",) or settings.mode != SETTINGS["mode"].default:
        return False
    simulated = settings.latency or settings.jitter or settings.fail or settings.loopback
    return not (simulated or settings.record or settings.pegs)


def table_of(quotes: Sequence[Quote], base: str, facts: Publisher, settings: Settings) -> RateTable | None:
    """The quotes as rates of a base; None if they lack it, or a symbol that is required."""
    derive = rebase
    if settings.pegs:
        from rates.fetch.pegged_rates import rebase_with_pegs as derive
    try:
        table = derive(quotes, base, facts, asked=settings.on)
        return select(table, settings.symbols) if settings.strict else table
    except (Unsupported, MissingSymbols):
        return None


def has_own_unit(base: str, settings: Settings) -> bool:
    """True if neither the base nor a symbol is worth a fixed amount of another currency: GBX, DEM."""
    on = settings.on or settings.day()
    try:
        return all(current_unit(code, on).unit == code for code in (base, *settings.symbols))
    except RatesError:
        return False
