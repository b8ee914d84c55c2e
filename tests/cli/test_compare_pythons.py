"""`rates compare --python`: two passes of each, one table."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rates.cli import main
from rates.cli.compare import _pythons as run
from rates.cli.compare_outputs import Outputs
from rates.cli.compare_tables import pythons_text
from rates.compare import Comparison, pythons
from rates.compare.json_format import from_json
from rates.errors import RatesError
from rates.settings import Settings
from tests.compare.made import comparison, failing
from tests.compare.test_pythons import two_runs


def test_table() -> None:
    """A line a variant and a column a Python, which says where the GIL is off; a dash for what was not run."""
    found = pythons_text(two_runs(), "simple")
    lines = {line.split()[0]: line.split() for line in found.splitlines() if line.startswith(("thread", "interpreter"))}
    assert "3.13.1t, no GIL" in found
    assert lines["thread"][1:] == ["1000.0", "±", "8.9", "500.0", "±", "4.5", "100", "100"]
    assert lines["interpreter"][1:3] == ["–", "3000.0"]
    assert pythons_text(two_runs(), "jsonl").count('"python": "3.13.1t"') == 4


def test_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each Python is measured in turn, then backwards; one that fails is left out, and files are kept."""
    asked: list[str] = []

    def measured(path: str, arguments: list[str]) -> tuple[Comparison, str, bool]:
        asked.append(path)
        if path == "3.12":
            raise RatesError("no JSON")
        made = comparison()
        return replace(made, machine=replace(made.machine, python=path)), "{}", False

    monkeypatch.setattr(pythons, "find", lambda name: name)
    monkeypatch.setattr(pythons, "measured", measured)
    outputs = Outputs({"--export-json": str(tmp_path / "out.json")}, pythons=("3.11", "3.12", "3.13"))
    assert run(outputs, (), Settings(seed=1), None, None) == 1
    assert asked == ["3.11", "3.12", "3.13", "3.13", "3.11"]
    out, err = capsys.readouterr()
    assert "3.13" in out
    assert "left out: no JSON" in err
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"out-{version}{turn}.json" for version in ("3.11", "3.13") for turn in ("-2", "")]


@pytest.mark.slow
def test_for_real(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The running interpreter measures in a child process, and a missing one is reported."""
    quick = ("--latency", "0", "--modes", "sequential,thread", "--via", "map", "--workers", "2", "--rounds", "3")
    names = f"{sys.executable},3.99"
    kept = str(tmp_path / "all.json")
    assert main(["compare", "--python", names, *quick, "--warmup", "0", "--export-json", kept, "USD", "EUR"]) == 1
    out, err = capsys.readouterr()
    version = sys.version.split()[0]
    assert version in out
    assert "python3.99 is not on PATH" in err
    files = sorted(tmp_path.iterdir())
    assert len(files) == 2
    assert from_json(files[0].read_text(encoding="utf-8"), "x").machine.python == version


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--python", ","), "names none"),
        (("--python", "3.99"), "none of these Pythons"),
        (("--python", "x"), "names no Python"),
        (("--python", "3.11", "--plot", "x.svg"), "one table of all"),
        (("--python", "3.11", "--export-json", "-"), "a file for each"),
        (("--python", "3.11", "--timeline"), "one table of all"),
    ],
)
def test_wrong_usage(args: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Impossible arguments are refused at once, with the status 2."""
    assert main(["compare", *args]) == 2
    assert message in capsys.readouterr().err


def test_failures_are_reported(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Fetches that failed under a Python are reported with the reason, and the status is 1."""
    monkeypatch.setattr(pythons, "find", lambda name: name)
    monkeypatch.setattr(pythons, "measured", lambda path, arguments: (failing(), "{}", False))
    assert run(Outputs(pythons=("3.11",)), (), Settings(seed=1), None, None) == 1
    assert ": failed 1x: x" in capsys.readouterr().err
