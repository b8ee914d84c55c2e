"""The backend of the modes of `rates.executors`: one thread runs a `rates.run` for the event loop.

An asyncio version of `dispatch` would have to repeat its recovery of dead workers, and would still need a thread for
each blocking step of an executor (opening, the first submit, reopening, killing). So one thread does all of them, in
their order, and the loop wakes once for all results that have come by then.

`dispatch` waits only for calls to finish. So what else it must learn (another base, the end, a cancellation) reaches it
as a call that finishes: the *bell*, an item whose future this module finishes. The iterator of the items raises
StopIteration when there is nothing more *for now*; `dispatch` asks it again after the next call has finished.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import closing, suppress
from functools import partial
from typing import Any, cast

from rates.aio.stream import Stream
from rates.executors import OpenExecutor, dispatch
from rates.fetch import attempt
from rates.model import Outcome
from rates.offload import ThreadsafeEvent, short_switch_interval
from rates.run import GRACE_S, open_run, to_outcome
from rates.settings import Settings
from rates.transport import stop

BELL = "(bell)"  # the item of the call that finishes when there is news


class Stopped(Exception):
    """Ends the run because the stream was stopped."""


class ExecutorBackend:
    """Fetches on an executor of one mode, which it opens and closes in a thread.

    It gives the outcomes, and the error that ended the thread, to the stream, in the loop.
    """

    def __init__(
        self,
        resolve: Callable[[], Settings],
        mode: str,
        workers: int,
        size: int,
        scheduler: str | None,
        stream: Stream,
    ) -> None:
        self._resolve, self._mode, self._workers, self._size = resolve, mode, workers, size
        self._scheduler, self._stream = scheduler, stream
        self._loop = asyncio.get_running_loop()
        self._over = ThreadsafeEvent()
        self._lock = threading.Lock()
        self._bases: deque[tuple[int, str]] = deque()
        self._bell: Future[None] | None = None
        self._finished = self._stopped = self._started = self._called = False
        self._came: deque[tuple[int, Outcome]] = deque()
        self._places: dict[int, int] = {}  # by the number of the item, of the bases under way
        self._stop_run: Callable[[], None] = lambda: None

    # --- in the loop's thread

    async def open(self) -> None:
        """Starts the thread; the executor opens while the first bases are taken."""
        self._started = True
        threading.Thread(target=self._run, name="rates-aio", daemon=True).start()

    def begin(self, place: int, base: str) -> None:
        """Adds a base."""
        self._bases.append((place, base))
        self.ring()

    def finish(self) -> None:
        """No more bases will come."""
        self._finished = True
        self.ring()

    def stop(self) -> None:
        """Cancels what has not begun; ends what has."""
        self._stopped = True
        self._bases.clear()
        self._stop_run()
        self.ring()

    def ring(self) -> None:
        """Finishes the bell, so that `dispatch` does not wait for it."""
        with self._lock:
            bell, self._bell = self._bell, None
        if bell is not None:
            _end(bell)

    async def close(self) -> None:
        """Waits until the thread has ended."""
        if self._started:
            await self._over.wait()

    def _deliver(self) -> None:
        self._called = False  # before it looks: what comes from now on calls again
        while self._came:
            self._stream.add(*self._came.popleft())

    # --- in the backend's thread

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            with short_switch_interval():
                self._fetch()
        except BaseException as failure:
            error = failure
        with suppress(RuntimeError):  # the loop is closed, and nothing waits
            self._loop.call_soon_threadsafe(self._stream.fail, error)
        self._over.set()

    def _fetch(self) -> None:
        settings = self._resolve()
        scheduler = self._scheduler or settings.scheduler
        settings = settings.with_values(mode=self._mode, workers=self._workers, scheduler=scheduler)
        with suppress(Stopped), open_run(settings, self._workers) as run:
            self._stop_run = partial(stop, run.settings.run)
            fetch = partial(attempt, settings=run.settings)
            executor = cast(OpenExecutor, _WithBell(run.executor, self))
            # On another machine it cannot be known when a call begins, and the bell may ring late.
            limit_s = None if getattr(run.executor, "remote", False) else settings.deadline + GRACE_S
            begun = dispatch(executor, fetch, _Items(self), via="submit", window=self._size + 1, limit_s=limit_s)
            with closing(begun) as calls:
                for done in calls:
                    if self._stopped:
                        break
                    if done.item is not BELL:
                        self._bring(self._places.pop(done.index), to_outcome(done.item, done, settings.deadline))
                        if self._idle():
                            self.ring()
            if self._stopped:
                raise Stopped

    def _idle(self) -> bool:
        """Whether nothing is under way, and nothing will come."""
        return (self._finished or self._stopped) and not self._bases and not self._places

    def next_item(self, number: int) -> str | None:
        """The item of that number for `dispatch`: a base, or the bell if none is outstanding; None for nothing."""
        if self._bases and not self._stopped:
            self._places[number], base = self._bases.popleft()
            return base
        return None if self._bell is not None or self._idle() else BELL

    def new_bell(self) -> Future[None]:
        """The call that finishes when there is news; at once if there is some already."""
        bell: Future[None] = Future()
        with self._lock:
            if not (self._bases or self._stopped or self._idle()):
                self._bell = bell
                return bell
        _end(bell)
        return bell

    def _bring(self, place: int, outcome: Outcome) -> None:
        self._came.append((place, outcome))
        if not self._called:
            self._called = True
            self._loop.call_soon_threadsafe(self._deliver)


def _end(bell: Future[None]) -> None:
    with suppress(InvalidStateError):  # cancelled, by a dispatch that is over
        bell.set_result(None)


class _Items(Iterator[str]):
    """The bases as they come, and the bell when there are none; may go on after a StopIteration."""

    def __init__(self, backend: ExecutorBackend) -> None:
        self._backend, self._number = backend, 0

    def __next__(self) -> str:
        item = self._backend.next_item(self._number)
        if item is None:
            raise StopIteration
        self._number += 1
        return item


class _WithBell:
    """An executor that also takes the bell; everything else is the executor's."""

    def __init__(self, executor: OpenExecutor, backend: ExecutorBackend) -> None:
        self._executor, self._backend = executor, backend

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The bell's future, or that of a call."""
        if args and args[-1] is BELL:  # before it there may be the number of the attempt
            return self._backend.new_bell()
        return self._executor.submit(fn, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._executor, name)
        if name == "reopen":  # the dead pool's calls must all have ended before one is tried again
            self._backend.ring()
        return found
