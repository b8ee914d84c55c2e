"""The futures of every mode are the standard library's, in all that they do."""

from __future__ import annotations

import threading
from concurrent.futures import (
    ALL_COMPLETED,
    FIRST_COMPLETED,
    FIRST_EXCEPTION,
    CancelledError,
    Executor,
    Future,
    InvalidStateError,
    as_completed,
    wait,
)
from pathlib import Path

import pytest

from rates.executors import OpenExecutor
from rates.executors._private import begin
from rates.executors.calls import CallFuture
from tests.executors import work
from tests.executors.conftest import Opener

LONG_S = 60


class Gate:
    """Calls that wait for one another: `hold` submits one that runs until the gate is opened."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.gate, self.count = folder, folder / "gate", 0

    def hold(self, executor: Executor) -> Future[str]:
        """The future of a call that runs when this returns."""
        self.count += 1
        begun = self.folder / f"begun{self.count}"
        future = executor.submit(work.wait_for, str(begun), str(self.gate))
        pause = threading.Event()
        while not begun.exists():
            pause.wait(0.005)
        return future

    def open(self) -> None:
        """Lets all of them return."""
        self.gate.touch()


@pytest.fixture
def gate(tmp_path: Path, mode: str) -> Gate:
    """A gate that is opened at the end of the test at the latest."""
    if mode == "sequential":
        pytest.skip("mode sequential: a call has ended when submit returns")
    return Gate(tmp_path)


def test_is_an_executor(executor: Executor, mode: str) -> None:
    """Each mode is a true concurrent.futures executor that says its mode and workers."""
    assert isinstance(executor, OpenExecutor)
    assert (executor.mode, executor.workers) == (mode, 1 if mode == "sequential" else 2)
    assert repr(executor).startswith(f"<{mode} executor, workers={executor.workers}")


def test_submit_gives_a_finished_future(executor: Executor) -> None:
    """A future has its call's result, is done, no longer running and cannot be cancelled."""
    future = executor.submit(work.square, 7)
    assert isinstance(future, Future)
    assert future.result(LONG_S) == 49
    assert future.exception() is None
    assert (future.done(), future.running(), future.cancel(), future.cancelled()) == (True, False, False, False)
    with pytest.raises(InvalidStateError):
        future.set_result(1)


def test_arguments_reach_the_call(executor: Executor) -> None:
    """By place and by name, also under the names that executors use themselves."""
    assert executor.submit(work.square, number=3).result(LONG_S) == 9
    assert executor.submit(dict, fn=1, self=2, future=3).result(LONG_S) == {"fn": 1, "self": 2, "future": 3}


def test_falsey_and_large_results(executor: Executor) -> None:
    """None, nothing and a megabyte come back as what they are."""
    assert executor.submit(print, end="").result(LONG_S) is None
    assert executor.submit(list).result(LONG_S) == []
    assert executor.submit(bytes, 1_000_000).result(LONG_S) == bytes(1_000_000)


def test_an_error_comes_back(executor: Executor) -> None:
    """A call's error is the future's, with type and message."""
    future = executor.submit(work.fail_at_three, 3)
    with pytest.raises(ValueError, match=r"^three$"):
        future.result(LONG_S)
    assert isinstance(future.exception(), ValueError)


def test_callbacks(executor: Executor) -> None:
    """A callback is called once with the finished future, before the end or after; one that fails harms nobody."""
    seen: list[Future[int]] = []
    called = threading.Event()

    def call(future: Future[int]) -> None:
        seen.append(future)
        called.set()

    future = executor.submit(work.square, 2)
    future.add_done_callback(call)
    assert future.result(LONG_S) == 4
    assert called.wait(LONG_S)
    future.add_done_callback(seen.append)
    assert seen == [future, future]


