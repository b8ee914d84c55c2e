from __future__ import annotations

from collections.abc import Iterator

import pytest

from rates.fetch import single_flight
from tests.transport.conftest import fresh_sessions, site

__all__ = ["fresh_sessions", "nothing_kept", "site"]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """No document of one test is used in the next."""
    single_flight.forget()
    yield
    single_flight.forget()
