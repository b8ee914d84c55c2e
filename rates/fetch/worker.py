"""Asks the chain of providers for one base, within one deadline, in the thread that calls."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from rates import providers
from rates.fetch.plan import Ask, Once, Plan, Together, Wanted, attempting, limits_for, pair, quoting, ranging
from rates.fetch.single_flight import once
from rates.model import Outcome, Query, Quote, RateTable
from rates.providers.groups import expand
from rates.settings import Settings
from rates.transport import Guard, send
from rates.transport.talk import talk


def fetch_rates(base: str, settings: Settings | None = None) -> tuple[str, RateTable]:
    """The pair (base, rates): the base's code and a Mapping of symbol to Decimal that knows its pedigree.

    Raises the `RatesError` that stopped the last provider of the chain. Without settings, those of the config file
    and the environment hold.
    """
    return pair(attempt(base, settings))


def attempt(base: str, settings: Settings | None = None) -> Outcome:
    """What came of one base: its table or the error, never an exception (but KeyboardInterrupt), and the timings."""
    return talk(attempting(base, settings), _act)


def fetch_quotes(provider: str, query: Query, settings: Settings | None = None) -> tuple[Quote, ...]:
    """One provider's quotes for a query, as published, each with its day; raises the named error.

    A query without secrets is given the provider's key, and one without `today` this day.
    """
    return talk(quoting(provider, query, settings), _act)


def fetch_range(
    base: str, start: date, end: date, settings: Settings | None = None, symbols: tuple[str, ...] = ()
) -> tuple[RateTable, ...]:
    """The tables of each published day from `start` to `end`, both included, oldest first.

    The first provider of the settings' chain that can answer for a range and does is taken for all of it; each has an
    equal share of the time that is left.
    """
    return talk(ranging(base, start, end, settings, symbols), _act)


def _act(wanted: Wanted, guard: Guard | None = None) -> Any:
    """Does what a plan wants; the guard is that of the conversation under way."""
    if isinstance(wanted, Ask):
        assert guard is not None, "nothing is asked without a deadline"
        if wanted.limits.mock is not None:
            _install()
        return send(wanted.request, wanted.limits, guard, wanted.observe)
    if isinstance(wanted, Once):
        assert guard is not None, "nothing is asked without a deadline"
        make = wanted.make
        return once(wanted.key, wanted.run, wanted.run_dir, guard, lambda: talk(make(), partial(_act, guard=guard)))
    if isinstance(wanted, Together):
        assert guard is not None, "nothing is asked without a deadline"
        return _together(wanted, guard)
    with Guard(wanted.seconds, wanted.run, wanted.phases) as inner:
        return talk(wanted.steps, partial(_act, guard=inner))


MOST_THREADS = 64  # of one fetch that asks many publishers


def _together(wanted: Together, guard: Guard) -> list[Any]:
    """Several conversations at once, in threads: each needs a guard of its own, which watches its own socket."""
    from concurrent.futures import ThreadPoolExecutor

    def run(steps: Plan[Any]) -> Any:
        with Guard(guard.left(), guard.run) as own:
            return talk(steps, partial(_act, guard=own))

    with ThreadPoolExecutor(MOST_THREADS, "rates-together") as pool:
        return list(pool.map(run, wanted.plans))


def _install() -> None:
    """Puts `responses` before the network; once more costs nothing."""
    from rates import offline

    offline.install()


def warm(settings: Settings) -> bool:
    """Loads in this worker all that a fetch needs, so that a pool's start-up can be told from its work."""
    for key in expand(settings.provider):
        if limits_for(providers.load(key).PROVIDER, settings).mock is not None:
            _install()
    return True
