from __future__ import annotations

from collections.abc import Iterator

import pytest

from rates.fetch import once
from rates.transport import session
from tests.transport.server import Site, serving


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No document and no connection of one test is used in the next."""
    once._flights.clear()
    session.forget()
    yield
    once._flights.clear()
    session.forget()
    vars(session.local).clear()


@pytest.fixture
def site() -> Iterator[Site]:
    """A plain HTTP server on the loopback."""
    with serving() as running:
        yield running
