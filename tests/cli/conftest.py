from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from rates.cli import main
from tests import specimen_recording


class Ran(NamedTuple):
    """What a command line gave."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """All command lines run on the README's day."""
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process."""

    def ran(*args: str) -> Ran:
        status = main(args)
        return Ran(status, *capsys.readouterr())

    return ran


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with the recorded specimens of all providers."""
    place = tmp_path_factory.mktemp("recording")
    specimen_recording.write(Path(place))
    return str(place)
