"""The consensus: all official publishers asked at once, within one fetch, and a table of the medians of their rates.

It stands in a chain as a provider does. It uses threads, or tasks of the loop, not the executors: a pool of processes
cannot be opened in one of its workers, and the fetch only waits for its members.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial

from rates import providers
from rates.consensus import median_table
from rates.conversion import select
from rates.defaults import CONSENSUS
from rates.errors import EmptyAnswer, Interrupted, NotRecorded, RatesError, unexpected
from rates.fetch.publisher_fetch import publisher_table
from rates.model import Provider, RateTable
from rates.providers import ProviderModule
from rates.providers.groups import members
from rates.settings import Settings
from rates.transport import Guard, Io

# The consensus as a link of a chain: whose error it is, and how old its table may be.
AS_PROVIDER = Provider(
    key=CONSENSUS,
    name="Consensus of the official publishers",
    rate_type="median of official rates",
    published="as its members publish",
    since=date(1999, 1, 4),  # the euro's first day; before it too few members quote the same currencies
    answers=("latest", "day"),
    gap_days=14,  # the longest pause of its members
    kind="service",
    official=False,
)


async def consensus_table(io: Io, base: str, settings: Settings, guard: Guard) -> RateTable:
    """The table of the medians of those official members that answer in time; `EmptyAnswer` when none does.

    A member that lacks a symbol counts with its others; one that wants a key and has none is not asked.
    """
    if settings.history_only:
        raise NotRecorded(
            "offline there is one source, the ECB's history", provider=CONSENSUS, hint="ask ecb, or leave out --offline"
        )
    asked = [module for module in map(providers.load, members("official")) if not module.PROVIDER.periods]
    loose = settings.with_values(strict=False)
    answers = await io.together([partial(_answer, io, module, base, loose) for module in asked], guard)
    for answer in answers:
        if isinstance(answer, Interrupted):
            raise answer
    tables = [answer for answer in answers if isinstance(answer, RateTable)]
    table = median_table(tables, base, {module.PROVIDER.key: module.PROVIDER for module in asked}, asked=settings.on)
    if len(table) < 2:
        names = Counter(answer.name for answer in answers if isinstance(answer, RatesError))
        errors = ", ".join(f"{count} {name}" for name, count in names.most_common())
        raise EmptyAnswer(f"none of its {len(asked)} members gave rates of {base}: {errors}", provider=CONSENSUS)
    return select(table, settings.symbols) if settings.strict and settings.symbols else table


async def _answer(
    io: Io, module: ProviderModule, base: str, settings: Settings, guard: Guard
) -> RateTable | RatesError:
    """One member's table, or its error, which must not stop the others."""
    try:
        return await publisher_table(io, module, base, settings, guard)
    except RatesError as error:
        return error
    except Exception as error:
        failure = unexpected(error)
        failure.provider = module.PROVIDER.key
        return failure
