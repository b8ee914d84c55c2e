"""Stores for the tests: a file of their own, and a database of their own on a real PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from rates.model import Quote
from rates.store import Store

DAY = date(2026, 10, 30)


def quote(symbol: str, rate: str, day: date = DAY, *, base: str = "EUR", valid_to: date | None = None) -> Quote:
    """A quote of one euro."""
    return Quote(base, symbol, Decimal(rate), day, valid_to)


def _binaries() -> str:
    """The folder of PostgreSQL's programs; "" without them. Debian has them in no folder of the PATH."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return str(Path(found).resolve().parent) if found else str(places[0]) if places else ""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server of our own, on a socket in a folder of its own; ready in a second."""
    programs = _binaries()
    if not programs or not os.path.exists(os.path.join(programs, "pg_ctl")):
        pytest.skip("no PostgreSQL server: install Debian's package postgresql")
    pytest.importorskip("psycopg", reason="no psycopg: pip install 'fetch-rates[postgres]'")
    folder = tempfile.mkdtemp(prefix="rates-pg-")  # short, since a socket's path has at most 107 characters
    user: tuple[str, ...] = ()
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        user = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        shutil.chown(folder, "postgres", "postgres")
    data = f"{folder}/data"

    def run(program: str, *args: str) -> None:
        subprocess.run(
            [*user, f"{programs}/{program}", *args], check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=60
        )

    try:
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", data)
        quick = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", data, "-o", quick, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
