"""The store on a PostgreSQL server, in the schema `rates` of the database that the URL names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rates.errors import StoreError, UsageError, without_password
from rates.store.database import QuoteRow, Row, newer
from rates.store.schema import STEPS, VERSION, statements

if TYPE_CHECKING:
    import psycopg

SCHEMA = "rates"
CONNECT_S = 10  # longer than any server takes that is there
TYPES = {
    "id": "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "code": 'TEXT COLLATE "C"',  # else codes are compared by the rules of a language
    "date": "DATE",
    "number": "NUMERIC",
    "moment": "TIMESTAMPTZ",
    "clustered": "",
}
# Any numbers that other programs do not use: one program at a time makes or changes the tables, and one fills them.
MIGRATION_LOCK, SYNC_LOCK = 0x52415445, 0x52415446


class Postgres:
    """One connection."""

    def __init__(self, url: str) -> None:
        self.place = without_password(url)
        _psycopg()
        with self._named():
            self._connection = _connect(url)
            try:
                self._begin()
            except BaseException:
                self._connection.close()
                raise

    def _begin(self) -> None:
        """Makes the tables, or brings older ones up to date."""
        version = self._version()
        if version > VERSION:
            raise newer(self.place, version)
        if version < VERSION:
            with self.writing():
                self.rows("SELECT pg_advisory_xact_lock(?)", (MIGRATION_LOCK,))
                self._migrate(self._version())

    def _version(self) -> int:
        """The version of the tables; 0 if there are none.

        `to_regclass` would repeat what this connection found before another program made the tables.
        """
        found = self.rows("SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'version'", (SCHEMA,))
        return int(self.rows("SELECT number FROM rates.version")[0][0]) if found else 0

    def _migrate(self, since: int) -> None:
        """Runs the missing steps; within `writing`."""
        self.rows(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for statement in statements(TYPES, since, STEPS):
            self.rows(statement)
        self.rows("CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)")
        self.rows("DELETE FROM version")
        self.rows("INSERT INTO version VALUES (?)", (VERSION,))

    @property
    def closed(self) -> bool:
        """True when the server, or we, have ended the connection."""
        return bool(self._connection.closed)

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """The rows of a query or statement."""
        with self._named():
            cursor = self._connection.execute(_placeholders(sql), params)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction; waits for another program's."""
        with self._named(), self._connection.transaction():
            yield

    def add_answer(self, provider: str, fetched: str | None, digest: str) -> int:
        """Adds a row to the table of answers, and gives its id."""
        sql = "INSERT INTO answer (provider, fetched, digest) VALUES (?, ?, ?) RETURNING id"
        return int(self.rows(sql, (provider, fetched, digest))[0][0])

    def add_quotes(self, rows: Iterable[QuoteRow]) -> None:
        """Adds rows to the table of quotes."""
        with self._named(), self._connection.cursor() as cursor, cursor.copy("COPY quote FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def try_lock(self) -> Callable[[], object] | None:
        """Takes an advisory lock of the database."""
        [(locked,)] = self.rows("SELECT pg_try_advisory_lock(?)", (SYNC_LOCK,))
        return partial(self.rows, "SELECT pg_advisory_unlock(?)", (SYNC_LOCK,)) if locked else None

    def faults(self) -> list[str]:
        """Nothing: the server looks after its files."""
        return []

    def size(self) -> int:
        """The bytes of the tables and their indexes."""
        sql = """SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
                 WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace('rates')"""
        return int(self.rows(sql)[0][0])

    def compact(self) -> None:
        """Nothing: the server does it by itself."""

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Errors of the server as sentences."""
        try:
            yield
        except _psycopg().Error as error:
            raise _named(error, self.place) from error


@lru_cache(maxsize=64)
def _placeholders(sql: str) -> str:
    return sql.replace("?", "%s")


def _psycopg() -> ModuleType:
    """The client, which takes 100 ms to import; `UsageError` without it."""
    try:
        import psycopg
    except ImportError as error:
        raise UsageError("a store on PostgreSQL needs psycopg", hint="pip install 'fetch-rates[postgres]'") from error
    return psycopg


def _connect(url: str) -> psycopg.Connection[Any]:
    """A connection that gives every value as text."""
    client = _psycopg()
    from psycopg.types.string import TextLoader

    connection: psycopg.Connection[Any] = client.connect(url, autocommit=True, connect_timeout=CONNECT_S)
    for name in ("date", "numeric", "timestamptz"):
        connection.adapters.register_loader(name, TextLoader)
    # A plan for any day, made once: planning for each day anew took 0.3 ms of a look-up's 0.4.
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.execute(f"SET search_path = {SCHEMA}; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'")
    return connection


def _named(error: psycopg.Error, place: str) -> StoreError:
    """The server's error as a sentence with what to do."""
    import psycopg

    words = without_password(" ".join(str(error).split()))
    if isinstance(error, psycopg.errors.DiskFull):
        detail, hint = "has no room", "make room and run it again; what was stored before is kept"
    elif isinstance(error, psycopg.errors.InsufficientPrivilege):
        detail, hint = "refuses it", f"grant this user CREATE on the database, or all rights on its schema {SCHEMA}"
    elif isinstance(error, psycopg.OperationalError):
        detail, hint = "is not reached", "is the server running, and is the URL right?"
    else:
        detail, hint = "failed", ""
    return StoreError(f"the store {place} {detail}: {words}", hint=hint)
