"""Interpreters are found or refused with the reason; the sentences about several claim what the rounds show."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from rates.compare.json_format import from_json
from rates.compare.pythons import (
    Runs,
    arguments_of,
    find,
    labelled,
    measured,
    sentences,
    version,
    without,
)
from rates.compare.results import Sample, Variant
from rates.errors import RatesError, UsageError
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD
from tests.compare.test_regression import ran, run_of

EXECUTABLE = os.path.abspath(sys.executable)  # which may have been called by a path with ".."
REPLACED = ("--python", "--format", "--seed", "--rounds", "--time-budget", "--export-json")


def script(folder: Path, name: str, text: str) -> Path:
    """A program of that name."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_finds_by_path_and_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is taken, and a version is searched on PATH."""
    assert find(sys.executable) == EXECUTABLE
    there = script(tmp_path, "python3.97", f'exec {sys.executable} "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert find("3.97") == str(there)


@pytest.mark.slow
def test_measures_with_itself(tmp_path: Path) -> None:
    """The running interpreter measures in a child, whatever the folder it is started in has."""
    quick = ("--latency", "0", "--modes", "sequential", "--rounds", "1", "--warmup", "0", "USD")
    run, text, interrupted = measured(sys.executable, ("--export-json", "-", *quick))
    assert (run.machine.python, interrupted) == (sys.version.split()[0], False)
    assert version(from_json(text, "x")) == version(run)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("echo 'pyenv: python3.98: command not found' >&2; exit 127", "cannot run a comparison: pyenv: python3.98"),
        ("exit 3", "cannot run a comparison: status 3"),
        ("echo hello", "is not JSON"),
        (
            "echo 'ImportError: No module named requests' >&2; exit 1",
            "No module named requests; .* -m pip install fetch",
        ),
    ],
)
def test_interpreters_that_do_not_work(text: str, message: str, tmp_path: Path) -> None:
    """An interpreter that does not start, or lacks a package, is refused with its own message."""
    with pytest.raises(RatesError, match=message):
        measured(str(script(tmp_path, "python3.98", text)), ())


def test_names() -> None:
    """A missing interpreter is an error; a text that is neither a version nor a path is wrong usage."""
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
        ("--seed 3 --seeds 4 --watch x", "--seeds 4 --watch x"),
        ("-- --python 3.11", "-- --python 3.11"),
        ("--python", ""),
    ],
)
def test_without(line: str, left: str) -> None:
    """Options are removed with their values, in both ways of writing them; nothing after `--` is an option."""
    assert without(line.split(), ["--python", "--seed"]) == left.split()


def test_arguments_of_children() -> None:
    """Each pass has the same words, half of the rounds or of the time, its own seed, and JSON as its only output."""
    words = ("USD", "--python", "3.11,3.14", "--rounds=9", "--format", "json", "--export-json", "x.json", "--warm")
    head = ["--seed", "6", "--export-json", "-", "--rounds", "5"]
    assert arguments_of(words, REPLACED, 5, 9, None, 1) == [*head, "USD", "--warm"]
    assert arguments_of(("--time-budget", "9s"), REPLACED, 5, None, 9.0, 0) == [
        "--seed", "5", "--export-json", "-", "--time-budget", "4.5s",
    ]  # fmt: skip
    assert arguments_of((), REPLACED, 5, None, None, 0)[4:] == ["--rounds", "5"]
    assert arguments_of(("--live",), REPLACED, 5, 2, None, 0)[4:] == ["--rounds", "3", "--yes", "--live"]


def test_names_of_equal_versions() -> None:
    """Each Python has its version, without the GIL a letter more, and a number if an earlier one has the same."""
    with_it, without_it = two_runs().values()
    assert list(labelled([[with_it], [without_it], [], [with_it]])) == ["3.11", "3.11t", "3.11 (2)"]


INTERPRETER = Variant("interpreter", "map", 8)
TIMES = (1.0, 1.01, 0.99, 1.0, 1.01, 0.99)


def threads(factor: float = 1.0) -> list[Sample]:
    """Threads that take that many times as long."""
    return ran(THREAD, *[factor * time for time in TIMES])


def two_runs() -> Runs:
    """The same work with and without the GIL: twice as fast in threads without it, and equal in processes."""
    alone = ran(SEQUENTIAL, *[8 * time for time in TIMES])
    apart = [2 * time for time in TIMES]
    return {
        "3.13.1": run_of(alone, threads(), ran(PROCESS, *apart, startup_s=0.5)),
        "3.13.1t": run_of(
            alone, threads(0.5), ran(PROCESS, *apart), ran(INTERPRETER, *[3 * time for time in TIMES]), gil=False
        ),
    }


def test_sentences() -> None:
    """They say what to use under each, and what differs beyond the noise."""
    said = sentences(two_runs())
    assert said[0].startswith("3.13.1: Use thread: 8.0x as fast as sequential (95 %: ")
    assert said[-1] == "Under 3.13.1t, against 3.13.1, beyond the noise: thread 50 % faster."
