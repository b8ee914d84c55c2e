"""Which answers the store has to which questions, and until when they serve."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from rates.store.connections import Connections
from rates.store.database import moment_of, moment_text


class Answered(NamedTuple):
    """One answer. question: as text. base: the one asked for; "" if the answer serves any.

    provider, pivot, rate_type: whose figures they are, as in `Provider`. first, last: the days of its figures. asked:
    when it came. due: when the publisher can have something new. digest: the SHA-256 of its bodies, in hex.
    """

    question: str
    base: str
    provider: str
    pivot: str
    rate_type: str
    first: date
    last: date
    asked: datetime
    due: datetime
    digest: str


class Answers:
    """The answers in one store."""

    def __init__(self, connections: Connections) -> None:
        self._read, self._writing = connections.rows, connections.writing

    def find(self, question: str, base: str) -> Answered | None:
        """The answer to a question about a base; None if it was not asked."""
        sql = "SELECT * FROM answered WHERE question = ? AND base IN (?, '') ORDER BY base DESC LIMIT 1"
        for asked_for, of, key, pivot, rate_type, first, last, asked, due, digest in self._read(sql, (question, base)):
            days = date.fromisoformat(first), date.fromisoformat(last)
            return Answered(asked_for, of, key, pivot, rate_type, *days, moment_of(asked), moment_of(due), digest)
        return None

    def enter(self, one: Answered) -> None:
        """Records an answer in place of the one before."""
        row = (*one[:5], str(one.first), str(one.last), moment_text(one.asked), moment_text(one.due), one.digest)
        with self._writing() as database:
            database.rows("DELETE FROM answered WHERE question = ? AND base = ?", one[:2])
            database.rows("INSERT INTO answered VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
