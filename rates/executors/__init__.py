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

from .base import OpenExecutor
from .dispatch import dispatch
from .done import Done, WorkerDied
from .names import MODES, VIAS, unknown

__all__ = ["MODES", "VIAS", "Done", "OpenExecutor", "WorkerDied", "dispatch", "open_executor"]


def open_executor(
    mode: str,
    workers: int | None = None,
    *,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
    start_method: str | None = None,
    preload: Sequence[str] = (),
) -> OpenExecutor:
    """The executor that `mode` names, open until `shutdown`, `kill` or the end of its `with`.

    Without `workers`: min(32, processors + 4) threads, as the standard library has it for calls that mostly wait;
    as many processes as there are processors to run on; `sequential` has one worker whatever is asked.
    `initializer(*initargs)` runs once in each worker before its first call. `start_method` and `preload` (modules
    which the fork server imports once for all workers) concern processes only; the other modes need neither.
    Raises ValueError for a mode, a start method or a number of workers that cannot be.
    """
    if mode not in MODES:
        raise unknown("mode", mode, MODES)
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}; leave it out for the default of the mode")
    if mode == "sequential":
        from .sequential import SequentialExecutor

        return SequentialExecutor(initializer, initargs)
    if mode == "thread":
        from .thread import ThreadExecutor

        return ThreadExecutor(workers or min(32, processors() + 4), initializer, initargs)
    from .process import ProcessExecutor

    return ProcessExecutor(workers or processors(), initializer, initargs, start_method, preload)


def processors() -> int:
    """How many processors this process may run on: a container's share, where the platform tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
