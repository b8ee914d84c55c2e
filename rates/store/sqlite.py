"""The store in one SQLite file: readers never block, and what a killed program leaves behind is repaired at opening."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rates.errors import StoreError
from rates.store.database import QuoteRow, Row, newer
from rates.store.schema import STEPS, VERSION, statements

APPLICATION = 0x52415445  # "RATE" in ASCII: marks our files among those of other programs
# How long a writer waits for another one: a whole history is written in under two seconds.
BUSY_S = 30.0
TYPES = {
    "id": "INTEGER PRIMARY KEY AUTOINCREMENT", "code": "TEXT", "date": "TEXT", "number": "TEXT", "moment": "TEXT",
    "clustered": "WITHOUT ROWID",
}  # fmt: skip


class Sqlite:
    """One open file. blank: an empty store in memory, for a file that does not exist and is only read."""

    closed = False

    def __init__(self, path: str, *, blank: bool = False) -> None:
        self.place = path
        self._file = None if blank else path
        if not blank and not os.path.exists(path):
            _make_folder(path)
        with self._named():
            self._connection = _connect(":memory:" if blank else path)
            try:
                self._begin(*self._read_versions())
            except BaseException:
                self._connection.close()
                raise

    def _read_versions(self) -> tuple[int, int]:
        """The file's version and the number of its program; where the file may not be written, without its log."""
        try:
            return self._versions()
        except sqlite3.OperationalError:
            path = self.place
            if self._file is None or (_may(path, os.W_OK) and _may(os.path.dirname(path), os.W_OK)):
                raise
            self._connection.close()
            self._connection = _connect_frozen(path)
            return self._versions()

    def _begin(self, version: int, application: int) -> None:
        """Makes the tables of a new file, brings an older one up to date, and refuses one that is not a store."""
        if application != APPLICATION and self._tables():
            raise StoreError(f"{self.place} is a database of another program", hint="name another file with --store")
        if version > VERSION:
            raise newer(self.place, version)
        if version < VERSION:
            self._migrate()
        # A committed transaction survives the end of the program, however it ends; a power cut may take the last ones.
        self._connection.execute("PRAGMA synchronous = NORMAL")

    def _versions(self) -> tuple[int, int]:
        [(version,)], [(application,)] = (
            self._connection.execute(f"PRAGMA {name}").fetchall() for name in ("user_version", "application_id")
        )
        return version, application

    def _tables(self) -> bool:
        return bool(self._connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall())

    def _migrate(self) -> None:
        """Runs the missing steps in one transaction; another program may just have run them."""
        # Of the modes that survive a killed program this one lets readers go on while a sync writes.
        self._connection.execute("PRAGMA journal_mode = WAL")
        with self.writing():
            since = self._versions()[0]
            for statement in statements(TYPES, since, STEPS):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {VERSION}")

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """The rows of a query or statement."""
        with self._named():
            return self._connection.execute(sql, params).fetchall()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction; waits for another program's."""
        with self._named():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has already ended it
                    self._connection.execute("ROLLBACK")
                raise

    def add_answer(self, provider: str, fetched: str | None, digest: str) -> int:
        """Adds a row to the table of answers, and gives its id; versions before 3.35 have no RETURNING."""
        sql = "INSERT INTO answer (provider, fetched, digest) VALUES (?, ?, ?)"
        return self._connection.execute(sql, (provider, fetched, digest)).lastrowid or 0

    def add_quotes(self, rows: Iterable[QuoteRow]) -> None:
        """Adds rows to the table of quotes."""
        self._connection.executemany("INSERT INTO quote VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def try_lock(self) -> Callable[[], object] | None:
        """Locks a file beside the store: SQLite's own locks last for a transaction only."""
        from rates.transport.interprocess import try_lock  # with the network libraries, which a sync needs anyway

        return try_lock(f"{self.place}.lock")

    def faults(self) -> list[str]:
        """What SQLite finds wrong in the file."""
        try:
            found = [str(text) for (text,) in self.rows("PRAGMA integrity_check(20)")]
        except StoreError as error:  # the damage is where the check begins
            return [error.detail]
        return [] if found == ["ok"] else found

    def size(self) -> int:
        """The bytes of the file and of the log beside it."""
        if self._file is None:
            return 0
        files = (self._file, f"{self._file}-wal")
        return sum(os.path.getsize(file) for file in files if os.path.exists(file))

    def compact(self) -> None:
        """Gives back the space of deleted rows."""
        self.rows("VACUUM")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")  # the log has grown as large as the file

    def close(self) -> None:
        """Closes the file; the last one to close it removes the log."""
        self._connection.close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Errors of SQLite as sentences."""
        try:
            yield
        except sqlite3.Error as error:
            raise _named(error, self.place) from error


def _connect(path: str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False, uri=uri)


def _connect_frozen(path: str) -> sqlite3.Connection:
    """A connection that only reads, and that needs no file beside this one, since no other program can write it."""
    from urllib.parse import quote  # 3 ms, which a folder that can be written does not need

    return _connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True)


def _make_folder(path: str) -> None:
    """Makes the folder of a new file."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder {folder} of the store cannot be made: {error.strerror}", hint="name a file with --store"
        ) from error


def _may(path: str, mode: int) -> bool:
    """Whether this process may read or write a file or folder."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


_ROOM = "make room and run it again; what was stored before is kept"


def _named(error: sqlite3.Error, path: str) -> StoreError:
    """SQLite's error as a sentence with what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_NOTADB:
        return StoreError(f"{path} is not a store of rates", hint="name another file with --store")
    if code == sqlite3.SQLITE_CORRUPT:
        hint = "`rates store export` prints what can be read; move the file away, and `rates sync` fetches it again"
        return StoreError(f"the store {path} is damaged ({error})", hint=hint)
    if code == sqlite3.SQLITE_FULL:
        return StoreError(f"no room is left on the disk of the store {path}", hint=_ROOM)
    if code == sqlite3.SQLITE_IOERR:
        return StoreError(f"the store {path} cannot be read or written: {error}", hint=f"is the disk full? {_ROOM}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(
            f"another program has been writing to the store {path} for {BUSY_S:g} s", hint="wait until it is done"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        verb = "written" if code == sqlite3.SQLITE_READONLY else "opened"
        return StoreError(
            f"the store {path} cannot be {verb}: {_obstacle(path) or error}",
            hint="allow it, or name another file with --store",
        )
    return StoreError(f"the store {path}: {error}", hint="`rates store verify` checks it")


def _obstacle(path: str) -> str:
    """What keeps a file from being opened or written; "" if that is not known."""
    folder = os.path.dirname(path)
    if os.path.isdir(path):
        return "it is a folder"
    if os.path.exists(path) and not _may(path, os.R_OK):
        return "the file may not be read"
    if not _may(folder, os.W_OK):
        return f"the folder {folder} is read-only"
    return "the file is read-only" if os.path.exists(path) and not _may(path, os.W_OK) else ""
