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
from rates.store.database import Database, QuoteRow, Row, in_clause, moment_text

Pair = tuple[str, str]  # base, symbol
Given = Mapping[Pair, Mapping[str, Quote]]  # the quotes of an answer by pair, and by day as text
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
    """The quotes that begin on these days, all revisions in order, and the periods begun before that hold on the first.

    Of those periods the newest revisions: one that was cut short does not hold any more.
    """
    pairs, params = pairs_of(provider, codes)
    sql = f"""SELECT {COLUMNS} FROM {pairs} AND q.day BETWEEN ? AND ?
              UNION ALL SELECT {COLUMNS} FROM {pairs} AND q.day < ? AND {_HOLDS}
              ORDER BY 3, 1, 2, 7"""
    return sql, (*params, first, last, *params, first, first)


# The newest revision of a period, where it lasts at least to a day.
_HOLDS = f"""p.periods = 1 AND q.valid_to >= ?
             AND NOT EXISTS (SELECT 1 FROM quote n WHERE {SAME_FIGURE} AND n.revision > q.revision)"""


def nearest(provider: str, codes: Collection[str], day: str, *, later: bool) -> Query:
    """One row: whether a period holds on a day, and the nearest day of a quote of one day, the best of all pairs."""
    pairs, params = pairs_of(provider, codes)
    bases, listed = in_clause(codes, "p.base")
    symbols, _ = in_clause(codes, "p.symbol")
    best, side = ("min", ">=") if later else ("max", "<=")
    sql = f"""SELECT (SELECT 1 FROM {pairs} AND q.day <= ? AND {_HOLDS} LIMIT 1), (
              SELECT {best}((
                SELECT {best}(q.day) FROM quote q WHERE q.provider = p.provider AND q.base = p.base
                AND q.symbol = p.symbol AND q.day {side} ? AND q.valid_to IS NULL))
              FROM pair p WHERE p.provider = ?{bases}{symbols})"""
    return sql, (*params, day, day, day, provider, *listed, *listed)


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


def by_pair(provider: str, quotes: Iterable[Quote]) -> Given:
    """The quotes by pair and day, in the order of the table."""
    texts: dict[date, str] = {}
    found: dict[Pair, dict[str, Quote]] = {}
    for quote in quotes:
        base, symbol, rate, day, _ = quote
        if not (rate.is_finite() and rate > 0):
            raise BadRate(f"{base} to {symbol} is {rate} on {day}", provider=provider)
        text = texts.get(day)
        if text is None:
            text = texts[day] = day.isoformat()
        days = found.get((base, symbol))
        if days is None:
            days = found[base, symbol] = {}
        days[text] = quote
    return {pair: dict(sorted(found[pair].items())) for pair in sorted(found)}


class Change(NamedTuple):
    """What `put` changed: how many figures are new, how many were there, and each corrected one with the one before."""

    new: int = 0
    same: int = 0
    corrected: tuple[tuple[Quote, Quote], ...] = ()

    def plus(self, other: Change) -> Change:
        """Both changes together."""
        return Change(self.new + other.new, self.same + other.same, self.corrected + other.corrected)


def enter(database: Database, provider: str, given: Given, fetched: datetime | None, digest: str) -> Change:
    """Enters the figures of one answer that differ from the newest revisions; within a transaction."""
    known = _newest_of(database, provider, given)
    answer = database.add_answer(provider, None if fetched is None else moment_text(fetched), digest)
    rows: list[QuoteRow] = []
    corrected: list[tuple[Quote, Quote]] = []
    count = 0
    for (base, symbol), days in given.items():
        count += len(days)
        before = known.get((base, symbol), {})
        for day, quote in days.items():
            end = None if quote.valid_to is None else quote.valid_to.isoformat()
            revision = 0
            if day in before:
                old = before[day]
                if old[4] == end and Decimal(old[3]) == quote.rate:
                    continue
                revision = old[6] + 1
                corrected.append((_quote_of(old), quote))
            rows.append((provider, base, symbol, day, revision, f"{quote.rate:f}", end, answer))
    if rows:
        _add_pairs(database, provider, given)
        database.add_quotes(rows)
    else:
        database.rows("DELETE FROM answer WHERE id = ?", (answer,))
    return Change(len(rows) - len(corrected), count - len(rows), tuple(corrected))


def _quote_of(row: Row) -> Quote:
    base, symbol, day, rate, valid_to = row[:5]
    end = None if valid_to is None else date.fromisoformat(valid_to)
    return Quote(base, symbol, Decimal(rate), date.fromisoformat(day), end)


def _newest_of(database: Database, provider: str, given: Given) -> dict[Pair, dict[str, Row]]:
    """The newest revisions of all figures of the pairs and days that were given."""
    if given.keys().isdisjoint(database.rows(*all_pairs(provider))):
        return {}
    first, last = (best(best(days) for days in given.values()) for best in (min, max))
    found: dict[Pair, dict[str, Row]] = {}
    for row in database.rows(*between(provider, {code for pair in given for code in pair}, first, last)):
        found.setdefault(row[:2], {})[row[2]] = row  # of the same figure the last revision remains
    return found


def _add_pairs(database: Database, provider: str, given: Given) -> None:
    """Enters new pairs, and which of them have periods."""
    known = {row[:2]: row[2] for row in database.rows("SELECT base, symbol, periods FROM pair WHERE provider = ?",
                                                      (provider,))}  # fmt: skip
    for (base, symbol), days in given.items():
        periods = int(any(quote.valid_to is not None for quote in days.values()))
        if known.get((base, symbol), -1) < periods:
            sql = """INSERT INTO pair VALUES (?, ?, ?, ?)
                     ON CONFLICT (provider, base, symbol) DO UPDATE SET periods = excluded.periods"""
            database.rows(sql, (provider, base, symbol, periods))
