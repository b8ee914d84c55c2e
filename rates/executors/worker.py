"""What runs inside a worker elsewhere: how it begins, how it ends with its parent, how a result gets back.

Imported by every worker, so it imports little.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from .base import InitializerFailed
from .names import named
from .pickling import packed, to_bytes

R = TypeVar("R")

# Why this worker runs nothing: its initializer failed. "" while all is well.
_why_broken = ""


def prepare(initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """Makes a fresh worker process fit for work, then runs the user's initializer.

    A terminal sends Ctrl-C to every process of its group: the parent decides what it means, and a worker that heard
    it too would only print a traceback.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # it was started with the signal blocked, which its own children must not be
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_leave_with_parent, name="rates-parent", daemon=True).start()
    initialize(initializer, initargs)


def arrive(main: dict[str, Any]) -> None:
    """Imports the main module into a fresh interpreter, as a spawned process does.

    Whatever a main module without its guard does is an error of that import.
    """
    from multiprocessing import process, spawn

    own: Any = process.current_process()
    own._inheriting = True
    try:
        spawn.prepare(main)
    finally:
        del own._inheriting


def begin(initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """Initializes an interpreter that has arrived; raises InitializerFailed.

    A call of its own: an initializer of the main module cannot be read before that is imported.
    """
    initialize(initializer, initargs)
    if _why_broken:
        raise InitializerFailed(_why_broken)


def initialize(initializer: Callable[..., object] | None, initargs: tuple[Any, ...]) -> None:
    """Runs the initializer; its failure is kept, and told to whoever calls.

    A pool of the standard library would print a traceback and break without a reason (ProcessPoolExecutor), or start
    one worker after the other for ever (multiprocessing.Pool).
    """
    global _why_broken
    if initializer is None:
        return
    try:
        initializer(*initargs)
    except BaseException as error:  # sys.exit too
        _why_broken = why_failed(initializer, error)


def why_failed(initializer: object, error: BaseException) -> str:
    """The sentence for an initializer, or one of that name, that failed."""
    name = initializer if isinstance(initializer, str) else named(initializer)
    return f"the initializer {name} failed, so nothing can be run: {type(error).__qualname__}: {error}"


def _leave_with_parent() -> None:
    # A parent that is killed cannot tell its workers, and they would wait on their queue for ever: each of them keeps
    # the queue's other end open for the rest.
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def call(fn: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    """`fn(*args, **kwargs)`, with an error that survives the way back."""
    if _why_broken:
        raise InitializerFailed(_why_broken)
    try:
        return fn(*args, **kwargs)
    except BaseException as error:
        carried = packed(error)
        if carried is error:
            raise
        raise carried from error


def serve(payload: bytes) -> bytes:
    """The same for what was pickled, (fn, args, kwargs): bytes in, bytes out, so that nothing breaks on the way.

    An interrupt of this very worker is not a call's error.
    """
    try:
        if _why_broken:
            raise InitializerFailed(_why_broken)
        fn, args, kwargs = pickle.loads(payload)
        value = fn(*args, **kwargs)
    except BaseException as error:
        return to_bytes(None, error)
    return to_bytes(value, None)
