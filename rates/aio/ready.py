"""Loads beside the loop what the first fetch needs: a third of a second of imports, and what lies on the disk."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from rates import settings as _settings
from rates.aside import aside
from rates.errors import RatesError
from rates.settings import Settings

_fetch: list[ModuleType] = []
_warmed: set[tuple[Any, ...]] = set()


async def ready(settings: Settings | None, *more: str) -> Any:
    """The module that fetches in a loop, with all loaded that these settings, and the providers in `more`, need."""
    key: tuple[Any, ...] = (more,)
    if settings is not None:
        key += (settings.provider, settings.offline, settings.replay, settings.on, settings.today)
    if key not in _warmed:
        await aside(_warm, settings, more)
        _warmed.add(key)
    return _fetch[0]


def _warm(settings: Settings | None, more: tuple[str, ...]) -> None:
    from rates.fetch import asynchronous

    _fetch[:] = [asynchronous]
    try:
        chosen = settings if settings is not None else _settings.load()
        asynchronous.warm(chosen.with_values(provider=(*chosen.provider, *more)))
    except RatesError:
        pass  # the fetch will meet it again, and tell it as its own
