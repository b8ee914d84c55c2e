"""Documents that are read in a process of their own: libraries of third parties have no limit of time or memory.

The process is killed when the fetch's time is over or its run is stopped, and ends by itself when its parent does.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Protocol, TypeVar, TypeVarTuple

from rates.errors import DeadlineExceeded, Unsupported

LONGEST_S = 10.0  # of processor time, and of waiting where no fetch sets a limit; the slowest sheet seen takes 0.4 s
MOST_MEMORY = 240 * 2**20  # of addresses; a bulletin takes 110 MB of them
R = TypeVar("R")
Ts = TypeVarTuple("Ts")


class Limit(Protocol):
    """The time limit of a fetch. wake: what is called when the fetch is to end at once."""

    wake: Callable[[], object] | None

    def left(self) -> float:
        """Seconds until the deadline."""

    def compute(self, fn: Callable[[*Ts], R], *args: *Ts) -> R:
        """What the function gives; raises when the time of the fetch is over."""


limit: ContextVar[Limit | None] = ContextVar("limit", default=None)  # of the fetch that reads


def read_apart(function: str, body: bytes) -> Any:
    """What the function gives for the body, as JSON carries it; function: such as "rates.readers.optional:pdf".

    Raises ValueError and `Unsupported` as the function does, ValueError for a body that takes too much time or memory,
    and `DeadlineExceeded` when the time of the fetch is over.
    """
    import json
    import subprocess

    fetch = limit.get()
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", "from rates.readers.apart import serve; serve()", function],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        if fetch is not None:
            fetch.wake = child.kill
        wait_s = LONGEST_S if fetch is None else max(0.0, min(LONGEST_S, fetch.left()))
        answer, _ = child.communicate(body, timeout=wait_s)
    except subprocess.TimeoutExpired:
        answer = b""
    finally:
        if fetch is not None:
            fetch.wake = None
        child.kill()
        child.communicate()
    if fetch is not None and not answer and fetch.left() <= 0:
        raise DeadlineExceeded("the document took too long to read", hint="give more time with --deadline")
    kind, value, hint = json.loads(answer) if answer else _died(child.returncode)
    if kind == "unsupported":
        raise Unsupported(value, hint=hint)
    if kind == "error":
        raise ValueError(value)
    return value


def _died(status: int) -> tuple[str, str, str]:
    """The answer in place of a process that gave none."""
    reason = "takes too much time or memory to read" if status < 0 else f"ended its reader with status {status}"
    return "error", f"the document {reason}", ""


def serve() -> None:
    """Reads standard input by the function that the program's argument names, and writes what it gives."""
    import json

    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    body = sys.stdin.buffer.read()
    _limit_resources()
    module, _, name = sys.argv[1].partition(":")
    try:
        answer = ["value", getattr(import_module(module), name)(body), ""]
    except Unsupported as error:
        answer = ["unsupported", error.detail, error.hint]
    except ValueError as error:
        answer = ["error", str(error), ""]
    except MemoryError:
        answer = ["error", f"the document needs more than {MOST_MEMORY >> 20} MB to read", ""]
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # at once: to free a large document's objects can take a second


def _end_with(parent: int) -> None:
    """Ends this process when its parent has ended."""
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def _limit_resources() -> None:
    """Limits the processor time and the memory of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, int(LONGEST_S))):
        _, hard = resource.getrlimit(what)
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(what, (most, hard))
