from __future__ import annotations

import itertools
import math
import multiprocessing
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rates.executors import VIAS, WorkerDied, dispatch, open_executor
from tests.executors import work
from tests.executors.conftest import Opener
from tests.executors.modes import EACH, ELSEWHERE


class Held(Executor):
    """An executor whose calls finish when the test says so, and which remembers what it was given."""

    workers = 2

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that waits for the test."""
        future: Future[Any] = Future()
        self.futures.append(future)
        return future


@pytest.mark.parametrize("mode", EACH)
@pytest.mark.parametrize("via", VIAS)
def test_every_item_is_told(opened: Opener, mode: str, via: str) -> None:
    """Each item has one Done with its place, item and result; by map in order; a failing one loses no other."""
    with opened(mode) as executor:
        found = list(dispatch(executor, work.fail_at_three, [1, 2, 3, 4, 5], via=via))
    if via == "map":
        assert [done.index for done in found] == [0, 1, 2, 3, 4]
    by_item = {done.item: done for done in found}
    assert sorted(by_item) == [1, 2, 3, 4, 5]
    assert [by_item[n].value for n in (1, 2, 4, 5)] == [1, 2, 4, 5]
    assert isinstance(by_item[3].error, ValueError)
    with pytest.raises(ValueError, match="three"):
        by_item[3].result()


@pytest.mark.parametrize("mode", ELSEWHERE)
@pytest.mark.parametrize("via", VIAS)
def test_an_item_that_cannot_be_sent_is_told(opened: Opener, mode: str, via: str) -> None:
    """It loses no other item, wherever its pickling is tried."""
    with opened(mode) as executor:
        found = {done.index: done for done in dispatch(executor, abs, [1, threading.Lock(), -2], via=via)}  # type: ignore[list-item]
    assert (found[0].value, found[2].value) == (1, 2)
    assert isinstance(found[1].error, TypeError)
    assert "pickle" in str(found[1].error)


class Nameless:
    """Has no text of its own."""

    def __repr__(self) -> str:
        raise RuntimeError("no text")


def test_an_item_without_a_text_is_told() -> None:
    """An item whose repr fails is named by its type, and ends nothing."""
    told = list(dispatch(Held(), work.pid, [Nameless()], deadline_s=0))
    assert str(told[0].error).startswith("item 0 (a Nameless) is late")


def test_no_number_is_no_time() -> None:
    """Not-a-number compares with nothing, so it would be no limit at all, unsaid."""
    with pytest.raises(ValueError, match="deadline_s must be a number of seconds, not nan"):
        dispatch(Held(), work.square, [1], deadline_s=math.nan)
    with pytest.raises(ValueError, match="limit_s must be more than 0 seconds, not nan"):
        dispatch(Held(), work.square, [1], limit_s=math.nan)


@pytest.mark.parametrize("make", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_standard_pools_do_as_well(make: Any) -> None:
    """Any executor of the standard library can be dispatched over."""
    context = {"mp_context": multiprocessing.get_context("spawn")} if make is ProcessPoolExecutor else {}
    with make(2, **context) as pool:
        assert [done.value for done in dispatch(pool, work.square, range(5))] == [0, 1, 4, 9, 16]


def test_submit_gives_the_first_finished_first() -> None:
    """By submit the results come as they finish, by map a finished one waits for those before it."""
    pool = Held()
    told = dispatch(pool, work.square, "abc", via="submit", window=3)
    threading.Thread(target=lambda: [pool.futures[n].set_result(n) for n in _when(pool, 3, (2, 0, 1))]).start()
    assert [done.item for done in told] == ["c", "a", "b"]


def _when(pool: Held, many: int, order: tuple[int, ...]) -> tuple[int, ...]:
    """The order, as soon as so many calls have been submitted."""
    pause = threading.Event()
    while len(pool.futures) < many:
        pause.wait(0.005)
    return order


@pytest.mark.parametrize("via", VIAS)
def test_never_more_than_a_window_is_begun(via: str) -> None:
    """An endless iterator is taken from only as far as the window goes: twice the workers unless said."""
    pool, taken = Held(), itertools.count()
    told = dispatch(pool, work.square, taken, via=via)
    threading.Thread(target=lambda: [pool.futures[n].set_result(n) for n in _when(pool, 4, (0,))]).start()
    assert next(told).item == 0
    assert len(pool.futures) <= 5
    told.close()
    assert all(future.cancelled() for future in pool.futures[1:])


def test_a_slow_head_does_not_hold_up_the_rest() -> None:
    """Behind a head that hangs, others go on and are kept, up to sixteen windows, and no further."""
    pool, release = Held(), threading.Event()

    def finish() -> None:
        for n in range(1, 32):
            _when(pool, n + 1, ())
            pool.futures[n].set_result(n)
        release.set()
        pool.futures[0].set_result(0)

    threading.Thread(target=finish).start()
    told = dispatch(pool, work.square, itertools.count(), window=2)
    assert [next(told).item for _ in range(5)] == [0, 1, 2, 3, 4]
    assert release.is_set()
    told.close()
    assert len(pool.futures) < 2 * 17 + 8


def test_closing_cancels_what_has_not_begun() -> None:
    """Leaving the loop cancels the calls that wait."""
    gate = threading.Event()
    with open_executor("thread", 1) as executor:
        told = dispatch(executor, lambda n: n if n == 0 else gate.wait(30), range(10))
        assert next(told).value == 0
        told.close()
        gate.set()
    assert not multiprocessing.active_children()


def test_late_items_are_told_at_the_deadline() -> None:
    """At the deadline the finished are given, all others are TimeoutErrors that name the item, in order."""
    gate = threading.Event()
    with open_executor("thread", 2) as executor:
        found = list(dispatch(executor, lambda n: n or gate.wait(30), [1, 0, 0, 1], deadline_s=0.1))
        gate.set()
    assert [done.index for done in found] == [0, 1, 2, 3]
    assert found[0].value == 1
    late = [done for done in found if done.error]
    assert {done.index for done in late} >= {1, 2}
    assert all(isinstance(done.error, TimeoutError) for done in late)
    assert "item 1 (0) is late" in str(late[0].error)


def test_deadline_returns_though_a_worker_never_does() -> None:
    """A process that hangs is told as late, and kill ends it."""
    context = multiprocessing.get_context()
    executor = open_executor("process", 1)
    executor.submit(work.square, 1).result(60)
    with context.Manager() as manager:
        event = manager.Event()
        found = list(dispatch(executor, _hang, [event], deadline_s=0.2))
        assert isinstance(found[0].error, TimeoutError)
        executor.kill()
    assert not multiprocessing.active_children()


def _hang(event: Any) -> None:
    event.wait(30)


@pytest.mark.parametrize("via", VIAS)
def test_a_killed_worker_costs_its_item_only(via: str) -> None:
    """The item whose worker dies twice is WorkerDied by name; the pool is reopened and all others come."""
    with open_executor("process", 2) as executor:
        found = {d.item: d for d in dispatch(executor, work.die_at_three, [1, 2, 3, 4, 5, 6], via=via)}
    assert isinstance(found[3].error, WorkerDied)
    assert "item 2 (3)" in str(found[3].error)
    assert [found[n].value for n in (1, 2, 4, 5, 6)] == [1, 2, 4, 5, 6]


def test_a_worker_killed_once_costs_nothing(tmp_path: Path) -> None:
    """An item whose worker was killed from outside is run again and comes."""
    paths = [str(tmp_path / "a"), str(tmp_path / "b")]
    Path(paths[1]).touch()  # only the first is its worker's end
    with open_executor("process", 1) as executor:
        assert [done.result() for done in dispatch(executor, work.die_once, paths)] == paths


def test_unpicklable_callable_is_refused_before_iterating() -> None:
    """Dispatch refuses a lambda for processes at the call, not at the first result."""
    with open_executor("process", 1) as executor, pytest.raises(TypeError, match="top level"):
        dispatch(executor, lambda n: n, [1])


def test_wrong_words_are_told() -> None:
    """An unknown way of handing out gets the nearest one; a window below one is refused."""
    with open_executor("sequential") as executor:
        with pytest.raises(ValueError, match="submit"):
            dispatch(executor, work.square, [1], via="submitt")
        with pytest.raises(ValueError, match="window"):
            dispatch(executor, work.square, [1], window=0)


def test_sequential_runs_one_by_one() -> None:
    """In sequential mode an item is begun only when the one before it has been given."""
    begun: list[int] = []
    with open_executor("sequential") as executor:
        for done in dispatch(executor, begun.append, range(3)):
            assert begun == list(range(done.index + 1))


def test_items_that_raise_end_the_iteration() -> None:
    """An iterator of items that fails ends the loop with its own error."""

    def broken() -> Any:
        yield 1
        raise LookupError("no more")

    with open_executor("sequential") as executor, pytest.raises(LookupError, match="no more"):
        list(dispatch(executor, work.square, broken()))
