"""The tables of the store, as the steps that lead from one version to the next, for SQLite and for PostgreSQL.

quote      one figure exactly as published: the long table that everything else serves
pair       the pairs of each provider, and whether it has rates valid for a period
answer     the publishers' answers that figures came from: when fetched, and the SHA-256 of the body

A correction by the publisher is a further row of `quote` with the next revision; the newest revision counts.

A version is the number of steps that have been run. A step is never changed once it is published: a new version adds
one. `{…}` are the types in which the two databases differ: SQLite has no exact number and no date, so they are text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE answer (
            id {id} PRIMARY KEY,
            provider TEXT NOT NULL,
            fetched {moment},
            digest TEXT NOT NULL
        )""",
        """CREATE TABLE quote (
            provider TEXT NOT NULL,
            base TEXT NOT NULL,
            symbol TEXT NOT NULL,
            day {date} NOT NULL,
            revision INTEGER NOT NULL,
            rate {number} NOT NULL,
            valid_to {date},
            answer {reference} NOT NULL REFERENCES answer (id),
            PRIMARY KEY (provider, base, symbol, day, revision)
        ) {clustered}""",
        # Of periods alone: a rate of one day needs no second index.
        "CREATE INDEX quote_period ON quote (provider, base, symbol, valid_to) WHERE valid_to IS NOT NULL",
        """CREATE TABLE pair (
            provider TEXT NOT NULL,
            base TEXT NOT NULL,
            symbol TEXT NOT NULL,
            periods INTEGER NOT NULL,
            PRIMARY KEY (provider, base, symbol)
        ) {clustered}""",
    ),
)
VERSION = len(STEPS)


def statements(types: Mapping[str, str], since: int, steps: Sequence[Sequence[str]] = STEPS) -> list[str]:
    """The statements that bring a store of version `since` to the newest."""
    return [statement.format_map(types) for step in steps[since:] for statement in step]
