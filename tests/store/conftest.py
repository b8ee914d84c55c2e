"""Stores for the tests: a file of their own, and a database of their own on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from rates.model import Quote
from rates.store import Store
from tests.store.server import programs, server

DAY = date(2026, 10, 30)


def quote(symbol: str, rate: str, day: date = DAY, *, base: str = "EUR", valid_to: date | None = None) -> Quote:
    """A quote of one euro."""
    return Quote(base, symbol, Decimal(rate), day, valid_to)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server of our own."""
    if not programs():
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    pytest.importorskip("psycopg", reason="no psycopg: pip install 'fetch-rates[postgres]'")
    with server() as url:
        yield url


_numbers = count()


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The URL of an empty database."""
    import psycopg

    name = f"test{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type, unused-ignore]
    return postgres_server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store can be: a file, or a database on a server."""
    if request.param == "sqlite":
        return str(tmp_path / "new folder" / "rates.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def opened() -> Iterator[Callable[[str], Store]]:
    """Opens stores, and closes them after the test."""
    stores: list[Store] = []

    def open_store(place: str) -> Store:
        stores.append(Store.open(place))
        return stores[-1]

    yield open_store
    for one in stores:
        one.close()


@pytest.fixture
def store(place: str, opened: Callable[[str], Store]) -> Store:
    """An empty store."""
    return opened(place)
