"""A Dask cluster that is open to nobody else, a scheduler that does not answer, and what a cluster leaves behind."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest

from rates.errors import UsageError
from rates.executors import _private, dispatch, open_executor
from rates.executors.base import InitializerFailed
from rates.run import fetch_all
from tests.executors import work

pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[2]
# Far more than the program needs, and far less than Dask's own limits.
SOON_S = 8.0
# Dask's one thread for the callbacks of all clients.
CALLBACKS = "Dask-Callback-Thread_0"
PROGRAM = """
import sys
from rates.executors import open_executor
from tests.executors import work

if __name__ == "__main__":
    with open_executor("dask", 2) as executor:
        assert executor.submit(work.square, 3).result() == 9
        print("started", flush=True)
        if sys.stdin.readline() == "fail\\n":
            raise SystemExit("failed")
"""


def settled(before: set[threading.Thread]) -> set[str]:
    """The names of the threads that there are beyond those, after a moment."""
    until, pause = monotonic() + SOON_S, threading.Event()
    while (
        left := {one.name for one in threading.enumerate() if one not in before} - {CALLBACKS}
    ) and monotonic() < until:
        pause.wait(0.02)
    return left


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


def test_a_scheduler_that_says_nothing(silent: str) -> None:
    """The run ends at its deadline, and says that the scheduler does not answer."""
    began = monotonic()
    with pytest.raises(UsageError, match=r"scheduler at tcp://127.* does not answer \(no answer within 0.5 s\)"):
        list(fetch_all(["USD", "EUR"], mode="dask", scheduler=silent, deadline="0.5s", offline=True))
    assert monotonic() - began < SOON_S


def test_a_scheduler_that_is_not_there() -> None:
    """No thread of the client is left when its start has failed, and none is freed at some later time."""
    before = set(threading.enumerate())
    gc.disable()
    try:
        with pytest.raises(ConnectionError, match="does not answer"):
            open_executor("dask", 1, scheduler="tcp://127.0.0.1:1", start_s=0.2)
        assert settled(before) == set()
    finally:
        gc.enable()


@pytest.mark.slow
def test_a_cluster_speaks_tls_alone(tmp_path: Path) -> None:
    """A stranger without the key of the cluster gets no connection; the key lies where no other user can read it."""
    with open_executor("dask", 1) as executor:
        assert executor.submit(work.square, 3).result(60) == 9
        backend: Any = executor._backend  # type: ignore[attr-defined]
        address: str = backend._address
        assert address.startswith("tls://")
        assert Path(backend._host.folder).stat().st_mode & 0o077 == 0
        for stranger in (address.replace("tls", "tcp"), address):
            with pytest.raises((OSError, TypeError)):
                _private.open_client(stranger, 1)


def test_without_tls_a_warning(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Without cryptography one line says, once, that other users can run code, and what to install."""
    from rates.executors.dask_cluster import host

    monkeypatch.setattr(host, "find_spec", lambda name: None if name == "cryptography" else find_spec(name))
    host.warn_unprotected.cache_clear()
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            host.Host(1, 1).end(forced=True)
    (line,) = [record.getMessage() for record in caplog.records]
    assert "every user of this machine can run code as you" in line
    assert "pip install cryptography" in line
    assert "\n" not in line
    host.warn_unprotected.cache_clear()


def test_a_cluster_that_does_not_start() -> None:
    """A start that takes too long fails every call at once, with the limit, and is tried once."""
    began = monotonic()
    with open_executor("dask", 1, start_s=0.05) as executor:
        found = list(dispatch(executor, work.square, range(50)))
    assert {type(done.error) for done in found} == {InitializerFailed}
    assert "the Dask cluster did not start within 0.05 s" in str(found[0].error)
    assert monotonic() - began < SOON_S


@pytest.mark.slow
def test_a_stopped_scheduler_of_our_own() -> None:
    """A call that it does not hand out is late; a fresh cluster takes the next."""
    with open_executor("dask", 1) as executor:
        assert executor.submit(work.square, 3).result(60) == 9
        backend: Any = executor._backend  # type: ignore[attr-defined]
        psutil.Process(backend._host.process.pid).suspend()
        found = list(dispatch(executor, work.square, [1, 2], window=1, limit_s=30, start_s=2))
    assert "item 0 (1) is late: no worker began it within 2 s" in str(found[0].error)
    assert found[1].value == 4


@pytest.mark.slow
def test_a_cluster_that_has_ended_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its client connects to nothing any more, and its thread ends, while a fresh cluster takes the next call."""
    import distributed.client

    from rates.executors.dask_cluster.host import kill

    before, sought = set(threading.enumerate()), list[str]()
    connect = distributed.client.connect

    async def noted(address: str, *arguments: Any, **more: Any) -> Any:
        sought.append(address)
        return await connect(address, *arguments, **more)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(distributed.client, "connect", noted)
    with open_executor("dask", 1) as executor:
        for _ in range(2):
            assert executor.submit(work.square, 3).result(60) == 9
            backend: Any = executor._backend  # type: ignore[attr-defined]
            kill(backend._host.process.pid)
            assert "is lost" in str(executor.submit(work.square, 3).exception(60))
            executor.reopen()  # type: ignore[attr-defined]
    assert len(sought) == len(set(sought)) == 3
    assert settled(before) == set()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["normal", "fail", "SIGINT", "SIGTERM", "SIGKILL"])
def test_nothing_is_left(how: str, tmp_path: Path) -> None:
    """However the program ends, no process, no folder of the cluster and no scratch space of Dask is left."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": folder}
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        ) as program:  # fmt: skip
            assert program.stdin is not None
            assert program.stdout is not None
            assert program.stdout.readline() == "started\n"
            below = psutil.Process(program.pid).children(recursive=True)
            assert below
            if how.startswith("SIG"):
                program.send_signal(getattr(signal, how))
            else:
                program.stdin.write(f"{how}\n")
                program.stdin.flush()
            program.wait(60)
        _, alive = psutil.wait_procs(below, timeout=20)
        until, pause = monotonic() + 20, threading.Event()
        while os.listdir(folder) and monotonic() < until:
            pause.wait(0.02)
        assert (alive, os.listdir(folder), os.listdir(tmp_path)) == ([], [], [])
