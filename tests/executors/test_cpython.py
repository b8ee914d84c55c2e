"""CPython's own tests of `concurrent.futures`, from the running Python's test package, over every mode.

Where that package is not installed they are skipped (Debian has it as libpython3-testsuite). What is left out stands in
the table below, with the reason; what reaches into private names of the standard library's classes is the most of it.
"""

from __future__ import annotations

import importlib
import inspect
import multiprocessing
import pkgutil
import sys
import threading
import types
import unittest
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from rates.executors import MODES, OpenExecutor, open_executor
from rates.executors.calls import CallFuture
from tests.executors.modes import REASONS

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
ROOT = str(Path(__file__).resolve().parents[2])
PROCESSES = ("process", "pool")

# Name of a test, with its class where the name alone is of several: the modes in which it is left out, and why.
PRIVATE = "reads private names of the standard library's own class"
OURS = "the message is our own, which says what to do"
WITHIN = "sequential runs each call at submit, in the caller"
EXCLUDED: dict[str, tuple[tuple[str, ...], str]] = {
    "test_map_timeout": (("sequential",), WITHIN),
    "test_max_workers_negative": (MODES, OURS),
    "test_submit_after_interpreter_shutdown": (MODES, OURS),
    "test_default_workers": (MODES, PRIVATE),
    "test_saturation": (MODES, PRIVATE),
    "test_idle_thread_reuse": (MODES, PRIVATE),
    "test_idle_process_reuse_one": (MODES, PRIVATE),
    "test_idle_process_reuse_multiple": (MODES, PRIVATE),
    "test_killed_child": (MODES, PRIVATE),
    "test_threads_terminate": (MODES, PRIVATE),
    "test_processes_terminate": (MODES, PRIVATE),
    "test_context_manager_shutdown": (MODES, PRIVATE),
    "test_del_shutdown": (MODES, PRIVATE),
    "test_shutdown_no_wait": (MODES, PRIVATE),
    "test_thread_names_assigned": (MODES, "threads have names of our own"),
    "test_thread_names_default": (MODES, "threads have names of our own"),
    "test_shutdown_deadlock_pickle": (MODES, PRIVATE),
    "test_gh105829_should_not_deadlock_if_wakeup_pipe_full": (MODES, PRIVATE),
    "test_python_finalization_error": (MODES, PRIVATE),
    "test_hang_global_shutdown_lock": (MODES, "forks beside threads, which is refused"),
    "test_traceback": (MODES, "expects the class _RemoteTraceback; ours is WorkerTraceback, behind the causes"),
    "test_ressources_gced_in_workers": (("dask", "interpreter"), "sends a manager's proxy, which only processes take"),
    "test_error_at_task_pickle": (MODES, "raised at submit, as TypeError with the reason"),
    "test_exit_at_task_unpickle": (MODES, "the call's own error, and the pool lives"),
    "test_error_at_task_unpickle": (MODES, "the call's own error, and the pool lives"),
    "test_error_during_result_unpickle_in_result_handler": (MODES, "the call's own TypeError, and the pool lives"),
    "test_exit_during_result_unpickle_in_result_handler": (MODES, "the call's own TypeError, and the pool lives"),
    "test_done_callback_raises": (MODES, "reads a log that pytest has captured"),
    "test_done_callback_raises_already_succeeded": (MODES, "reads a log that pytest has captured"),
    "FailingInitializerMixin.test_initializer": (MODES, "the reason stands in the error; nothing is logged"),
}
# Words in the names of tests that are left out in every mode.
NOT_OFFERED = {
    "max_tasks": "max_tasks_per_child is not offered: it deadlocks on CPython 3.11 to 3.15",
    "force_shutdown": "terminate_workers and kill_workers are `kill` here, in every mode",
    "terminate_workers": "terminate_workers and kill_workers are `kill` here, in every mode",
    "kill_workers": "terminate_workers and kill_workers are `kill` here, in every mode",
    "failed_worker_replacement": PRIVATE,
    "buffersize_type_validation": OURS,
    "buffersize_value_validation": OURS,
    "broken_process_pool_traceback": "a cause that the standard library adds; the reason is our message",
}
# The mixins of CPython's tests, and the modes for which each is meant.
SUITES: dict[str, tuple[str, ...]] = {
    "WaitTests": MODES[1:],
    "AsCompletedTests": MODES[1:],
    "ExecutorTest": ("sequential", "interpreter", "dask"),
    "ExecutorShutdownTest": MODES[1:],
    "InitializerMixin": MODES,
    "FailingInitializerMixin": MODES,
    "ThreadPoolExecutorTest": ("thread", "dummy", "asyncio"),
    "ProcessPoolExecutorTest": PROCESSES,
    "ExecutorDeadlockTest": (*PROCESSES, "dask"),
    "FutureTests": ("thread",),
}

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
        return open_executor(self.mode, max_workers, **more)


