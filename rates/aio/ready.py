"""Loads beside the loop what the first fetch needs: providers, settings, certificates, the embedded history.

The libraries are loaded with this room: their compiled modules keep the interpreter, and with it the loop, for up to
26 ms each (charset_normalizer, frozenlist, aiohttp's parsers), in whichever thread they are loaded.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from rates import settings as _settings
from rates.errors import RatesError
from rates.fetch import core
from rates.offload import aside
from rates.settings import Settings
from rates.transport.io_loop import LOOP, prepare

with suppress(ImportError):
    from rates.transport import client as _  # noqa: F401 - loaded now, or reported as missing when it is needed

_warmed: set[tuple[Any, ...]] = set()


async def ready(settings: Settings | None, *more: str) -> None:
    """Returns when all is loaded that these settings, and the providers in `more`, need."""
    key: tuple[Any, ...] = (more,)
    if settings is not None:
        key += (settings.provider, settings.offline, settings.replay, settings.on, settings.today)
    if key not in _warmed:
        await aside(_warm, settings, more)
        _warmed.add(key)


def _warm(settings: Settings | None, more: tuple[str, ...]) -> None:
    try:
        chosen = settings if settings is not None else _settings.load()
        core.load_providers(LOOP, chosen.with_values(provider=(*chosen.provider, *more)))
        prepare(live=not chosen.mocked)
        if chosen.offline:
            from rates.offline import history

            history.row(chosen.on or chosen.day())
    except RatesError:
        pass  # the fetch meets it again, and reports it as its own
