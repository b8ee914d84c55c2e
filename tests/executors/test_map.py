"""`map` does in every mode, and on every Python, what 3.14's does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest

from rates.executors import OpenExecutor
from tests.executors import work


@pytest.mark.parametrize("chunksize", [1, 3, 100])
def test_order(executor: Executor, chunksize: int) -> None:
    """The results come in the order of the inputs, however many are sent at a time."""
    assert list(executor.map(work.square, range(20), chunksize=chunksize)) == [n * n for n in range(20)]


@pytest.mark.parametrize("chunksize", [1, 2])
def test_several_iterables(executor: Executor, chunksize: int) -> None:
    """Map stops with the shortest of its iterables, which may be endless; without any there is nothing."""
    assert list(executor.map(pow, [2, 3, 4], [5, 2], chunksize=chunksize)) == [32, 9]
    assert list(executor.map(work.add, itertools.count(), [1, 1, 1], chunksize=chunksize)) == [1, 2, 3]
    assert list(executor.map(work.square, [], chunksize=chunksize)) == []


def test_an_error_in_its_place(executor: Executor) -> None:
    """Map gives what came before a failing call, then its error, then nothing more."""
    results = executor.map(work.fail_at_three, [1, 2, 3, 4])
    assert [next(results), next(results)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert list(results) == []


def test_timeout(executor: Executor, mode: str, tmp_path: Path) -> None:
    """What is not there in time, counted from the call of map, is a TimeoutError."""
    if mode == "sequential":
        pytest.skip("mode sequential: all calls have ended when map returns")
    held = tmp_path / "held"
    held.touch()
    results = executor.map(work.hang_on, ["free", str(held)], timeout=5)
    assert next(results) == "free"
    with pytest.raises(TimeoutError):
        next(executor.map(work.hang_on, [str(held)], timeout=0))
    held.unlink()
    assert next(results) == str(held)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"chunksize": 0}, ValueError),
        ({"chunksize": -1}, ValueError),
        ({"buffersize": 0}, ValueError),
        ({"buffersize": -1}, ValueError),
        ({"buffersize": 1.5}, TypeError),
        ({"buffersize": "2"}, TypeError),
    ],
)
def test_wrong_sizes(executor: Executor, arguments: dict[str, Any], error: type[Exception]) -> None:
    """A size below one, or one that is no whole number, is refused at the call."""
    with pytest.raises(error, match=next(iter(arguments))):
        executor.map(work.square, [1], **arguments)


class Told(OpenExecutor):
    """Runs at once, and tells how many calls it was given."""

    mode, workers, shares_memory, given = "told", 1, True, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A finished future."""
        self.given += 1
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def _counted(taken: list[int]) -> Iterator[int]:
    for number in itertools.count():
        taken.append(number)
        yield number


def test_buffersize() -> None:
    """No more calls than that run ahead of the results taken; an endless input is taken from only so far."""
    executor, taken = Told(), list[int]()
    results = executor.map(work.square, _counted(taken), buffersize=3)
    assert (executor.given, taken) == (3, [0, 1, 2])
    assert [next(results), next(results)] == [0, 1]
    assert (executor.given, taken) == (5, [0, 1, 2, 3, 4])


def test_without_buffersize_all_is_submitted() -> None:
    """As the standard library's map does, before the first result is asked for."""
    executor = Told()
    executor.map(work.square, range(10))
    assert executor.given == 10


@pytest.mark.parametrize("buffersize", [1, 2, 7, 100])
def test_buffersize_changes_no_result(executor: Executor, buffersize: int) -> None:
    """With any buffer all results come, in order, in chunks too."""
    expected = [n * n for n in range(20)]
    assert list(executor.map(work.square, range(20), buffersize=buffersize)) == expected
    assert list(executor.map(work.square, range(20), buffersize=buffersize, chunksize=3)) == expected


def test_leaving_the_loop_cancels(tmp_path: Path) -> None:
    """What is left of a map that is not iterated to its end is cancelled."""
    futures: list[Future[Any]] = []

    class Held(Told):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            futures.append(Future())
            return futures[-1]

    results = Held().map(work.square, range(3))
    futures[0].set_result(0)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert [future.cancelled() for future in futures] == [False, True, True]
