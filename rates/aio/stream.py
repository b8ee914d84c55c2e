"""The iteration behind `aio.fetch_all`: takes bases a window ahead, lets a backend fetch them, gives out outcomes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable, Iterator, Sized
from typing import Protocol

from rates.errors import DeadlineExceeded
from rates.model import Failed, Outcome

Bases = Iterable[str] | AsyncIterable[str]


class Backend(Protocol):
    """Fetches bases: begins without waiting, and reports each outcome to the stream, or why there will be none."""

    async def open(self) -> None:
        """Prepares for the first base."""

    def begin(self, place: int, base: str) -> None:
        """Adds a base."""

    def finish(self) -> None:
        """No more bases will come."""

    def stop(self) -> None:
        """Cancels what has not begun, and ends what has; waits for nothing."""

    async def close(self) -> None:
        """Waits until nothing runs any more."""


class Stream:
    """The state of one `fetch_all`; only the loop's thread uses it."""

    def __init__(self, bases: Bases, size: int, *, ordered: bool) -> None:
        self.sized = isinstance(bases, Sized) and not isinstance(bases, AsyncIterable)
        self.bases = bases if isinstance(bases, AsyncIterable) else iter(bases)
        self.ordered = ordered
        self.window = asyncio.Semaphore(size)
        self.news = asyncio.Event()
        self.owed: dict[int, str] = {}  # bases taken and not given out, by their place
        self.came: deque[int] = deque()  # places of the finished ones, as they finished
        self.outcomes: dict[int, Outcome] = {}
        self.turn = self.taken = 0
        self.late = self.all_taken = False
        self.error: BaseException | None = None

    async def take(self, backend: Backend) -> None:
        """Begins bases until the window is full."""
        try:
            if isinstance(self.bases, AsyncIterable):
                bases = aiter(self.bases)
                while await self.window.acquire():
                    self._begin(backend, await anext(bases))
            else:
                while await self.window.acquire():
                    self._begin(backend, next(self.bases))
        except (StopIteration, StopAsyncIteration):
            self.all_taken = True
            backend.finish()
        except Exception as error:
            self.error = error
        self.news.set()

    def _begin(self, backend: Backend, base: str) -> None:
        self.owed[self.taken] = base
        self.taken += 1
        backend.begin(self.taken - 1, base)

    def add(self, place: int, outcome: Outcome) -> None:
        """One base is done."""
        if place in self.owed:
            self.outcomes[place] = outcome
            self.came.append(place)
            self.news.set()

    def fail(self, error: BaseException | None) -> None:
        """The backend has ended: after all outcomes, or for this reason."""
        if self.error is None and (error is not None or self.owed.keys() - self.outcomes.keys()):
            self.error = error or RuntimeError("the workers ended before their work")
        self.news.set()

    def be_late(self) -> None:
        """The deadline has come."""
        self.late = True
        self.news.set()

    def next(self) -> Outcome | None:
        """The next outcome to give out; None if there is none yet."""
        if self.ordered:
            place = self.turn if self.turn in self.outcomes else None
        else:
            place = self.came.popleft() if self.came else None
        if place is None:
            return None
        self.turn += 1
        del self.owed[place]
        self.window.release()
        return self.outcomes.pop(place)

    def rest(self, deadline_s: float) -> Iterator[Outcome]:
        """What remains at the deadline: the finished outcomes, then an error for each base that is not finished."""
        if not self.ordered:
            yield from (self.outcomes.pop(place) for place in self.came)
        for place, base in self.owed.items():
            if self.ordered or place not in self.came:
                yield self.outcomes.get(place) or _late(base, deadline_s)
        if self.sized and not isinstance(self.bases, AsyncIterable):
            yield from (_late(base, deadline_s) for base in self.bases)


def _late(base: str, deadline_s: float) -> Outcome:
    return Failed(base, DeadlineExceeded(f"not finished at the deadline of {deadline_s:g} s"))


async def streamed(
    bases: Bases, backend_for: Callable[[Stream], Backend], size: int, deadline_s: float | None, *, ordered: bool
) -> AsyncGenerator[Outcome, None]:
    """The outcomes; see `fetch_all`."""
    stream = Stream(bases, size, ordered=ordered)
    backend = backend_for(stream)
    timer = deadline_s and asyncio.get_running_loop().call_later(deadline_s, stream.be_late)
    taking: asyncio.Task[None] | None = None
    try:
        await backend.open()
        taking = asyncio.create_task(stream.take(backend), name="rates-take")
        while not stream.late:
            stream.news.clear()
            while not stream.late and (outcome := stream.next()) is not None:
                yield outcome
            if stream.error is not None:
                raise stream.error
            if stream.all_taken and not stream.owed:
                return
            if not stream.late and not stream.news.is_set():
                await stream.news.wait()
        taking.cancel()
        backend.stop()
        for outcome in stream.rest(deadline_s or 0.0):
            yield outcome
    finally:
        if timer:
            timer.cancel()
        await _ended(backend, taking)


async def _ended(backend: Backend, taking: asyncio.Task[None] | None) -> None:
    """Ends all that runs and waits for it, also when the wait is cancelled, so that nothing is left behind."""
    backend.stop()
    waits: list[Awaitable[None]] = [asyncio.ensure_future(backend.close())]
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
