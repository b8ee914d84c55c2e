"""Where the time of a fetch went; one of the nouns of `model`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """When one fetch began and ended, and where its time went. All in seconds; `began_s` since the epoch.

    wire_s: in requests, of which there were `requests`, over `connections` new connections: waiting for a turn,
    connecting, waiting for the answer's head, and reading it. turn_s has the waiting for a download that another fetch
    made too. The rest of took_s is parsing, checking, rebasing.
    """

    began_s: float
    took_s: float
    wire_s: float
    requests: int
    turn_s: float = 0.0
    connect_s: float = 0.0
    wait_s: float = 0.0
    read_s: float = 0.0
    connections: int = 0

    @property
    def parse_s(self) -> float:
        """What is neither waiting nor on the wire."""
        return max(0.0, self.took_s - self.turn_s - self.connect_s - self.wait_s - self.read_s)
