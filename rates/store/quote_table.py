"""The table of quotes: what is asked of it, and how the figures of an answer are entered.

All SQL is the same for both databases. Pair by pair, an index finds a day in a few steps, however long the table is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from rates.errors import BadRate
from rates.model import Quote
from rates.store.database import Database, Row, in_clause, moment_text

Key = tuple[str, str, str]  # base, symbol, day
Query = tuple[str, tuple[object, ...]]
COLUMNS = "q.base, q.symbol, q.day, q.rate, q.valid_to, q.answer, q.revision"
SAME_FIGURE = "n.provider = q.provider AND n.base = q.base AND n.symbol = q.symbol AND n.day = q.day"


def pairs_of(provider: str, codes: Collection[str]) -> Query:
    """The quotes of the pairs whose codes are among these, pair by pair: one descent of the index for each."""
    bases, listed = in_clause(codes, "p.base")
    symbols, _ = in_clause(codes, "p.symbol")
    sql = f"""pair p CROSS JOIN quote q WHERE p.provider = ?{bases}{symbols}
              AND q.provider = p.provider AND q.base = p.base AND q.symbol = p.symbol"""
    return sql, (provider, *listed, *listed)


def between(provider: str, codes: Collection[str], first: str, last: str) -> Query:
    """All revisions of the quotes that begin on these days."""
    pairs, params = pairs_of(provider, codes)
    sql = f"""SELECT {COLUMNS} FROM {pairs} AND q.day BETWEEN ? AND ?
              ORDER BY q.day, q.base, q.symbol, q.revision"""
    return sql, (*params, first, last)


def begun_before(provider: str, codes: Collection[str], first: str) -> Query:
    """The newest revisions of the periods that begin before a day and hold on it."""
    pairs, params = pairs_of(provider, codes)
    sql = f"""SELECT {COLUMNS} FROM {pairs} AND p.periods = 1 AND q.valid_to >= ? AND q.day < ?
              AND NOT EXISTS (SELECT 1 FROM quote n WHERE {SAME_FIGURE} AND n.revision > q.revision)
              ORDER BY q.day, q.base, q.symbol"""
    return sql, (*params, first, first)


def holding_on(provider: str, codes: Collection[str], day: str) -> Query:
    """A row if the newest revision of a period holds on a day."""
    pairs, params = pairs_of(provider, codes)
    sql = f"""SELECT 1 FROM {pairs} AND p.periods = 1 AND q.valid_to >= ? AND q.day <= ?
              AND NOT EXISTS (SELECT 1 FROM quote n WHERE {SAME_FIGURE} AND n.revision > q.revision) LIMIT 1"""
    return sql, (*params, day, day)


def nearest(provider: str, codes: Collection[str], day: str, *, later: bool) -> Query:
    """The nearest day of a quote of one day: the best of the nearest of each pair."""
    bases, listed = in_clause(codes, "p.base")
    symbols, _ = in_clause(codes, "p.symbol")
    best, side = ("min", ">=") if later else ("max", "<=")
    sql = f"""SELECT {best}(near) FROM (SELECT (
                SELECT {best}(q.day) FROM quote q WHERE q.provider = p.provider AND q.base = p.base
                AND q.symbol = p.symbol AND q.day {side} ? AND q.valid_to IS NULL) AS near
              FROM pair p WHERE p.provider = ?{bases}{symbols}) days"""
    return sql, (day, provider, *listed, *listed)


# --- what is written -------------------------------------------------------------------------------------------------


def corrected(provider: str, codes: Collection[str]) -> Query:
    """All revisions of the quotes that have more than one."""
    pairs, params = pairs_of(provider, codes)
    sql = f"""SELECT {COLUMNS} FROM {pairs} AND EXISTS (
                SELECT 1 FROM quote n WHERE {SAME_FIGURE} AND n.revision > 0)
              ORDER BY q.base, q.symbol, q.day, q.revision"""
    return sql, params


def all_pairs(provider: str) -> Query:
    """The pairs of a provider."""
    return "SELECT base, symbol FROM pair WHERE provider = ? ORDER BY base, symbol", (provider,)


def of_pair(provider: str, base: str, symbol: str, first: str, last: str) -> Query:
    """All revisions of one pair's quotes that begin on these days."""
    sql = f"""SELECT {COLUMNS} FROM quote q WHERE q.provider = ? AND q.base = ? AND q.symbol = ?
              AND q.day BETWEEN ? AND ? ORDER BY q.day, q.revision"""
    return sql, (provider, base, symbol, first, last)


