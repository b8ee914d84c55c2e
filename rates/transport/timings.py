"""Where the time of a fetch goes. Filled in by the transport, cheaply: two readings of the clock for each phase."""

from __future__ import annotations

import time

now = time.perf_counter


class Phases:
    """Seconds of one fetch so far, and what they were spent on.

    turn: waiting for a turn at the host or before another try. connect: opening connections, names and TLS included.
    read: receiving answers, after their head. wire: all of it, and the waiting for the answer's head, in `requests`
    requests over `connections` new connections.
    """

    __slots__ = ("connect", "connections", "read", "requests", "turn", "wire")

    def __init__(self) -> None:
        self.turn = self.connect = self.read = self.wire = 0.0
        self.requests = self.connections = 0

    @property
    def wait(self) -> float:
        """From a request's sending to the head of its answer: what is on the wire and none of the others."""
        return max(0.0, self.wire - self.turn - self.connect - self.read)
