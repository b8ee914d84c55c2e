"""The executor that the settings name, with workers fit for fetching, and how long it may take."""

from __future__ import annotations

from math import ceil

from rates.errors import UsageError
from rates.executors import OpenExecutor, open_executor
from rates.fetch.run import preload, prepare
from rates.settings import Settings

# What a mode may need besides the fetches: the slowest start seen, of a Dask cluster on a busy machine, took 8 s.
START_S = 20.0


def opened(calls: int, settings: Settings) -> OpenExecutor:
    """The executor, for so many calls; `UsageError` where it cannot be had so."""
    try:
        return open_executor(
            settings.mode,
            min(settings.workers, max(1, calls)),
            initializer=prepare,
            initargs=(settings,),
            start_method=settings.start_method or None,
            preload=preload(settings),
            scheduler=settings.scheduler or None,
        )
    except (ValueError, NotImplementedError, ImportError, ConnectionError) as error:
        raise UsageError(str(error)) from error


def whole_s(calls: int, settings: Settings) -> float:
    """The longest time for so many fetches in all, so that nothing hangs: not on a worker that is stuck, nor for one.

    Each fetch keeps to its own deadline; this ends those that never begin, as where no worker is connected.
    """
    return ceil(calls / settings.workers) * settings.deadline + START_S
