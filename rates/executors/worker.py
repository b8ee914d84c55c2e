"""What runs inside a worker process: how it begins, how it ends with its parent, how an error gets back.

Imported by every worker, so it imports little.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable
from multiprocessing import connection, parent_process
from typing import Any, TypeVar

R = TypeVar("R")


def prepare(initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """Makes a fresh worker process fit for work, then runs the user's initializer.

    A terminal sends Ctrl-C to every process of its group: the parent decides what it means, and a worker that heard
    it too would only print a traceback.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # it was started with the signal blocked, which its own children must not be
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_leave_with_parent, name="rates-parent", daemon=True).start()
    if initializer is not None:
        initializer(*initargs)


def _leave_with_parent() -> None:
    # A parent that is killed cannot tell its workers, and they would wait on their queue for ever: each of them keeps
    # the queue's other end open for the rest.
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def call(fn: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    """`fn(*args, **kwargs)`, with an error that survives the way back."""
    try:
        return fn(*args, **kwargs)
    except BaseException as error:
        if _travels(error):
            raise
        raise RuntimeError(
            f"{type(error).__qualname__}: {error} (stands in for the error, which cannot be pickled)"
        ) from error


def _travels(error: BaseException) -> bool:
    # An error whose __init__ wants more than its args pickles, and then breaks the whole pool where it is unpickled.
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return False
    return True
