"""What runs inside a worker elsewhere: how it begins, how it ends with its parent, how a result gets back.

Imported by every worker, so it imports little.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable
from typing import Any

from . import _private
from .names import why_failed
from .pickling import to_bytes

# Why this worker runs nothing: its initializer failed. "" otherwise.
_why_broken = ""


def prepare(initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """Makes a fresh worker process fit for work, then runs the user's initializer; its failure answers every call.

    A terminal sends Ctrl-C to every process of its group: the parent decides what it means, and a worker that took it
    too would only print a traceback. An initializer that fails in a pool of the standard library breaks it without a
    reason (ProcessPoolExecutor), or has it start one worker after the other for ever (multiprocessing.Pool).
    """
    global _why_broken
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hear_interrupts()
    _private.configure_process(daemon=False)
    threading.Thread(target=_leave_with_parent, name="rates-parent", daemon=True).start()
    _why_broken = why_broken(initializer, initargs)


def hear_interrupts() -> None:
    """Unblocks Ctrl-C, which is blocked when a worker starts, and must not be in what the worker itself starts."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def initialize_from(payload: bytes) -> str:
    """Runs the initializer of an interpreter, which arrives as bytes; why it failed, "" if it did not."""
    try:
        initializer, initargs, _ = pickle.loads(payload)
    except BaseException as error:
        return f"no interpreter can be made: {type(error).__qualname__}: {error}"
    return why_broken(initializer, initargs)


def why_broken(initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> str:
    """Runs the initializer, if there is one; why the worker can run nothing, "" if it can."""
    try:
        if initializer is not None:
            initializer(*initargs)
    except BaseException as error:  # sys.exit too
        return why_failed(initializer, error)
    return ""


def _leave_with_parent() -> None:
    # A parent that is killed cannot end its workers, and they would wait on their queue for ever: each of them keeps
    # the queue's other end open for the rest.
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def serve(payload: bytes) -> bytes | str:
    """What becomes of a call, (fn, args, kwargs) as bytes, as bytes; a sentence if the initializer had failed.

    Nothing but an interrupt by a signal ends the worker: SystemExit is the call's error.
    """
    if _why_broken:
        return _why_broken
    try:
        fn, args, kwargs = pickle.loads(payload)
        value = fn(*args, **kwargs)
    except BaseException as error:
        return to_bytes(None, error)
    return to_bytes(value, None)