def by_key(provider: str, quotes: Iterable[Quote]) -> dict[Key, Quote]:
    """The quotes by pair and day, in the order of the table."""
    texts: dict[date, str] = {}
    found: dict[Key, Quote] = {}
    for quote in quotes:
        base, symbol, rate, day, _ = quote
        if not (rate.is_finite() and rate > 0):
            raise BadRate(f"{base} to {symbol} is {rate} on {day}", provider=provider)
        text = texts.get(day)
        if text is None:
            text = texts[day] = day.isoformat()
        found[base, symbol, text] = quote
    return dict(sorted(found.items()))


class Change(NamedTuple):
    """What `put` changed: how many figures are new, how many were there, and each corrected one with the one before."""

    new: int = 0
    same: int = 0
    corrected: tuple[tuple[Quote, Quote], ...] = ()

    def plus(self, other: Change) -> Change:
        """Both changes together."""
        return Change(self.new + other.new, self.same + other.same, self.corrected + other.corrected)


def enter(
    database: Database, provider: str, given: Mapping[Key, Quote], fetched: datetime | None, digest: str
) -> Change:
    """Enters the figures of one answer that differ from the newest revisions; within a transaction."""
    rows, change = _compared(provider, given, _newest_of(database, provider, given))
    if rows:
        answer = _add_answer(database, provider, fetched, digest)
        _add_pairs(database, provider, given)
        database.add_quotes((*row, answer) for row in rows)
    return change


def _compared(
    provider: str, given: Mapping[Key, Quote], known: Mapping[Key, Row]
) -> tuple[list[tuple[str, str, str, str, int, str, str | None]], Change]:
    """The rows to add, without their answer, and what they change."""
    rows, corrected, same = [], [], 0
    for key, quote in given.items():
        end = None if quote.valid_to is None else quote.valid_to.isoformat()
        revision, before = 0, known.get(key)
        if before is not None:
            if before[4] == end and Decimal(before[3]) == quote.rate:
                same += 1
                continue
            revision = before[6] + 1
            corrected.append((quote_of(before), quote))
        rows.append((provider, *key, revision, f"{quote.rate:f}", end))
    return rows, Change(len(rows) - len(corrected), same, tuple(corrected))


def quote_of(row: Row) -> Quote:
    """The quote of a row."""
    base, symbol, day, rate, valid_to = row[:5]
    end = None if valid_to is None else date.fromisoformat(valid_to)
    return Quote(base, symbol, Decimal(rate), date.fromisoformat(day), end)


def _newest_of(database: Database, provider: str, given: Mapping[Key, Quote]) -> dict[Key, Row]:
    """The newest revision of all figures of the pairs and days that were given."""
    pairs = {(base, symbol) for base, symbol, _ in given}
    there = set(database.rows("SELECT base, symbol FROM pair WHERE provider = ?", (provider,)))
    if not pairs & there:
        return {}
    days = {day for _, _, day in given}
    codes = {code for pair in pairs for code in pair}
    found = database.rows(*between(provider, codes, min(days), max(days)))
    return {row[:3]: row for row in found}  # of the same figure the last revision remains


def _add_answer(database: Database, provider: str, fetched: datetime | None, digest: str) -> int:
    """The number of a new answer."""
    moment = None if fetched is None else moment_text(fetched)
    sql = "INSERT INTO answer (provider, fetched, digest) VALUES (?, ?, ?) RETURNING id"
    [(number,)] = database.rows(sql, (provider, moment, digest))
    return int(number)


def _add_pairs(database: Database, provider: str, given: Mapping[Key, Quote]) -> None:
    """Enters new pairs, and which of them have periods."""
    periods: dict[tuple[str, str], int] = {}
    for (base, symbol, _), quote in given.items():
        periods[base, symbol] = periods.get((base, symbol), 0) | (quote.valid_to is not None)
    there = {row[:2]: row[2] for row in database.rows("SELECT base, symbol, periods FROM pair WHERE provider = ?",
                                                      (provider,))}  # fmt: skip
    for (base, symbol), has in periods.items():
        if there.get((base, symbol), -1) < has:
            sql = """INSERT INTO pair VALUES (?, ?, ?, ?)
                     ON CONFLICT (provider, base, symbol) DO UPDATE SET periods = excluded.periods"""
            database.rows(sql, (provider, base, symbol, has))
