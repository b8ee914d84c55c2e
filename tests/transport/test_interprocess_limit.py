"""Politeness across processes: places are files, so that two handles on them are as two processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from rates.errors import DeadlineExceeded
from rates.transport import THREAD, Guard, run_coroutine
from rates.transport.interprocess_limit import FileSlot, Processes, processes, share_limits


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """After the test this process asks alone again."""
    yield
    share_limits(1, "")


@contextmanager
def slot(folder: str, host: str, concurrency: int, spacing_s: float, guard: Guard) -> Iterator[None]:
    """A slot among the requests to the host, from the moment at which one may start."""
    files = FileSlot(THREAD, folder, host, guard)
    release = run_coroutine(files.take(concurrency))
    try:
        if spacing_s:
            guard.sleep(run_coroutine(files.delay(spacing_s)))
        yield
    finally:
        release()


def test_no_more_places_than_allowed(tmp_path: Path) -> None:
    """A third request waits until one of two has left its place, whoever has it."""
    folder, host = str(tmp_path), "bank.example"
    with Guard(30) as guard, Guard(0.05) as hasty, slot(folder, host, 2, 0, guard):
        with slot(folder, host, 2, 0, guard):
            with pytest.raises(DeadlineExceeded), slot(folder, host, 2, 0, hasty):
                pass
            with slot(folder, "other.example", 2, 0, guard):
                pass
        with slot(folder, host, 2, 0, guard):
            pass


def test_starts_are_spaced(tmp_path: Path) -> None:
    """Between the starts of two requests lies the time that the host wants, though different threads make them."""
    starts: list[float] = []

    def ask() -> None:
        with Guard(30) as guard, slot(str(tmp_path), "bank.example", 4, 0.05, guard):
            starts.append(monotonic())

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    starts.sort()
    assert all(later - sooner > 0.045 for sooner, later in pairwise(starts))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_the_place_of_the_dead_is_free(tmp_path: Path) -> None:
    """A process that dies at its place does not keep it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        guard = Guard(30)
        with slot(str(tmp_path), "bank.example", 1, 0, guard):
            os.write(writer, b"x")
            os._exit(0)
    os.read(reader, 1)
    os.waitpid(child, 0)
    with Guard(30) as guard, slot(str(tmp_path), "bank.example", 1, 0, guard):
        pass
    os.close(reader)
    os.close(writer)


def test_a_part_where_nothing_is_shared(tmp_path: Path) -> None:
    """Without a common folder each of four takes a quarter, but never less than one request; with one, all share."""
    assert Processes(4).allowed(8, 0.5) == (2, 2.0)
    assert Processes(4).allowed(2, 0) == (1, 0)
    assert Processes(4, str(tmp_path)).allowed(8, 0.5) == (8, 0.5)
    share_limits(3, str(tmp_path / "elsewhere"))
    assert processes() == Processes(3, "")
    share_limits(3, str(tmp_path))
    assert processes() == Processes(3, str(tmp_path))
