"""How a pool of processes is ended without waiting for its calls, on every Python (3.14 alone has a method for it)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import InvalidStateError
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import connection, resource_tracker
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

# How long a worker that handles SIGTERM may take; the others are gone in a millisecond. A Ctrl-C must be over within a
# second, and this is waited for at most three times.
GRACE_S = 0.25


def end(pool: ProcessPoolExecutor) -> None:
    """Ends the pool's processes and reaps them; every future of the pool is finished afterwards."""
    # Taken first: shutdown drops the pool's own references. The processes are listed only after it, because it waits
    # for a first call, in another thread, that is still starting them.
    inside: Any = pool
    workers, manager, results = inside._processes or {}, inside._executor_manager_thread, inside._result_queue
    pool.shutdown(wait=False, cancel_futures=True)
    processes: list[BaseProcess] = list(workers.values())
    stop(processes)
    if manager is not None:
        manager.join(GRACE_S)
        if manager.is_alive():
            # It reads the half of a large result whose worker is gone, and would for ever: ours is the last open end.
            results._writer.close()
            manager.join(GRACE_S)
    for process in processes:
        process.join(GRACE_S)
    _fail_forgotten(pool)


def stop(processes: Sequence[BaseProcess]) -> None:
    """Terminates the processes, then kills those that are still there."""
    for process in processes:
        process.terminate()
    left, until = list(processes), monotonic() + GRACE_S
    while left and (wait_s := until - monotonic()) > 0:
        gone = connection.wait([process.sentinel for process in left], wait_s)
        left = [process for process in left if process.sentinel not in gone]
    for process in left:
        process.kill()


def _fail_forgotten(pool: ProcessPoolExecutor) -> None:
    # A call submitted in the very moment in which the pool breaks is on its list but never failed (CPython 3.11:
    # terminate_broken holds no lock, and gives up at the first cancelled future), and who waits for it waits for ever.
    for call in list(pool._pending_work_items.values()):
        with suppress(InvalidStateError):
            call.future.set_exception(BrokenProcessPool("the pool was ended before the call was"))


def joined(ending: Callable[[], None], wait_s: float) -> threading.Thread:
    """Ends something in a thread of its own, which goes on by itself if that takes longer than is waited for."""
    ender = threading.Thread(target=ending, name="rates-end", daemon=True)
    ender.start()
    ender.join(wait_s)
    return ender


@contextmanager
def unheard() -> Iterator[None]:
    """Blocks Ctrl-C in the processes that the block starts, for as long as they do not unblock it themselves.

    A fork server that heard it while it loads modules would print a traceback of its own: it inherits the blocked
    signal, and ignores it from then on.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its start would unblock the signal again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
