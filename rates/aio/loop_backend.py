"""Fetching in the running loop: what the first fetch needs, loaded beside it, and the backend of `mode="async"`.

The libraries are imported with this module: each of their compiled modules (charset_normalizer, frozenlist, aiohttp's
parsers) stops all threads, and so the loop, for up to 26 ms, in whatever thread it is imported.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from rates import settings as _settings
from rates.aio.stream import Stream
from rates.errors import RatesError, machine_limit
from rates.fetch import core
from rates.offload import offload
from rates.settings import Settings
from rates.transport.io_loop import LOOP, prepare

with suppress(ImportError):
    from rates.transport import client as _  # noqa: F401 - imported now; the first request reports a missing one

_loaded: set[tuple[Any, ...]] = set()


async def ready(settings: Settings | None, *more: str) -> None:
    """Returns when providers, certificates and history are loaded for these settings and the providers in `more`."""
    key: tuple[Any, ...] = (more,)
    if settings is not None:
        key += (settings.provider, settings.offline, settings.replay, settings.on, settings.today)
    if key not in _loaded:
        await offload(_load, settings, more)
        _loaded.add(key)


def _load(settings: Settings | None, more: tuple[str, ...]) -> None:
    try:
        chosen = settings if settings is not None else _settings.load()
        core.load_providers(LOOP, chosen.with_values(provider=(*chosen.chain, *more)))
        prepare(live=not chosen.mocked)
        if chosen.offline:
            from rates import history

            history.row(chosen.on or chosen.day())
    except Exception as error:
        if not isinstance(error, RatesError) and machine_limit(error) is None:
            raise
        # the fetch meets the same error again, and reports it


class LoopBackend:
    """Fetches in the running loop, at most `workers` at once: a task for each fetch under way, and no thread."""

    _settings: Settings

    def __init__(self, resolve: Callable[[], Settings], workers: int, stream: Stream) -> None:
        self._resolve, self._workers, self._stream = resolve, workers, stream
        self._waiting: deque[tuple[int, str]] = deque()
        self._running: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Loads what the fetches need, and gives them a run, in which a document is downloaded once."""
        settings = await offload(self._resolve)
        await ready(settings)
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
        self._stream.add(place, await core.attempt(LOOP, base, self._settings))

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
