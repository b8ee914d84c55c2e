from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from rates.transport import session

from .server import Site, serving


@pytest.fixture(autouse=True)
def fresh_sessions() -> Iterator[None]:
    """No connection, context or proxy of one test is used in the next."""
    session.forget()
    yield
    session.forget()
    vars(session.local).clear()


@pytest.fixture
def site() -> Iterator[Site]:
    """A plain HTTP server."""
    with serving() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Site]:
    """Another one, for tests of two hosts."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture(scope="session")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    """The TLS side of a server that has a certificate for localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is trusted by REQUESTS_CA_BUNDLE, as a company's is."""
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    session.forget()


@pytest.fixture
def secure(server_tls: ssl.SSLContext) -> Iterator[Site]:
    """A server over TLS."""
    with serving(server_tls) as running:
        yield running
