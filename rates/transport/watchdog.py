"""A total deadline for one fetch, kept by one thread a process.

`timeout=` bounds one read, so that a server dripping a byte a second holds a request for ever. Here each fetch has a
`Guard`; at its deadline the watchdog shuts the guard's socket down, which ends any wait on it within milliseconds
(hangs, drips, endless headers). A shut socket reads like a clean end of file: `Guard.fired` must be looked at after
success too. Name resolution is outside: no socket exists yet; `session` bounds it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType

from rates.errors import DeadlineExceeded, Interrupted
from rates.forks import in_forked_child
from rates.transport.timings import Phases

monotonic = time.monotonic
# An isolated interpreter allows none; it waits at its end for every thread, so ours must be told.
DAEMONS: bool = getattr(threading, "_daemon_threads_allowed", lambda: True)()


class Guard:
    """One fetch's time. `ends`: its deadline on the monotonic clock; use as a context manager.

    `sock` is the socket in use, set by the connection; `fired` tells that the deadline has passed. `run` is the name of
    the run that the fetch is a part of, which can be stopped alone; `phases` where the time goes, those of the whole
    fetch when it has more guards than one. An event loop keeps the time of its own fetches; it only asks a guard that
    nobody has entered.
    """

    __slots__ = ("allowed", "ends", "fired", "phases", "run", "sock", "waking")

    def __init__(self, seconds: float, run: str = "", phases: Phases | None = None) -> None:
        self.allowed, self.run = seconds, run
        self.phases = Phases() if phases is None else phases
        self.ends = monotonic() + seconds
        self.fired = False
        self.sock: socket.socket | None = None
        self.waking: Callable[[], object] | None = None  # ends a wait that has no socket yet

    def __enter__(self) -> Guard:
        _watch.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
        _watch.discard(self)

    def release(self) -> None:
        """Lets go of the socket. Under the lock: the next fetch may use it at once, and must not see it shut."""
        with _watch.changed:
            self.sock = None

    def left(self) -> float:
        """Seconds until the deadline, negative when it has passed."""
        return self.ends - monotonic()

    def longest_wait(self, timeout_s: float) -> float:
        """Seconds that one wait on the socket may take; a little over what is left: a deadline has its own error."""
        return max(0.001, min(timeout_s, self.left() + 0.05))

    def check(self) -> None:
        """Raises when the time is over, or the process has been told to stop (fired with time left: it was then)."""
        over = self.left() <= 0
        if _watch.stopped.is_set() or self.run in _watch.halted or (self.fired and not over):
            raise Interrupted("stopped")
        if over:
            raise self.late()

    def late(self) -> DeadlineExceeded:
        """The error of a fetch whose time is over."""
        allowed = f"{max(0.0, round(self.allowed, 2)):g}"
        return DeadlineExceeded(f"took longer than its {allowed} s", hint="give more time with --deadline")

    def sleep(self, seconds: float) -> None:
        """Waits that long, or raises as soon as the deadline has come or the process is told to stop."""
        self.wait(threading.Event(), seconds)

    def wait(self, event: threading.Event, seconds: float = float("inf")) -> None:
        """Waits for an event of this fetch alone, which is set, too, to end the waiting; raises as `sleep` does."""
        self.waking = event.set
        if not self.fired:
            event.wait(max(0.0, min(seconds, self.left())))
        self.waking = None
        self.check()

    def fire(self) -> None:
        """Ends every wait on this fetch's socket."""
        self.fired = True
        sock, waking = self.sock, self.waking  # the fetch's own thread may clear them meanwhile
        if waking is not None:
            waking()
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except Exception:
                pass  # it was closed already; and a watchdog that died of it would never end another fetch


class _Watch:
    """The guards under way and the thread that fires those whose time is over."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.guards: set[Guard] = set()
        self.wakes = float("inf")
        self.thread: threading.Thread | None = None
        self.stopped = threading.Event()
        self.ended = False
        self.halted: set[str] = set()

    def add(self, guard: Guard) -> None:
        with self.changed:
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
        with self.changed:
            self.guards.discard(guard)

    def run(self) -> None:
        """Sleeps until the next deadline; the waking times of guards that ended well cost one idle turn."""
        while not self.ended:
            with self.changed:
                now = monotonic()
                for guard in [guard for guard in self.guards if guard.ends <= now]:
                    guard.fire()
                    self.guards.discard(guard)
                self.wakes = min((guard.ends for guard in self.guards), default=float("inf"))
                self.changed.wait(None if self.wakes == float("inf") else max(0.0, self.wakes - now))

    def end(self) -> None:
        """Lets the thread end, with its interpreter."""
        with self.changed:
            self.ended = True
            self.changed.notify()

    def stop(self, run: str) -> None:
        if run:
            self.halted.add(run)
        else:
            self.stopped.set()
        with self.changed:
            for guard in self.guards:
                if run in ("", guard.run):
                    guard.fire()


_watch = _Watch()


def stop(run: str = "") -> None:
    """Ends all fetches of this process at once, or those of one run; they raise `Interrupted`. For Ctrl-C."""
    _watch.stop(run)


def resume(run: str = "") -> None:
    """Lets fetches begin again after `stop`; of one run, forgets that it was stopped."""
    if run:
        _watch.halted.discard(run)
    else:
        _watch.stopped.clear()


@in_forked_child
def _reset() -> None:
    """A forked child has none of its parent's threads and must not touch its sockets."""
    global _watch
    _watch = _Watch()
