"""CPython's own tests of `concurrent.futures`, from the running Python's test package, over every mode.

Where that package is not installed they are skipped (Debian has it as libpython3.11-testsuite and so on). `Opener`
gives our executors the private names that the tests read, computed from threads and processes that really run. The
tables below list what differs: other words and errors for the same behaviour, and what is left out, with the reason.
"""

# ruff: noqa: N802, PT009, PT027 - the names are those of unittest
from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import logging
import multiprocessing
import pkgutil
import re
import signal
import sys
import threading
import types
import unittest
from collections.abc import Iterator
from concurrent import futures
from concurrent.futures import process as futures_process
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from rates.executors import MODES, InitializerFailed, OpenExecutor, open_executor
from rates.executors.calls import CallFuture
from rates.executors.pickling import WorkerTraceback
from tests.executors.modes import REASONS

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
ROOT = str(Path(__file__).resolve().parents[2])
PROCESSES = ("process", "pool")
HANGS_S = 60

# CPython's mixins, and the modes for which each is meant.
SUITES: dict[str, tuple[str, ...]] = {
    "WaitTests": MODES,
    "AsCompletedTests": MODES,
    "ExecutorTest": ("sequential", "interpreter"),
    "ExecutorShutdownTest": ("sequential",),
    "InitializerMixin": MODES,
    "FailingInitializerMixin": MODES,
    "ThreadPoolExecutorTest": ("thread", "dummy", "asyncio"),
    "ThreadPoolShutdownTest": ("thread", "dummy", "asyncio", "interpreter"),
    "ThreadPoolWaitTests": ("thread", "dummy", "asyncio"),
    "ProcessPoolExecutorTest": (*PROCESSES, "dask"),
    "ProcessPoolShutdownTest": (*PROCESSES, "dask"),
    "InterpreterPoolExecutorTest": ("interpreter",),
    "AsyncioTest": ("interpreter",),
    "ExecutorDeadlockTest": (*PROCESSES, "dask"),
    "FutureTests": ("thread",),
}

# What CPython's tests look for in messages and names, and what stands there instead.
WORDS = {
    "max_workers must be greater than 0": "workers must be at least 1",
    "buffersize must be an integer or None": "buffersize must be (an integer|a whole number) or None",
    "buffersize must be None or > 0": "buffersize must be (None or > 0|at least 1)",
    "RuntimeError: cannot schedule new futures": "RuntimeError: cannot run a call after shutdown",
    "<Future at": "<(Call|CallFuture|Future) at",
    r"ThreadPoolExecutor-\d+_[0-4]$": r"^(rates(_asyncio|_interpreter)?_\d|Thread-\d+ \(worker\))$",
}
# The error that a call ends with instead of BrokenProcessPool: its own, and the pool lives.
OWN_ERRORS: dict[str, type[BaseException]] = {
    "test_exit_at_task_unpickle": SystemExit,
    "test_error_at_task_unpickle": Exception,
    "test_error_during_result_unpickle_in_result_handler": TypeError,
    "test_exit_during_result_unpickle_in_result_handler": TypeError,
}

