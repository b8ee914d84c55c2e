"""The connections to one store: one that reads and one that writes, for threads, forked children and workers.

Reading never waits for a writer. Only the process that opened the store writes to it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rates.errors import StoreError
from rates.store.database import URL, Database, Row
from rates.store.written import WRITTEN

POLL_S = 0.2  # between two looks whether another sync is done, which takes seconds at least


class Connections:
    """Nothing is made before something is written: a file that does not exist reads as an empty store."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._owner = os.getpid()
        self._begin()

    def _begin(self) -> None:
        """Begins without connections."""
        self._process = os.getpid()
        self._reader: Database | None = None
        self._writer: Database | None = None
        self._blank = False  # whether the reader has an empty database, since the file does not exist yet
        self._reading, self._writes = threading.RLock(), threading.RLock()

    @property
    def remote(self) -> bool:
        """True for a database on a server."""
        return bool(URL.match(self.place))

    def close(self) -> None:
        """Closes the database; it is opened again when it is needed."""
        if self._process == os.getpid():
            with self._writes, self._reading:
                for database in (self._writer, self._reader):
                    if database is not None:
                        database.close()
        self._begin()

    def rows(self, sql: str, params: Iterable[object] = ()) -> list[Row]:
        """The rows of a query. Reading has its own connection, so that no thread waits for one that writes."""
        with self.reading() as database:
            try:
                return database.rows(sql, tuple(params))
            except StoreError:
                if not database.closed:
                    raise
        with self.reading() as database:  # a server that was restarted is there again
            return database.rows(sql, tuple(params))

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The reader's database, for one thread at a time."""
        if self._process != os.getpid():  # in a forked child
            self._inherited = self._reader, self._writer  # its parent's, which it must not even close
            self._begin()
        with self._reading:
            if self._reader is None or self._reader.closed or (self._blank and os.path.exists(self.place)):
                if self._reader is not None:
                    self._reader.close()
                self._blank = not (self.remote or os.path.exists(self.place))
                self._reader = self._connected(blank=self._blank)
            yield self._reader

    def _connected(self, *, blank: bool = False) -> Database:
        if self.remote:
            from rates.store.postgres import Postgres

            return Postgres(self.place)
        from rates.store.sqlite import Sqlite

        return Sqlite(self.place, blank=blank)

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """The writer's database within a transaction; makes a new file; refuses in a worker process."""
        with self.writer() as database, database.writing():
            yield database
        WRITTEN.count += 1

    @contextmanager
    def writer(self) -> Iterator[Database]:
        """The writer's database, for one thread at a time."""
        processes = sys.modules.get("multiprocessing.process")
        if os.getpid() != self._owner or (processes is not None and processes.parent_process() is not None):
            raise StoreError(
                "a worker process does not write to the store",
                hint="return the quotes to the process that began the run, and store them there",
            )
        with self._writes:
            if self._writer is None or self._writer.closed:
                self._writer = self._connected()
            yield self._writer

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Keeps every other sync out of the store for the block. waiting: called once if there is one to wait for."""
        with self.writing() as database:
            pass  # opens it, and finds out whether it can be written
        while (unlock := database.try_lock()) is None:
            waiting()
            waiting = _silent
            time.sleep(POLL_S)
        try:
            yield
        finally:
            unlock()


def _silent() -> None:
    """Does nothing, after the first call."""
