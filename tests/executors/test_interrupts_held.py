from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rates.executors import VIAS, _private, dispatch, open_executor
from rates.executors._private import release_lock
from rates.executors.interrupts import ENDS, uninterrupted
from rates.run import new_run
from rates.settings import Settings
from tests.executors import work


def ends(number: int, _: object) -> None:
    """The handler of a program that ends in order."""
    raise SystemExit(128 + number)


@pytest.mark.parametrize("number", ENDS, ids=lambda number: number.name)
def test_a_signal_waits_for_the_end_of_the_block(number: signal.Signals) -> None:
    """A signal inside is handled as the block ends, and the handler is then what it was."""
    before, reached = signal.signal(number, ends), False
    try:
        with pytest.raises(SystemExit):  # noqa: PT012 - what matters is where in the block it is raised
            with uninterrupted():
                signal.raise_signal(number)
                reached = True
            reached = False
        assert reached
        assert signal.getsignal(number) is ends
    finally:
        signal.signal(number, before)


def test_what_the_program_does_not_handle_is_not_held() -> None:
    """A signal that ends the process at once goes on doing so."""
    with uninterrupted():
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_handles_its_own() -> None:
    """In a child that is forked in the block the handler is called at once."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: os._exit(3))
    try:
        with uninterrupted(), warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            child = os.fork()
            if child == 0:
                signal.raise_signal(signal.SIGTERM)
                os._exit(4)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("make", [lambda: next(folder_of_a_run()), lambda: new_host()], ids=["run", "dask"])
def test_a_signal_as_a_folder_is_made(
    make: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is removed, although its name was not known yet."""
    mkdtemp, before = tempfile.mkdtemp, signal.signal(signal.SIGTERM, ends)

    def struck(*arguments: Any, **more: Any) -> str:
        path = mkdtemp(*arguments, **more)
        signal.raise_signal(signal.SIGTERM)
        return path

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "mkdtemp", struck)
    try:
        with warnings.catch_warnings(action="ignore", category=ResourceWarning), pytest.raises(SystemExit):
            make()
    finally:
        signal.signal(signal.SIGTERM, before)
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def folder_of_a_run() -> Iterator[str]:
    """The folder that the processes of a run share."""
    with new_run(Settings(), "process") as own:
        yield own.run_dir


def new_host() -> object:
    """The process of a cluster of Dask."""
    pytest.importorskip("distributed")
    from rates.executors.dask_cluster import host

    return host.Host(1, 1)


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


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize(("mode", "start"), [("process", "start_workers"), ("pool", "open_pool")])
def test_a_signal_as_workers_start(
    mode: str, start: str, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is handled when they have started, and none of them is left."""
    original, before = getattr(_private, start), signal.signal(number, ends)

    def struck(*arguments: Any) -> Any:
        started = original(*arguments)
        signal.raise_signal(number)
        return started

    monkeypatch.setattr(_private, start, struck)
    try:
        with pytest.raises(SystemExit):
            open_executor(mode, 2).submit(work.square, 3)
    finally:
        signal.signal(number, before)
    assert multiprocessing.active_children() == []


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


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_cluster_whose_start_fails_is_ended(
    error: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Ctrl-C or an error that comes while the cluster starts is raised, and no process and no file is left."""
    pytest.importorskip("distributed")
    from rates.executors.dask_cluster import host

    started: list[host.Host] = []

    def struck(self: host.Host, limit_s: float) -> str:
        started.append(self)
        raise error

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(host.Host, "address", struck)
    with pytest.raises(error):
        open_executor("dask", 1).submit(abs, 1).result(60)
    assert started[0].process.poll() is not None
    assert list(tmp_path.iterdir()) == []


def test_a_cluster_that_is_told_nothing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that comes before the process of the cluster knows its folder."""
    pytest.importorskip("distributed")
    from rates.executors.dask_cluster import host

    started: list[host.Host] = []

    def struck(self: host.Host, what: object) -> None:
        started.append(self)
        raise SystemExit(143)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(host.Host, "_say", struck)
    with pytest.raises(SystemExit):
        host.Host(1, 1)
    assert started[0].process.poll() is not None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lines", [[], [sys.path]], ids=["nothing", "path"])
def test_a_cluster_whose_parent_is_gone_says_nothing(lines: list[object]) -> None:
    """A process of a cluster that is told nothing, or only where to import from, ends without a traceback."""
    pytest.importorskip("distributed")
    from rates.executors.dask_cluster import host

    said = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([sys.executable, "-c", host.BOOT], input=said, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_a_client_that_fails_ends_its_cluster(error: type[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same while the scheduler is first spoken to."""
    pytest.importorskip("distributed")
    from rates.executors.dask_cluster import cluster

    ended: list[bool] = []

    class Host:
        def end(self, *, forced: bool) -> None:
            ended.append(forced)

    def struck(*_: object) -> None:
        raise error

    monkeypatch.setattr(cluster, "wait", struck)
    host: Any = Host()
    with pytest.raises(error):
        cluster.Cluster("rates-test", None, "tcp://127.0.0.1:9", [], host, None)
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
