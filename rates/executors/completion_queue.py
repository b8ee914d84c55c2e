"""Where finished futures arrive, and when their arrival wakes the thread that waits."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any


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
            self._bell.put(None)

    def wait(self, timeout_s: float, head: Future[Any] | None = None, enough: int = 1) -> None:
        """Returns when `head` has arrived, or `enough` others, or the time is up; at times sooner."""
        self._head, self._enough = head, enough if head is not None else 1
        # What arrived before the two were set has woken no thread.
        if self.arrived and (head is None or head.done() or len(self.arrived) >= enough):
            return
        try:
            self._bell.get(timeout=timeout_s)
        except Empty:
            pass
        self._head, self._enough = None, 1 << 30  # no thread waits, so none is woken
