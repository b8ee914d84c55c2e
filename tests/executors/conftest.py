"""Executors for the tests: of each mode, on one Dask cluster for all, and surely ended."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rates.executors import OpenExecutor, open_executor
from tests.executors.modes import EACH

Opener = Callable[..., OpenExecutor]


CLUSTER = """
import multiprocessing, sys, distributed
if __name__ == "__main__":
    multiprocessing.current_process().authkey = bytes.fromhex(sys.argv[1])
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=4, dashboard_address="127.0.0.1:0", silence_logs=50, memory_limit=0
    )
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
    cluster.close()
"""


@pytest.fixture(scope="session")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Dask cluster of two processes with four threads each, in a process of its own."""
    script = tmp_path_factory.mktemp("cluster") / "cluster.py"
    script.write_text(CLUSTER)
    folders = [str(Path(__file__).resolve().parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    # With the key of this process the workers can use objects of a multiprocessing manager of this process.
    command, pipe = [sys.executable, str(script), multiprocessing.current_process().authkey.hex()], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens executors, which are killed after the test."""
    executors: list[OpenExecutor] = []

    def make(mode: str, workers: int = 2, **more: Any) -> OpenExecutor:
        if mode == "dask" and "scheduler" not in more:
            more["scheduler"] = request.getfixturevalue("scheduler")
        executors.append(open_executor(mode, workers, **more))
        return executors[-1]

    yield make
    for executor in executors:
        executor.kill()


@pytest.fixture(params=EACH)
def mode(request: pytest.FixtureRequest) -> str:
    """Each mode in turn."""
    return str(request.param)


@pytest.fixture
def executor(mode: str, opened: Opener) -> OpenExecutor:
    """An open executor of two workers, of each mode in turn."""
    return opened(mode)


# In these files a test over mode dask starts, kills or ends a cluster of its own, which takes a second or more.
OWN_CLUSTER = {"test_faults", "test_interrupt", "test_killed", "test_time", "test_traps"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks such tests as slow."""
    for item in items:
        arguments = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if item.path.parent == Path(__file__).parent and item.path.stem in OWN_CLUSTER and "dask" in arguments:
            item.add_marker(pytest.mark.slow)
