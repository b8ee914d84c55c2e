"""Every way of running calls behind one word, as true `concurrent.futures` executors.

    with open_executor("thread", 8) as executor:
        for done in dispatch(executor, fetch, bases):
            print(done.item, done.result())

Imports nothing of the rest of the package, and of the standard library only what a mode needs when it is opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from .base import InitializerFailed, OpenExecutor
from .dispatch import dispatch
from .factory import modes, open_mode
from .names import MODES, VIAS
from .result import Done, WorkerDied

__all__ = [
    "MODES",
    "VIAS",
    "Done",
    "InitializerFailed",
    "OpenExecutor",
    "WorkerDied",
    "dispatch",
    "modes",
    "open_executor",
    "processors",
]


def open_executor(
    mode: str,
    workers: int | None = None,
    *,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
    start_method: str | None = None,
    preload: Sequence[str] = (),
    scheduler: str | None = None,
) -> OpenExecutor:
    """The executor that `mode` names, open until `shutdown`, `kill` or the end of its `with`.

    Modes: sequential, thread, process, pool (multiprocessing.Pool), dummy (multiprocessing.dummy.Pool), asyncio,
    interpreter (Python 3.14), dask, and the names of the entry points in the group `rates.executors`.

    Without `workers`: min(32, processors + 4) where calls run in threads, as the standard library has it for calls that
    mostly wait; as many as there are processors to run on where they run in processes or interpreters; `sequential`
    has one worker whatever is asked. `initializer(*initargs)` runs once in each worker before its first call.
    `start_method` and `preload` (modules which the fork server imports once for all workers) concern process and pool,
    `scheduler` (the address of one that runs already, like tcp://host:8786) dask; the other modes need neither.

    Raises ValueError for a mode, a start method or a number of workers that cannot be, TypeError for workers that are
    no number and an initializer that is no callable, NotImplementedError for a mode that this Python lacks, ImportError
    for one whose package is not installed, ConnectionError for a scheduler that does not answer.
    """
    if workers is not None and not isinstance(workers, int):
        raise TypeError(f"workers must be a whole number or None, not {type(workers).__name__}")
    if initializer is not None and not callable(initializer):
        raise TypeError(f"the initializer must be callable, not of type {type(initializer).__name__}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}; leave it out for the default of the mode")
    return open_mode(mode, workers, processors(), initializer, initargs, start_method, preload, scheduler)


def processors() -> int:
    """How many processors this process may run on: a container's share, where the platform tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