def test_a_callback_may_wait_for_a_later_call(executor: Executor, mode: str, tmp_path: Path) -> None:
    """A worker whose callback waits keeps no call to itself: another worker takes it."""
    if mode not in ("thread", "dummy", "asyncio", "interpreter"):
        pytest.skip(f"mode {mode}: one thread runs all callbacks, so none can wait for another result")
    first, second = Gate(tmp_path), Gate(tmp_path / "second")
    second.folder.mkdir()
    one, _ = first.hold(executor), second.hold(executor)
    later = executor.submit(work.square, 5)
    told: list[int] = []
    called = threading.Event()

    def waits(_: Future[str]) -> None:
        try:
            told.append(later.result(LONG_S))
        finally:
            called.set()

    one.add_done_callback(waits)
    first.open()
    one.result(LONG_S)
    second.open()
    assert called.wait(LONG_S)
    assert told == [25]


def test_a_call_may_wait_for_an_earlier_one(executor: Executor, mode: str, tmp_path: Path) -> None:
    """Calls begin in their order, also while a callback keeps a worker: an earlier one is not left behind."""
    if mode not in ("thread", "dummy", "asyncio"):
        pytest.skip(f"mode {mode}: a call has no access to other futures, or callbacks keep no worker busy")
    first, second = Gate(tmp_path), Gate(tmp_path / "second")
    second.folder.mkdir()
    one, _ = first.hold(executor), second.hold(executor)
    called, release = threading.Event(), threading.Event()

    def keeps(_: Future[str]) -> None:
        called.set()
        release.wait(LONG_S)

    one.add_done_callback(keeps)
    first.open()
    assert called.wait(LONG_S)
    earlier = executor.submit(work.square, 5)
    later = executor.submit(lambda: earlier.result(LONG_S) + 1)
    second.open()
    try:
        assert later.result(LONG_S / 2) == 26
    finally:
        release.set()


def test_a_running_call(executor: Executor, gate: Gate) -> None:
    """While it runs a future says so, cannot be cancelled, and waits no longer than it is told."""
    future = gate.hold(executor)
    assert (future.running(), future.done(), future.cancel()) == (True, False, False)
    with pytest.raises(TimeoutError):
        future.result(0.01)
    with pytest.raises(TimeoutError):
        future.exception(0.01)
    gate.open()
    assert future.result(LONG_S).endswith("begun1")


def test_a_waiting_call_is_cancelled(executor: Executor, gate: Gate) -> None:
    """What has not begun can be cancelled, is told as cancelled, and never runs; the others go on."""
    held = [gate.hold(executor) for _ in range(2)]
    # The standard library's pool of processes takes one call more than it has workers.
    waiting = [executor.submit(work.square, n) for n in range(5)]
    assert waiting[4].cancel()
    assert waiting[4].cancelled()
    assert waiting[4].cancel()
    with pytest.raises(CancelledError):
        waiting[4].result(0)
    with pytest.raises(CancelledError):
        waiting[4].exception(0)
    gate.open()
    assert [future.result(LONG_S) for future in waiting[:4]] == [0, 1, 4, 9]
    assert all(future.result(LONG_S) for future in held)


def test_what_is_cancelled_counts_as_done_at_once(executor: Executor, gate: Gate) -> None:
    """`wait` and `as_completed` return for a cancelled future though no worker is free to take its call."""
    held = [gate.hold(executor) for _ in range(2)]
    waiting = [executor.submit(work.square, n) for n in range(6)]
    called: list[Future[int]] = []
    waiting[5].add_done_callback(called.append)
    found: list[Future[int]] = []
    watcher = threading.Thread(target=lambda: found.extend(as_completed(waiting[5:], LONG_S)))
    watcher.start()
    assert waiting[4].cancel()
    assert waiting[5].cancel()
    watcher.join(LONG_S)
    assert found == called == waiting[5:]
    assert wait(waiting[4:], LONG_S).not_done == set()
    assert list(as_completed(waiting[4:5], LONG_S)) == waiting[4:5]
    assert not any(future.done() for future in held)
    gate.open()
    assert [future.result(LONG_S) for future in waiting[:4]] == [0, 1, 4, 9]
    assert waiting[5].cancelled()


