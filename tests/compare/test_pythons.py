from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from rates.cli import compare_pythons, main
from rates.cli.compare_outputs import Outputs
from rates.cli.compare_pythons import _arguments, _labels, table
from rates.compare import to_json
from rates.compare.load import Run, read
from rates.compare.python_versions import sentences, variants
from rates.compare.pythons import Python, find, without
from rates.compare.records import Variant
from rates.errors import RatesError, UsageError
from rates.settings import Settings
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD
from tests.compare.made import comparison, failing
from tests.compare.test_load import ran, run_of

HERE = Python("here", sys.executable, "3.11.7", False)
INTERPRETER = Variant("interpreter", "map", 8)


def script(folder: Path, name: str, text: str) -> Path:
    """A program of that name."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_finds_itself() -> None:
    """The interpreter that runs is found by its path, with its version, and can run a comparison."""
    found = find(sys.executable)
    assert found.executable == sys.executable
    assert found.version == sys.version.split()[0]
    assert found.label.startswith(found.version)


def test_finds_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version is looked for on PATH by its name, and is the interpreter that it starts."""
    script(tmp_path, "python3.97", f'exec {sys.executable} "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert find("3.97").executable == sys.executable
    assert find("3.97").identity == find(sys.executable).identity


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "echo 'pyenv: python3.98: command not found' >&2; echo 'see help' >&2; exit 127",
            "works here: pyenv: python3.98",
        ),
        ("exit 3", "status 3"),
        ("echo hello", "works here: hello"),
        ('echo \'{"version": "3.9.2", "recent": false}\'', "is Python 3.9.2; 3.11 is the oldest"),
        (
            'echo \'{"version": "3.13.1", "recent": true, "free": false, "why": "No requests"}\'',
            "cannot run a comparison: No requests; .* -m pip install fetch-rates",
        ),
    ],
)
def test_interpreters_that_do_not_work(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that does not start, is too old, or lacks a package is told with what it says."""
    script(tmp_path, "python3.98", text)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(RatesError, match=message):
        find("3.98")


def test_names() -> None:
    """What is not there is told as that; what is no version and no path is a wrong use."""
    for name in ("3.99", "3.99t", "/nowhere/python", "/"):
        with pytest.raises(RatesError, match=r"is not on PATH|no interpreter at") as error:
            find(name)
        assert not isinstance(error.value, UsageError)
    for name in ("three", "3", "3.13x", "-c"):
        with pytest.raises(UsageError, match="names no Python"):
            find(name)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("--python 3.11 USD", "USD"),
        ("USD --python=3.11 --modes thread", "USD --modes thread"),
        ("--seed 3 --seeds 4 --watch x", "--seeds 4 x"),
        ("-- --python 3.11", "-- --python 3.11"),
        ("--python", ""),
    ],
)
def test_without(line: str, left: str) -> None:
    """Options go with their values, however they are written; what follows `--` is no option."""
    assert without(line.split(), ["--python", "--seed"], ["--watch"]) == left.split()


def test_what_children_are_asked() -> None:
    """Each pass has the same words, half of the rounds or of the time, its own seed, and gives its JSON alone."""
    words = ("USD", "--python", "3.11,3.14", "--rounds=9", "--format", "json", "--export-json", "x.json", "--warm")
    head = ["--seed", "6", "--export-json", "-", "--rounds", "5"]
    assert _arguments(words, 5, 9, None, 1) == [*head, "USD", "--warm"]
    assert _arguments(("--time-budget", "9s"), 5, None, 9.0, 0) == [
        "--seed", "5", "--export-json", "-", "--time-budget", "4.5s",
    ]  # fmt: skip
    assert _arguments((), 5, None, None, 0)[4:] == ["--rounds", "5"]
    assert _arguments(("--live",), 5, 2, None, 0)[4:] == ["--rounds", "3", "--yes", "--live"]


def test_labels() -> None:
    """Two interpreters of one version are told apart."""
    free = Python("b", "/b", "3.13.5", True)
    assert _labels([HERE, free, HERE]) == ["3.11.7", "3.13.5t", "3.11.7 (2)"]


def two_runs() -> tuple[Run, Run]:
    """The same work with the GIL and without, where it is twice as fast in threads, and processes are the same."""
    times = [1.0, 1.01, 0.99, 1.0, 1.01, 0.99]
    with_it = run_of(
        ran(SEQUENTIAL, *[8 * time for time in times]), ran(THREAD, *times, waiting_share=0.2, speedup=8.0),
        ran(PROCESS, *[2 * time for time in times], startup_s=0.5), name="3.13.1",
    )  # fmt: skip
    without_it = run_of(
        ran(SEQUENTIAL, *[8 * time for time in times]), ran(THREAD, *[time / 2 for time in times], speedup=16.0),
        ran(PROCESS, *[2 * time for time in times]), ran(INTERPRETER, *[3 * time for time in times]),
        name="3.13.1t", gil=False,
    )  # fmt: skip
    return with_it, without_it


def test_sentences() -> None:
    """It says who is fastest under each, what is beyond the noise between them, and what the GIL has to do with it."""
    said = sentences(two_runs())
    assert "3.13.1: thread is the fastest, beyond the noise." in said
    assert "Under 3.13.1t, against 3.13.1, beyond the noise: thread 50 % faster." in said
    assert (
        "3.13.1t, without the GIL: thread 0.50 s after 0.10 s of start-up, process 2.00 s after 0.10 s of start-up, "
        "interpreter 3.00 s after 0.10 s of start-up."
    ) in said
    assert said[-1] == (
        "Threads reach 8.0x with the GIL (3.13.1) and 16.0x without (3.13.1t): a fetch computes 80 % of its time, and "
        "with the GIL one at a time."
    )
    assert "All of them have the GIL" in sentences(two_runs()[:1])[-1]


def test_waiting_needs_no_gil() -> None:
    """Where fetches wait nearly all of their time, the GIL is not what limits threads."""
    with_it, without_it = two_runs()
    waiting = run_of(*(ran(each.variant, *each.rounds, waiting_share=0.98) for each in with_it.ran), name="3.13.1")
    assert sentences((waiting, without_it))[-1].endswith("of its time, so the GIL is not what limits them.")


def test_table() -> None:
    """A line a variant, a column a Python, which says where the GIL is off; what one has not run is not there."""
    found = table(two_runs(), "simple")
    lines = {line.split()[0]: line.split() for line in found.splitlines() if line.startswith(("thread", "interpreter"))}
    assert "3.13.1t, no GIL" in found
    assert lines["thread"][3:] == ["1000.0", "±", "8.9", "500.0", "±", "4.5", "100", "100"]
    assert lines["interpreter"][3:5] == ["–", "3000.0"]
    assert variants(two_runs()) == [SEQUENTIAL, THREAD, PROCESS, INTERPRETER]
    assert table(two_runs(), "jsonl").count('"python": "3.13.1t"') == 4


def test_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is measured in turn and then backwards; one that fails is told and left out, and files are kept."""
    asked: list[str] = []

    def measured(python: Python, arguments: list[str]) -> tuple[str, bool]:
        asked.append(python.label)
        if python.label == "3.12.0":
            raise RatesError("no JSON")
        return to_json(comparison()), False

    found = [Python(name, name, f"{name}.0", False) for name in ("3.11", "3.12", "3.13")]
    monkeypatch.setattr(compare_pythons, "find", lambda name: next(each for each in found if each.name == name))
    monkeypatch.setattr(compare_pythons, "measured", measured)
    outputs = Outputs(export_json=str(tmp_path / "out.json"), pythons=("3.11", "3.12", "3.13"))
    assert compare_pythons.run(outputs, (), Settings(seed=1), None, None) == 1
    assert asked == ["3.11.0", "3.12.0", "3.13.0", "3.13.0", "3.11.0"]
    out, err = capsys.readouterr()
    assert "3.13.0" in out
    assert "left out: no JSON" in err
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"out-{version}.0{turn}.json" for version in ("3.11", "3.13") for turn in ("-2", "")]


def test_for_real(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The interpreter that runs measures in a process of its own, and one that is not there is told."""
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
    assert read(files[0].read_text(encoding="utf-8"), "x").python == version


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
    """What cannot be is told at once, with the status 2."""
    assert main(["compare", *args]) == 2
    assert message in capsys.readouterr().err


def test_failures_are_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Fetches that failed under a Python are told with why, and leave the status 1: a dash alone says nothing."""
    monkeypatch.setattr(compare_pythons, "find", lambda name: HERE)
    monkeypatch.setattr(compare_pythons, "measured", lambda python, arguments: (to_json(failing()), False))
    assert compare_pythons.run(Outputs(pythons=("3.11",)), (), Settings(seed=1), None, None) == 1
    assert "thread by map with 2 workers: 1 of 6 fetches failed: refused <&>" in capsys.readouterr().err