LOCAL = "sends a local function, which is refused at submit"
AT_SUBMIT = "what cannot be pickled is refused at submit, as TypeError"
ALL_AT_ONCE = "all workers start at the first call, so that the first calls run side by side"
NO_PREFIX = "threads have names of our own"
ONE_KILL = "looks at the signal that is sent; here one `kill` is offered, in every mode"
MAX_TASKS = "max_tasks_per_child is not offered: it deadlocks on CPython 3.11 to 3.15"
WITHIN = "sequential runs each call at submit, in the caller, so that no call ever waits"
NO_WORKERS = "sequential has no worker that ends before the caller"
DASK_RESTARTS = "Dask replaces a worker that dies, and only the calls that ran there fail"
# The modes in which tests are left out, why, and the patterns of their names.
EXCLUDED: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (MODES, MAX_TASKS, ("*max_tasks*", "*gh_132969*", "*failed_worker_replacement*")),
    (MODES, ALL_AT_ONCE, ("test_idle_process_reuse_*",)),
    (MODES, LOCAL, ("test_processes_terminate", "test_blocking*", "test_init_closure", "test_init_instance_method")),
    (MODES, LOCAL, ("test_submit_closure", "test_submit_instance_method", "test_submit_local_instance")),
    (MODES, AT_SUBMIT, ("test_error_at_task_pickle", "test_shutdown_deadlock_pickle", "test_pickle_errors_propagate")),
    (MODES, NO_PREFIX, ("test_thread_names_assigned", "test_thread_name_prefix*")),
    (MODES, ONE_KILL, ("test_terminate_workers", "test_kill_workers", "test_force_shutdown_workers")),
    (MODES, ONE_KILL, ("test_force_shutdown_workers_invalid_op",)),
    (MODES, "the reason stands in the error, and nothing is printed", ("test_init_exception_in_func",)),
    (MODES, "the cause is the worker's traceback, as from a process", ("test_submit_exception_in_func",)),
    (("sequential",), WITHIN, ("test_first_*", "test_*timeout", "test_*times_out", "test_cancel_futures")),
    (("sequential",), NO_WORKERS, ("test_submit_after_interpreter_shutdown",)),
    (("dummy",), ALL_AT_ONCE, ("test_threads_terminate", "test_idle_thread_reuse")),
    (("pool", "dask"), "the error names the thread that cannot start", ("test_python_finalization_error",)),
    (("thread",), "the waiters of a future know at once that it is cancelled", ("test_cancel",)),
    (("interpreter",), LOCAL, ("test_threads_terminate",)),
    (("interpreter",), "no interpreter has started by then", ("test_cancel_futures",)),
    (("dask",), DASK_RESTARTS, ("test_killed_child", "test_broken_process_pool_traceback")),
    (("dask",), "Dask runs several threads in each process", ("test_saturation",)),
    (("dask",), "the cluster is no child of the test", ("test_force_shutdown_workers_stops_pool",)),
)

_scheduler: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def shared_scheduler(request: pytest.FixtureRequest) -> None:
    """One cluster for the tests of the mode dask that kill no worker."""
    if any("[" not in item.name and "Dask" in str(item.parent) for item in request.session.items):
        _scheduler[:] = [request.getfixturevalue("scheduler")]


def suites() -> Iterator[tuple[types.ModuleType, type]]:
    """CPython's mixins with their modules: one module until 3.11, a package of several from 3.12 on."""
    try:
        # Before the tests are imported: those that take a wall time of several seconds are left out.
        vars(importlib.import_module("test.support"))["use_resources"] = ["cpu"]
        package = importlib.import_module("test.test_concurrent_futures")
    except ImportError:
        return
    names = [info.name for info in pkgutil.iter_modules(getattr(package, "__path__", []), package.__name__ + ".")]
    for module in [importlib.import_module(name) for name in names] or [package]:
        for name, found in list(vars(module).items()):
            if name in SUITES and found.__module__ == module.__name__:
                yield module, found


# --- our executors, as CPython's tests see the standard library's -----------------------------------------------------


class Everything:
    """Stands for the thread that manages a pool: all threads that the executor has started."""

    def __init__(self, threads: list[threading.Thread]) -> None:
        self.threads = threads

    def join(self, timeout: float | None = None) -> None:
        """Waits for each of them."""
        for thread in self.threads:
            thread.join(timeout)

    join_thread = join


