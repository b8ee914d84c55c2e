"""Care of a store: what it has, what is wrong with it, and how old figures are deleted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from rates.store import quote_table
from rates.store.database import Database, Read, Row, moment_of


class Holding(NamedTuple):
    """What the store has of one provider; `corrected` counts the revisions after the first."""

    provider: str
    pairs: int
    quotes: int
    corrected: int
    first: date
    last: date
    fetched: datetime | None


def holdings(read: Read) -> tuple[Holding, ...]:
    """What the store has of each provider, by key."""
    pairs: dict[str, int] = dict(read("SELECT provider, count(*) FROM pair GROUP BY provider"))
    fetched: dict[str, str | None] = dict(read("SELECT provider, max(fetched) FROM answer GROUP BY provider"))
    rows = read(
        """SELECT provider, count(*), sum(CASE WHEN revision > 0 THEN 1 ELSE 0 END), min(day), max(day)
           FROM quote GROUP BY provider ORDER BY provider"""
    )
    found = []
    for key, quotes, corrected, first, last in rows:
        newest = fetched[key]
        days = date.fromisoformat(first), date.fromisoformat(last)
        moment = None if newest is None else moment_of(newest)
        found.append(Holding(key, pairs[key], quotes - corrected, corrected, *days, moment))
    return tuple(found)


# What never happens in a sound store: a query of the rows with that fault, and the sentence for so many of them.
_FAULTS = (
    (
        "SELECT count(*) FROM quote q WHERE NOT EXISTS (SELECT 1 FROM answer a WHERE a.id = q.answer)",
        "{} figures without the answer that they came from",
    ),
    (
        """SELECT count(*) FROM quote q WHERE NOT EXISTS (
             SELECT 1 FROM pair p WHERE p.provider = q.provider AND p.base = q.base AND p.symbol = q.symbol)""",
        "{} figures of pairs that look-ups do not find",
    ),
    (
        """SELECT count(*) FROM quote q WHERE q.revision > 0 AND NOT EXISTS (
             SELECT 1 FROM quote n WHERE n.provider = q.provider AND n.base = q.base AND n.symbol = q.symbol
             AND n.day = q.day AND n.revision = q.revision - 1)""",
        "{} corrections without the value before",
    ),
    ("SELECT count(*) FROM quote WHERE valid_to < day", "{} periods that end before they begin"),
    ("SELECT count(*) FROM settled WHERE last < first", "{} spans of days that end before they begin"),
)


def faults(read: Read) -> list[str]:
    """What is wrong with the figures, as sentences."""
    found = [sentence.format(count) for sql, sentence in _FAULTS for (count,) in read(sql) if count]
    for (key,) in read("SELECT DISTINCT provider FROM pair ORDER BY provider"):
        for base, symbol in read(*quote_table.all_pairs(key)):
            rows = read(*quote_table.of_pair(key, base, symbol, "0001-01-01", "9999-12-31"))
            found += [f"{key}: 1 {base} costs {row[3]!r} {symbol} on {row[2]}" for row in rows if not _sound(row)]
    return found


def _sound(row: Row) -> bool:
    """True for a rate and days that can be read."""
    try:
        rate = Decimal(row[3])
        date.fromisoformat(row[2])
        return rate.is_finite() and rate > 0 and (row[4] is None or bool(date.fromisoformat(row[4])))
    except (InvalidOperation, ValueError, TypeError):
        return False


def delete(database: Database, provider: str, before: date | None) -> int:
    """Deletes a provider's figures, or those that are over before a day, and gives how many; within a transaction.

    What is known of those days goes too; the provider's first wanted day becomes that day, so that a sync does not
    fetch them again.
    """
    if before is None:
        [(count,)] = database.rows("SELECT count(*) FROM quote WHERE provider = ?", (provider,))
        for table in ("quote", "pair", "answer", "settled", "failed", "visit", "answered"):
            database.rows(f"DELETE FROM {table} WHERE provider = ?", (provider,))
        return int(count)
    old, day = "provider = ? AND day < ? AND (valid_to IS NULL OR valid_to < ?)", before.isoformat()
    [(count,)] = database.rows(f"SELECT count(*) FROM quote WHERE {old}", (provider, day, day))
    database.rows(f"DELETE FROM quote WHERE {old}", (provider, day, day))
    unused = "DELETE FROM answer WHERE provider = ? AND id NOT IN (SELECT answer FROM quote WHERE provider = ?)"
    database.rows(unused, (provider, provider))
    pairs = "SELECT 1 FROM quote q WHERE q.provider = pair.provider AND q.base = pair.base AND q.symbol = pair.symbol"
    database.rows(f"DELETE FROM pair WHERE provider = ? AND NOT EXISTS ({pairs})", (provider,))
    database.rows("DELETE FROM answered WHERE provider = ? AND first < ?", (provider, day))
    for table in ("settled", "failed"):
        database.rows(f"DELETE FROM {table} WHERE provider = ? AND last < ?", (provider, day))
        database.rows(f"UPDATE {table} SET first = ? WHERE provider = ? AND first < ?", (day, provider, day))
    database.rows("UPDATE visit SET since = ? WHERE provider = ? AND since < ?", (day, provider, day))
    return int(count)
