"""The functions of `rates` for asyncio: `await fetch_rates("USD")`, `async for outcome in fetch_all(bases)`.

    import asyncio
    from rates import aio

    async def main():
        async with asyncio.timeout(10):
            async for outcome in aio.fetch_all(["USD", "GBP", "XXX"], mode="async", via="map", offline=True):
                print(outcome.base, outcome.table["EUR"] if outcome.table else outcome.error)

    asyncio.run(main())

`mode="async"` sends its requests from the loop, over aiohttp, without a thread for each: `pip install
'fetch-rates[aio]'` (offline answers do without). The other modes are those of `rates.executors`; a thread opens, runs
and closes the executor (see `rates.run`).

`look_up`, `convert`, `convert_many` and `series` are those of `rates`:

    import asyncio
    from rates import aio

    async def main():
        print(await aio.convert("99.95", "USD", "EUR", on="2020-03-01", digits="iso", offline=True))
        print((await aio.look_up("USD", "EUR", on="2020-03-01", when="next", offline=True)).day)

    asyncio.run(main())

The loop is never blocked for more than 10 ms: longer work is done in a thread, and the libraries are imported with this
module. The one exception is a document of megabytes, such as a bank's whole history: freeing what was read takes 20 ms
with `mode="async"`, reading it 70 with threads; with `mode="process"` the loop does neither.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Unpack

from rates.aio.executor_backend import ExecutorBackend
from rates.aio.look_ups import convert, convert_many, look_up, series
from rates.aio.loop_backend import LoopBackend, ready
from rates.aio.stream import Backend, Stream, streamed
from rates.defaults import POOL_SIZE
from rates.errors import RatesError, UsageError
from rates.executors import MODES, VIAS, modes
from rates.fetch import core
from rates.model import Outcome, Query, Quote, RateTable
from rates.offload import offload
from rates.settings import Settings, resolve, resolve_for_table
from rates.settings.keywords import FetchKeywords, QuotesKeywords, RangeKeywords
from rates.transport import io_loop
from rates.transport.io_loop import LOOP

__all__ = [
    "attempt",
    "close",
    "convert",
    "convert_many",
    "fetch_all",
    "fetch_quotes",
    "fetch_range",
    "fetch_rates",
    "look_up",
    "series",
]


async def fetch_rates(
    base: str, settings: Settings | None = None, **given: Unpack[FetchKeywords]
) -> tuple[str, RateTable]:
    """The pair (base, rates), as `rates.fetch_rates`; raises the `RatesError` that stopped the last provider."""
    return core.pair(await attempt(base, settings, **given))


async def attempt(base: str, settings: Settings | None = None, **given: Unpack[FetchKeywords]) -> Outcome:
    """The table of one base or the error, as `rates.attempt`; never an exception but CancelledError."""
    if given:
        try:
            settings, given = await offload(resolve_for_table, settings, given), {}
        except RatesError:
            pass  # core.attempt meets the same error, and makes it an outcome
    await ready(settings)
    return await core.attempt(LOOP, base, settings, given)


async def fetch_quotes(
    provider: str, query: Query, settings: Settings | None = None, **given: Unpack[QuotesKeywords]
) -> tuple[Quote, ...]:
    """One provider's quotes for a query, as `rates.fetch_quotes`; raises the named error."""
    chosen = await offload(resolve, settings, given)
    await ready(chosen, provider)
    return await core.fetch_quotes(LOOP, provider, query, chosen)


async def fetch_range(
    base: str,
    start: date | str,
    end: date | str,
    settings: Settings | None = None,
    symbols: str | Sequence[str] = (),
    **given: Unpack[RangeKeywords],
) -> tuple[RateTable, ...]:
    """The tables of each published day from `start` to `end`, as `rates.fetch_range`; raises the named error."""
    chosen = await offload(resolve, settings, given)
    await ready(chosen)
    return await core.fetch_range(LOOP, base, start, end, chosen, symbols)


def fetch_all(
    bases: Iterable[str] | AsyncIterable[str],
    settings: Settings | None = None,
    *,
    mode: str = "thread",
    via: str = "submit",
    workers: int = POOL_SIZE,
    window: int | None = None,
    deadline_s: float | None = None,
    scheduler: str | None = None,
    **given: Unpack[FetchKeywords],
) -> AsyncGenerator[Outcome, None]:
    """The outcome of each base: by `submit` as they finish, by `map` in the order of the bases.

    mode: "async", or one of `rates.executors`. workers: how many fetches run at once. `bases` may be endless, and may
    be asynchronous: at most `window` of them (by default 2 for each worker) have been taken and not given out, so the
    fetches wait for a slow consumer, and by `map` for a slow first base. scheduler: dask's, if it runs already.

    Each outcome is given out as it was fetched, since bases may be endless: where other bases of a list have the
    strong side of a weak figure, `rates.conversion.strengthened` derives it afterwards, as `rates.fetch_all` does.

    Closing the generator, cancelling the task that iterates, or leaving its TaskGroup or timeout cancels what has not
    begun, ends what has (a fetch in a thread at its next wait; a process at once) and leaves nothing running. `break`
    does so too, but as soon as the loop gets to it: `contextlib.aclosing` does it before the next line. At `deadline_s`
    from the first step, each base that is not finished gets a `DeadlineExceeded`, those not yet taken too if `bases`
    has a length, and the iteration ends.

    A worker that dies is replaced; a base that kills its worker twice gets a `WorkerLost`. Raises `UsageError` at once
    for an impossible mode, via, size or deadline, and while iterating where the executor cannot be opened; what
    `bases` raises ends the iteration.
    """
    # Entry points are searched only for a mode that is not built in, since that takes 10 ms.
    if mode not in ("async", *MODES) and mode not in modes():
        raise UsageError(f"unknown mode {mode!r}", hint=f"choose one of async, {', '.join(modes())}")
    if via not in VIAS:
        raise UsageError(f"unknown via {via!r}", hint=f"choose one of {', '.join(VIAS)}")
    if workers < 1 or (window is not None and window < 1):
        raise UsageError(f"workers and window must be at least 1, not {workers} and {window}")
    if deadline_s is not None and not deadline_s > 0:
        raise UsageError(f"deadline_s must be more than 0 seconds, not {deadline_s:g}")
    size = window or 2 * (1 if mode == "sequential" else workers)

    chosen = partial(resolve_for_table, settings, given)

    def backend(stream: Stream) -> Backend:
        if mode == "async":
            return LoopBackend(chosen, workers, stream)
        return ExecutorBackend(chosen, mode, workers, size, scheduler, stream)

    return streamed(bases, backend, size, deadline_s, ordered=via == "map")


async def close() -> None:
    """Closes now what the running loop keeps for the next fetch: the session of `mode="async"`, its connections.

    Not needed where the loop is run by `asyncio.run` or `asyncio.Runner`, which do it at the end.
    """
    await io_loop.close()
