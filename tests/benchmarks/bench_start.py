"""What a list of all publishers costs over the bare version, as a ratio: run it by hand, it is no test.

    python tests/benchmarks/bench_start.py [ROUNDS]

Whole processes, byte-compiled before, each round one of each in turn; the ratio printed is the median of the paired
ratios to `rates --version` of the same round, with the quartiles beside it. The first line is that of `--version` to
itself (A/A), which shows which differences this machine can measure.
"""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import rates

LINES = (
    ("--version",),
    ("providers",),
    ("providers", "--currency", "TRY", "--key", "none"),
    ("providers", "ecb"),
    ("providers", "--format", "json"),
    ("currencies",),
    ("--help",),
)
BOUND = 1.3  # of `rates providers`


def took_s(words: tuple[str, ...], environ: dict[str, str]) -> float:
    """The time of one process, from its start to its end."""
    start = perf_counter()
    command = [sys.executable, "-m", "rates", *words]
    subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return perf_counter() - start


def measured(rounds: int) -> dict[tuple[str, ...], list[float]]:
    """The paired ratios of each command line to `--version`."""
    compileall.compile_dir(str(Path(rates.__file__).parent), quiet=1)
    with tempfile.TemporaryDirectory() as home:  # no settings of the person who runs it
        environ = {name: value for name, value in os.environ.items() if not name.startswith("RATES_")}
        environ |= {"XDG_CONFIG_HOME": home, "PYTHONPATH": str(Path(rates.__file__).parent.parent)}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        ratios: dict[tuple[str, ...], list[float]] = {line: [] for line in LINES}
        for line in LINES:
            took_s(line, environ)
        for _ in range(rounds):
            reference = took_s(LINES[0], environ)
            for line in LINES:
                ratios[line].append(took_s(line, environ) / reference)
    return ratios


def main() -> int:
    """Prints the ratios; the status is 1 when the list costs more than it may."""
    ratios = measured(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
    for line, found in ratios.items():
        low, middle, high = statistics.quantiles(found, n=4)
        print(f"rates {' '.join(line):<40} {middle:5.2f}   {low:.2f} … {high:.2f}")
    return int(statistics.median(ratios[LINES[1]]) > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
