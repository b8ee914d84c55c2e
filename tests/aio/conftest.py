from __future__ import annotations

import asyncio
import gc
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from rates.fetch import single_flight
from rates.model import Reply, Request
from rates.transport import Limits, send, session
from rates.transport.io_loop import LOOP
from tests.transport import server
from tests.transport.server import Site, serving

Asks = Callable[..., Reply]


@pytest.fixture(autouse=True, scope="module")
def collected() -> None:
    """What the tests before have left is collected once: each test here collects."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No connection, proxy or download of one test is used in the next; each test reports what it left open."""
    session.forget()
    single_flight.forget()
    yield
    session.forget()
    single_flight.forget()
    gc.collect()


@pytest.fixture
def site() -> Iterator[Site]:
    """A plain HTTP server."""
    with serving() as running:
        yield running


@pytest.fixture
def other() -> Iterator[Site]:
    """Another one."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority of our own."""
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Site]:
    """A server over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with serving(context) as running:
        yield running


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is trusted, as a company's is."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    session.forget()


async def asked(request: str | Request, *, deadline: float = 5.0, **limits: Any) -> Reply:
    """The reply, from within a loop; no second try unless the limits say so."""
    wanted = Request(request) if isinstance(request, str) else request

    async with LOOP.within(deadline, "") as guard:
        return await send(LOOP, wanted, Limits(**{"retries": 0, "backoff": 0.0, **limits}), guard)


def _in_a_loop(request: str | Request, **more: Any) -> Reply:
    return asyncio.run(asked(request, **more))


@pytest.fixture(params=["thread", "loop"])
def ask(request: pytest.FixtureRequest) -> Asks:
    """Sends one request, over the Io of threads and over that of loops: both must give the same."""
    return server.ask if request.param == "thread" else _in_a_loop
