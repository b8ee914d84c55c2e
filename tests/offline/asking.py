"""Requests through the transport and `responses`, as a fetch makes them."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from datetime import date

from rates import offline
from rates.model import Query, Quote, Reply, Request
from rates.providers import load
from rates.settings import Settings
from rates.transport import Guard, Limits, Mock
from tests.transport.server import send

TODAY = date(2026, 11, 23)
OFFLINE = Settings(offline=True, today=TODAY)


def ask(url: str, mock: Mock | None = None, *, request: Request | None = None, timeout: float = 10.0) -> Reply:
    """The answer of the mock (by default the embedded history), with any status."""
    offline.install()
    chosen = mock or offline.mock_for(OFFLINE)
    every = tuple(range(300, 600))
    asked = request or Request(url)
    asked = Request(asked.url, asked.params, asked.form, asked.headers, every, asked.private, path=asked.path)
    with Guard(30) as guard:
        return send(asked, Limits(timeout=timeout, retries=0, mock=chosen), guard)


def quotes(key: str, query: Query, mock: Mock | None = None) -> list[Quote]:
    """A provider's quotes, with its requests answered by the mock."""
    steps: Generator[Request, Reply, Iterable[Quote]] = load(key).steps(query)
    offline.install()
    limits = Limits(retries=0, mock=mock or offline.mock_for(OFFLINE))
    with Guard(30) as guard:
        try:
            request = next(steps)
            while True:
                try:
                    reply = send(request, limits, guard)
                except Exception as error:
                    request = steps.throw(error)
                else:
                    request = steps.send(reply)
        except StopIteration as end:
            return list(end.value)


def fixed(body: bytes = b"{}", status: int = 200, **headers: str) -> Mock:
    """A mock with the same answer to every request."""
    return lambda method, url, form, timeout_s: Reply(status, body, headers)
