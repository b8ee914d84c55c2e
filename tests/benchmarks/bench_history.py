"""Dated conversions side by side with CurrencyConverter, as ratios: run it by hand, it is no test.

    pip install CurrencyConverter
    python tests/benchmarks/bench_history.py [ROUNDS]

Whole processes and single calls, each round one of each in turn; a line has the median of the paired ratios, its
quartiles, and the bound. Files are byte-compiled before; processor time is compared within a process, since a busy
neighbour lengthens all else.
"""

from __future__ import annotations

import compileall
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time

import rates
from rates.model import Quote
from rates.store import Store

OURS = "import rates; from datetime import date; rates.convert(100, 'USD', 'EUR', on=date({day}))"
THEIRS = (
    "from currency_converter import CurrencyConverter; from datetime import date; "
    "CurrencyConverter().convert(100, 'USD', 'EUR', date=date({day}))"
)
MEMORY = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
DAYS = {"a recent day": "2026, 10, 1", "a day of 2010": "2010, 6, 1", "a day of 1999": "1999, 6, 1"}
CALLS, AMOUNTS = 50_000, 1_000_000
CODES = ("USD", "JPY", "GBP", "CHF", "AUD", "SEK")
MONDAY = date(2020, 3, 2)


def process_s(code: str, environ: dict[str, str]) -> tuple[float, int]:
    """The time of one process from its start to its end, and its most memory in kB."""
    start = perf_counter()
    done = subprocess.run([sys.executable, "-c", code + MEMORY], env=environ, capture_output=True, check=True)
    return perf_counter() - start, int(done.stdout)


def cpu_s(call: Callable[[], object]) -> float:
    """The processor time of a call."""
    start = process_time()
    call()
    return process_time() - start


@contextmanager
def bare_environ() -> Iterator[dict[str, str]]:
    """An environment without settings or a store of the person who runs it."""
    with tempfile.TemporaryDirectory() as home:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("RATES_")}
        environ |= {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        environ["PYTHONPATH"] = str(Path(rates.__file__).parent.parent)
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        yield environ


def line(name: str, ratios: list[float], bound: str) -> None:
    """One line of the report."""
    low, middle, high = statistics.quantiles(ratios, n=4)
    print(f"{name:58} {middle:6.2f} × ({low:.2f}–{high:.2f})   {bound}")


def start_up(rounds: int, environ: dict[str, str]) -> None:
    """From the start of the process to the first dated conversion."""
    for name, day in DAYS.items():
        times, memory = [], []
        for _ in range(rounds + 1):  # the first round fills the caches of the disk
            ours, theirs = (process_s(code.format(day=day), environ) for code in (OURS, THEIRS))
            times.append(ours[0] / theirs[0])
            memory.append(ours[1] / theirs[1])
        line(f"process with one conversion of {name}", times[1:], "at most 0.5")
        line("  its memory", memory[1:], "at most 0.6")


def repeated(rounds: int) -> None:
    """Many conversions in one process, of one pair and day, and of random ones."""
    from currency_converter import CurrencyConverter

    peer = CurrencyConverter(
        decimal=True, fallback_on_missing_rate=True, fallback_on_missing_rate_method="last_known"
    ).convert
    draw = random.Random(1)
    days = [date(2010, 1, 4) + timedelta(days=count) for count in range(5000)]
    jobs = {
        "one pair and day": [("USD", "EUR", MONDAY)] * CALLS,
        "random pairs and days": [(draw.choice(CODES), draw.choice(CODES), draw.choice(days)) for _ in range(CALLS)],
    }
    convert = rates.convert

    def ours(rows: list[tuple[str, str, date]]) -> None:
        for base, symbol, day in rows:
            convert(100, base, symbol, on=day)

    def theirs(rows: list[tuple[str, str, date]]) -> None:
        for base, symbol, day in rows:
            peer(100, base, symbol, date=day)

    for name, rows in jobs.items():
        ratios = []
        for _ in range(rounds + 1):
            own = cpu_s(lambda rows=rows: ours(rows))  # type: ignore[misc]
            ratios.append(own / cpu_s(lambda rows=rows: theirs(rows)))  # type: ignore[misc]
        line(f"a conversion of {name} ({own / CALLS * 1e9:.0f} ns)", ratios[1:], "at most 1.0")


def columns(rounds: int) -> None:
    """A column of a million amounts against the loop."""
    amounts = [Decimal(count) / 100 for count in range(1, AMOUNTS + 1)]
    draw = random.Random(1)
    days = [date(2010, 1, 4) + timedelta(days=draw.randrange(4000)) for _ in amounts]
    for base, symbol in (("USD", "EUR"), ("EUR", "USD"), ("USD", "JPY")):
        ratios = []
        for _ in range(rounds):
            many = cpu_s(lambda pair=(base, symbol): rates.convert_many(amounts, *pair, on=MONDAY))  # type: ignore[misc]
            loop = cpu_s(lambda b=base, s=symbol: [rates.convert(a, b, s, on=MONDAY) for a in amounts])  # type: ignore[misc]
            ratios.append(loop / many)
        line(f"a loop over a million amounts, {base} to {symbol}, to convert_many", ratios, "at least 5")
    ratios = []
    for _ in range(rounds):
        many = cpu_s(lambda: rates.convert_many(amounts, "USD", "EUR", on=days))
        loop = cpu_s(lambda: [rates.convert(a, "USD", "EUR", on=day) for a, day in zip(amounts, days, strict=True)])
        ratios.append(loop / many)
    line("the same with a column of days", ratios, "")


def stored(rounds: int, home: str) -> None:
    """An as-of look-up through the public function, in a store with one provider's 25 years."""
    days = [date(2000, 1, 3) + timedelta(days=count) for count in range(9000)]
    with Store.open(Path(home) / "bench.db") as store:
        store.put("nbp", [Quote(code, "PLN", Decimal("4.1"), day) for day in days for code in CODES], None, "")
        store.attempts.settle("nbp", "", days[0], days[-1])
        draw = random.Random(1)
        times = []
        for _ in range(rounds):
            asked = [draw.choice(days) for _ in range(500)]
            took = cpu_s(
                lambda asked=asked: [rates.look_up("USD", "PLN", day, provider="nbp", store=store) for day in asked]
            )  # type: ignore[misc]
            times.append(took / len(asked) * 1e6)
    print(f"{'an as-of look-up in a store':58} {statistics.median(times):6.0f} µs             tens of µs")


def main() -> int:
    """Prints the report."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    compileall.compile_dir(str(Path(rates.__file__).parent), quiet=1)
    with bare_environ() as environ:
        os.environ.update(environ)
        start_up(rounds, environ)
        repeated(rounds)
        columns(max(2, rounds // 3))
        stored(rounds, environ["XDG_DATA_HOME"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
