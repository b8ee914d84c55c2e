"""The calls of one `dispatch`: begun a window at a time, landed as they finish, tried again when a worker dies."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sized
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from math import inf
from operator import itemgetter
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Generic, TypeVar

from . import _private
from .base import LISTEN_S, InitializerFailed
from .recovery import PROBE, Job, Recovery, is_innocent
from .result import Done, Lateness, died, late
from .timeouts import Limit, Overrun, Timed

T = TypeVar("T")
R = TypeVar("R")

# How many finished results, in windows, may wait behind a slow head: one up to 16 times as slow as the rest is free.
BEHIND_HEAD = 16

new = tuple.__new__

# More than can arrive.
NEVER = sys.maxsize


class DeadlineReached(Exception):
    """Time is up; `Window.rest` gives what remains."""


class CompletionQueue:
    """A callback for futures: they arrive in the order in which they finish.

    A thread that waits for a certain one is woken by that one, or when so many others have arrived that workers may run
    out of calls, and not by each: a waking costs as much as a call that does nothing.
    """

    def __init__(self) -> None:
        self.arrived: deque[Future[Any]] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._head: Future[Any] | None = None
        self._enough = 1

    def __call__(self, future: Future[Any]) -> None:
        """Takes a future that has finished."""
        arrived = self.arrived
        arrived.append(future)
        if future is self._head or len(arrived) >= self._enough:
            self._head, self._enough = None, NEVER  # one ring is enough: each costs a waking
            self._bell.put(None)

    def wait(self, timeout_s: float, head: Future[Any] | None, enough: int) -> None:
        """Returns when `head` has arrived, or `enough` others, or the time is up; at times sooner."""
        self._head, self._enough = head, enough
        if not self.arrived:  # what arrived before the two were set has woken no thread
            try:
                self._bell.get(timeout=timeout_s)
            except Empty:
                pass
        self._head, self._enough = None, NEVER  # no thread waits, so none is woken


class Window(Generic[T, R]):
    """At most `size` outstanding calls of `fn`, one for each item, within the times that `dispatch` is given.

    `fill` begins calls and `land` waits for one to finish; `held` is for results that wait for their turn.
    """

    def __init__(
        self,
        executor: Executor,
        fn: Callable[[T], R],
        items: Iterable[T],
        size: int,
        deadline_s: float | None,
        limit_s: float | None,
        start_s: float | None,
    ) -> None:
        self.executor = executor
        self.submit: Callable[..., Future[Any]] = executor.submit
        limited = limit_s is not None or start_s is not None
        # How most calls begin where it can be had: two thirds of what the general way takes.
        self._submit_then: Any = None if limited else getattr(executor, "submit_then", None)
        self.limit = Limit(executor, inf if limit_s is None else limit_s, start_s) if limited else None
        self.fn: Callable[..., Any] = fn if self.limit is None else Timed(fn, self.limit.note, self.limit.limit_s)
        self.size, self.room = size, size * BEHIND_HEAD
        self.deadline_s = deadline_s
        # With `start_s` the deadline counts from when the first call begins.
        self.end = None if deadline_s is None or start_s is not None else monotonic() + deadline_s
        self.timed = deadline_s is not None or self.limit is not None
        self.sized = isinstance(items, Sized)
        self.jobs: Iterator[Job] = enumerate(items)
        self.outstanding: dict[Future[Any], Job] = {}
        self.finished = CompletionQueue()
        self.held: dict[int, Done[T, R]] = {}
        self.decided: list[Done[T, R]] = []
        self.recovery = Recovery(executor)

    def fill(self) -> bool:
        """Begins what there is room for; False when everything has begun and landed."""
        recovery, outstanding = self.recovery, self.outstanding
        if not recovery.calm and self._recovering():
            return True
        while (now := len(outstanding)) < self.size and (not self.held or now + len(self.held) < self.room or not now):
            job = recovery.untried.popleft() if recovery.untried else next(self.jobs, None)
            if job is None:
                return bool(now or self.decided)
            if self._submit_then is not None:
                try:
                    outstanding[self._submit_then(self.finished, self.fn, job[1])] = job
                    continue
                except (BrokenExecutor, TypeError):  # which `_begin` meets, too
                    pass
            if not self._begin(job, self.submit):
                break
        return True

    def _recovering(self) -> bool:
        # Reopened first: only that surely finishes all the broken pool's futures. They land, and then the probe and
        # each suspect run with nothing beside them.
        if self.recovery.down and (error := self.recovery.reopen()):
            self._give_up(error)
        if self.outstanding or self.decided:
            return True
        job = self.recovery.next()
        if job is None:
            return False
        self._begin(job, self.recovery.submit)
        return True

    def _begin(self, job: Job, submit: Callable[..., Future[Any]]) -> bool:
        try:
            if job is PROBE:
                future = submit(os.getpid)
            elif self.limit is None:
                future = submit(self.fn, job[1])
            else:
                future = submit(self.fn, self.limit.handed(job[0]), job[1])
        except BrokenExecutor as error:
            if job is not PROBE and self.recovery.possible and not isinstance(error, InitializerFailed):
                self.recovery.put_back(job)
                return False
            future = _failed(error)
        except TypeError as error:  # the item cannot be sent to a worker; the others can
            future = _failed(error)
        self.outstanding[future] = job
        future.add_done_callback(self.finished)
        return True

    def _give_up(self, error: BaseException) -> None:
        """From now on every call fails with `error`, like any other call that fails."""
        self.recovery.possible = False
        self._submit_then = None
        self.submit = lambda *_: _failed(error)

    def land(self, turn: int | None = None) -> Done[T, R] | None:
        """The next call to finish; None if its end is not decided yet. Raises DeadlineReached.

        turn: the place of the item that is waited for, when the others are of no use before it: then not every one that
        finishes wakes the caller.
        """
        arrived = self.finished.arrived
        future: Any = self._arrival(turn) if self.timed or not arrived else arrived.popleft()
        if future is None:
            return self.decided.pop() if self.decided else None
        return self._landed(future)

    def land_all(self, turn: int) -> None:
        """Lands all that has finished, into `held`; waits for something if nothing has. turn: as for `land`."""
        arrived = self.finished.arrived
        done = self.land(turn) if self.timed or not arrived else self._landed(arrived.popleft())
        while True:
            if done is not None:
                self.held[done.index] = done
            if not arrived:
                return
            done = self.land() if self.timed else self._landed(arrived.popleft())

    def _landed(self, future: Future[Any]) -> Done[T, R] | None:
        job = self.outstanding.pop(future, None)
        if job is None:  # given up at its limit
            return None
        if self.limit is not None:
            self.limit.landed(job[0])
        value = getattr(future, _private.RESULT, None)
        if value is not None and job is not PROBE:
            return new(Done, (*job, value, None))  # twice as fast as Done(…)
        try:
            value = future.result()
        except BaseException as error:
            # A Ctrl-C that strikes just here is the error of no call.
            if not isinstance(error, CancelledError) and error is not future.exception():
                raise
            return self._landed_badly(job, error)
        return None if job is PROBE else Done(job[0], job[1], value, None)

    def _arrival(self, turn: int | None) -> Future[Any] | None:
        """The next future to finish; None when calls were found over their limit instead."""
        while True:
            now = monotonic()
            if self.limit is not None and now >= self.limit.due:
                self._drop_over(self.limit)
            wait_s = LISTEN_S if self.end is None else min(LISTEN_S, self.end - now)
            if wait_s <= 0:
                raise DeadlineReached
            if self.decided:
                return None
            if self.finished.arrived:
                return self.finished.arrived.popleft()
            if self.limit is not None:
                wait_s = max(0.0, min(wait_s, self.limit.due - monotonic()))
            head = None if turn is None else self._head(turn)
            self.finished.wait(wait_s, head, 1 if head is None else max(1, self.size // 2))

    def _head(self, turn: int) -> Future[Any] | None:
        """The future of the item that is waited for: the first, since calls begin in order; none while recovering."""
        if not self.recovery.calm:
            return None
        future, job = next(iter(self.outstanding.items()))
        return future if job[0] == turn else None

    def _drop_over(self, limit: Limit) -> None:
        """Gives up the calls that are over their limit, or do not begin."""
        if self.finished.arrived:
            limit.progress(monotonic())
        reasons = limit.over()
        if self.end is None and self.deadline_s is not None and limit.first < inf:
            self.end = limit.first + self.deadline_s
        gone = {future: job for future, job in self.outstanding.items() if job[0] in reasons and not future.done()}
        why = self._why([future for future, job in gone.items() if not reasons[job[0]].ran])
        for future, job in gone.items():
            del self.outstanding[future]
            limit.landed(job[0])
        became = self._drop(gone, f"over its limit of {limit.limit_s:g} s")
        for job in gone.values():
            reason = reasons[job[0]]
            self.decided.append(Done(*job, None, late(*job, reason._replace(became=became if reason.ran else why))))

    def _why(self, futures: Collection[Future[Any]]) -> str:
        """A clause that says why these are late, if the executor knows."""
        because: Callable[[Future[Any]], str] = getattr(self.executor, "late_because", lambda _: "")
        return because(next(iter(futures))) if futures else ""

    def _drop(self, futures: dict[Future[Any], Job], why: str) -> str:
        drop: Callable[..., str] = getattr(self.executor, "drop", lambda *_: "")
        return drop(futures.keys(), why) if futures else ""

    def _landed_badly(self, job: Job, error: BaseException) -> Done[T, R] | None:
        if job is PROBE:
            if is_innocent(error):
                self.recovery.try_again()
            else:
                self._give_up(error)
            return None
        if isinstance(error, Overrun) and self.limit is not None:
            return Done(*job, None, late(*job, self.limit.ran(", and ended by itself")))
        if not self.recovery.is_crash(error):
            return Done(*job, None, error)
        if self.recovery.is_culprit(job, error):
            return Done(*job, None, died(*job, error))
        return None

    def rest(self, *, ordered: bool) -> Iterator[Done[T, R]]:
        """At the deadline: what has finished, then the rest as late; if `ordered`, all of it by index.

        What still runs is given up. Items not yet taken are late too if their number is known; a generator's are simply
        never begun.
        """
        assert self.deadline_s is not None
        self.end, self.timed = None, False
        landed = (self.land() for _ in range(len(self.finished.arrived)))
        found = [*self.decided, *self.held.values(), *(done for done in landed if done is not None)]
        begun = {future: job for future, job in self.outstanding.items() if job is not PROBE}
        why = Lateness(f"not finished at the deadline of {self.deadline_s:g} s")
        why_begun = why._replace(became=self._why(begun))
        self.cancel()
        self._drop(dict(self.outstanding), f"late at the deadline of {self.deadline_s:g} s")
        late_ones = sorted([*begun.values(), *self.recovery.suspects, *self.recovery.untried], key=itemgetter(0))
        places = {job[0] for job in begun.values()}
        found += [Done(*job, None, late(*job, why_begun if job[0] in places else why)) for job in late_ones]
        self.outstanding.clear()
        yield from sorted(found, key=lambda done: done.index) if ordered else found
        if self.sized:
            for i, item in self.jobs:
                yield Done(i, item, None, late(i, item, why))

    def cancel(self) -> None:
        """Cancels what has not begun."""
        for future in self.outstanding:
            future.cancel()
            _private.release_lock(future)

    def close(self) -> None:
        """Cancels what has not begun, and leaves nothing behind."""
        self.cancel()
        if self.limit is not None:
            self.limit.end()


def _failed(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
