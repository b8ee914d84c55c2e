from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
import threading
from concurrent.futures import (
    BrokenExecutor,
)

import pytest

from rates.executors import Done, WorkerDied, open_executor
from tests.executors import work
from tests.executors.conftest import Opener


def test_submit_after_shutdown(mode: str, opened: Opener) -> None:
    """A closed executor takes no more calls, and may be closed again."""
    executor = opened(mode, 1)
    executor.shutdown()
    executor.shutdown()
    with pytest.raises(RuntimeError):
        executor.submit(work.square, 1)


def test_kill_leaves_nothing(mode: str, opened: Opener) -> None:
    """Kill returns with no worker process left, and the executor is closed."""
    executor = opened(mode)
    executor.submit(work.square, 1).result(30)
    executor.kill()
    assert not multiprocessing.active_children()
    with pytest.raises((RuntimeError, BrokenExecutor)):
        executor.submit(work.square, 1)


def test_thread_kill_cancels_what_waits() -> None:
    """Kill of a thread executor cancels the calls that have not begun."""
    gate, begun = threading.Event(), threading.Event()
    executor = open_executor("thread", 1)

    def hold() -> None:
        begun.set()
        gate.wait(30)

    first = executor.submit(hold)
    begun.wait(30)
    second = executor.submit(work.square, 1)
    executor.kill()
    assert second.cancelled()
    gate.set()
    first.result(30)


def test_process_runs_elsewhere() -> None:
    """Process mode runs calls in another process; the others in this one."""
    import os

    for mode, same in (("sequential", True), ("thread", True), ("process", False)):
        with open_executor(mode, 1) as executor:
            assert (executor.submit(work.pid).result(30) == os.getpid()) is same


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_start_method_is_said(method: str) -> None:
    """The start method can be chosen, and is told."""
    with open_executor("process", 1, start_method=method) as executor:
        assert executor.start_method == method  # type: ignore[attr-defined]
        assert executor.submit(work.square, 2).result(60) == 4


def test_fork_is_refused_beside_threads() -> None:
    """Fork is refused where threads are alive, with what to do instead."""
    gate = threading.Event()
    thread = threading.Thread(target=gate.wait, args=(30,))
    thread.start()
    try:
        with pytest.raises(ValueError, match=r"fork refused.*forkserver or spawn"):
            open_executor("process", 1, start_method="fork")
    finally:
        gate.set()
        thread.join()


def test_unpicklable_callable_is_refused_at_once() -> None:
    """A lambda is refused with a sentence before any process is started."""
    executor = open_executor("process", 1)
    with pytest.raises(TypeError, match="top level of a module"):
        executor.submit(lambda: 1)
    assert not multiprocessing.active_children()
    executor.shutdown()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("thred",), "thread"),
        (("thread", 0), "at least 1"),
        (("process", -3), "at least 1"),
    ],
)
def test_wrong_arguments_are_told(arguments: tuple[object, ...], told: str) -> None:
    """An unknown mode gets the nearest one, a wrong number of workers the least that is right."""
    with pytest.raises(ValueError, match=told):
        open_executor(*arguments)  # type: ignore[arg-type]


def test_wrong_start_method_is_told() -> None:
    """An unknown start method gets the nearest one."""
    with pytest.raises(ValueError, match="spawn"):
        open_executor("process", 1, start_method="spwan")


def test_records_survive_pickling() -> None:
    """Done and WorkerDied cross to another process whole."""
    done = Done(1, "USD", 3, None)
    assert pickle.loads(pickle.dumps(done)) == done
    assert str(pickle.loads(pickle.dumps(WorkerDied("gone")))) == "gone"


def test_import_is_light() -> None:
    """Importing the layer brings none of the kinds of concurrency, and nothing of the rest of the package."""
    script = (
        "import sys, rates.executors; "
        "heavy = {'multiprocessing', 'asyncio', 'dask', 'concurrent.futures.process', 'concurrent.futures.thread'}; "
        "ours = {m for m in sys.modules if m.startswith('rates.') and not m.startswith(('rates.executors', "
        "'rates._version', 'rates.defaults'))}; "
        "print(sorted(heavy & set(sys.modules)), sorted(ours))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[] []"
