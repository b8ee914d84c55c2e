"""The rate limit across processes: slots are files, so two handles on them act as two processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rates.errors import DeadlineExceeded
from rates.transport import THREAD, Guard, interprocess, run_coroutine
from rates.transport.interprocess import FileSlot, Processes, processes, share_limits
from rates.transport.rate_limit import Turn


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


def test_no_more_slots_than_allowed(tmp_path: Path) -> None:
    """A third request waits until one of two slots is free."""
    folder, host = str(tmp_path), "bank.example"
    with Guard(30) as guard, Guard(0.05) as hasty, slot(folder, host, 2, 0, guard):
        with slot(folder, host, 2, 0, guard):
            with pytest.raises(DeadlineExceeded), slot(folder, host, 2, 0, hasty):
                pass
            with slot(folder, "other.example", 2, 0, guard):
                pass
        with slot(folder, host, 2, 0, guard):
            pass


def test_starts_are_spaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the starts of two requests lies the time that the host wants, whichever process makes them."""
    clock = [100.0]
    monkeypatch.setattr(interprocess, "monotonic", lambda: clock[0])
    with Guard(30) as guard:

        def delay(host: str) -> float:
            return round(run_coroutine(FileSlot(THREAD, str(tmp_path), host, guard).delay(0.5)), 3)

        assert [delay("bank.example") for _ in range(3)] == [0.0, 0.5, 1.0]
        assert delay("other.example") == 0.0
        clock[0] += 1.2
        assert delay("bank.example") == 0.3
        clock[0] += 10
        assert delay("bank.example") == 0.0


def test_a_slot_begins_at_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a common folder a turn waits for its start, and gives the slot back at its end."""
    slept: list[float] = []
    monkeypatch.setattr(Guard, "sleep", lambda self, seconds: slept.append(round(seconds, 3)))
    monkeypatch.setattr(interprocess, "monotonic", lambda: 100.0)
    share_limits(2, str(tmp_path))

    async def turn(guard: Guard) -> None:
        async with Turn(THREAD, "bank.example", 1, 0.5, guard):
            pass

    with Guard(30) as guard:
        for _ in range(3):
            run_coroutine(turn(guard))
    assert slept == [0.0, 0.5, 1.0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_the_slot_of_a_dead_process_is_free(tmp_path: Path) -> None:
    """The slot of a process that dies is free."""
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
