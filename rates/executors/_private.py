"""Everything that this package takes from private corners of CPython, `multiprocessing` and `distributed`.

Each function names the version in which it was last looked at and the reason why the public way does not do. All of it
exists unchanged in CPython 3.11 to 3.14 and distributed 2024.8 to 2026, unless a line says otherwise. Modules are
imported within functions: `rates.executors` is imported before it is known which mode will be opened.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import cache
from time import monotonic
from typing import Any

# How long a worker that handles SIGTERM may take; the others are gone in a millisecond. A Ctrl-C must be over within a
# second, and this is waited for at most three times.
GRACE_S = 0.25

# --- threading and futures -------------------------------------------------------------------------------------------

_registered: set[str] = set()


def register_exit(function: Callable[[], None], name: str) -> None:
    """Runs the function before the interpreter joins its threads at exit, registered once for each name.

    threading._register_atexit, as concurrent.futures uses it: `atexit` runs too late, when the pools refuse new calls.
    """
    if name not in _registered:
        import threading

        _registered.add(name)
        threading._register_atexit(function)  # type: ignore[attr-defined]


def allows_daemon_threads() -> bool:
    """Whether this interpreter may have daemonic threads; isolated ones may not, and no public function says so."""
    import threading

    return bool(getattr(threading, "_daemon_threads_allowed", lambda: True)())


def begin(future: Future[Any]) -> bool:
    """Marks a future as running; False for one that was cancelled, which its waiters then know, or is finished.

    Future._condition, Future._state: `set_running_or_notify_cancel` reports a fault where the waiters know already, and
    to ask first would leave a moment for a cancellation in between.
    """
    with future._condition._lock:  # type: ignore[attr-defined]  # half as long as with the condition itself
        return future._state in ("PENDING", "CANCELLED") and future.set_running_or_notify_cancel()


def release_lock(future: Future[Any]) -> None:
    """Opens the future's lock if this thread still holds it, which outside the future's own code is never meant.

    Future._condition: a Ctrl-C can strike between the taking of the lock and the noting that it is taken (CPython 3.11:
    3 of 320 sent as the first call began). Worker and interpreter then wait for it for ever.
    """
    condition: Any = getattr(future, "_condition", None)
    while condition is not None and condition._is_owned():
        condition.release()


# Where a finished future has its result, None without one: `result` takes a lock, a microsecond of the ten that a call
# takes.
RESULT = "_result"


# --- multiprocessing -------------------------------------------------------------------------------------------------


def is_importing_main() -> bool:
    """Whether this process is a worker that still imports its parent's main module.

    process._inheriting: multiprocessing's own mark, by which it raises its RuntimeError about "bootstrapping".
    """
    from multiprocessing import current_process

    return bool(getattr(current_process(), "_inheriting", False))


def main_module() -> dict[str, Any]:
    """Where the main module is from, and what it can import, for an interpreter that must import it too.

    spawn.get_preparation_data, which is not documented: an interpreter starts without the parent's main module.
    """
    from multiprocessing import spawn

    data = spawn.get_preparation_data("rates")
    return {key: data[key] for key in ("sys_path", "init_main_from_name", "init_main_from_path") if key in data}


def import_main(main: dict[str, Any]) -> None:
    """Imports the main module into a fresh interpreter, as a spawned process does; see `main_module`."""
    from multiprocessing import process, spawn

    own: Any = process.current_process()
    own._inheriting = True
    try:
        spawn.prepare(main)
    finally:
        del own._inheriting


@contextmanager
def without_lost_main() -> Iterator[None]:
    """For the start of workers, which fail if the main module seems to come from a file that does not exist.

    spawn.get_preparation_data: a script from standard input has the file "<stdin>", which each worker would run.
    """
    main: Any = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    if file is None or os.path.exists(file):
        yield
        return
    del main.__file__
    try:
        yield
    finally:
        main.__file__ = file


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Blocks Ctrl-C in the processes that the block starts, until they unblock it themselves.

    resource_tracker.ensure_running: its start would unblock the signal again. A fork server that heard a Ctrl-C while
    it loads modules would print a traceback; `worker` and `preload` unblock the signal in what it forks.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def preloaded(context: Any, modules: Sequence[str]) -> Iterator[None]:
    """Has a fork server that the block starts import these modules too; the list of the user is afterwards as it was.

    forkserver._forkserver: `set_forkserver_preload` overwrites the list, which cannot be read in public. A list that
    was never set holds "__main__", which would run the main module in the server: each worker does that where it must.
    """
    if context.get_start_method() != "forkserver":
        yield
        return
    from multiprocessing import forkserver

    server: Any = forkserver._forkserver
    before = server._preload_modules
    server._preload_modules = [*(before if before != ["__main__"] else []), *modules]
    try:
        yield
    finally:
        server._preload_modules = before


def stop_processes(processes: Sequence[Any]) -> None:
    """Terminates the processes, then kills those that are still there. A stopped one heeds SIGTERM when it goes on."""
    from multiprocessing import connection

    for process in processes:
        with suppress(ValueError, OSError, AttributeError):
            process.terminate()
            if process.exitcode is None:
                os.kill(process.pid, signal.SIGCONT)
    left, until = [process for process in processes if process.pid is not None], monotonic() + GRACE_S
    while left and (wait_s := until - monotonic()) > 0:
        gone = connection.wait([process.sentinel for process in left], wait_s)
        left = [process for process in left if process.sentinel not in gone]
    for process in left:
        process.kill()


def workers_of(pool: Any) -> list[Any]:
    """The worker processes of a pool of either kind, or the threads of a pool of threads.

    Pool._pool, which is live, and ProcessPoolExecutor._processes have no public names.
    """
    found: Any = getattr(pool, "_pool", None)
    return list(found if found is not None else (pool._processes or {}).values())


def disown(pool: Any) -> None:
    """Keeps a pool that is the parent's from doing anything in a forked child.

    process._children: after os.fork its workers still count as children, and multiprocessing would terminate or join
    them at the child's exit. Pool._state, Pool._change_notifier: `__del__` would write into a pipe that is the
    parent's too, under a lock that may have been held at the fork.
    """
    from multiprocessing import process

    process._children.difference_update(workers_of(pool))  # type: ignore[attr-defined]
    if hasattr(pool, "_change_notifier"):
        pool._state, pool._change_notifier = "CLOSE", None


# --- ProcessPoolExecutor ---------------------------------------------------------------------------------------------


def start_workers(pool: Any) -> None:
    """Has the pool start all its workers now; RuntimeError, and no process, where its manager's thread cannot start.

    ProcessPoolExecutor._safe_to_dynamically_spawn_children, _start_executor_manager_thread: the manager does not see a
    worker which was added while it waits, and would not notice its death before another call ends. A pool whose manager
    has not started takes calls that it never runs.
    """
    pool._safe_to_dynamically_spawn_children = False
    try:
        pool._start_executor_manager_thread()
    except BaseException:
        end_process_pool(pool)
        raise


def quicken(pool: Any) -> None:
    """Has a pool whose workers have started spend a third less on each call.

    ProcessPoolExecutor._executor_manager_thread, _executor_manager_thread_wakeup: the pool's manager makes a selector
    for all that it waits for anew for each result, 25 of the 58 microseconds of a short call, and each submit writes
    into a pipe although the manager has not read what the last one wrote, 6 microseconds.
    """
    wakeup, manager = pool._executor_manager_thread_wakeup, pool._executor_manager_thread
    wakeup_kind, manager_kind = _quick()
    wakeup.__class__ = wakeup_kind
    if manager_kind is not None:
        results = manager.result_queue._reader
        manager.results = results.fileno()
        manager.poller = select.poll()
        for source in (results, wakeup._reader, *(process.sentinel for process in workers_of(pool))):
            manager.poller.register(source, select.POLLIN)
        manager.__class__ = manager_kind


@cache
def _quick() -> tuple[type, type | None]:
    from concurrent.futures import process
    from traceback import format_exception

    # The manager looks for calls after it has read, so none is missed.
    class Wakeup(process._ThreadWakeup):
        written = False

        def wakeup(self) -> None:
            if self.written:
                return
            try:
                self.written = True
                super().wakeup()
            except BaseException:  # Ctrl-C
                self.written = False
                raise

        def clear(self) -> None:
            super().clear()
            self.written = False

    class Manager(process._ExecutorManagerThread):
        def wait_result_broken_or_wakeup(self: Any) -> Any:
            if self.results not in [number for number, _ in self.poller.poll()]:
                return super().wait_result_broken_or_wakeup()  # which need not wait any more
            item: Any = None
            why: Any = None
            try:
                item = self.result_queue._reader.recv()
            except BaseException as error:
                why = format_exception(error)
            if self.thread_wakeup.written:
                self.thread_wakeup.clear()
            return item, why is not None, why

    return Wakeup, Manager if hasattr(select, "poll") else None  # Windows has none


def end_process_pool(pool: Any) -> None:
    """Ends the pool's processes and reaps them; every future of the pool is finished afterwards.

    3.14 has terminate_workers. It waits for none of them and forgets them, so that kill_workers after it finds none:
    what is left by a worker that ignores SIGTERM needs the same private names there as before.
    """
    # Taken first: shutdown drops the pool's own references. The processes are listed only after it, because it waits
    # for a first call, in another thread, that is still starting them.
    workers, manager, results = pool._processes or {}, pool._executor_manager_thread, pool._result_queue
    if sys.version_info >= (3, 14):
        pool.terminate_workers()
    else:
        pool.shutdown(wait=False, cancel_futures=True)
    processes = list(workers.values())
    stop_processes(processes)
    if manager is not None and manager.is_alive():
        manager.join(GRACE_S)
        if manager.is_alive():
            # It reads the half of a large result whose worker is gone, and would for ever: ours is the last open end.
            results._writer.close()
            manager.join(GRACE_S)
    for process in processes:
        process.join(GRACE_S)


# --- multiprocessing.Pool --------------------------------------------------------------------------------------------


def configure_process(**changes: Any) -> None:
    """Changes what multiprocessing has noted of this process.

    daemon: False lets it have children. tempdir: where its sockets are made. process._config: Pool and Dask make
    daemonic workers, which are refused children, and neither asks beforehand. A folder that multiprocessing makes for
    sockets by itself stays when the process is killed.
    """
    from multiprocessing import current_process

    current_process()._config.update(changes)  # type: ignore[attr-defined]


def open_pool(context: Any, *arguments: Any) -> Any:
    """A Pool of processes; where one of its threads cannot start, or Ctrl-C comes, that error, and no process stays.

    Pool._pool, Pool._worker_handler: the Pool itself ends its processes only if one of those cannot start. `__del__` of
    one that was not finished would write into a pipe that is closed (see `disown`).
    """
    from multiprocessing.pool import Pool

    pool: Any = Pool.__new__(Pool)
    try:
        pool.__init__(*arguments, context=context)
    except BaseException:
        _end_workers(pool)
        pool._state, pool._change_notifier = "CLOSE", None
        raise
    return pool


def grow_pool(pool: Any, workers: int) -> None:
    """Gives a pool of threads this many workers, unless it has more.

    Pool._processes, Pool._repopulate_pool: a Pool cannot be resized in public.
    """
    if workers > pool._processes:
        pool._processes = workers
        pool._repopulate_pool()


def end_pool(pool: Any) -> None:
    """Ends a Pool of processes without waiting for what it runs.

    `terminate` waits for a lock that a dead worker may have taken with it, so the processes are ended first (which
    needs Pool._pool and _worker_handler), then the locks are opened (_inqueue, _outqueue).
    """
    _end_workers(pool)
    with suppress(ValueError):  # no thread of this process takes that one before `terminate`
        pool._inqueue._rlock.release()
    results = pool._outqueue._wlock
    if results is not None:
        results.acquire(timeout=GRACE_S)
        with suppress(ValueError):
            results.release()
    ender = beside(lambda: _terminate(pool), GRACE_S)
    if ender.is_alive():
        # Half of a large result is being read whose worker is gone: ours is the last open end.
        pool._outqueue._writer.close()
        ender.join(GRACE_S)
    left = list(pool._pool)  # one that was started at the last moment, in place of one that had ended
    stop_processes(left)
    for process in left:
        process.join(GRACE_S)


def _end_workers(pool: Any) -> None:
    handler = getattr(pool, "_worker_handler", None)
    if handler is not None and handler.is_alive():
        handler._state = "TERMINATE"  # or it would replace what is ended here
        pool._change_notifier.put(None)
        handler.join(GRACE_S)
    stop_processes(getattr(pool, "_pool", ()))


def _terminate(pool: Any) -> None:
    """The Pool's own end. A worker that was killed while it took a call leaves half of it, which cannot be read."""
    try:
        pool.terminate()
    except Exception:
        pool._task_handler._state = pool._result_handler._state = "TERMINATE"
        pool._taskqueue.put(None)
        with suppress(OSError, ValueError):
            pool._outqueue.put(None)