def test_a_cancelled_future_does_not_begin(caplog: pytest.LogCaptureFixture) -> None:
    """The worker that takes its call finds it so and logs nothing, also where a callback has raised SystemExit."""

    def leave(_: Future[int]) -> None:
        raise SystemExit(3)

    future: CallFuture[int] = CallFuture()
    future.add_done_callback(leave)
    with pytest.raises(SystemExit):
        future.cancel()
    assert future.cancel()
    assert not begin(future)
    assert wait([future], 0).done == {future}
    assert not caplog.records


def test_no_more_than_its_workers_run(executor: Executor, gate: Gate) -> None:
    """Two workers run two calls at once, both of them, and not a third."""
    held = [gate.hold(executor) for _ in range(2)]
    third = gate.folder / "third"
    future = executor.submit(work.wait_for, str(third), str(gate.gate))
    with pytest.raises(TimeoutError):
        future.result(0.05)
    assert not third.exists()
    gate.open()
    assert wait([*held, future], LONG_S).not_done == set()


def test_wait_for_the_first(executor: Executor, gate: Gate) -> None:
    """`wait` returns when the first has finished, and tells the finished from the others."""
    held = gate.hold(executor)
    quick = executor.submit(work.square, 2)
    done, not_done = wait([held, quick], LONG_S, FIRST_COMPLETED)
    assert (done, not_done) == ({quick}, {held})
    gate.open()
    assert wait([held, quick], LONG_S, ALL_COMPLETED).not_done == set()


def test_wait_for_an_error(executor: Executor, gate: Gate) -> None:
    """`wait` returns at the first error, not at a result before it."""
    held = gate.hold(executor)
    good, bad = executor.submit(work.square, 2), executor.submit(work.fail_at_three, 3)
    done, not_done = wait([held, good, bad], LONG_S, FIRST_EXCEPTION)
    assert bad in done
    assert not_done >= {held}
    gate.open()


def test_wait_no_longer_than_told(executor: Executor, gate: Gate) -> None:
    """`wait` returns at its timeout with what there is."""
    held = gate.hold(executor)
    assert wait([held], 0.01).not_done == {held}
    gate.open()


def test_as_completed(executor: Executor) -> None:
    """The futures come as they finish, each once, though one is given twice."""
    futures = [executor.submit(work.square, n) for n in range(6)]
    found = list(as_completed([*futures, futures[0]], LONG_S))
    assert len(found) == 6
    assert {future.result() for future in found} == {n * n for n in range(6)}


def test_as_completed_no_longer_than_told(executor: Executor, gate: Gate) -> None:
    """What has not finished in time ends the iteration with a TimeoutError, after what has."""
    quick = executor.submit(work.square, 2)
    quick.result(LONG_S)
    held = gate.hold(executor)
    found = as_completed([quick, held], 0.05)
    assert next(found) is quick
    with pytest.raises(TimeoutError):
        next(found)
    gate.open()


def test_results_do_not_depend_on_the_mode(executor: Executor) -> None:
    """A hundred calls, submitted at once, each have their own result."""
    futures = [executor.submit(work.square, n) for n in range(100)]
    assert [future.result(LONG_S) for future in futures] == [n * n for n in range(100)]


def test_submitted_from_many_threads(executor: Executor) -> None:
    """Four threads submit to one executor at the same time, and each gets what is its own."""
    found: dict[int, list[int]] = {}

    def submit(start: int) -> None:
        futures = [executor.submit(work.square, n) for n in range(start, start + 20)]
        found[start] = [future.result(LONG_S) for future in futures]

    threads = [threading.Thread(target=submit, args=(start,)) for start in range(0, 80, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {start: [n * n for n in range(start, start + 20)] for start in range(0, 80, 20)}


def test_coroutines_run_on_the_loop(opened: Opener) -> None:
    """The mode asyncio takes coroutine functions, with their arguments, and bounds them like calls."""
    executor = opened("asyncio")
    assert [executor.submit(work.square_later, n).result(LONG_S) for n in range(3)] == [0, 1, 4]
    assert list(executor.map(work.square_later, range(5))) == [0, 1, 4, 9, 16]
