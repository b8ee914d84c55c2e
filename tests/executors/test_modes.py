from __future__ import annotations

import multiprocessing
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    InvalidStateError,
    as_completed,
    wait,
)
from pathlib import Path

import pytest

from rates.executors import Done, WorkerDied, open_executor
from tests.executors import work
from tests.executors.modes import EACH


@pytest.fixture(params=EACH)
def mode(request: pytest.FixtureRequest) -> str:
    """Each mode in turn."""
    return str(request.param)


@pytest.fixture
def executor(mode: str) -> Iterator[Executor]:
    """An open executor of two workers, ended with no worker left."""
    with open_executor(mode, 2) as opened:
        yield opened
    assert not multiprocessing.active_children()


def test_is_an_executor(executor: Executor, mode: str) -> None:
    """Each mode is a true concurrent.futures executor that says its mode and workers."""
    assert isinstance(executor, Executor)
    assert (executor.mode, executor.workers) == (mode, 1 if mode == "sequential" else 2)  # type: ignore[attr-defined]


def test_submit_gives_a_finished_future(executor: Executor) -> None:
    """A future has its call's result, is done, no longer running and cannot be cancelled."""
    future = executor.submit(work.square, 7)
    assert isinstance(future, Future)
    assert future.result(30) == 49
    assert future.exception() is None
    assert (future.done(), future.running(), future.cancel(), future.cancelled()) == (True, False, False, False)
    with pytest.raises(InvalidStateError):
        future.set_result(1)


def test_keywords_reach_the_call(executor: Executor) -> None:
    """Arguments by name arrive by name."""
    assert executor.submit(work.square, number=3).result(30) == 9


def test_an_error_comes_back(executor: Executor) -> None:
    """A call's error is the future's, with type and message."""
    future = executor.submit(work.fail_at_three, 3)
    with pytest.raises(ValueError, match=r"^three$"):
        future.result(30)
    assert isinstance(future.exception(), ValueError)


def test_callbacks_are_called_once_with_the_future(executor: Executor) -> None:
    """A callback is handed the finished future, also when it is added after the end."""
    seen: list[Future[int]] = []
    future = executor.submit(work.square, 2)
    future.result(30)
    future.add_done_callback(seen.append)
    assert seen == [future]


def test_map_keeps_the_order(executor: Executor) -> None:
    """Map gives results in the order of its inputs, whoever is first."""
    assert list(executor.map(work.square, range(20), chunksize=3)) == [n * n for n in range(20)]


def test_map_takes_several_iterables(executor: Executor) -> None:
    """Map stops with the shortest of its iterables."""
    assert list(executor.map(pow, [2, 3, 4], [5, 2])) == [32, 9]


def test_map_raises_at_the_failing_place(executor: Executor) -> None:
    """Map gives what came before a failing call, then its error."""
    results = executor.map(work.fail_at_three, [1, 2, 3, 4])
    assert [next(results), next(results)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_wait_and_as_completed(executor: Executor) -> None:
    """The standard library's wait and as_completed take the futures as their own."""
    futures = [executor.submit(work.square, n) for n in range(6)]
    assert wait(futures, timeout=30, return_when=FIRST_COMPLETED).done
    assert {future.result() for future in as_completed(futures, timeout=30)} == {n * n for n in range(6)}


def test_submit_after_shutdown(mode: str) -> None:
    """A closed executor takes no more calls, and may be closed again."""
    executor = open_executor(mode, 1)
    executor.shutdown()
    executor.shutdown()
    with pytest.raises(RuntimeError):
        executor.submit(work.square, 1)


def test_initializer_runs_before_calls(mode: str, tmp_path: Path) -> None:
    """Each worker runs the initializer once, before its first call."""
    trace = tmp_path / "trace"
    with open_executor(mode, 1, initializer=work.note, initargs=(str(trace),)) as executor:
        assert executor.submit(work.square, 3).result(30) == 9
        assert executor.submit(work.square, 4).result(30) == 16
    assert trace.read_text() == "x"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_failing_initializer_breaks(mode: str) -> None:
    """An initializer that fails breaks the executor with a named error, at the call and ever after."""
    executor = open_executor(mode, 1, initializer=work.refuse)
    with pytest.raises(BrokenExecutor):
        executor.submit(work.square, 1).result(30)
    with pytest.raises(BrokenExecutor):
        executor.submit(work.square, 1).result(30)
    executor.kill()


def test_kill_leaves_nothing(mode: str) -> None:
    """Kill returns with no worker process left, and the executor is closed."""
    executor = open_executor(mode, 2)
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
        "'rates._version'))}; "
        "print(sorted(heavy & set(sys.modules)), sorted(ours))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[] []"
