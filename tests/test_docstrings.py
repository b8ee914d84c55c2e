"""The examples in the packages' docstrings run, offline, and print what they should."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import rates

# What the output of each program contains, one text for each program of the docstring, in order.
PRINTED: dict[str, tuple[str, ...]] = {
    "rates": ("0.89509", "2020-03-02 ecb inverse", "EUR/USD · ecb · ecb-history · 3 rates"),
    "rates.aio": ("USD 0.8950948", "91.05\n2020-03-02"),
    "rates.compare": ("thread×2 by map",),
    "rates.consensus": ("official 0.8950948",),
    "rates.currencies": ("HRK was replaced by EUR on 2023-01-01",),
    "rates.providers": ("",),  # a provider module: it defines, and prints nothing
    "rates.run": ("USD 0.822950", "vatcomply 0.895094880057"),
    "rates.settings": ("('EUR', 'JPY')",),
    "rates.store": ("2026-10-30 1.1172",),
    "rates.store.convert": ("2020-02-28 2 inverse ecb\n89.87\n",),
    "rates.store.convert_many": ("[Decimal('17.89'), Decimal('224.78'), Decimal('1078.94')]",),
    "rates.store.series": ("2020-03-02 1.1122",),
}
PACKAGES = [
    "rates",
    *(f"rates.{module.name}" for module in iter_modules(rates.__path__) if module.name != "__main__"),
    *(name for name in PRINTED if name.count(".") > 1),
]


def _programs(name: str) -> list[str]:
    """The indented blocks of a docstring that import something, as Python programs do."""
    text = import_module(name).__doc__ or ""
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", text + "\n", re.MULTILINE)
    programs = [textwrap.dedent(block).strip("\n") for block in blocks]
    return [program for program in programs if re.search(r"^(?:from|import) ", program, re.MULTILINE)]


PROGRAMS = {name: _programs(name) for name in PACKAGES}
CASES = [(name, place) for name in PACKAGES for place in range(len(PROGRAMS[name]))]


def test_packages_have_examples() -> None:
    """Each package for users of the library has as many programs as are expected here."""
    assert {name: len(PROGRAMS[name]) for name in PRINTED} == {name: len(texts) for name, texts in PRINTED.items()}


@pytest.mark.parametrize(("name", "place"), CASES, ids=[f"{name}-{place}" for name, place in CASES])
def test_examples_run(
    name: str, place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A docstring's program runs to its end as a script, answered offline."""
    monkeypatch.setenv("RATES_OFFLINE", "1")
    script = tmp_path / "example.py"
    script.write_text(PROGRAMS[name][place], encoding="utf-8")
    runpy.run_path(str(script), run_name="__main__")
    out = capsys.readouterr().out
    assert PRINTED.get(name, ("",) * len(PROGRAMS[name]))[place] in out
    assert bool(out) == (name != "rates.providers")


@pytest.mark.slow
def test_examples_are_typed(tmp_path: Path) -> None:
    """The programs of the docstrings and the README pass mypy --strict, but for the types that the seed leaves out."""
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    programs = [program for name in PACKAGES for program in PROGRAMS[name]]
    programs += re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    for place, program in enumerate(programs):
        (tmp_path / f"example{place}.py").write_text(program, encoding="utf-8")
    options = ("--strict", "--allow-untyped-defs", "--allow-untyped-calls", "--cache-dir", str(tmp_path / "cache"))
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
