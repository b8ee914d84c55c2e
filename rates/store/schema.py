"""The tables of the store, as the steps that lead from one version to the next, for SQLite and for PostgreSQL.

quote      one figure exactly as published: the long table that everything else serves
pair       the pairs of each provider, and whether it has rates valid for a period
answer     the publishers' answers that figures came from: when fetched, and the SHA-256 of the body
settled    spans of days of which the store has all that was published: a day without figures was a closed one
failed     spans of days that could not be fetched, and why
visit      when a sync or a look-up last asked a provider, and when it can have something new
answered   what was last asked outside a sync, which figures came, and until when they serve

`base` is the currency that was asked for; "" where a provider's document has all of them. That of a visit begins with
"offline " if no publisher was asked, that of a look-up with "looked up ".

A correction by the publisher is a further row of `quote` with the next revision; the newest revision counts.

A version is the number of steps that have been run. A step is never changed once it is published: a new version adds
one. `{…}` are the types in which the two databases differ: SQLite has no exact number and no date, so they are text;
PostgreSQL compares text by the rules of a language, unless its type names the collation "C".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE answer (
            id {id},
            provider {code} NOT NULL,
            fetched {moment},
            digest TEXT NOT NULL
        )""",
        """CREATE TABLE quote (
            provider {code} NOT NULL,
            base {code} NOT NULL,
            symbol {code} NOT NULL,
            day {date} NOT NULL,
            revision INTEGER NOT NULL,
            rate {number} NOT NULL,
            valid_to {date},
            answer INTEGER NOT NULL,
            PRIMARY KEY (provider, base, symbol, day, revision)
        ) {clustered}""",
        # Of periods alone: a rate of one day needs no second index.
        "CREATE INDEX quote_period ON quote (provider, base, symbol, valid_to) WHERE valid_to IS NOT NULL",
        """CREATE TABLE pair (
            provider {code} NOT NULL,
            base {code} NOT NULL,
            symbol {code} NOT NULL,
            periods INTEGER NOT NULL,
            PRIMARY KEY (provider, base, symbol)
        ) {clustered}""",
    ),
    (
        """CREATE TABLE settled (
            provider {code} NOT NULL,
            base {code} NOT NULL,
            first {date} NOT NULL,
            last {date} NOT NULL,
            PRIMARY KEY (provider, base, first)
        ) {clustered}""",
        """CREATE TABLE failed (
            provider {code} NOT NULL,
            base {code} NOT NULL,
            first {date} NOT NULL,
            last {date} NOT NULL,
            asked {moment} NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (provider, base, first, last)
        ) {clustered}""",
        """CREATE TABLE visit (
            provider {code} NOT NULL,
            base {code} NOT NULL,
            since {date} NOT NULL,
            asked {moment} NOT NULL,
            due {moment} NOT NULL,
            PRIMARY KEY (provider, base)
        ) {clustered}""",
    ),
    (
        """CREATE TABLE answered (
            question TEXT NOT NULL,
            base {code} NOT NULL,
            provider {code} NOT NULL,
            pivot {code} NOT NULL,
            rate_type TEXT NOT NULL,
            first {date} NOT NULL,
            last {date} NOT NULL,
            asked {moment} NOT NULL,
            due {moment} NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (question, base)
        ) {clustered}""",
    ),
)
VERSION = len(STEPS)


def statements(types: Mapping[str, str], since: int, steps: Sequence[Sequence[str]] = STEPS) -> list[str]:
    """The statements that bring a store of version `since` to the newest."""
    return [statement.format_map(types) for step in steps[since:] for statement in step]
