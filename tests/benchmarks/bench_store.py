"""What the store's figures ask, measured side by side in one run: `python tests/benchmarks/bench_store.py [NAME…]`.

insert     the ECB's whole history into a new file: the store, and sqlite3 alone with the same rows (under 3 times)
sync       an hourly `rates sync` with nothing new, and `rates --version` (under 1.5 times)
table      `rates USD EUR GBP` answered by the store, and `python -c "import click"` (under 1.8 times)
many       as-of look-ups among 10 million quotes of 120 publishers in 25 years, and among 200,000 (under 10 times);
           opening either (no longer for the larger one). Takes four minutes, and half a gigabyte in $TMPDIR
postgres   as-of look-ups in the store on a PostgreSQL server, and by a bare psycopg query (under 3 times)

Without a name all but `many`. Ratios are medians over interleaved rounds, with the quartiles.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from rates import history
from rates.model import Quote
from rates.settings import Settings
from rates.store import Store
from rates.store.answer_table import Answered
from rates.store.attempts import NO_HISTORY, Visit
from rates.store.calendars import NEVER

ROUNDS = 9
PUBLISHERS, YEARS, CURRENCIES = 120, 25, 13
LAST = date(2026, 10, 30)
NOW = datetime(2026, 10, 30, 12, tzinfo=UTC)
TODAY = "2026-11-23"


def ecb() -> list[Quote]:
    """All that the history in the package has."""
    return [
        Quote("EUR", symbol, Decimal(rate), day)
        for day, row in history.span(history.FIRST_DAY, history.last_day())
        for symbol, rate in row.items()
    ]


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(
    name: str, ours: Callable[[], float], other: Callable[[], float], most: float, rounds: int = ROUNDS
) -> None:
    """Prints the median ratio of interleaved rounds, and whether it is under what is asked."""
    pairs = []
    for turn in range(rounds + 1):
        one, two = (ours(), other()) if turn % 2 else (other(), ours())[::-1]
        pairs.append((one, two))
    pairs = pairs[1:]  # the first warms up
    ratios = sorted(one / two for one, two in pairs)
    low, middle, high = statistics.quantiles(ratios, n=4)
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    verdict = "ok" if middle < most else "MISSED"
    print(f"{name}: {middle:.2f} ({low:.2f}-{high:.2f}) times, under {most:g} asked: {verdict}; "
          f"{mine * 1e3:.4g} ms, {theirs * 1e3:.4g} ms", flush=True)  # fmt: skip


@contextmanager
def folder() -> Iterator[str]:
    """A new folder."""
    name = tempfile.mkdtemp(prefix="bench-store-")
    yield name
    shutil.rmtree(name)


# --- insert ----------------------------------------------------------------------------------------------------------


def insert() -> None:
    """A new store with the whole history, against a new table of the same rows."""
    quotes = ecb()
    rows = sorted(("ecb", q.base, q.symbol, q.day.isoformat(), 0, f"{q.rate:f}", None, 1) for q in quotes)

    def ours() -> float:
        with folder() as place, Store.open(f"{place}/rates.db") as store:
            return timed(lambda: store.put("ecb", quotes, NOW, "ab" * 32))

    def bare() -> float:
        with folder() as place:
            return timed(lambda: raw_insert(f"{place}/raw.db", rows))

    print(f"{len(rows)} rows")
    compare("insert", ours, bare, 3)


def raw_insert(path: str, rows: Sequence[tuple[object, ...]]) -> None:
    """The rows into a table as FINDINGS measured it: sorted, without rowid, with a log."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(
        """CREATE TABLE quote (provider TEXT, base TEXT, symbol TEXT, day TEXT, revision INTEGER, rate TEXT,
           valid_to TEXT, answer INTEGER, PRIMARY KEY (provider, base, symbol, day, revision)) WITHOUT ROWID"""
    )
    connection.executemany("INSERT INTO quote VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


# --- sync ------------------------------------------------------------------------------------------------------------


def sync() -> None:
    """A sync with nothing new, in a process of its own, against the process that prints the version."""
    with folder() as place:
        environ = {**os.environ, "RATES_STORE": f"{place}/rates.db", "RATES_TODAY": TODAY}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)

        def run(*args: str) -> float:
            command = [sys.executable, "-m", "rates", *args]
            return timed(lambda: subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL))

        run("sync", "ecb", "--offline")
        with Store.open(f"{place}/rates.db") as store:  # as after a sync of the usual chain over the network
            due = datetime(2026, 11, 24, 15, tzinfo=UTC)
            store.attempts.visit(Visit("ecb", "", date(1999, 1, 4), NOW, due))
            for base in ("USD", "EUR", "GBP", "JPY", "CHF"):
                store.attempts.visit(Visit("frankfurter", base, date(1999, 1, 4), NOW, due))
            store.attempts.visit(Visit("erapi", "", NO_HISTORY, NOW, due))
        compare("sync ecb", lambda: run("sync", "ecb"), lambda: run("--version"), 1.5, 21)
        compare("sync", lambda: run("sync"), lambda: run("--version"), 1.5, 21)


# --- table -----------------------------------------------------------------------------------------------------------


