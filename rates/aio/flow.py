"""Bases on their way: taken a window ahead, fetched by an engine, handed out as they come or in their order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Iterable, Iterator, Sized
from typing import Protocol

from rates.aio.feeder import Feeder
from rates.aio.tasks import Tasks
from rates.errors import DeadlineExceeded
from rates.model import Outcome
from rates.settings import Settings

Bases = Iterable[str] | AsyncIterable[str]


class Engine(Protocol):
    """What fetches: begins without waiting, tells the flow each outcome, or why there will be none."""

    async def open(self) -> None:
        """Before the first base."""

    def begin(self, place: int, base: str) -> None:
        """One base."""

    def finish(self) -> None:
        """No more bases will come."""

    def stop(self) -> None:
        """Cancels what has not begun, and ends what has; waits for nothing."""

    async def close(self) -> None:
        """When nothing runs any more."""


class Flow:
    """The state of one `fetch_all`; all of it belongs to the loop's thread."""

    def __init__(self, bases: Bases, size: int, *, ordered: bool) -> None:
        self.bases: Bases | Iterator[str] = bases
        if not isinstance(bases, AsyncIterable):
            self.bases = iter(bases)
        self.sized = isinstance(bases, Sized)
        self.ordered = ordered
        self.room = asyncio.Semaphore(size)
        self.news = asyncio.Event()
        self.owed: dict[int, str] = {}
        self.came: deque[int] = deque()
        self.outcomes: dict[int, Outcome] = {}
        self.turn = self.taken = 0
        self.late = self.all_taken = False
        self.error: BaseException | None = None

    async def take(self, engine: Engine) -> None:
        """Begins base after base, as there is room."""
        try:
            if isinstance(self.bases, AsyncIterable):
                bases = aiter(self.bases)
                while await self.room.acquire():
                    self._begin(engine, await anext(bases))
            else:
                while await self.room.acquire():
                    self._begin(engine, next(self.bases))  # type: ignore[call-overload]
        except (StopIteration, StopAsyncIteration):
            self.all_taken = True
            engine.finish()
        except Exception as error:
            self.error = error
        self.news.set()

    def _begin(self, engine: Engine, base: str) -> None:
        self.owed[self.taken] = base
        self.taken += 1
        engine.begin(self.taken - 1, base)

    def tell(self, place: int, outcome: Outcome) -> None:
        """One base is done."""
        if place in self.owed:
            self.outcomes[place] = outcome
            self.came.append(place)
            self.news.set()

    def fail(self, error: BaseException | None) -> None:
        """The engine ended; with all outcomes told, or for this reason."""
        if self.error is None and (error is not None or self.owed.keys() - self.outcomes.keys()):
            self.error = error or RuntimeError("the workers ended before their work")
        self.news.set()

    def be_late(self) -> None:
        """The deadline has come."""
        self.late = True
        self.news.set()

    def next(self) -> Outcome | None:
        """The next outcome to hand out, None if there is none yet."""
        if self.ordered:
            place = self.turn if self.turn in self.outcomes else None
        else:
            place = self.came.popleft() if self.came else None
        if place is None:
            return None
        self.turn += 1
        del self.owed[place]
        self.room.release()
        return self.outcomes.pop(place)

    def rest(self, deadline_s: float) -> Iterator[Outcome]:
        """At the deadline: what has come as it is, then all that is owed as late."""
        if not self.ordered:
            yield from (self.outcomes.pop(place) for place in self.came)
        for place, base in self.owed.items():
            if self.ordered or place not in self.came:
                yield self.outcomes.get(place) or _late(base, deadline_s)
        if self.sized and not isinstance(self.bases, AsyncIterable):
            yield from (_late(base, deadline_s) for base in self.bases)


def _late(base: str, deadline_s: float) -> Outcome:
    return Outcome(base, error=DeadlineExceeded(f"not finished at the deadline of {deadline_s:g} s"))


async def flow(
    bases: Bases,
    settings: Settings | None,
    mode: str,
    workers: int,
    size: int,
    deadline_s: float | None,
    scheduler: str | None,
    *,
    ordered: bool,
) -> AsyncGenerator[Outcome, None]:
    """The outcomes; see `fetch_all`."""
    flow = Flow(bases, size, ordered=ordered)
    engine: Engine
    if mode == "async":
        engine = Tasks(settings, workers, flow.tell)
    else:
        engine = Feeder(settings, mode, workers, size, scheduler, flow.tell, flow.fail)
    timer = deadline_s and asyncio.get_running_loop().call_later(deadline_s, flow.be_late)
    taking: asyncio.Task[None] | None = None
    try:
        await engine.open()
        taking = asyncio.create_task(flow.take(engine), name="rates-take")
        while not flow.late:
            flow.news.clear()
            while not flow.late and (outcome := flow.next()) is not None:
                yield outcome
            if flow.error is not None:
                raise flow.error
            if flow.all_taken and not flow.owed:
                return
            if not flow.late and not flow.news.is_set():
                await flow.news.wait()
        taking.cancel()
        engine.stop()
        for outcome in flow.rest(deadline_s or 0.0):
            yield outcome
    finally:
        if timer:
            timer.cancel()
        await _ended(engine, taking)


async def _ended(engine: Engine, taking: asyncio.Task[None] | None) -> None:
    """Ends all that runs, and waits until it has, also when that is cancelled: then nothing is left behind."""
    engine.stop()
    waits: list[Awaitable[None]] = [asyncio.ensure_future(engine.close())]
    if taking is not None:
        taking.cancel()
        waits.append(taking)
    cancelled: BaseException | None = None
    together = asyncio.gather(*waits, return_exceptions=True)
    while not together.done():
        try:
            await asyncio.shield(together)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
