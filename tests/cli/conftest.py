from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from rates import providers
from rates.cli import main
from rates.fetch import run_provider
from rates.model import Query, Reply, Request
from rates.offline import Recorder
from tests import specimen_recording
from tests.offline.asking import ask


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


def record(folder: Path, *keys: str) -> None:
    """Records the latest rates of these providers on 2026-10-31, those of services for EUR, IDR and USD.

    They answer with what the history has in their place, and are recorded like answers of the network.
    """
    day = date(2026, 10, 31)  # when the history's last rates are a day old
    recorder = Recorder(folder, day)

    def send(request: Request) -> Reply:
        reply = ask("", request=request)
        recorder(request, Reply(reply.status, reply.body, {"content-type": reply.headers["content-type"]}))
        return reply

    for key in keys:
        module = providers.load(key)
        for base in (module.PROVIDER.pivot,) if module.PROVIDER.pivot else ("EUR", "IDR", "USD"):
            run_provider(module, Query(base, today=day), send)


@pytest.fixture(scope="session")
def _tape(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("tape")
    record(folder, "ecb", "erapi", "frankfurter", "vatcomply")
    return str(folder)


@pytest.fixture
def tape(_tape: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder with answers of the ECB and of three services to fetch on 2026-10-31, which is then the current day.

    Each is a publisher with its own figures there; see `record`.
    """
    monkeypatch.delenv("RATES_TODAY")
    return _tape
