"""Traps that others fall into: a full pool that waits for itself, a pool in a worker, after a fork, inside a loop."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import Future, wait
from typing import Any

import pytest

from rates.executors import OpenExecutor, dispatch, open_executor
from tests.executors import work
from tests.executors.conftest import Opener
from tests.executors.modes import EACH, ELSEWHERE, THREADS

LONG_S = 60


@pytest.mark.parametrize("mode", ["sequential", *THREADS])
@pytest.mark.parametrize("waits", ["result", "wait", "map"])
def test_a_full_pool_does_not_wait_for_itself(opened: Opener, mode: str, waits: str) -> None:
    """Calls that submit to their own, full executor and wait for it come to an end, to any depth."""
    executor = opened(mode, 1)

    def down(depth: int) -> int:
        if depth == 0:
            return 0
        if waits == "map":
            return 1 + next(iter(executor.map(down, [depth - 1])))
        future = executor.submit(down, depth - 1)
        if waits == "wait":
            assert not wait([future], LONG_S).not_done
        return 1 + future.result(LONG_S)

    assert executor.submit(down, 5).result(LONG_S) == 5
    assert [executor.submit(down, 2).result(LONG_S) for _ in range(3)] == [2, 2, 2]


def test_a_coroutine_waits_for_its_own_executor(opened: Opener) -> None:
    """A coroutine that awaits a call of the executor it runs on, which has one place, gets it."""
    executor = opened("asyncio", 1)

    async def outer(number: int) -> int:
        inner: Future[int] = executor.submit(work.square, number)
        return await asyncio.wrap_future(inner) + 1

    assert executor.submit(outer, 3).result(LONG_S) == 10  # type: ignore[comparison-overlap]


def test_threads_that_were_lent_are_given_back(opened: Opener) -> None:
    """After calls that waited for others, the pool has no more threads than workers."""
    before = set(threading.enumerate())  # what the executors of other tests may still end
    executor = opened("thread", 1)

    def nested() -> int:
        return executor.submit(work.square, 2).result(LONG_S)

    assert [executor.submit(nested).result(LONG_S) for _ in range(5)] == [4] * 5
    executor.shutdown()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("rates_")]


@pytest.mark.parametrize("inner", EACH)
@pytest.mark.parametrize("outer", [pytest.param("thread", marks=pytest.mark.slow), "process", "pool"])
def test_a_pool_in_a_worker(opened: Opener, outer: str, inner: str) -> None:
    """A call may open an executor of any mode, in a thread or in a worker process, and leaves nothing of it."""
    assert opened(outer, 1).submit(work.in_a_pool_of_its_own, inner, 6).result(LONG_S) == 36


def test_several_at_once(mode: str, opened: Opener) -> None:
    """Three executors of one mode work side by side, each for its own."""
    executors = [opened(mode) for _ in range(3)]
    futures = [executor.submit(work.square, n) for n, executor in enumerate(executors)]
    assert [future.result(LONG_S) for future in futures] == [0, 1, 4]
    executors[0].shutdown()
    assert executors[1].submit(work.square, 5).result(LONG_S) == 25


def test_opened_in_another_thread(mode: str, opened: Opener) -> None:
    """An executor that a thread has opened serves it, and ends, like one of the main thread."""
    found: list[list[int]] = []

    def run() -> None:
        with opened(mode) as executor:
            found.append([done.result() for done in dispatch(executor, work.square, range(4))])

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(LONG_S)
    assert found == [[0, 1, 4, 9]]


def test_inside_a_running_loop(mode: str, opened: Opener) -> None:
    """Within a coroutine an executor is opened and its futures awaited as the standard library's are."""

    async def main() -> list[int]:
        executor = await asyncio.to_thread(opened, mode)
        first = await asyncio.get_running_loop().run_in_executor(executor, work.square, 3)
        second = await asyncio.wrap_future(executor.submit(work.square, 4))
        await asyncio.to_thread(executor.shutdown)
        return [first, second]

    assert asyncio.run(main()) == [9, 16]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("mode", THREADS)
def test_after_a_fork(opened: Opener, mode: str) -> None:
    """In a forked child an executor from before the fork says so and does not hang; a new one works."""
    executor = opened(mode)
    executor.submit(work.square, 2).result(LONG_S)
    told = _in_a_fork(executor, mode)
    assert told == b"this %s executor was opened before the process was forked 9" % mode.encode()


def _in_a_fork(executor: OpenExecutor, mode: str) -> bytes:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            try:
                told = str(executor.submit(work.square, 2))
            except RuntimeError as error:
                told = str(error).partition(",")[0]
            fresh: Any = open_executor(mode, 1)
            os.write(writer, f"{told} {fresh.submit(work.square, 3).result(10)}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return told


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_nothing_starts_for_what_is_refused(opened: Opener, mode: str) -> None:
    """What cannot be sent is refused before a process, thread or interpreter is started."""
    before = set(threading.enumerate())
    executor = opened(mode, **({"scheduler": None} if mode == "dask" else {}))
    with pytest.raises(TypeError):
        executor.submit(lambda: 1)
    assert set(threading.enumerate()) <= before  # a thread of a test before may end