class Seen:
    """The private names that CPython's tests read, by what has come to be since the executor was opened."""

    _before: tuple[set[threading.Thread], set[Any]]

    @property
    def _max_workers(self) -> int:
        return self.workers  # type: ignore[attr-defined,no-any-return]

    @property
    def _started(self) -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread not in self._before[0]]

    @property
    def _threads(self) -> list[threading.Thread]:
        return [thread for thread in self._started if re.search(r"_\d+$|\(worker\)", thread.name)]

    @property
    def _processes(self) -> dict[int, Any]:
        started = set(multiprocessing.active_children()) - self._before[1]
        return {process.pid: process for process in started if "Manager" not in process.name}

    @property
    def _executor_manager_thread(self) -> Everything:
        return Everything(self._started)

    _call_queue = _executor_manager_thread

    @property
    def _broken(self) -> bool:
        try:
            self.submit(int)  # type: ignore[attr-defined]
        except futures.BrokenExecutor:
            return True
        return False

    def terminate_workers(self) -> None:
        """The mode's own."""
        self.kill()  # type: ignore[attr-defined]

    kill_workers = terminate_workers


class Opener:
    """Opens an executor of a mode by the arguments of the standard library's classes."""

    def __init__(self, mode: str, own_cluster: bool) -> None:
        self.mode, self.own_cluster = mode, own_cluster
        self.__name__ = mode

    def __call__(self, max_workers: int | None = None, mp_context: Any = None, **more: Any) -> OpenExecutor:
        """The executor, by the context's start method where it has processes."""
        if self.mode in PROCESSES and mp_context is not None:
            more["start_method"] = mp_context.get_start_method()
        if self.mode == "dask" and not self.own_cluster and _scheduler:
            more["scheduler"] = _scheduler[0]
        before = set(threading.enumerate()), set(multiprocessing.active_children())
        opened = open_executor(self.mode, max_workers, **more)
        kind = type(opened)
        opened.__class__ = type(kind.__name__, (Seen, kind), {"_before": before})
        return opened


class Context:
    """A start method's context, with semaphores that can be sent in a call."""

    def __init__(self, case: Any) -> None:
        self._case, self._context = case, multiprocessing.get_context("forkserver")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def Semaphore(self, value: int) -> Any:
        """A manager's."""
        return self._case.own_manager().Semaphore(value)


def in_our_words(text: str) -> str:
    """What CPython's test expects, as it reads here."""
    for theirs, ours in WORDS.items():
        text = text.replace(theirs, ours)
    return text


