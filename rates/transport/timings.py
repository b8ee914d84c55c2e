"""Where the time of a fetch goes. Filled in by the transport, cheaply: two readings of the clock for each phase."""

from __future__ import annotations

import time

from rates.model import Timing

now = time.perf_counter


class Phases:
    """Seconds of one fetch so far, and what they were spent on.

    turn: waiting for a turn at the host or before another try. connect: opening connections, names and TLS included.
    read: receiving answers, after their head. wire: all of it, and the waiting for the answer's head, in `requests`
    requests over `connections` new connections. shared: waiting for a download that another fetch makes.
    """

    __slots__ = ("connect", "connections", "read", "requests", "shared", "start", "turn", "wire")

    def __init__(self) -> None:
        self.start = now()
        self.turn = self.connect = self.read = self.wire = self.shared = 0.0
        self.requests = self.connections = 0

    @property
    def wait(self) -> float:
        """From a request's sending to the head of its answer: what is on the wire and none of the others."""
        return max(0.0, self.wire - self.turn - self.connect - self.read)

    def add(self, other: Phases) -> None:
        """Counts in what a part of the fetch has spent."""
        for name in self.__slots__:
            if name != "start":
                setattr(self, name, getattr(self, name) + getattr(other, name))

    def timing(self, began_s: float) -> Timing:
        """The times until now, of a fetch that began at that second since the epoch."""
        return Timing(
            began_s,
            now() - self.start,
            self.wire,
            self.requests,
            self.turn + self.shared,
            self.connect,
            self.wait,
            self.read,
            self.connections,
        )
