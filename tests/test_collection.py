"""The tests themselves: their ids are the same in every run, as pytest-xdist needs, and a killed run leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent


def _ids(seed: str) -> list[str]:
    """The ids of all tests, slow ones included, as collected with that hash seed."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "", "-p", "no:cacheprovider", "tests"]
    environ = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    return [line for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_ids_are_the_same_in_every_run() -> None:
    """The order of sets, the time of day and compressed bytes change no id."""
    first, second = _ids("1"), _ids("2")
    assert [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]] == []
    assert len(set(first)) == len(first) > 9000


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_killed_run_leaves_nothing(workers: str, number: signal.Signals) -> None:
    """When pytest is killed while tests run in processes of several modes, all of these end soon."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        workers,
        "-p",
        "no:cacheprovider",
        "tests/executors/test_futures.py",
    ]
    quiet, pause, until = subprocess.DEVNULL, threading.Event(), monotonic() + 120
    with subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet) as run:
        below: list[psutil.Process] = []
        while len(below) < 5 + int(workers):  # a cluster's and a pool's
            assert run.poll() is None
            assert monotonic() < until
            pause.wait(0.02)
            below = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(number)
    assert psutil.wait_procs(below, timeout=60)[1] == []
