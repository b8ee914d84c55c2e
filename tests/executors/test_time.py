"""A limit for each item and a deadline for all, in every mode, also where a worker never comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from rates.executors import OpenExecutor, dispatch
from tests.executors import work
from tests.executors.conftest import Opener
from tests.executors.modes import EACH, THREADS

WITHOUT_SEQUENTIAL = [mode for mode in EACH if mode != "sequential"]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[str]:
    """A path on which `hang_on` hangs until the test has ended."""
    path = tmp_path / "held"
    path.touch()
    yield str(path)
    path.unlink(missing_ok=True)


def alive(opened: Opener, mode: str, workers: int = 2) -> OpenExecutor:
    """An executor of a cluster or pool of its own whose workers have begun, so that no limit counts their start."""
    executor = opened(mode, workers, **({"scheduler": None} if mode == "dask" else {}))
    for future in [executor.submit(work.square, n) for n in range(2 * workers)]:
        future.result(60)
    return executor


@pytest.mark.parametrize("via", ["map", pytest.param("submit", marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_over_its_limit(opened: Opener, mode: str, via: str, held: str) -> None:
    """A call that hangs is told as late by name, what became of its worker too, and all the others come."""
    executor = alive(opened, mode)
    items = ["a", held, "b", "c", "d", "e"]
    told = {done.item: done for done in dispatch(executor, work.hang_on, items, via=via, limit_s=1)}
    assert [told[item].value for item in items if item != held] == ["a", "b", "c", "d", "e"]
    error = told[held].error
    assert isinstance(error, TimeoutError)
    assert str(error).startswith("item 1 ('")
    assert "is late: it ran for longer than 1 s; its " in str(error)
    assert executor.submit(work.square, 3).result(60) == 9


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_a_deadline_ends_what_hangs(opened: Opener, mode: str, held: str) -> None:
    """The iteration ends at its deadline with each item told, and the executor can be used, and ends, afterwards."""
    executor = alive(opened, mode)
    began = monotonic()
    told = list(dispatch(executor, work.hang_on, [held] * 5, deadline_s=0.3))
    assert monotonic() - began < 30  # what hangs does so until the test has ended
    assert [done.index for done in told] == list(range(5))
    assert all(isinstance(done.error, TimeoutError) for done in told)
    assert "is late: not finished at the deadline of 0.3 s" in str(told[0].error)
    assert executor.submit(work.square, 3).result(60) == 9
    executor.shutdown()


def test_sequential_cannot_cut_off(opened: Opener) -> None:
    """A call in the caller that took longer than its limit is told as late afterwards, like everywhere else."""
    pause = threading.Event()
    told = list(dispatch(opened("sequential"), pause.wait, [0.05, 0], limit_s=0.02))
    assert [type(done.error) for done in told] == [TimeoutError, type(None)]
    assert "ran for longer than 0.02 s, and ended by itself" in str(told[0].error)


@pytest.mark.parametrize("mode", THREADS)
def test_a_left_thread_is_named(opened: Opener, mode: str, held: str) -> None:
    """The thread that cannot be ended is daemonic and says in its name why it was left."""
    executor = alive(opened, mode, 1)
    (done,) = dispatch(executor, work.hang_on, [held], limit_s=0.1)
    assert "cannot be ended and is left" in str(done.error)
    (left,) = [thread for thread in threading.enumerate() if "(left: over its limit of 0.1 s)" in thread.name]
    assert left.daemon
    Path(held).unlink()
    left.join(60)
    assert not left.is_alive()


def test_a_coroutine_is_cancelled(opened: Opener) -> None:
    """A coroutine over its limit is cancelled on its loop."""
    cancelled = threading.Event()
    import asyncio

    async def hang(_: int) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    (done,) = dispatch(opened("asyncio", 1), hang, [1], limit_s=0.05)
    assert "its task was cancelled" in str(done.error)
    assert cancelled.wait(60)


def test_a_limit_counts_from_the_beginning(opened: Opener) -> None:
    """Calls that wait in line for longer than their limit, but do not run so long, are not late."""
    pause = threading.Event()
    told = list(dispatch(opened("thread", 1), pause.wait, [0.2] * 6, limit_s=1, window=6))
    assert [done.error for done in told] == [None] * 6


def test_a_limit_must_be_positive(opened: Opener) -> None:
    """No time at all is no limit."""
    with pytest.raises(ValueError, match="limit_s must be more than 0"):
        dispatch(opened("sequential"), work.square, [1], limit_s=0)
