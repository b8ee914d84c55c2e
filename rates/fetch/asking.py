"""How a provider is asked under some settings: its limits, its recorder, and the clock that watches."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from rates.model import Provider, Reply, Request, Timing
from rates.settings import Settings
from rates.transport import Guard, Limits, Phases, send

Observe = Callable[[Request, Reply], None]


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


def limits_for(provider: Provider, settings: Settings) -> Limits:
    """How this provider may be asked under these settings."""
    mock = None
    if settings.mocked and not settings.loopback:
        from rates import offline  # brings `responses`, which live use must not pay for

        offline.install()
        mock = offline.mock_for(settings)
    seeded = "" if settings.seed is None else str(settings.seed)
    return Limits(
        settings.timeout,
        settings.retries,
        settings.backoff,
        settings.retry_after,
        settings.max_bytes,
        provider.concurrency,
        provider.spacing_s,
        mock,
        settings.loopback,
        f"{settings.run} {seeded}" if settings.loopback else "",
        seeded,
    )


@lru_cache(maxsize=4)
def _recorder(folder: str, today: date) -> Observe:
    """The recorder of a folder, one a process."""
    from rates import offline

    return offline.Recorder(folder, today)


def sender(provider: Provider, settings: Settings, guard: Guard, clock: Clock) -> Callable[[Request], Reply]:
    """`send` with this fetch's limits, guard, recorder and clock."""
    limits = limits_for(provider, settings)
    observe = _recorder(settings.record, settings.day()) if settings.record else None

    def timed(request: Request) -> Reply:
        start = time.perf_counter()
        try:
            return send(request, limits, guard, observe)
        finally:
            clock.wire += time.perf_counter() - start
            clock.requests += 1

    return timed
