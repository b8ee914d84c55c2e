"""The tests themselves: their ids are the same in every run, as pytest-xdist and a look-up by id need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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
