"""How the worker processes of a Dask cluster are ended, also those that Dask itself would leave behind.

A nanny that is told to close waits for its worker to be up before it ends it, and who gives the nanny up before that
leaves the worker to itself. So the processes are ended here, and looked for until none is on its way any more.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

# How long a worker process may take to be there, at the most, when it is to be ended, and how often it is looked for.
START_S, LOOK_S = 60.0, 0.02


def processes_of(nannies: Sequence[Any]) -> list[Any]:
    """Dask's own words for the processes that the nannies have or start; a nanny that was given up forgets its own."""
    return [nanny.process for nanny in nannies if getattr(nanny, "process", None) is not None]


def let_end(nannies: Sequence[Any]) -> None:
    """The nannies start no other worker for one that ends, by whichever word their version has."""
    for nanny in nannies:
        nanny.auto_restart = False
        with suppress(AttributeError):
            nanny.close_gracefully()


def kill(workers: Sequence[Any]) -> list[Any]:
    """Ends worker processes; those of them that are just being started and cannot be ended yet."""
    starting = []
    for worker in workers:
        process = worker.process
        with suppress(ValueError, OSError):  # it is gone
            if process is not None and process.pid is None:
                starting.append(worker)
            elif process is not None and process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
    return starting


def kill_started(workers: Sequence[Any]) -> None:
    """Ends them as soon as they are there."""
    pause, until = threading.Event(), monotonic() + START_S
    while (workers := kill(workers)) and monotonic() < until:
        pause.wait(LOOK_S)
