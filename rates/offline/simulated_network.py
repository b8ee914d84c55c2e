"""A simulated network: answers take time, and some requests fail.

The delay and failure of a request depend on the seed, its URL and how often this process has requested it, not on the
order in which threads run: one seed gives each base the same effects in every mode.
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

from rates.forks import fork_safe_lock
from rates.model import Reply
from rates.transport import Mock, current_guard

_lock = fork_safe_lock()
# Requests are counted by a hash of their URL: a fixed number of counters, since a long run may use ever new URLs.
_COUNTERS = 4096


@dataclass(frozen=True, slots=True)
class Effect:
    """The delay of one request, then an answer (""), a broken connection ("reset") or a 503 ("failed")."""

    wait_s: float
    failure: Literal["", "reset", "failed"] = ""


class Network:
    """A simulated network: latency and jitter in seconds, `fail` the share of requests that fail."""

    def __init__(self, latency: float, jitter: float, fail: float, seed: int | None = None) -> None:
        self.latency, self.jitter, self.fail, self.seed = latency, jitter, fail, seed
        self._pid, self._fresh = 0, ""
        self._counts: list[int] = []

    def effect(self, url: str) -> Effect:
        """The effect on the next request for this URL."""
        if not self.jitter and not self.fail:
            return Effect(self.latency)
        draw = self._draw(url)
        wait_s = max(0.0, self.latency + draw.uniform(-self.jitter, self.jitter))
        chance = draw.random()
        return Effect(wait_s, "reset" if chance < self.fail / 2 else "failed" if chance < self.fail else "")

    def _draw(self, url: str) -> Random:
        """The generator for one request; a forked child starts again, without a seed with other numbers."""
        with _lock:
            if self._pid != os.getpid():
                self._pid, self._counts = os.getpid(), [0] * _COUNTERS
                self._fresh = os.urandom(16).hex() if self.seed is None else str(self.seed)
            place = crc32(url.encode()) % _COUNTERS
            self._counts[place] += 1
            return Random(f"{self._fresh} {url} {self._counts[place]}")


def failed() -> Reply:
    """The answer to a request that fails with a status."""
    return Reply(503, b"simulated failure\n", {"content-type": "text/plain"})


def simulated(mock: Mock, latency: float, jitter: float, fail: float, seed: int | None = None) -> Mock:
    """The mock behind a simulated network: latency and jitter in seconds, `fail` the share of requests that fail.

    Half of the failures are broken connections, half are answers with status 503. If the delay is longer than the read
    timeout, the request times out.
    """
    return _Simulated(mock, Network(latency, jitter, fail, seed))


class _Simulated:
    """A mock that sleeps in the calling thread; `plan` is for callers that wait in another way."""

    def __init__(self, mock: Mock, network: Network) -> None:
        self.mock, self.network = mock, network

    def __call__(self, method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        """The answer, after its delay."""
        wait_s, answer = self.plan(method, url, form, timeout_s)
        _sleep(wait_s)
        return answer()

    def plan(self, method: str, url: str, form: bytes, timeout_s: float) -> tuple[float, Callable[[], Reply]]:
        """The delay in seconds, and a callable that then gives the answer or raises its error."""
        effect = self.network.effect(url)
        if effect.wait_s > timeout_s:
            return timeout_s, _failing(requests.exceptions.ReadTimeout(f"read timed out after {timeout_s:g} s"))
        if effect.failure == "reset":
            reset = ConnectionResetError(104, "connection reset")
            return effect.wait_s, _failing(requests.exceptions.ConnectionError(reset))
        if effect.failure == "failed":
            return effect.wait_s, failed
        return effect.wait_s, partial(self.mock, method, url, form, timeout_s)


def _failing(error: Exception) -> Callable[[], Reply]:
    def fail() -> Reply:
        raise error

    return fail


def _sleep(seconds: float) -> None:
    """Sleeps under the fetch's guard, so that its deadline or Ctrl-C ends the sleep."""
    guard = current_guard()
    if guard is not None:
        guard.sleep(seconds)
    elif seconds > 0:
        time.sleep(seconds)