def adapted(module: types.ModuleType, suite: type, mode: str) -> type:
    """CPython's mixin as a test case for one mode."""
    opener = Opener(mode, suite.__name__ in ("ExecutorShutdownTest", "ExecutorDeadlockTest"))
    shim = types.ModuleType("futures")
    vars(shim).update({name: getattr(futures, name) for name in futures.__all__ if "Pool" not in name})
    vars(shim).update(ThreadPoolExecutor=opener, ProcessPoolExecutor=opener, process=futures.process)
    root: Any = sys.modules.get(f"{module.__package__}.util") if module.__package__ != "test" else module

    def run(*arguments: str, **options: Any) -> Any:
        # The scripts of CPython's tests import an executor by its name; here they open one of ours.
        code = arguments[-1].replace(
            f"from concurrent.futures import {opener.__name__}",
            f"import sys; sys.path.insert(0, {ROOT!r}); from tests.executors.test_cpython import Opener; "
            f"{opener.__name__} = Opener({mode!r}, True)",
        )
        return importlib.import_module("test.support.script_helper").assert_python_ok(
            *arguments[:-1], code.replace("multiprocessing.set_start_method", "str"), **options
        )

    class Mode(root.ExecutorMixin):  # type: ignore[misc]
        executor_type = opener

        if mode in (*PROCESSES, "dask"):
            ctx = "forkserver"

        def get_context(self) -> Any:
            return multiprocessing.get_context("forkserver")

        def create_event(self) -> Any:
            if mode == "interpreter":
                self.skipTest("an event cannot be sent to an interpreter")
            if mode not in (*PROCESSES, "dask"):
                return threading.Event()
            manager = multiprocessing.get_context("spawn").Manager()
            self.addCleanup(manager.shutdown)
            return manager.Event()

        def setUp(self) -> None:
            for name, patch in (("futures", shim), ("assert_python_ok", run), ("Future", CallFuture)):
                if hasattr(module, name):
                    patcher = mock.patch.object(module, name, patch)
                    patcher.start()
                    self.addCleanup(patcher.stop)
            super().setUp()

    bases = (Mode, suite) if issubclass(suite, unittest.TestCase) else (suite, Mode, root.BaseTestCase)
    found = type(f"{mode.capitalize()}{suite.__name__}", bases, {"__module__": __name__})
    for name, function in inspect.getmembers(found, inspect.isfunction):
        modes, reason = EXCLUDED.get(f"{suite.__name__}.{name}", EXCLUDED.get(name, ((), "")))
        for word, why in NOT_OFFERED.items():
            if word in name:
                modes, reason = MODES, why
        if mode in modes:
            setattr(found, name, unittest.skip(reason)(function))
    return found


SUITES_FOUND = list(suites())
for _module, _suite in SUITES_FOUND:
    for _mode in SUITES[_suite.__name__]:
        if not REASONS.get(_mode):
            _case = adapted(_module, _suite, _mode)
            globals()[_case.__name__] = _case


def test_the_test_package_is_installed() -> None:
    """Says so where nothing of the above could be run."""
    if not SUITES_FOUND:
        pytest.skip("this Python has no test package: on Debian, install libpython3-testsuite")
    assert {suite.__name__ for _, suite in SUITES_FOUND} >= {"WaitTests", "ExecutorTest", "ExecutorShutdownTest"}
