"""Look-ups of names: one for a name at a time, shared by all requests that wait for it.

The system's resolver knows no timeout and cannot be interrupted, so it runs in threads beside the requests, which leave
it at their deadline. A look-up that hangs keeps its thread until the resolver returns.
"""

from __future__ import annotations

import socket
import threading
from collections import deque
from concurrent.futures import Future
from typing import Any

from rates.forks import in_forked_child
from rates.transport.watchdog import DAEMONS, Guard

MOST_THREADS = 64  # further names wait for a thread

Name = tuple[str, int, int, int]  # host, port, family, flags
Addresses = list[tuple[Any, ...]]  # as `socket.getaddrinfo` gives them


class _LookUps:
    """The look-ups under way, and the threads that make them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Name, Future[Addresses]] = {}
        self._waiting: deque[Name] = deque()
        self._threads = 0

    def find(self, name: Name) -> Future[Addresses]:
        """The look-up of a name, begun if there is none."""
        with self._lock:
            if name in self._known:
                return self._known[name]
            future = self._known[name] = Future()
            self._waiting.append(name)
            if self._threads >= MOST_THREADS:
                return future
            self._threads += 1
        try:
            threading.Thread(target=self._run, name="rates-resolve", daemon=DAEMONS).start()
        except BaseException as error:
            with self._lock:
                self._threads -= 1
                if name in self._waiting:
                    self._waiting.remove(name)
                    del self._known[name]
                    future.set_exception(error)
        return future

    def _run(self) -> None:
        """Looks up what waits, until nothing does."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                name = self._waiting.popleft()
            self._look_up(name)

    def _look_up(self, name: Name) -> None:
        host, port, family, flags = name
        found: Addresses | BaseException
        try:
            found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, flags)
        except BaseException as error:
            found = error
        with self._lock:
            future = self._known.pop(name)
        if isinstance(found, BaseException):
            future.set_exception(found)
        else:
            future.set_result(found)


_look_ups = _LookUps()


def look_up(name: Name) -> Future[Addresses]:
    """The look-up of a name; `found` gives its result when it is done."""
    return _look_ups.find(name)


def found(future: Future[Addresses]) -> Addresses:
    """What a look-up that is done has found; raises its error, as a new one: many threads may raise it."""
    error = future.exception()
    if error is not None:
        raise type(error)(*error.args)
    return future.result()


def resolve(host: str, port: int, family: int, guard: Guard) -> Addresses:
    """The addresses of a host, waited for within the guard's time."""
    future = look_up((host, port, family, 0))
    if not future.done():
        event = threading.Event()
        future.add_done_callback(lambda _: event.set())
        while not future.done():
            guard.wait(event)
    return found(future)


@in_forked_child
def _reset() -> None:
    """A forked child has none of its parent's threads."""
    global _look_ups
    _look_ups = _LookUps()
