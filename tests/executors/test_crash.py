from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from rates.executors import VIAS, OpenExecutor, WorkerDied, dispatch, open_executor
from rates.executors.processes import ProcessExecutor
from tests.executors import harm, work


@pytest.fixture
def pool() -> Iterator[ProcessExecutor]:
    """Two worker processes, surely ended."""
    executor = open_executor("process", 2)
    assert isinstance(executor, ProcessExecutor)
    yield executor
    executor.kill()
    assert active_children() == []


class Forgetful(OpenExecutor):
    """Breaks at its second call; the first call's future is finished by nothing but `reopen`."""

    mode, workers = "forgetful", 1

    def __init__(self) -> None:
        self.broken, self.reopened, self.forgotten = False, 0, Future[Any]()
        self.calls = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The forgotten future, then a failed one, then what the call gives."""
        self.calls += 1
        if self.calls == 1:
            return self.forgotten
        future: Future[Any] = Future()
        if self.calls == 2:
            self.broken = True
            future.set_exception(BrokenExecutor("gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future

    def reopen(self) -> None:
        """Finishes what the broken pool forgot."""
        if self.broken:
            self.broken, self.reopened = False, self.reopened + 1
            self.forgotten.set_exception(BrokenExecutor("forgotten"))


@pytest.mark.parametrize("via", VIAS)
def test_a_forgotten_future_is_no_hang(via: str) -> None:
    """A broken pool may never finish a call that it took in its last moment: reopening does, and it runs again."""
    executor = Forgetful()
    assert sorted(done.result() for done in dispatch(executor, work.square, range(4), via=via)) == [0, 1, 4, 9]
    assert executor.reopened == 1


@pytest.mark.parametrize("via", VIAS)
def test_every_culprit_is_named_and_no_other(pool: ProcessExecutor, via: str) -> None:
    """Of a window in which several kill their worker each one is WorkerDied, and all the rest come."""
    told = {done.item: done for done in dispatch(pool, harm.die_at_odd, range(6), via=via, window=6)}
    assert [told[n].value for n in (0, 2, 4)] == [0, 2, 4]
    assert {n for n in told if isinstance(told[n].error, WorkerDied)} == {1, 3, 5}
    assert all(isinstance(told[n].error.__cause__, BrokenExecutor) for n in (1, 3, 5))  # type: ignore[union-attr]
    assert pool.submit(work.square, 3).result(30) == 9


def test_an_error_of_an_inner_executor_is_no_crash(pool: ProcessExecutor) -> None:
    """A call that broke an executor of its own is told its error, once, and our pool goes on."""
    told = list(dispatch(pool, harm.broken_inside, [1, 2]))
    assert [str(done.error) for done in told] == ["inner pool of 1", "inner pool of 2"]
    assert pool.reopened == 0


def test_an_error_that_cannot_travel_has_a_stand_in(pool: ProcessExecutor) -> None:
    """An error that would break the pool on its way back arrives as one that says what it was."""
    told = list(dispatch(pool, harm.awkward, [1]))
    assert isinstance(told[0].error, RuntimeError)
    assert "Awkward: out of order (stands in for" in str(told[0].error)
    assert pool.reopened == 0


def test_without_reopen_every_item_is_told() -> None:
    """A bare pool that breaks costs all that is left, and each item is told so."""
    with ProcessPoolExecutor(1, mp_context=get_context("forkserver")) as executor:
        told = list(dispatch(executor, harm.die, range(6)))
    assert [done.index for done in told] == list(range(6))
    assert all(isinstance(done.error, BrokenExecutor) for done in told)


def test_initializer_that_fails_under_dispatch() -> None:
    """Where no worker can begin, every item is told why, and the pool is not reopened for each of them."""
    executor = open_executor("process", 1, initializer=work.refuse)
    told = list(dispatch(executor, work.square, range(5)))
    executor.kill()
    assert [done.index for done in told] == list(range(5))
    assert {str(done.error) for done in told} == {
        "the initializer refuse failed, so nothing can be run: ValueError: no"
    }
    assert isinstance(executor, ProcessExecutor)
    assert executor.reopened == 0


def test_a_broken_pool_says_why(pool: ProcessExecutor) -> None:
    """The future of a dead worker, and every later submit, say what may have happened, the missing guard included."""
    with pytest.raises(BrokenExecutor, match=r"^a worker process died: .*if __name__ == \"__main__\":"):
        pool.submit(harm.die, 1).result(30)
    with pytest.raises(BrokenExecutor, match=r"^a worker process died: "):
        pool.submit(work.square, 1)


def test_reopen(pool: ProcessExecutor) -> None:
    """Reopening replaces dead workers; of a sound or a closed executor it makes nothing."""
    pool.reopen()
    assert pool.reopened == 0
    with pytest.raises(BrokenExecutor):
        pool.submit(harm.die, 1).result(30)
    pool.reopen()
    assert (pool.reopened, pool.broken) == (1, False)
    assert pool.submit(work.square, 5).result(30) == 25
    pool.kill()
    with pytest.raises(RuntimeError, match="cannot reopen"):
        pool.reopen()


def test_kill_ends_a_worker_that_hears_no_sigterm(pool: ProcessExecutor, tmp_path: Path) -> None:
    """Kill is soon over even with a worker that ignores SIGTERM; its call is told that it was killed."""
    mark = tmp_path / "hanging"
    future = pool.submit(harm.hang_deaf, str(mark))
    pause = threading.Event()
    while not mark.exists():
        pause.wait(0.005)
    start = monotonic()
    pool.kill()
    assert monotonic() - start < 10  # a quarter of a second; by itself the worker would stay for sixty
    assert active_children() == []
    with pytest.raises(BrokenExecutor, match="executor was killed"):
        future.result(0)


def test_kill_in_the_middle_of_a_large_result(pool: ProcessExecutor) -> None:
    """A worker killed while it sends half of a result leaves no thread of ours that waits for the other half."""
    before = threading.active_count()
    futures = [pool.submit(harm.answer_forever, n) for n in range(40)]
    futures[0].result(30)
    pool.kill()
    assert all(future.done() for future in futures)
    assert threading.active_count() == before


def test_workers_leave_ctrl_c_to_the_parent(pool: ProcessExecutor) -> None:
    """Ctrl-C is ignored in workers, and not blocked for the programs which they start."""
    assert pool.submit(harm.sigint, None).result(30) == (True, False)


def test_two_dispatches_share_an_executor(pool: ProcessExecutor) -> None:
    """A crash under one iteration costs another over the same executor nothing."""
    first = dispatch(pool, work.square, range(20))
    second = dispatch(pool, harm.die_at_odd, range(4))
    squares = [next(first).result()]
    assert [done.error is None for done in second] == [True, False, True, False]
    squares += [done.result() for done in first]
    assert squares == [n * n for n in range(20)]


def test_executor_is_typed_for_third_parties() -> None:
    """What is neither ours nor the standard library's is dispatched over too, with a window for one worker."""

    class Plain(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_result(fn(*args, **kwargs))
            return future

    assert [done.value for done in dispatch(Plain(), work.square, range(5))] == [0, 1, 4, 9, 16]
