"""The clock of one fetch."""

from __future__ import annotations

import time

from rates.model import Timing
from rates.transport import Phases


class Clock(Phases):
    """Counts the requests of one fetch and where its time goes; `shared`: waiting for another fetch's download."""

    __slots__ = ("shared", "start")

    def __init__(self) -> None:
        super().__init__()
        self.start, self.shared = time.perf_counter(), 0.0

    def timing(self, began_s: float) -> Timing:
        """The times until now."""
        took = time.perf_counter() - self.start
        turn = self.turn + self.shared
        return Timing(
            began_s, took, self.wire, self.requests, turn, self.connect, self.wait, self.read, self.connections
        )
