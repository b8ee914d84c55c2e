"""A cluster on several machines: a scheduler and two workers as processes of their own, on the loopback."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

from rates.cli import main
from rates.executors import OpenExecutor, dispatch, open_executor
from rates.fetch import attempt
from rates.run import prepare
from rates.settings import Settings
from tests.executors import work

pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[2]


class Cluster:
    """A scheduler and its workers, each a process that a test may kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers = folder, list[subprocess.Popen[bytes]]()
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                                     "--dashboard-address", "127.0.0.1:0", "--scheduler-file", str(file))  # fmt: skip
        self._wait(lambda: file.exists() and file.read_text().rstrip().endswith("}"))
        import json

        self.address: str = json.loads(file.read_text())["address"]

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        code = f"import sys; from distributed.cli.dask_{what} import main; sys.exit(main())"
        command = [sys.executable, "-c", code, *arguments]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=quiet, stderr=quiet)

    def _wait(self, ready: object) -> None:
        until, pause = monotonic() + 60, threading.Event()
        while not ready():  # type: ignore[operator]
            assert monotonic() < until, "the cluster does not start"
            pause.wait(0.02)

    def add(self, many: int) -> None:
        """Starts so many workers, of one thread each, and returns when they are connected."""
        import distributed

        for _ in range(many):
            self.workers.append(
                self._start(
                    "worker",
                    self.address,
                    "--nthreads",
                    "1",
                    "--no-nanny",
                    "--no-dashboard",
                    "--dashboard-address",
                    "127.0.0.1:0",
                    "--host",
                    "127.0.0.1",
                    "--local-directory",
                    str(self.folder),
                )
            )
        with distributed.Client(self.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(many, timeout=60)

    def kill(self) -> None:
        """Ends all of it at once."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers yet."""
    made = Cluster(tmp_path)
    yield made
    made.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers, for the tests that kill none of them."""
    made = Cluster(tmp_path_factory.mktemp("shared"))
    made.add(2)
    yield made
    made.kill()


@pytest.fixture
def executor(cluster: Cluster) -> Iterator[OpenExecutor]:
    """An executor on that cluster."""
    opened = open_executor("dask", 2, scheduler=cluster.address)
    yield opened
    opened.kill()


@pytest.mark.slow
def test_a_worker_is_killed_in_the_middle(cluster: Cluster, executor: OpenExecutor, tmp_path: Path) -> None:
    """Of two workers one is killed while both run; every result comes all the same."""
    cluster.add(2)
    folder = tmp_path / "mark"
    folder.mkdir()
    told = dispatch(executor, partial(work.slow_square, str(folder)), range(12), via="submit")
    found = [next(told).result()]
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    found += [done.result() for done in told]
    assert sorted(found) == [n * n for n in range(12)]


def test_no_worker_takes_it(cluster: Cluster, executor: OpenExecutor) -> None:
    """A call that no worker takes ends at its deadline, and says that none is connected."""
    (done,) = dispatch(executor, work.square, [3], deadline_s=0.5)
    assert isinstance(done.error, TimeoutError)
    assert f"no worker is connected to the scheduler at {cluster.address}" in str(done.error)


@pytest.mark.slow
def test_the_scheduler_is_lost(cluster: Cluster, executor: OpenExecutor) -> None:
    """When the scheduler is gone, every item is told so, soon; nothing hangs, and Dask logs nothing of its own."""
    written: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = written.append  # type: ignore[method-assign]
    logger = logging.getLogger("distributed.client")
    logger.addHandler(handler)
    cluster.add(1)
    assert executor.submit(work.square, 3).result(60) == 9
    cluster.kill()
    began = monotonic()
    told = list(dispatch(executor, work.square, range(3), deadline_s=15))
    assert monotonic() - began < 45  # far less, but for a machine that is busy with other things
    assert [done.index for done in told] == [0, 1, 2]
    assert all("scheduler" in str(done.error) or "late" in str(done.error) for done in told)
    executor.kill()
    logger.removeHandler(handler)
    assert [record.getMessage() for record in written] == []


def test_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address at which nothing answers is told with what to do, before anything is sent."""
    monkeypatch.setattr("rates.executors.dask_cluster.cluster.CONNECT_S", 0.5)
    with pytest.raises(
        ConnectionError, match=r"scheduler at tcp://127.0.0.1:9 does not answer .* like tcp://host:8786"
    ):
        open_executor("dask", 2, scheduler="tcp://127.0.0.1:9")


def test_settings_and_offline_answers_reach_the_workers(shared: Cluster) -> None:
    """Workers elsewhere fetch with the settings of who asks, offline too, and were prepared before their first call."""
    settings = Settings(offline=True, provider=("ecb",), symbols=("USD",))
    with open_executor("dask", 2, scheduler=shared.address, initializer=prepare, initargs=(settings,)) as executor:
        outcomes = [done.result() for done in dispatch(executor, partial(attempt, settings=settings), ["EUR", "CHF"])]
    assert [(outcome.ok, outcome.base) for outcome in outcomes] == [(True, "EUR"), (True, "CHF")]


def test_from_the_command_line(shared: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    """`rates --mode dask --scheduler` prints the same table as without."""
    assert main(["--offline", "EUR", "USD"]) == 0
    here = capsys.readouterr().out
    assert main(["--offline", "EUR", "USD", "--mode", "dask", "--scheduler", shared.address]) == 0
    assert capsys.readouterr().out == here
