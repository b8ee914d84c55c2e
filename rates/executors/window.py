"""The calls of one `dispatch`: begun a window at a time, landed as they finish, tried again when a worker dies."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from operator import itemgetter
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Generic, TypeVar

from .done import Done, died, late
from .interrupts import let_go
from .recovery import PROBE, Job, Recovery

T = TypeVar("T")
R = TypeVar("R")

# How many finished results, in windows, may wait behind a slow head: one up to 16 times as slow as the rest is free.
BEHIND_HEAD = 16

# The longest single wait. A Ctrl-C that comes just before a wait begins does not end it (CPython marks the signal, then
# sleeps: 3 of 28 were lost when sent as the first call began), so waits end by themselves, well within a second.
LISTEN_S = 0.25


class DeadlineReached(Exception):
    """Time is up; `Window.rest` tells what remains."""


class Window(Generic[T, R]):
    """At most `size` outstanding calls of `fn`, one for each item, until `deadline_s` from now.

    `fill` begins calls and `land` waits for one to finish; `held` is for results that wait for their turn.
    """

    def __init__(
        self, executor: Executor, fn: Callable[[T], R], items: Iterable[T], size: int, deadline_s: float | None
    ) -> None:
        self.submit: Callable[..., Future[Any]] = executor.submit
        self.fn, self.size, self.room = fn, size, size * BEHIND_HEAD
        self.deadline_s = deadline_s
        self.end = None if deadline_s is None else monotonic() + deadline_s
        self.sized = isinstance(items, Sized)
        self.jobs = enumerate(items)
        self.outstanding: dict[Future[Any], Job] = {}
        self.inbox: SimpleQueue[Future[Any]] = SimpleQueue()
        self.held: dict[int, Done[T, R]] = {}
        self.recovery = Recovery(executor)

    def fill(self) -> bool:
        """Begins what there is room for; False when everything has begun and landed."""
        if not self.recovery.calm and self._recovering():
            return True
        outstanding, held = self.outstanding, self.held
        while (now := len(outstanding)) < self.size and (now + len(held) < self.room or not now):
            job = next(self.jobs, None)
            if job is None:
                break
            if not self._begin(job):
                return True
        return bool(outstanding)

    def _recovering(self) -> bool:
        # Reopened first: only that surely finishes all the broken pool's futures. They land, and then the probe and
        # each suspect run with nothing beside them.
        if self.recovery.down and (error := self.recovery.reopen()):
            self._give_up(error)
        if self.outstanding:
            return True
        job = self.recovery.next()
        if job is None:
            return False
        if job is PROBE:
            self._probe()
        else:
            self._begin(job)
        return True

    def _begin(self, job: Job) -> bool:
        try:
            future = self.submit(self.fn, job[1])
        except BrokenExecutor as error:
            if self.recovery.possible:
                self.recovery.put_back(job)
                return False
            future = _failed(error)
        self.outstanding[future] = job
        future.add_done_callback(self.inbox.put)
        return True

    def _probe(self) -> None:
        try:
            future = self.submit(os.getpid)
        except BrokenExecutor as error:
            future = _failed(error)
        self.outstanding[future] = PROBE
        future.add_done_callback(self.inbox.put)

    def _give_up(self, error: BaseException) -> None:
        """From now on every call fails with `error`, and is told so like any other."""
        self.recovery.possible = False
        self.submit = lambda *_: _failed(error)

    def land(self) -> Done[T, R] | None:
        """The next call to finish; None if it will be tried again. Raises DeadlineReached."""
        future = self._arrival()
        job = self.outstanding.pop(future)
        try:
            value = future.result()
        except BaseException as error:
            # A Ctrl-C that strikes just here is nobody's result.
            if not isinstance(error, CancelledError) and error is not future.exception():
                raise
            return self._landed_badly(job, error)
        return None if job is PROBE else Done(job[0], job[1], value, None)

    def _arrival(self) -> Future[Any]:
        while True:
            wait_s = LISTEN_S if self.end is None else min(LISTEN_S, self.end - monotonic())
            if wait_s <= 0:
                raise DeadlineReached
            try:
                return self.inbox.get(timeout=wait_s)
            except Empty:
                continue

    def _landed_badly(self, job: Job, error: BaseException) -> Done[T, R] | None:
        if job is PROBE:
            self._give_up(error)
            return None
        if not self.recovery.is_crash(error):
            return Done(*job, None, error)
        if self.recovery.convicts(job):
            return Done(*job, None, died(*job, error))
        return None

    def rest(self, *, ordered: bool) -> Iterator[Done[T, R]]:
        """At the deadline: what has finished as it is, then the rest as late; `ordered`, all of it by index.

        Items not yet taken are late too if their number is known; a generator's are simply never begun.
        """
        assert self.deadline_s is not None
        self.end = None
        landed = (self.land() for _ in range(self.inbox.qsize()))
        told = [*self.held.values(), *(done for done in landed if done is not None)]
        self.cancel()
        begun = [job for job in self.outstanding.values() if job is not PROBE]
        late_ones = sorted([*begun, *self.recovery.suspects, *self.recovery.untried], key=itemgetter(0))
        told += [Done(i, item, None, late(i, item, self.deadline_s)) for i, item in late_ones]
        yield from sorted(told, key=lambda done: done.index) if ordered else told
        if self.sized:
            for i, item in self.jobs:
                yield Done(i, item, None, late(i, item, self.deadline_s))

    def cancel(self) -> None:
        """Cancels what has not begun."""
        for future in self.outstanding:
            future.cancel()
            let_go(future)


def _failed(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
