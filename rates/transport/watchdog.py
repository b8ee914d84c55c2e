"""A total deadline for one fetch, kept by one thread a process.

`timeout=` limits one read, so a server that drips a byte a second holds a request for ever. Here each fetch has a
`Guard`; at its deadline the watchdog shuts the guard's socket down, which ends any wait on it within milliseconds
(hangs, drips, endless headers). A socket that was shut down reads like a clean end of file, so `Guard.fired` must be
checked after success too. During name resolution no socket exists yet; `session` limits its time.

A provider's code may compute without end. It is run by `Guard.compute`, and at the deadline the watchdog raises
`TimeOver` in its thread. That ends a loop in Python; a call in C goes on until it returns, and one that keeps Python's
lock holds up the watchdog too. Only a worker process can be ended then.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from rates.errors import DeadlineExceeded, Interrupted
from rates.forks import in_forked_child
from rates.transport.timings import Phases

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

monotonic = time.monotonic
# An isolated interpreter allows no daemonic threads; it waits at its end for every thread, so ours must be ended.
DAEMONS: bool = getattr(threading, "_daemon_threads_allowed", lambda: True)()


class TimeOver(BaseException):
    """Raised by the watchdog where a provider's code computes; no `except Exception` there keeps it."""


class Guard:
    """The time limit of one fetch; a context manager, in whose block the watchdog keeps it.

    ends: the deadline on the monotonic clock. fired: True when the watchdog has ended the fetch's waits. sock: the
    socket in use, set by the connection. wake: ends a wait that has no socket. run: the run that the fetch is a part
    of, which can be stopped alone. thread: the one that computes for it, 0 if none does. phases: where the fetch counts
    its time; guards of one fetch may share them.
    A guard that is not entered only answers questions: an event loop keeps the time of its fetches by itself.
    """

    __slots__ = ("allowed", "ends", "fired", "phases", "run", "sock", "thread", "wake")

    def __init__(self, seconds: float, run: str = "", phases: Phases | None = None) -> None:
        self.allowed, self.run = seconds, run
        self.phases = Phases() if phases is None else phases
        self.ends = monotonic() + seconds
        self.fired = False
        self.thread = 0
        self.sock: socket.socket | None = None
        self.wake: Callable[[], object] | None = None

    def __enter__(self) -> Guard:
        _watchdog.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        _watchdog.discard(self)

    async def __aenter__(self) -> Guard:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()

    def release(self) -> None:
        """Forgets the socket. Under the lock: the next fetch may use it at once, and it must not be shut down then."""
        with _watchdog.lock:
            self.sock = None

    def left(self) -> float:
        """Seconds until the deadline, negative when it has passed."""
        return self.ends - monotonic()

    def longest_wait(self, timeout_s: float) -> float:
        """Seconds that one wait on the socket may take; a little over what is left: a deadline has its own error."""
        return max(0.001, min(timeout_s, self.left() + 0.05))

    def check(self) -> None:
        """Raises when the time is over, or the process or the run was stopped, even if it was resumed since."""
        over = self.left() <= 0
        if _watchdog.stopped.is_set() or self.run in _watchdog.stopped_runs or (self.fired and not over):
            raise Interrupted("stopped")
        if over:
            raise self.exceeded()

    def exceeded(self) -> DeadlineExceeded:
        """The error of a fetch whose time is over."""
        allowed = f"{max(0.0, round(self.allowed, 2)):g}"
        return DeadlineExceeded(f"took longer than its {allowed} s", hint="give more time with --deadline")

    def sleep(self, seconds: float) -> None:
        """Waits that long; raises as soon as the deadline comes or the process is stopped."""
        self.wait(threading.Event(), seconds)

    def wait(self, event: threading.Event, seconds: float = float("inf")) -> None:
        """Waits for an event of this fetch alone, which `fire` sets too; raises as `sleep` does."""
        self.wake = event.set
        if not self.fired:
            event.wait(max(0.0, min(seconds, self.left())))
        self.wake = None
        self.check()

    def compute(self, fn: Callable[[*Ts], R], *args: *Ts) -> R:
        """What the function gives; raises as `check` does when it does not end in time."""
        try:
            try:
                _watchdog.enter(self)
                return fn(*args)
            finally:
                _watchdog.leave(self)
        except TimeOver:
            _watchdog.leave(self)  # it may have struck within the first `leave`
            self.check()
            raise self.exceeded() from None

    def fire(self) -> None:
        """Ends every wait on this fetch's socket, and what is computed for it; under the watchdog's lock."""
        self.fired = True
        if self.thread:
            _watchdog.overdue.add(self.thread)
            _raise_in(self.thread, TimeOver)
        sock, wake = self.sock, self.wake  # the fetch's own thread may clear them now
        if wake is not None:
            wake()
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except Exception:
                pass  # the socket was closed already; an exception here would end the watchdog for all other fetches


