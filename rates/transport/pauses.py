"""Hosts that asked to wait (Retry-After): no request of this run is sent to them before, whichever worker asks.

All threads and event loops of a process share what is remembered, and so do the processes of a run that have a common
folder: see `interprocess`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from rates.forks import fork_safe_lock
from rates.transport import interprocess
from rates.transport.watchdog import monotonic

# Over this time the requests that waited are spread: a hundred workers that come back together would be refused again.
MOST_SPREAD_S = 2.0


@dataclass(frozen=True, slots=True)
class Pause:
    """A host is not asked until that monotonic time, and then not by all at once, but within that many seconds."""

    until: float = 0.0
    spread_s: float = 0.0

    @property
    def over(self) -> bool:
        """True when requests may be sent at any time."""
        return self.until + self.spread_s <= monotonic()

    def wait_s(self, left_s: float) -> tuple[float, float]:
        """Seconds until the host may be asked, and a random wait until this request asks.

        left_s: until the deadline; of the time after the pause, at most half is waited too.
        """
        moment = monotonic()
        least = max(0.0, self.until - moment)
        spread_s = self.until + self.spread_s - moment - least
        return least, least + random.uniform(0.0, max(0.0, min(spread_s, (left_s - least) / 2)))


NONE = Pause()
_pauses: dict[str, Pause] = {}
_lock = fork_safe_lock()


def spread(asked_s: float, backoff_s: float) -> float:
    """Over how many seconds requests are spread after a wait that a host asked for."""
    return max(backoff_s, min(asked_s, MOST_SPREAD_S))


def remember(host: str, asked_s: float, spread_s: float) -> None:
    """Notes that a host asked to wait, and that this is waited for; a shorter wait never ends a longer one."""
    made = Pause(monotonic() + asked_s, spread_s)
    with _lock:
        for other in [other for other, pause in _pauses.items() if pause.over]:
            del _pauses[other]
        if made.until > _pauses.get(host, NONE).until:
            _pauses[host] = made
    folder = interprocess.processes().folder
    if folder and made.until > interprocess.read_pause(folder, host)[0]:
        interprocess.write_pause(folder, host, made.until, made.spread_s)


def pause(host: str) -> Pause:
    """What the host asked for, the longest of all workers'."""
    found = _pauses.get(host, NONE)
    folder = interprocess.processes().folder
    if folder:
        shared = Pause(*interprocess.read_pause(folder, host))
        found = max(found, shared, key=lambda one: one.until)
    return found


def forget() -> None:
    """Forgets all waits."""
    _pauses.clear()
