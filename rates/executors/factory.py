"""What stands behind each word for a mode; each is imported when it is opened, and no sooner."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .base import OpenExecutor, end_at_exit
from .names import MODES, unknown

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

# The module of each mode and its class.
CLASSES = {
    "thread": (".thread", "ThreadExecutor"),
    "dummy": (".dummy", "DummyExecutor"),
    "asyncio": (".asyncio_executor", "AsyncioExecutor"),
    "process": (".processes", "ProcessExecutor"),
    "pool": (".processes", "PoolExecutor"),
    "interpreter": (".interpreter", "InterpreterExecutor"),
    "dask": (".dask_cluster.executor", "DaskExecutor"),
}

# Of a Dask cluster: a process that is stopped or busy takes along the calls in its other threads. Eight processes start
# as fast as two with four threads each (1.6 s, two processors), and take 270 MB where two take 170.
LEAST_PROCESSES = 8


def modes() -> tuple[str, ...]:
    """All words that open an executor here: ours, and those that other distributions have joined."""
    return (*MODES, *foreign())


@cache
def foreign() -> dict[str, EntryPoint]:
    """The entry points in the group `rates.executors`, by their names, which are sorted.

    Each loads a callable that takes what `open_executor` takes, but for the mode, and gives an executor.
    """
    from importlib.metadata import entry_points

    found = {entry.name: entry for entry in entry_points(group="rates.executors")}
    return {name: found[name] for name in sorted(found.keys() - set(MODES))}


def open_executor(
    mode: str,
    workers: int | None = None,
    *,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
    start_method: str | None = None,
    preload: Sequence[str] = (),
    scheduler: str | None = None,
    start_s: float | None = None,
) -> OpenExecutor:
    """The executor that `mode` names, open until `shutdown`, `kill` or the end of its `with`.

    Modes: sequential, thread, process, pool (multiprocessing.Pool), dummy (multiprocessing.dummy.Pool), asyncio,
    interpreter (Python 3.14), dask, and the names of the entry points in the group `rates.executors`.

    Without `workers`: min(32, processors + 4) where calls run in threads, as the standard library has it for calls that
    mostly wait; as many as there are processors to run on where they run in processes or interpreters; `sequential`
    has one worker whatever is asked. `initializer(*initargs)` runs once in each worker before its first call.
    `start_method` and `preload` (modules which the fork server imports once for all workers) concern process and pool,
    `scheduler` (the address of one that runs already, like tcp://host:8786) and `start_s` (how long it may take to
    answer, 10 s by default, or a cluster of our own to start, 20 s) dask; the other modes need none of them.

    Raises ValueError for an unknown mode or start method or fewer workers than 1, TypeError for workers that are not a
    number or an initializer that is not callable, NotImplementedError for a mode that needs a newer Python, ImportError
    for one whose package is not installed, ConnectionError for a scheduler that does not answer.
    """
    if workers is not None and not isinstance(workers, int):
        raise TypeError(f"workers must be a whole number or None, not {type(workers).__name__}")
    if initializer is not None and not callable(initializer):
        raise TypeError(f"the initializer must be callable, not of type {type(initializer).__name__}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}; leave it out for the default of the mode")
    initial = {"initializer": initializer, "initargs": initargs}
    opened: OpenExecutor
    if mode == "sequential":
        from .sequential import SequentialExecutor

        return SequentialExecutor(**initial)  # type: ignore[arg-type]
    if mode not in CLASSES:
        if mode not in foreign():
            raise unknown("mode", mode, modes())
        make: Callable[..., OpenExecutor] = foreign()[mode].load()
        opened = make(workers, scheduler=scheduler, start_method=start_method, preload=preload, **initial)
        return opened
    if mode == "interpreter" and sys.version_info < (3, 14):
        running = ".".join(map(str, sys.version_info[:2]))
        raise NotImplementedError(f"the mode interpreter needs Python 3.14, this is {running}: choose process instead")
    more: dict[str, Any] = {}
    if mode in ("process", "pool"):
        more = {"start_method": start_method, "preload": preload}
    elif mode == "dask":
        more = {"scheduler": scheduler, "start_s": start_s, "processes": max(processors(), LEAST_PROCESSES)}
    default = min(32, processors() + 4) if mode in ("thread", "dummy", "asyncio") else processors()
    module, name = CLASSES[mode]
    opened = getattr(import_module(module, __package__), name)(workers or default, **initial, **more)
    end_at_exit(opened, mode)
    return opened


def processors() -> int:
    """How many processors this process may run on: in a container its share, if the platform reports that."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
