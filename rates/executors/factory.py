"""What stands behind each word for a mode; each is imported when it is opened, and no sooner."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from .base import OpenExecutor, end_at_exit
from .names import MODES, unknown

Initializer = Callable[..., object] | None

# The module of each mode and its class.
CLASSES = {
    "thread": (".thread", "ThreadExecutor"),
    "dummy": (".dummy", "DummyExecutor"),
    "asyncio": (".asyncio_executor", "AsyncioExecutor"),
    "process": (".process", "ProcessExecutor"),
    "pool": (".pool", "PoolExecutor"),
    "interpreter": (".interpreter", "InterpreterExecutor"),
    "dask": (".dask_cluster.executor", "DaskExecutor"),
}


def modes() -> tuple[str, ...]:
    """All words that open an executor here: ours, and those that other distributions have joined."""
    return (*MODES, *foreign())


@cache
def foreign() -> tuple[str, ...]:
    """The names in the entry-point group `rates.executors`, sorted.

    Each names a callable that takes what `open_executor` takes, but for the mode, and gives an executor.
    """
    from importlib.metadata import entry_points

    return tuple(sorted({entry.name for entry in entry_points(group="rates.executors")} - set(MODES)))


def open_mode(
    mode: str,
    workers: int | None,
    processors: int,
    initializer: Initializer,
    initargs: tuple[Any, ...],
    start_method: str | None,
    preload: Sequence[str],
    scheduler: str | None,
) -> OpenExecutor:
    """The executor of that mode; `workers` None for its default. It is shut down when the interpreter exits."""
    initial = {"initializer": initializer, "initargs": initargs}
    opened: OpenExecutor
    if mode == "sequential":
        from .sequential import SequentialExecutor

        return SequentialExecutor(**initial)  # type: ignore[arg-type]
    if mode not in CLASSES:
        make = _foreign(mode)
        opened = make(workers, scheduler=scheduler, start_method=start_method, preload=preload, **initial)
        return opened
    if mode == "interpreter" and sys.version_info < (3, 14):
        running = ".".join(map(str, sys.version_info[:2]))
        raise NotImplementedError(f"the mode interpreter needs Python 3.14, this is {running}: choose process instead")
    more: dict[str, Any] = {}
    if mode in ("process", "pool"):
        more = {"start_method": start_method, "preload": preload}
    elif mode == "dask":
        more = {"scheduler": scheduler, "processes": processors}
    # Threads are for calls that mostly wait: as many as the standard library has for them.
    default = min(32, processors + 4) if mode in ("thread", "dummy", "asyncio") else processors
    module, name = CLASSES[mode]
    opened = getattr(import_module(module, __package__), name)(workers or default, **initial, **more)
    end_at_exit(opened, mode)
    return opened


def _foreign(mode: str) -> Callable[..., OpenExecutor]:
    if mode not in foreign():
        raise unknown("mode", mode, modes())
    from importlib.metadata import entry_points

    make: Callable[..., OpenExecutor] = next(iter(entry_points(group="rates.executors", name=mode))).load()
    return make
