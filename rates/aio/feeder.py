"""The engine of the other modes: one thread that drives `rates.executors.dispatch` for the loop.

A twin of `dispatch` for asyncio would have to repeat its recovery of dead workers, and to hand each blocking step of an
executor (opening, the first submit, reopening, killing) to a thread all the same. So one thread does all of them, in
their order, and the loop wakes once for all results that have come by then.

`dispatch` waits for calls to finish. What else it must hear of (another base, the end, a cancellation) comes to it as
the end of a call: the bell, an item whose future is ours to finish. The iterator of the items says StopIteration when
there is nothing more *for now*, and is asked again after the next call has finished.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import closing
from functools import partial
from typing import Any, cast

from rates import settings as _settings
from rates.errors import UsageError
from rates.executors import OpenExecutor, dispatch, open_executor
from rates.fetch import attempt
from rates.fetch.run import new_run, outcome, preload
from rates.model import Outcome
from rates.offload import Bell, in_thread, nimble
from rates.settings import Settings
from rates.transport import resume, stop

BELL = "(bell)"  # stands among the bases for a call that ends when there is news
PATIENCE_S = 1.0  # for a stopped thread, before its executor is killed under it


class Feeder:
    """Fetches on an executor of one mode, which it opens and closes in its own thread."""

    def __init__(
        self,
        settings: Settings | None,
        mode: str,
        workers: int,
        size: int,
        scheduler: str | None,
        tell: Callable[[int, Outcome], None],
        fail: Callable[[BaseException | None], None],
    ) -> None:
        self._settings, self._mode, self._workers, self._size = settings, mode, workers, size
        self._scheduler, self._tell, self._fail = scheduler, tell, fail
        self._loop = asyncio.get_running_loop()
        self._over = Bell()
        self._lock = threading.Lock()
        self._bases: deque[tuple[int, str]] = deque()
        self._bell: Future[None] | None = None
        self._finished = self._stopped = self._started = self._called = False
        self._came: deque[tuple[int, Outcome]] = deque()
        self._places: dict[int, int] = {}
        self._halt: Callable[[], None] = lambda: None
        self._executor: OpenExecutor | None = None

    # --- in the loop's thread

    async def open(self) -> None:
        """Starts the thread; the executor opens while the first bases are taken."""
        self._started = True
        threading.Thread(target=self._run, name="rates-feeder", daemon=True).start()

    def begin(self, place: int, base: str) -> None:
        """One base."""
        self._bases.append((place, base))
        self._ring()

    def finish(self) -> None:
        """No more bases will come."""
        self._finished = True
        self._ring()

    def stop(self) -> None:
        """Cancels what has not begun; ends what has."""
        self._stopped = True
        self._bases.clear()
        self._halt()
        self._ring()

    def _ring(self) -> None:
        with self._lock:
            bell, self._bell = self._bell, None
        if bell is not None:
            _end(bell)

    async def close(self) -> None:
        """When the thread has ended; a call that does not end by itself is killed."""
        if not self._started:
            return
        await asyncio.wait((self._over.rung,), timeout=PATIENCE_S if self._stopped else None)
        if not self._over.rung.done() and self._executor is not None:
            await in_thread(self._executor.kill)
        await self._over.rung

    def _deliver(self) -> None:
        self._called = False  # before it looks: what comes from now on calls again
        while self._came:
            self._tell(*self._came.popleft())

    # --- in the feeder's thread

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            with nimble():
                self._feed()
        except BaseException as failure:
            error = failure
        try:
            self._loop.call_soon_threadsafe(self._fail, error)
        except RuntimeError:  # the loop is closed, and nobody waits
            pass
        self._over()

    def _feed(self) -> None:
        settings = self._settings if self._settings is not None else _settings.load()
        with new_run(settings, self._mode) as chosen:
            executor = self._executor = self._opened(settings, preload(settings))
            self._halt = partial(stop, chosen.run)
            try:
                fetch = partial(attempt, settings=chosen)
                belled = cast(OpenExecutor, _Belled(executor, self))
                calls = dispatch(belled, fetch, self._items(), via="submit", window=self._size + 1)
                with closing(calls):
                    for done in calls:
                        if self._stopped:
                            break
                        if done.item is not BELL:
                            place = self._places.pop(done.index)
                            self._bring(place, outcome(done.item, done.value, done.error))
            except BaseException:
                self._stopped = True
                raise
            finally:
                if self._stopped:
                    self._halt()
                if self._stopped and not executor.shares_memory:
                    executor.kill()
                else:
                    executor.shutdown(cancel_futures=True)
                resume(chosen.run)

    def _opened(self, settings: Settings, preload: tuple[str, ...]) -> OpenExecutor:
        method = settings.start_method or None
        try:
            return open_executor(
                self._mode, self._workers, start_method=method, preload=preload, scheduler=self._scheduler
            )
        except ValueError as error:
            raise UsageError(str(error)) from error

    def _items(self) -> Iterator[str]:
        return _Items(self)

    def next_item(self, number: int, rung: bool) -> str | None:
        """What `dispatch` is given as its item of that number, if there is something; `rung`: it has no bell now."""
        if self._bases and not self._stopped:
            self._places[number], base = self._bases.popleft()
            return base
        return BELL if rung and not self._finished and not self._stopped else None

    def new_bell(self) -> Future[None]:
        """The call that ends when there is news; at once when there is."""
        bell: Future[None] = Future()
        with self._lock:
            if not (self._bases or self._finished or self._stopped):
                self._bell = bell
                return bell
        _end(bell)
        return bell

    def has_bell(self) -> bool:
        """Whether a bell is outstanding."""
        return self._bell is not None

    def wake(self) -> None:
        """Ends the bell, so that it holds up nothing."""
        self._ring()

    def _bring(self, place: int, outcome: Outcome) -> None:
        self._came.append((place, outcome))
        if not self._called:
            self._called = True
            self._loop.call_soon_threadsafe(self._deliver)


def _end(bell: Future[None]) -> None:
    try:
        bell.set_result(None)
    except InvalidStateError:  # cancelled, by a dispatch that is over
        pass


class _Items(Iterator[str]):
    """The bases, as they come, and the bell when there are none; may go on after a StopIteration."""

    def __init__(self, feeder: Feeder) -> None:
        self._feeder, self._number = feeder, 0

    def __next__(self) -> str:
        item = self._feeder.next_item(self._number, not self._feeder.has_bell())
        if item is None:
            raise StopIteration
        self._number += 1
        return item


class _Belled:
    """An executor that knows the bell; all else is its own."""

    def __init__(self, executor: OpenExecutor, feeder: Feeder) -> None:
        self._executor, self._feeder = executor, feeder

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The bell, or a call."""
        if args and args[0] is BELL:
            return self._feeder.new_bell()
        return self._executor.submit(fn, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._executor, name)
        if name == "reopen":  # the dead pool's calls must all have ended before one is tried again
            self._feeder.wake()
        return found
