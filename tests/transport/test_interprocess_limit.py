"""Politeness across processes: places are files, so that two handles on them are as two processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from rates.errors import DeadlineExceeded
from rates.transport import Guard
from rates.transport.interprocess_limit import Neighbours, neighbours, place, settle


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """After the test this process asks alone again."""
    yield
    settle(1, "")


def test_no_more_places_than_allowed(tmp_path: Path) -> None:
    """A third request waits until one of two has left its place, whoever has it."""
    folder, host = str(tmp_path), "bank.example"
    with Guard(30) as guard, Guard(0.05) as hasty, place(folder, host, 2, 0, guard):
        with place(folder, host, 2, 0, guard):
            with pytest.raises(DeadlineExceeded), place(folder, host, 2, 0, hasty):
                pass
            with place(folder, "other.example", 2, 0, guard):
                pass
        with place(folder, host, 2, 0, guard):
            pass


def test_starts_are_spaced(tmp_path: Path) -> None:
    """Between the starts of two requests lies the time that the host wants, though different threads make them."""
    starts: list[float] = []

    def ask() -> None:
        with Guard(30) as guard, place(str(tmp_path), "bank.example", 4, 0.05, guard):
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
        with place(str(tmp_path), "bank.example", 1, 0, guard):
            os.write(writer, b"x")
            os._exit(0)
    os.read(reader, 1)
    os.waitpid(child, 0)
    with Guard(30) as guard, place(str(tmp_path), "bank.example", 1, 0, guard):
        pass
    os.close(reader)
    os.close(writer)


def test_a_part_where_nothing_is_shared(tmp_path: Path) -> None:
    """Without a common folder each of four takes a quarter, but never less than one request; with one, all share."""
    assert Neighbours(4).allowed(8, 0.5) == (2, 2.0)
    assert Neighbours(4).allowed(2, 0) == (1, 0)
    assert Neighbours(4, str(tmp_path)).allowed(8, 0.5) == (8, 0.5)
    settle(3, str(tmp_path / "elsewhere"))
    assert neighbours() == Neighbours(3, "")
    settle(3, str(tmp_path))
    assert neighbours() == Neighbours(3, str(tmp_path))