# --- distributed -----------------------------------------------------------------------------------------------------


def open_client(address: str | None, limit_s: float, **settings: Any) -> Any:
    """A Dask client that closes itself when its scheduler is lost; one that cannot start is closed, and raises.

    Client.__new__: `__init__` leaves the thread of a client that cannot start, and whatever frees that client later,
    in any thread, waits for it up to ten seconds. Client._timeout: a lost scheduler would be looked for as long as the
    start may take, beside the fresh client; CPython 3.11 leaves a socket open for each attempt that is refused.
    """
    import distributed

    kind: Any = distributed.Client
    client = kind.__new__(kind)
    try:
        client.__init__(address, timeout=limit_s, set_as_default=False, **settings)
    except BaseException:
        with suppress(Exception):
            close_client(client, limit_s)
        raise
    client._timeout = 0
    return client


def close_client(client: Any, limit_s: float) -> None:
    """Closes a Dask client and its thread, also if it has closed itself.

    Client._loop_runner: `close` leaves the thread of a client that is closed already.
    """
    client.close(timeout=limit_s)
    client._loop_runner.stop()


def beside(ending: Callable[[], None], wait_s: float) -> Any:
    """Calls `ending` in a new thread and waits for `wait_s`; the thread goes on if that is too short.

    Where no thread can be started, it is called here.
    """
    import threading

    ender = threading.Thread(target=ending, name="rates-end", daemon=True)
    try:
        ender.start()
        ender.join(wait_s)
    except RuntimeError:
        ending()
    return ender
