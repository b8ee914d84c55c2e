"""Loads what the first fetch needs, beside the loop: providers, settings, certificates, the embedded history.

The libraries are imported with this module: each of their compiled modules (charset_normalizer, frozenlist, aiohttp's
parsers) stops all threads, and so the loop, for up to 26 ms, in whatever thread it is imported.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from rates import settings as _settings
from rates.errors import RatesError
from rates.fetch import core
from rates.offload import offload
from rates.settings import Settings
from rates.transport.io_loop import LOOP, prepare

with suppress(ImportError):
    from rates.transport import client as _  # noqa: F401 - imported now; the first request reports a missing one

_loaded: set[tuple[Any, ...]] = set()


async def ready(settings: Settings | None, *more: str) -> None:
    """Returns when everything is loaded that these settings, and the providers in `more`, need."""
    key: tuple[Any, ...] = (more,)
    if settings is not None:
        key += (settings.provider, settings.offline, settings.replay, settings.on, settings.today)
    if key not in _loaded:
        await offload(_load, settings, more)
        _loaded.add(key)


def _load(settings: Settings | None, more: tuple[str, ...]) -> None:
    try:
        chosen = settings if settings is not None else _settings.load()
        core.load_providers(LOOP, chosen.with_values(provider=(*chosen.provider, *more)))
        prepare(live=not chosen.mocked)
        if chosen.offline:
            from rates.offline import history

            history.row(chosen.on or chosen.day())
    except RatesError:
        pass  # the fetch meets the same error again, and reports it
