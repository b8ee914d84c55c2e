"""What every test stands on: no network but this machine's own loopback, no settings of the person who runs it."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, however long a busy machine takes for one.
settings.register_profile(
    "steady", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

PR_SET_PDEATHSIG = 1  # of <linux/prctl.h>
MOST_WORKERS = 8  # each of them collects all tests, which takes five seconds

_tests = count()
_connect = socket.socket.connect
_resolve = socket.getaddrinfo


class NetworkForbidden(AssertionError):
    """A test tried to reach beyond this machine."""


def _local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True
    return str(address[0]).startswith("127.") or str(address[0]) in ("::1", "localhost")


def _guarded_connect(self: socket.socket, address: object) -> None:
    if not _local(address):
        raise NetworkForbidden(f"a test connects to {address}")
    _connect(self, address)  # type: ignore[arg-type]


def _guarded_resolve(host: object, *args: object, **kwargs: object) -> object:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if not (name.startswith("127.") or name in ("::1", "localhost", "None")):
        raise socket.gaierror(socket.EAI_NONAME, f"a test resolves {name}")
    return _resolve(host, *args, **kwargs)  # type: ignore[arg-type]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """The processes of a run: three for two processors for all tests, since many of them wait.

    None for named tests, so that a debugger can be used, and for slow ones, since they measure.
    """
    whole = config.args == config.getini("testpaths") and config.option.markexpr == "not slow"
    return min((os.cpu_count() or 1) * 3 // 2, MOST_WORKERS) if whole and not config.option.keyword else 0


def pytest_configure(config: pytest.Config) -> None:
    """A process of pytest-xdist ends at once with the one that started it, however that ends."""
    if hasattr(config, "workerinput") and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def pytest_collection_finish() -> None:
    """The garbage collector passes over what collection made: ten thousand tests, which live to the end anyway."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Connections and look-ups beyond the loopback fail for the whole run."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    patch.setattr(socket, "getaddrinfo", _guarded_resolve)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def no_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder without a config file; one for all tests, since a new one looks at all that were made before."""
    return tmp_path_factory.mktemp("config")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, no_config: Path) -> None:
    """No RATES_ variable, key, proxy, config file or store of the machine reaches a test."""
    for name in list(os.environ):
        if name.startswith("RATES_") or name.lower().endswith("_proxy") or name.endswith(("_API_KEY", "_APP_ID")):
            monkeypatch.delenv(name)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(no_config))
    monkeypatch.setenv("XDG_DATA_HOME", str(no_config / f"data{next(_tests)}"))  # made when a test stores something
    # Child processes keep what they compile: else each of a few hundred would compile the package again.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    # Child processes of a test import the package from here, wherever the test's own folder is.
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parent.parent))


@pytest.fixture(autouse=True)
def no_pauses() -> None:
    """No server of one test, which may have asked to wait, is taken for a later one at the same port."""
    if pauses := sys.modules.get("rates.transport.pauses"):
        pauses.forget()


@pytest.fixture
def sources() -> Path:
    """The folder of recorded answers; a test that needs it is skipped, saying so, where it is not there."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "sources"
    if not folder.is_dir():
        pytest.skip(f"no recorded answers: {folder} is not there")
    return folder
