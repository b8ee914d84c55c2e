"""Executors for the tests: of each mode, on one Dask cluster for all, and surely ended."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rates.executors import OpenExecutor, open_executor
from tests.executors.modes import EACH

Opener = Callable[..., OpenExecutor]


@pytest.fixture(scope="session")
def scheduler() -> Iterator[str]:
    """The address of a Dask cluster of two processes with four threads each; a test that kills workers has its own."""
    import distributed

    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    cluster = distributed.LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=4, dashboard_address="127.0.0.1:0", silence_logs=50, memory_limit=0
    )
    if before is None:
        del os.environ["PYTHONPATH"]
    yield cluster.scheduler_address
    cluster.close()


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
