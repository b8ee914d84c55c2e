"""A mocked network that behaves like one: it takes its time, and some of its requests fail.

What befalls a request is drawn from the seed, its URL and how often this process has asked for it, not from
the order in which threads come by: one seed gives each base the same fate in every mode.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Literal
from zlib import crc32

import requests

from rates.offline.answer import Answer
from rates.offline.fork_lock import fork_lock
from rates.transport import Mock, MockReply, guard_now

_lock = fork_lock()
# Counts of the requests by a hash of their URL: a fixed number, since a server may ask for new URLs for ever.
_COUNTERS = 4096


class _Fates:
    """The draws of one simulated network."""

    def __init__(self, seed: int | None) -> None:
        self.seed = seed
        self.pid = 0
        self.fresh = ""
        self.counts: list[int] = []

    def draw(self, url: str) -> Random:
        """The generator for one request; a forked child begins anew, with other numbers unless seeded."""
        with _lock:
            if self.pid != os.getpid():
                self.pid, self.counts = os.getpid(), [0] * _COUNTERS
                self.fresh = os.urandom(16).hex() if self.seed is None else str(self.seed)
            place = crc32(url.encode()) % _COUNTERS
            self.counts[place] += 1
            return Random(f"{self.fresh} {url} {self.counts[place]}")


@dataclass(frozen=True, slots=True)
class Fate:
    """What befalls one request: its latency, then an answer, a broken connection ("reset") or a 503 ("failed")."""

    wait_s: float
    end: Literal["", "reset", "failed"] = ""


class Network:
    """A simulated network: latency and jitter in seconds, `fail` the share of the requests that fail, by halves."""

    def __init__(self, latency: float, jitter: float, fail: float, seed: int | None = None) -> None:
        self.latency, self.jitter, self.fail = latency, jitter, fail
        self.fates = _Fates(seed)

    def fate(self, url: str) -> Fate:
        """The fate of the next request for this URL."""
        if not self.jitter and not self.fail:
            return Fate(self.latency)
        draw = self.fates.draw(url)
        wait_s = max(0.0, self.latency + draw.uniform(-self.jitter, self.jitter))
        chance = draw.random()
        return Fate(wait_s, "reset" if chance < self.fail / 2 else "failed" if chance < self.fail else "")


def failed() -> Answer:
    """The answer to a request that fails with one."""
    return Answer(503, b"simulated failure\n", {"content-type": "text/plain"})


def simulated(mock: Mock, latency: float, jitter: float, fail: float, seed: int | None = None) -> Mock:
    """The mock behind a network: latency and jitter in seconds, `fail` the share of the requests that fail.

    Half of the failures are broken connections, half are answers 503. An answer that would come later than
    the read timeout is one, after that timeout.
    """
    return _Simulated(mock, Network(latency, jitter, fail, seed))


class _Simulated:
    """A mock that waits in the thread that asks; `plan` is for who waits in another way."""

    def __init__(self, mock: Mock, network: Network) -> None:
        self.mock, self.network = mock, network

    def __call__(self, method: str, url: str, form: bytes, timeout_s: float) -> MockReply:
        """The answer, after its time."""
        wait_s, answer = self.plan(method, url, form, timeout_s)
        _sleep(wait_s)
        return answer()

    def plan(self, method: str, url: str, form: bytes, timeout_s: float) -> tuple[float, Callable[[], MockReply]]:
        """How long the answer takes, and what then gives or raises it."""
        fate = self.network.fate(url)
        if fate.wait_s > timeout_s:
            return timeout_s, _failing(requests.exceptions.ReadTimeout(f"read timed out after {timeout_s:g} s"))
        if fate.end == "reset":
            reset = ConnectionResetError(104, "connection reset")
            return fate.wait_s, _failing(requests.exceptions.ConnectionError(reset))
        if fate.end == "failed":
            return fate.wait_s, failed
        return fate.wait_s, partial(self.mock, method, url, form, timeout_s)


def _failing(error: Exception) -> Callable[[], MockReply]:
    def fail() -> MockReply:
        raise error

    return fail


def _sleep(seconds: float) -> None:
    """Waits under the fetch's guard, so that its deadline and Ctrl-C end the waiting."""
    guard = guard_now()
    if guard is not None:
        guard.sleep(seconds)
    elif seconds > 0:
        time.sleep(seconds)
