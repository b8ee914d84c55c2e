from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from typing import Any

import pytest

from rates.executors import VIAS, dispatch, open_executor
from tests.executors import work
from tests.executors.conftest import Opener
from tests.executors.modes import EACH


class Finished(Executor):
    """Finishes the calls of the items that it is told to, and no others."""

    def __init__(self, *items: object) -> None:
        self.items = items
        self.futures: dict[object, Future[Any]] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A finished future, or one that never is."""
        future = self.futures[args[0]] = Future()
        if args[0] in self.items:
            future.set_result(args[0])
        return future


@pytest.mark.parametrize(("via", "order"), [("map", ["a", "b", "c", "d", "e"]), ("submit", ["a", "c", "b", "d", "e"])])
def test_all_items_of_a_list_are_told(via: str, order: list[str]) -> None:
    """By map in order, by submit the finished first; what was begun is cancelled, the rest is never begun."""
    pool = Finished("a", "c")
    told = list(dispatch(pool, str, list("abcde"), via=via, window=2, deadline_s=0.5))
    assert [done.item for done in told] == order
    assert {done.item for done in told if done.error is None} == {"a", "c"}
    assert all(isinstance(done.error, TimeoutError) for done in told if done.item in "bde")
    assert pool.futures["b"].cancelled()
    assert "e" not in pool.futures
    assert "item 4 ('e') is late: not finished at the deadline of 0.5 s" in str(told[-1].error)


@pytest.mark.parametrize("via", VIAS)
def test_items_of_an_iterator_are_left_in_it(via: str) -> None:
    """An iterator may be endless: at the deadline what it was not asked for stays in it."""
    items = itertools.count()
    told = list(dispatch(Finished(0), str, items, via=via, window=3, deadline_s=0.5))
    assert [(done.item, done.error is None) for done in told] == [(0, True), (1, False), (2, False), (3, False)]
    assert next(items) == 4


@pytest.mark.parametrize("mode", EACH)
@pytest.mark.parametrize("via", VIAS)
def test_past_deadline(opened: Opener, mode: str, via: str) -> None:
    """With no time at all each item is told as late or, if it was quick, with its value, in every mode."""
    with opened(mode) as executor:
        told = list(dispatch(executor, work.square, range(8), via=via, deadline_s=0))
    assert sorted(done.index for done in told) == list(range(8))
    assert all(done.value == done.item**2 or isinstance(done.error, TimeoutError) for done in told)
    assert isinstance(told[-1].error, TimeoutError)


def test_sequential_keeps_what_it_finished() -> None:
    """A call that runs in the caller cannot be cut off: it is told with its value, the next is not begun."""
    late = threading.Event()

    def run(item: int) -> int:
        late.wait(0.05)
        return item

    with open_executor("sequential") as executor:
        told = list(dispatch(executor, run, [1, 2, 3], deadline_s=0.02))
    assert [done.value for done in told] == [1, None, None]


def test_time_enough_changes_nothing() -> None:
    """Before the deadline everything is as without one."""
    with open_executor("thread", 2) as executor:
        assert [done.value for done in dispatch(executor, work.square, range(20), deadline_s=60)] == [
            n * n for n in range(20)
        ]


def test_cancelled_elsewhere() -> None:
    """A call that someone else cancels is told as cancelled, not waited for; the others go on."""
    pool = Finished(*"abc")
    told = dispatch(pool, str, "abcd", window=4)
    assert next(told).value == "a"
    pool.futures["d"].cancel()
    assert [type(done.error) for done in told] == [type(None), type(None), CancelledError]