def adapted(module: types.ModuleType, suite: type, mode: str) -> type:
    """CPython's mixin as a test case for one mode."""
    opener = Opener(mode, suite.__name__ in ("ProcessPoolShutdownTest", "ExecutorDeadlockTest"))
    # A thread pool is tried beside the standard library's processes, and the other way round.
    ours = "ProcessPoolExecutor" if mode in (*PROCESSES, "dask") else "ThreadPoolExecutor"
    shim = types.ModuleType("futures")
    vars(shim).update(vars(futures), **{name: getattr(futures, name) for name in futures.__all__} | {ours: opener})
    shim.process = types.SimpleNamespace(**{**vars(futures_process), "_RemoteTraceback": WorkerTraceback})
    root: Any = sys.modules.get(f"{module.__package__}.util") if module.__package__ != "test" else module

    def run(*arguments: str, **options: Any) -> Any:
        # The scripts of CPython's tests import an executor by its name; here they open one of ours.
        folders = [ROOT, str(Path(sys.modules["test"].__path__[0]).parent)]
        code = re.sub(
            r"from concurrent.futures import (\w+)",
            f"import sys; sys.path[:0] = {folders!r}; from tests.executors.test_cpython import Opener; "
            rf"\1 = Opener({mode!r}, True)",
            arguments[-1],
        )
        return importlib.import_module("test.support.script_helper").assert_python_ok(
            *arguments[:-1], code.replace("multiprocessing.set_start_method", "str"), **options
        )

    class Mode(root.ExecutorMixin):  # type: ignore[misc]
        executor_type = opener

        if mode in (*PROCESSES, "dask") and suite.__name__ != "FailingInitializerMixin":
            ctx = "forkserver"

        @classmethod
        def setUpClass(cls) -> None:
            if suite.__name__ == "AsyncioTest":  # which refuses a policy that another test has left
                vars(asyncio.events)["_set_event_loop_policy"](None)
            super().setUpClass()

        def get_context(self) -> Any:
            return Context(self)

        def create_event(self) -> Any:
            if mode == "interpreter":
                self.skipTest("an event cannot be sent to an interpreter")
            if mode not in (*PROCESSES, "dask"):
                return threading.Event()
            return self.own_manager().Event()

        def own_manager(self) -> Any:
            manager = multiprocessing.get_context("spawn").Manager()
            self.addCleanup(manager.shutdown)
            return manager

        def setUp(self) -> None:
            replaced = {"futures": shim, "assert_python_ok": run, "Future": CallFuture}
            patches = [mock.patch.object(module, name, new) for name, new in replaced.items() if hasattr(module, name)]
            # pytest's own handlers would take what is otherwise written to stderr.
            patches.append(mock.patch.object(logging.getLogger(), "handlers", []))
            for patcher in patches:
                patcher.start()
                self.addCleanup(patcher.stop)
            self.limit()
            super().setUp()

        def limit(self) -> None:
            """Fails a test that hangs."""

            def give_up(*_: object) -> None:
                self.executor.kill()
                raise AssertionError(f"not finished within {HANGS_S} s")

            main, before = threading.get_ident(), signal.signal(signal.SIGUSR1, give_up)
            timer = threading.Timer(HANGS_S, signal.pthread_kill, (main, signal.SIGUSR1))
            timer.daemon = True
            timer.start()
            for cleanup in ((signal.signal, signal.SIGUSR1, before), (timer.join,), (timer.cancel,)):
                self.addCleanup(*cleanup)

        def assertRaisesRegex(self, kind: Any, expected: str, *more: Any, **options: Any) -> Any:
            return super().assertRaisesRegex(kind, in_our_words(expected), *more, **options)

        def assertRegex(self, text: str, expected: str, *more: Any) -> None:
            super().assertRegex(text, in_our_words(expected), *more)

        def assertIn(self, member: Any, container: Any, *more: Any) -> None:
            super().assertIn(in_our_words(member) if isinstance(member, str) else member, container, *more)

        def _check_error(self, error: Any, *more: Any, **options: Any) -> None:
            check = getattr(super(), "_check_error", None) or super()._check_crash  # the name until 3.11
            check(OWN_ERRORS.get(self._testMethodName, error), *more, **options)

        _check_crash = _check_error

        @contextlib.contextmanager
        def _assert_logged(self, message: str) -> Iterator[None]:
            # The reason stands in the error, not in the log.
            yield
            with self.assertRaisesRegex(InitializerFailed, message):
                self.executor.submit(int)

    bases = (Mode, suite) if issubclass(suite, unittest.TestCase) else (Mode, suite, root.BaseTestCase)
    found = type(f"{mode.capitalize()}{suite.__name__}", bases, {"__module__": __name__})
    for name, function in inspect.getmembers(found, inspect.isfunction):
        for modes, reason, patterns in EXCLUDED:
            if mode in modes and any(fnmatchcase(name, pattern) for pattern in patterns):
                setattr(found, name, unittest.skip(reason)(function))
    return found


SUITES_FOUND = list(suites())
# Names of a loop would stay in the module, where pytest takes CPython's own class for one of ours.
globals().update(
    (case.__name__, case)
    for module, suite in SUITES_FOUND
    for mode in SUITES[suite.__name__]
    if not REASONS.get(mode)
    for case in [adapted(module, suite, mode)]
)


def test_the_test_package_is_installed() -> None:
    """Says so where nothing of the above could be run."""
    if not SUITES_FOUND:
        pytest.skip("this Python has no test package: on Debian, install libpython3-testsuite")
    assert {suite.__name__ for _, suite in SUITES_FOUND} >= {"WaitTests", "ExecutorTest", "ExecutorDeadlockTest"}
