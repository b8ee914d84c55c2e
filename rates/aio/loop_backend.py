"""The backend of `mode="async"`: a task of the loop for each fetch under way, and no thread."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Callable

from rates import settings as _settings
from rates.aio.ready import ready
from rates.fetch import core
from rates.model import Outcome
from rates.offload import offload
from rates.settings import Settings
from rates.transport.io_loop import LOOP


class LoopBackend:
    """Fetches in the running loop, at most `workers` at once."""

    def __init__(self, settings: Settings | None, workers: int, report: Callable[[int, Outcome], None]) -> None:
        self._settings, self._workers, self._report = settings, workers, report
        self._waiting: deque[tuple[int, str]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Loads what the fetches need, and gives them a run, in which a document is downloaded once."""
        await ready(self._settings)
        settings = self._settings if self._settings is not None else await offload(_settings.load)
        self._settings = settings.with_values(run=uuid.uuid4().hex)

    def begin(self, place: int, base: str) -> None:
        """Adds a base, and fetches it at once if fewer than `workers` are under way."""
        self._waiting.append((place, base))
        self._start()

    def _start(self) -> None:
        while self._waiting and len(self._running) < self._workers:
            task = asyncio.create_task(self._run(*self._waiting.popleft()), name="rates-fetch")
            self._running.add(task)
            task.add_done_callback(self._done)

    async def _run(self, place: int, base: str) -> None:
        self._report(place, await core.attempt(LOOP, base, self._settings))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._start()

    def finish(self) -> None:
        """No more bases will come."""

    def stop(self) -> None:
        """Cancels what has not begun, and what has."""
        self._waiting.clear()
        for task in self._running:
            task.cancel()

    async def close(self) -> None:
        """Waits until no task is left."""
        if self._running:
            await asyncio.wait(self._running)
