from __future__ import annotations

import gc
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from rates.providers import registered
from rates.transport import session
from tests.faults import publisher
from tests.faults.faults import CERTIFICATES, FAULTS, NAMES
from tests.faults.judge import SETTINGS, fetched

SOURCE = Path(publisher.__file__).read_text(encoding="utf-8")
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True, scope="module")
def collected() -> None:
    """What the tests before have left is collected once: each test here collects, some of them several times."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for each door, that of the authority, and bundles that are none."""
    folder, now = tmp_path_factory.mktemp("certificates"), datetime.now(UTC)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    for name, (host, first, last) in CERTIFICATES.items():
        issuer = trustme.CA() if name == "tls_self" else authority
        made = issuer.issue_cert(host, not_before=now + timedelta(first), not_after=now + timedelta(last))
        made.private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")
    (folder / "empty").mkdir()
    (folder / "empty.pem").touch()
    (folder / "garbage.pem").write_text("hello\n", encoding="ascii")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture(scope="session")
def ports(certificates: Path) -> Iterator[dict[str, int]]:
    """The ports of the running server, by door."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.server", certificates],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())
        server.kill()


@pytest.fixture(scope="session")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of temporary files."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, certificates: Path, temporary: Path) -> Iterator[None]:
    """No connection, context or provider of one test is used in the next; the authority is trusted.

    Temporary files have a folder without those of other programs.
    """
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "ca.pem"))
    session.forget()
    yield
    session.forget()
    vars(session.local).clear()
    registered.modules.clear()
    registered.from_file.cache_clear()


@pytest.fixture
def provider(tmp_path: Path, ports: dict[str, int]) -> Callable[..., str]:
    """Writes the provider of a fault, whose code does this harm, and gives its path."""

    def write(name: str, harm: str = "") -> str:
        return written(tmp_path, name, ports, harm)

    return write


def written(folder: Path, name: str, ports: dict[str, int], harm: str = "") -> str:
    """The path of a provider's file."""
    fault, file = FAULTS[name], folder / f"{name}.py"
    url = f"{fault.scheme}://{fault.host}:{ports[fault.door]}/{name}"
    source = SOURCE.replace('URL = ""', f'URL = "{url}"').replace('HARM = ""', f'HARM = "{harm}"')
    file.write_text(source, encoding="utf-8")
    return str(file)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, ports: dict[str, int], certificates: Path) -> Callable[[str], None]:
    """Sets the environment variables of a fault."""
    addresses = {door: f"127.0.0.1:{port}" for door, port in ports.items()}

    def set_variables(name: str) -> None:
        for variable, value in FAULTS[name].env.items():
            monkeypatch.setenv(variable, value.format(folder=certificates, **addresses))

    return set_variables


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The resolver knows the names of `NAMES`; one that hangs ends with the test."""
    over, resolve = threading.Event(), socket.getaddrinfo

    def look_up(host: object, port: object, *args: object, **kwargs: object) -> object:
        known = NAMES.get(host.decode() if isinstance(host, bytes) else str(host))
        if known is None:
            return resolve(host, port, *args, **kwargs)  # type: ignore[arg-type]
        if known == ("?",):
            over.wait(30)
        if known in (("?",), ("",)):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [found for address in known for found in resolve(address, port, 0, socket.SOCK_STREAM)]  # type: ignore[call-overload]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield
    over.set()


@pytest.fixture(scope="session")
def warm(ports: dict[str, int], certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Both clients have fetched once: what they keep for the process is no leftover of the first fault."""
    file = written(tmp_path_factory.mktemp("warm"), "ok", ports)
    for client in ("requests", "aiohttp"):
        fetched(client, SETTINGS.with_values(provider=(file,)))
