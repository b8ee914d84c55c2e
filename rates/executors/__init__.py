"""Every way of running calls behind one word, as true `concurrent.futures` executors.

    with open_executor("thread", 8) as executor:
        for done in dispatch(executor, fetch, bases):
            print(done.item, done.result())

Imports nothing of the rest of the package, and of the standard library only what a mode needs when it is opened.

The contract is the standard library's, and CPython's own tests of it run over every mode. These points differ on
purpose, in all modes:

- What `shutdown(cancel_futures=True)` or `kill` cancels counts as done for `wait` and `as_completed`.
- Callbacks and signal handlers may call the executor: submit to it, shut it down, kill it.
- An error that is false is raised. SystemExit and KeyboardInterrupt of a call are its own error; those of a callback
  are logged, as other errors of callbacks are. Neither ends a worker. (`sequential` runs calls in the caller, and
  raises them.)
- An error arrives with message, fields, notes, causes and members as they were, and with the worker's traceback; one
  that cannot be pickled has a stand-in. A call or result that cannot be read is the error of that call, and the pool
  lives.
- A call that submits to its own, full executor and waits for it gets a worker more (not in other processes).
- On Ctrl-C within its block, or while the block waits at its end, an executor is killed: no call is waited for.
- A function of a main module that no worker can import is refused at submit; `dask` sends it by value.
- `fork` beside living threads is refused. An executor that a forked child inherits does nothing there.
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
