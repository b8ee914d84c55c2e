"""How long a file of amounts takes to convert: `python tests/benchmarks/bench_csv.py [LINES]`.

Processor time of `rates convert --csv` in this process, best of three, for lines of six currencies over eleven years,
from the ECB's history in the package; beside it the time that the standard library takes to read the same file,
multiply each amount by one rate, and write it. The bound is in seconds for 100,000 lines.
"""

from __future__ import annotations

import csv
import random
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rates.cli import main as rates

ROUNDS, BOUND_S = 3, 10.0
CURRENCIES = ("USD", "GBP", "CHF", "JPY", "SEK", "PLN")
FIRST, DAYS = date(2015, 1, 1), 4300


def make(path: Path, lines: int) -> None:
    """Writes a file of invoices."""
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("number", "date", "customer", "total", "currency", "note"))
        for number in range(lines):
            day = FIRST + timedelta(days=chance.randrange(DAYS))
            total = f"{chance.randrange(1, 10**7) / 100:.2f}"
            writer.writerow((number, day, f"Customer, {number % 97}", total, chance.choice(CURRENCIES), "a note"))


def convert(source: Path, target: Path) -> None:
    """Converts it by the command line."""
    line = ["convert", "--csv", str(source), "-o", str(target), "--amount-column", "total", "--from-column", "currency"]
    assert rates([*line, "--to", "EUR", "--date-column", "date", "--offline"]) == 0


def copy(source: Path, target: Path) -> None:
    """What the standard library needs at least."""
    with source.open(encoding="utf-8", newline="") as file, target.open("w", encoding="utf-8", newline="") as written:
        reader, writer = csv.reader(file), csv.writer(written)
        writer.writerow(next(reader))
        for row in reader:
            writer.writerow((*row, Decimal(row[3]) * Decimal("0.9")))


def best_s(work: Callable[[Path, Path], None], source: Path, target: Path) -> float:
    """The least processor time of a few rounds."""
    took = []
    for _ in range(ROUNDS):
        began = process_time()
        work(source, target)
        took.append(process_time() - began)
    return min(took)


def main() -> int:
    """Prints the times; the status is 1 when the command takes longer than it may."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(StringIO()):
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        make(source, lines)
        ours, least = best_s(convert, source, target), best_s(copy, source, target)
    print(f"{lines:,} lines: {ours:.2f} s, {ours / lines * 1e6:.1f} µs a line; the standard library {least:.2f} s")
    return int(ours > BOUND_S * lines / 100_000)


if __name__ == "__main__":
    raise SystemExit(main())