def table() -> None:
    """A table that a run before has fetched, in a process of its own, against the import of the command line's library.

    The answer is entered as a run with the settings' own chain enters it.
    """
    with folder() as place:
        environ = {**os.environ, "RATES_STORE": f"{place}/rates.db"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        newest = [quote for quote in ecb() if quote.day == history.last_day()]
        question = f"{','.join(Settings().chain)} latest"
        answer = ("ecb", "EUR", "reference", history.last_day(), history.last_day(), NOW, NEVER, "ab" * 32)
        with Store.open(f"{place}/rates.db") as store:
            store.put("ecb", newest, NOW, "ab" * 32)
            store.answers.enter(Answered(question, "", *answer))

        def run(*call: str) -> float:
            return timed(lambda: subprocess.run(call, env=environ, check=True, stdout=subprocess.DEVNULL))

        command = str(Path(sys.executable).with_name("rates"))  # as it is installed: -m takes 4 ms more
        compare("table", lambda: run(command, "USD", "EUR", "GBP"), lambda: run(sys.executable, "-c", "import click"),
                1.8, 31)  # fmt: skip


# --- many ------------------------------------------------------------------------------------------------------------


def codes(publisher: int) -> list[str]:
    """The currencies of a publisher: its own, then those that it quotes."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [f"{letters[publisher % 26]}{letters[publisher // 26]}{letters[n]}" for n in range(CURRENCIES + 1)]


def fill(store: Store, publishers: int) -> int:
    """Puts made-up quotes of so many publishers, on each working day of 25 years; gives how many."""
    days = [LAST - timedelta(days=count) for count in range(YEARS * 365)]
    days = [day for day in days if day.weekday() < 5]
    rates = [Decimal(10_000 + n).scaleb(-4) for n in range(997)]
    for number in range(publishers):
        pivot, *others = codes(number)
        for first in range(0, len(days), 261):  # an answer a year
            quotes = [
                Quote(pivot, symbol, rates[(place * 31 + turn) % 997], day)
                for place, symbol in enumerate(others)
                for turn, day in enumerate(days[first : first + 261])
            ]
            store.put(f"bank{number:03}", quotes, NOW, "ab" * 32)
        print(f"\r{number + 1} of {publishers}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return publishers * CURRENCIES * len(days)


def look_up(store: Store, publishers: int, chance: random.Random) -> None:
    """A cross of a random day: the nearest day before it with rates, and the two figures."""
    number = chance.randrange(publishers)
    pivot, *others = codes(number)
    wanted = (pivot, *chance.sample(others, 2))
    day = LAST - timedelta(days=chance.randrange(YEARS * 365 - 10))
    near = store.nearest(f"bank{number:03}", wanted, day, later=False)
    assert near is not None
    assert sum(1 for _ in store.between(f"bank{number:03}", wanted, near, near)) == 2


def many() -> None:
    """Look-ups and opening, in a large store and a small one."""
    with folder() as place:
        sizes = {}
        for publishers in (3, PUBLISHERS):
            with Store.open(f"{place}/{publishers}.db") as store:
                count = fill(store, publishers)
                sizes[publishers] = count
            print(f"{count} quotes, {os.path.getsize(f'{place}/{publishers}.db') / 1e6:.0f} MB")

        def looking(publishers: int) -> Callable[[], float]:
            store, chance = Store.open(f"{place}/{publishers}.db"), random.Random(1)
            return lambda: timed(lambda: [look_up(store, publishers, chance) for _ in range(1000)])

        def opening(publishers: int) -> float:
            with Store.open(f"{place}/{publishers}.db") as store:
                return timed(lambda: look_up(store, publishers, random.Random(1)))

        compare("1000 look-ups", looking(PUBLISHERS), looking(3), 10)
        compare("open and look up once", lambda: opening(PUBLISHERS), lambda: opening(3), 2, 31)


# --- postgres --------------------------------------------------------------------------------------------------------


def postgres() -> None:
    """Look-ups on a server of our own, against the same question asked by psycopg alone."""
    import psycopg

    from tests.store.server import server

    with server() as url, Store.open(url) as store, psycopg.connect(url, autocommit=True) as bare:
        store.put("ecb", ecb(), NOW, "ab" * 32)
        bare.execute("ANALYZE")
        chance = random.Random(1)
        days = [LAST - timedelta(days=chance.randrange(9000)) for _ in range(500)]
        sql = """SELECT day, rate FROM rates.quote WHERE provider = 'ecb' AND base = 'EUR' AND symbol = %s
                 AND day BETWEEN %s AND %s ORDER BY day"""
        newest = (
            "SELECT max(day) FROM rates.quote WHERE provider = 'ecb' AND base = 'EUR' AND symbol = %s AND day <= %s"
        )
        week = timedelta(days=7)

        def ours() -> None:
            for day in days:
                assert list(store.between("ecb", ("EUR", "USD"), day - week, day))

        def theirs() -> None:
            for day in days:
                assert bare.execute(sql, ("USD", day - week, day)).fetchall()

        def near() -> None:
            for day in days:
                assert store.nearest("ecb", ("EUR", "USD"), day, later=False)

        def near_bare() -> None:
            for day in days:
                assert bare.execute(newest, ("USD", day)).fetchone()

        def read() -> None:
            first = date(2020, 1, 1)
            assert len(list(store.between("ecb", (), first, LAST))) > 50_000

        def read_bare() -> None:
            rows = bare.execute(
                "SELECT base, symbol, day, rate FROM rates.quote WHERE provider = 'ecb' AND day >= %s ORDER BY day",
                (date(2020, 1, 1),),
            ).fetchall()
            assert len(rows) > 50_000

        compare("500 look-ups within a week on PostgreSQL", lambda: timed(ours), lambda: timed(theirs), 3)
        compare("500 nearest days on PostgreSQL", lambda: timed(near), lambda: timed(near_bare), 3)
        compare("seven years on PostgreSQL", lambda: timed(read), lambda: timed(read_bare), 3)


if __name__ == "__main__":
    for name in sys.argv[1:] or ("insert", "sync", "table", "postgres"):
        {"insert": insert, "sync": sync, "table": table, "many": many, "postgres": postgres}[name]()
