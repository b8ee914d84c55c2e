"""The seed: the script that the package grew from runs unchanged, on every pool of the standard library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SEED = """\
from concurrent.futures import ThreadPoolExecutor
from rates import BASES, POOL_SIZE, fetch_rates, present_result

def main():
    with ThreadPoolExecutor(POOL_SIZE) as pool:
        results = pool.map(fetch_rates, BASES)
    for result in results:
        present_result(*result)

if __name__ == "__main__":
    main()
"""
BY_PROCESS = SEED.replace(
    "import ThreadPoolExecutor", "import ProcessPoolExecutor\nfrom multiprocessing import get_context"
)
SUBMITTED = "results = [pool.submit(fetch_rates, base).result() for base in BASES]"
# Of the ECB's last day in the package, 2026-10-30, in the order of the bases.
FIGURES = {
    "USD": ("EUR         0.89509", "JPY       157.25"),
    "EUR": ("USD         1.1172", "JPY       175.68"),
    "GBP": ("USD         1.340", "JPY       210.7"),
    "JPY": ("USD       0.0063593", "CHF       0.005233"),
    "CHF": ("USD         1.215", "JPY       191.1"),
}


def _on(pool: str) -> str:
    return BY_PROCESS.replace("ThreadPoolExecutor(POOL_SIZE)", pool)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(SEED, id="thread"),
        pytest.param(SEED.replace("results = pool.map(fetch_rates, BASES)", SUBMITTED), id="thread-submit"),
        pytest.param(_on("ProcessPoolExecutor(POOL_SIZE)"), id="process"),
        *(
            pytest.param(_on(f"ProcessPoolExecutor(2, mp_context=get_context({method!r}))"), id=method)
            for method in ("fork", "spawn", "forkserver")
        ),
    ],
)
def test_seed(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline it prints every base's table of the ECB's last day, in order, and says nothing on stderr."""
    monkeypatch.setenv("RATES_OFFLINE", "1")
    monkeypatch.setenv("RATES_TODAY", "2026-11-23")
    file = tmp_path / "seed.py"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    tables = done.stdout.strip().split("\n\n1 ")
    assert len(tables) == len(FIGURES)
    for table, (base, lines) in zip(tables, FIGURES.items(), strict=True):
        assert f"{base} · ecb · reference · Fri 2026-10-30 (24 days old)" in table
        words = [line.split() for line in table.splitlines()]
        for line in lines:
            assert line.split() in words
