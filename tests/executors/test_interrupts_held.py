from __future__ import annotations

import signal
import threading
from concurrent.futures import Executor, Future
from itertools import count
from typing import Any

import pytest

from rates.executors import VIAS, dispatch, open_executor
from rates.executors._private import release_lock
from rates.executors.interrupts import uninterrupted
from tests.executors import work


def test_ctrl_c_waits_for_the_end_of_the_block() -> None:
    """A Ctrl-C inside is raised as the block ends, and the handler is then what it was."""
    before, reached = signal.getsignal(signal.SIGINT), False
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - what matters is where in the block it is raised
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            reached = True
        reached = False
    assert reached
    assert signal.getsignal(signal.SIGINT) is before


def test_another_thread_has_nothing_to_hold_back() -> None:
    """Only the main thread is interrupted; elsewhere the block runs as if there were none."""
    seen: list[object] = []

    def enter() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]


def test_a_lock_left_closed_is_opened() -> None:
    """A future whose lock this thread holds can be finished by its worker again; others are left as they are."""
    future: Future[int] = Future()
    future._condition.acquire()
    release_lock(future)
    release_lock(future)
    worker = threading.Thread(target=future.set_result, args=(1,))
    worker.start()
    worker.join(30)
    assert future.result(0) == 1


def test_an_interrupted_start_is_ended() -> None:
    """A cluster that is starting when Ctrl-C comes is halted until its start fails, and ended; Ctrl-C is raised."""
    from rates.executors.dask_cluster.start import Start

    halted, ended = threading.Event(), threading.Event()

    def connect() -> None:
        signal.raise_signal(signal.SIGINT)  # heard by the main thread
        halted.wait(60)
        raise OSError("no process is left")

    with pytest.raises(KeyboardInterrupt):
        Start(connect, halted.set, ended.set).finish()
    assert ended.wait(60)
    assert halted.is_set()


def test_a_start_interrupted_at_its_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Ctrl-C that comes when the cluster is there, and nobody has it yet, leaves nothing of it."""
    from rates.executors.dask_cluster.start import Start

    ended: list[bool] = []
    start = Start(lambda: None, lambda: None, lambda: ended.append(True))

    def struck(_: float) -> bool:
        start._thread.join()
        raise KeyboardInterrupt

    monkeypatch.setattr(start._over, "wait", struck)
    with pytest.raises(KeyboardInterrupt):
        start.finish()
    assert ended == [True]


def test_a_failed_start_is_ended() -> None:
    """What a start has left that failed by itself is taken away, and its error raised."""
    from rates.executors.dask_cluster.start import Start

    ended: list[bool] = []

    def connect() -> None:
        raise OSError("no port is free")

    with pytest.raises(OSError, match="no port is free"):
        Start(connect, lambda: None, lambda: ended.append(True)).finish()
    assert ended == [True]


def test_interrupted_as_a_call_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that a Ctrl-C kept from being handed over is nobody's: shutdown, also the one at exit, does not wait."""

    def struck() -> None:
        raise KeyboardInterrupt

    executor = open_executor("dummy", 1)
    monkeypatch.setattr(executor, "opened_backend", struck)
    with pytest.raises(KeyboardInterrupt):
        executor.submit(work.square, 1)
    ending = threading.Thread(target=executor.shutdown, daemon=True)
    ending.start()
    ending.join(30)
    assert not ending.is_alive()


@pytest.mark.parametrize("via", VIAS)
def test_interrupted_inside_a_future(via: str) -> None:
    """A Ctrl-C that leaves a future's lock closed hangs neither the worker nor the next to ask."""

    class Struck(Future[Any]):
        def add_done_callback(self, fn: Any) -> None:
            self._condition.acquire()
            raise KeyboardInterrupt

    class Pool(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            taken.append(Struck())
            return taken[-1]

    taken: list[Struck] = []
    with pytest.raises(KeyboardInterrupt):
        next(dispatch(Pool(), work.square, count(), via=via))
    asked = threading.Thread(target=taken[0].cancelled)
    asked.start()
    asked.join(30)
    assert not asked.is_alive()
    assert taken[0].cancelled()