class _Watchdog:
    """The guards of the fetches under way, and the thread that fires them when their time is over."""

    def __init__(self) -> None:
        # Entered as it is, in one step of the interpreter: `TimeOver` would leave a lock held that it meets in the
        # Python code of `Condition.__enter__`, just after it was taken.
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.guards: set[Guard] = set()
        self.overdue: set[int] = set()  # the threads in which `TimeOver` was raised and has not arrived yet
        self.wakes = float("inf")
        self.thread: threading.Thread | None = None
        self.stopped = threading.Event()
        self.ended = False
        self.stopped_runs: set[str] = set()

    def add(self, guard: Guard) -> None:
        with self.lock:
            self.guards.add(guard)
            if self.thread is None:
                thread = threading.Thread(target=self.run, name="rates-watchdog", daemon=DAEMONS)
                if not DAEMONS:
                    threading._register_atexit(self.end)  # type: ignore[attr-defined]  # as concurrent.futures does
                thread.start()
                self.thread = thread
            if guard.ends < self.wakes:
                self.wakes = guard.ends
                self.changed.notify()

    def discard(self, guard: Guard) -> None:
        with self.lock:
            self.guards.discard(guard)

    def enter(self, guard: Guard) -> None:
        """The thread begins to compute for a fetch whose time is kept here."""
        with self.lock:
            guard.thread = threading.get_ident() if guard in self.guards else 0

    def leave(self, guard: Guard) -> None:
        """The thread has ended that; what was raised in it too late is withdrawn."""
        with self.lock:
            guard.thread, thread = 0, threading.get_ident()
            if thread in self.overdue:
                self.overdue.discard(thread)
                _raise_in(thread, None)

    def run(self) -> None:
        """Sleeps until the next deadline; the wake times of guards that ended well cost one idle turn."""
        while not self.ended:
            with self.lock:
                now = monotonic()
                for guard in [guard for guard in self.guards if guard.ends <= now]:
                    guard.fire()
                    self.guards.discard(guard)
                self.wakes = min((guard.ends for guard in self.guards), default=float("inf"))
                self.changed.wait(None if self.wakes == float("inf") else max(0.0, self.wakes - now))

    def end(self) -> None:
        """Ends the thread, with its interpreter."""
        with self.lock:
            self.ended = True
            self.changed.notify()

    def stop(self, run: str) -> None:
        if run:
            self.stopped_runs.add(run)
        else:
            self.stopped.set()
        with self.lock:
            for guard in self.guards:
                if run in ("", guard.run):
                    guard.fire()


_watchdog = _Watchdog()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raises the error in a thread of Python code; None withdraws one that has not arrived.

    PyThreadState_SetAsyncExc is public in C alone. There is no other way to end a loop in another thread.
    """
    import ctypes

    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


def heed() -> None:
    """For a handler of signals: ends a call in C, such as a sleep, that is overdue in the thread of the handler."""
    if threading.get_ident() in _watchdog.overdue:
        raise TimeOver


def stop(run: str = "") -> None:
    """Ends all fetches of this process at once, or those of one run; they raise `Interrupted`. Used for Ctrl-C."""
    _watchdog.stop(run)


def resume(run: str = "") -> None:
    """Allows fetches again after `stop`; for one run, forgets that it was stopped."""
    if run:
        _watchdog.stopped_runs.discard(run)
    else:
        _watchdog.stopped.clear()


@in_forked_child
def _reset() -> None:
    """A forked child has none of its parent's threads and must not touch its sockets."""
    global _watchdog
    _watchdog = _Watchdog()
