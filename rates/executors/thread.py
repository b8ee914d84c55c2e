"""`thread`: a pool of threads, for calls that mostly wait.

A `ThreadPoolExecutor` by `isinstance`, with its own state and workers. They are daemonic: the standard library's would
be joined before the interpreter exits, also one whose call never returns.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from math import inf
from queue import Empty, SimpleQueue
from typing import Any

from . import _private
from .base import LISTEN_S, InitializerFailed
from .calls import Call
from .interrupts import uninterrupted
from .queued import Backend, QueuedExecutor
from .worker import why_broken

# An isolated interpreter has no daemonic threads; there a call that never returns keeps the interpreter.
DAEMONS = _private.allows_daemon_threads()


class Worker(threading.Thread):
    """One thread of a crew.

    left: whether the thread is given up. inner: its interpreter, if it has one; main_imported: whether that has the
    main module.
    """

    def __init__(self, crew: Crew, name: str) -> None:
        self.crew = crew
        self.inner: Any = None
        self.busy = self.left = self.main_imported = False
        super().__init__(name=name, daemon=DAEMONS or None)

    def run(self) -> None:
        """Takes calls until the crew ends, this thread is given up, or it is one too many."""
        crew, why = self.crew, self.crew.prepare(self)
        while (call := crew.queue.get()) is not None:
            self.busy, call.where = True, self
            if why:
                call.break_down(InitializerFailed(why), None)
            else:
                crew.serve(self, call)
            del call  # or it would be kept until the next one comes
            self.busy = False
            if self.left or (len(crew.workers) > crew.size and crew.dismisses(self)):
                break
        else:
            crew.queue.put(None)  # for the next worker
        if self.inner is not None:
            self.inner.close()


class Crew(Backend):
    """Threads that take calls from one queue; each starts at a call for which there is none idle."""

    finishes = True
    thread = "thread"

    def __init__(self, executor: QueuedExecutor) -> None:
        self.size, self.initial = executor.workers + executor.lent, executor.initial
        self.name = f"rates_{executor.mode}" if executor.mode != "thread" else "rates"
        self.queue: SimpleQueue[Any] = SimpleQueue()
        self.workers: set[Worker] = set()
        self._started = 0
        self._lock = threading.RLock()  # a signal handler may call what it interrupts

    def prepare(self, worker: Worker) -> str:
        """Makes a fresh thread fit for work; why that failed, or ""."""
        return why_broken(*self.initial)

    def serve(self, worker: Worker, call: Call) -> None:
        """Runs a call in the thread of the worker."""
        call.run()

    def begin(self, call: Call) -> None:
        """Puts a call into the queue, and starts a thread if none is idle; RuntimeError if there is none at all."""
        self.queue.put(call)
        if len(self.workers) >= self.size:
            return
        with self._lock:
            if len(self.workers) < self.size and self.queue.qsize() > sum(not worker.busy for worker in self.workers):
                try:
                    self._start()
                except RuntimeError:  # the system has no thread left; those that there are will take the call
                    if not self.workers:
                        raise

    def _start(self) -> None:
        worker = Worker(self, f"{self.name}_{self._started}")
        with uninterrupted():
            worker.start()
            self._started += 1
            self.workers.add(worker)

    def dismisses(self, worker: Worker) -> bool:
        """Whether the worker ends, because calls that have waited for others no longer do."""
        # A signal handler may hold the lock and wait for this worker: then it stays, and ends with the crew.
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if len(self.workers) <= self.size:
                return False
            self.workers.discard(worker)
            return True
        finally:
            self._lock.release()

    def drained(self) -> list[Call]:
        """The calls that no thread has taken, removed from the queue."""
        calls: list[Call] = []
        while True:
            try:
                call = self.queue.get_nowait()
            except Empty:
                return calls
            if call is None:  # the crew ends
                self.queue.put(None)
                return calls
            calls.append(call)

    def leave(self, calls: list[Call], why: str) -> str:
        """Leaves the threads that run these calls, and starts others in their place; a clause that says so."""
        found = {call.where for call in calls}
        left = self._left([worker for worker in self.workers if worker in found], why)
        for _ in left:
            try:
                self._start()
            except RuntimeError:  # the next call tries again
                break
        return f"; its {self.thread} {left[0]} cannot be ended and is left" if left else ""

    def _left(self, workers: list[Worker], why: str) -> list[str]:
        """The names that the workers had."""
        names = [worker.name for worker in workers]
        with self._lock:
            for worker in workers:
                worker.left = True
                self.workers.discard(worker)
                worker.name = f"{worker.name} (left: {why})"
        return names

    def resize(self, workers: int) -> None:
        """So many threads from now on."""
        self.size = workers

    def close(self) -> None:
        """Ends the threads when the queue is empty."""
        self.queue.put(None)
        for worker in list(self.workers):
            while worker is not threading.current_thread() and worker.is_alive() and not worker.left:
                worker.join(LISTEN_S)

    def end(self) -> None:
        """Leaves the threads that run something, and ends the others."""
        self.queue.put(None)
        self._left([worker for worker in list(self.workers) if worker.busy], "killed")


class ThreadExecutor(QueuedExecutor, ThreadPoolExecutor):
    """A `ThreadPoolExecutor` whose threads are named `rates_0`, `rates_1` and so on.

    A thread cannot be ended: after `kill` a call that runs goes on until it returns or the interpreter exits.
    """

    mode, backend = "thread", Crew
    shares_memory = True
    marks = False
    ready = inf
