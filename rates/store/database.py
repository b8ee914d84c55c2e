"""What the store needs of a database, where its database is, and how a place is named in messages.

Rows come as text: the store itself makes days and decimals of them, so that both databases give the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from rates.errors import StoreError
from rates.settings import data_path
from rates.store.schema import VERSION

URL = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)

Row = tuple[Any, ...]
# provider, base, symbol, day, revision, rate, valid_to, answer
QuoteRow = tuple[str, str, str, str, int, str, str | None, int]


class Read(Protocol):
    """How the parts of the store ask its database."""

    def __call__(self, sql: str, params: tuple[object, ...] = ()) -> list[Row]:
        """The rows of a query."""


class Database(Protocol):
    """One open database; its errors are a `StoreError` with the place and what to do.

    place: its path or its address without the password. SQL has `?` for its parameters.
    """

    place: str

    @property
    def closed(self) -> bool:
        """True when it cannot be used any more, since a server has ended the connection."""

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """The rows of a query or statement."""

    def writing(self) -> AbstractContextManager[None]:
        """A transaction: all that is written in the block is kept, or after an exception nothing."""

    def add_answer(self, provider: str, fetched: str | None, digest: str) -> int:
        """Adds a row to the table of answers, and gives its id; within `writing`."""

    def add_quotes(self, rows: Iterable[QuoteRow]) -> None:
        """Adds rows to the table of quotes; within `writing`."""

    def try_lock(self) -> Callable[[], object] | None:
        """Locks the store for one sync, and gives the function that unlocks it; None while another holds the lock.

        The lock of a program that ends, however it ends, is free.
        """

    def faults(self) -> list[str]:
        """What is wrong with the file itself, as sentences; [] if nothing, or if a server looks after it."""

    def size(self) -> int:
        """The bytes that it takes on the disk."""

    def compact(self) -> None:
        """Gives back the space of deleted rows."""

    def close(self) -> None:
        """Closes the connection."""


def location(given: str | os.PathLike[str] = "") -> str:
    """The store's path or address; without one the file in the user's data folder."""
    text = os.fspath(given)
    return text if URL.match(text) else os.path.abspath(os.path.expanduser(text)) if text else data_path(os.environ)


def in_clause(codes: Iterable[str], column: str) -> tuple[str, tuple[str, ...]]:
    """A condition for a column to be among the codes, and its parameters; none for no codes."""
    listed = tuple(sorted(set(codes)))
    return (f" AND {column} IN ({', '.join('?' * len(listed))})", listed) if listed else ("", ())


def newer(place: str, version: int) -> StoreError:
    """The error of a store that a newer program has written."""
    detail = f"the store {place} was written by a newer rates: its version is {version}, this program's is {VERSION}"
    return StoreError(detail, hint="upgrade fetch-rates, or name another store with --store")


def moment_text(moment: datetime) -> str:
    """A moment as it is stored: in UTC."""
    return moment.astimezone(UTC).isoformat()


def moment_of(text: str) -> datetime:
    """A stored moment, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
