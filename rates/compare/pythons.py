"""The same comparison under several Pythons: each measured in child processes, and set beside the others."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path

from rates.compare.json_format import from_json
from rates.compare.regression import changes, merged
from rates.compare.results import Comparison
from rates.errors import RatesError, UsageError

# A child that is interrupted prints what it has; after this it is killed.
ENDING_S = 15.0
# Keeps the current folder out of the import path of the child.
SAFE = {"PYTHONSAFEPATH": "1"}
# A child runs its own installation of this package, or else the one that is running now.
HOME = str(Path(__file__).resolve().parents[2])
START = "import runpy, sys; sys.path.append({!r}); runpy.run_module('rates', run_name='__main__', alter_sys=True)"
NAME = re.compile(r"\d+\.\d+t?")
# Each is measured this often, so that what was different for a while shows as a difference of a Python from itself.
PASSES, ROUNDS, LEAST_ROUNDS = 2, 5, 3
Runs = Mapping[str, Comparison]  # by the name of the Python


def find(name: str) -> str:
    """The path of an interpreter: of a version such as 3.13 or 3.14t, or a path; RatesError if there is none.

    Whether it can run a comparison shows when it measures.
    """
    if os.sep in name or (os.altsep and os.altsep in name):
        if not os.access(name, os.X_OK) or os.path.isdir(name):
            raise RatesError(f"there is no interpreter at {name}")
        return os.path.abspath(name)
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} names no Python", hint="take a version like 3.13 or 3.14t, or a path")
    path = shutil.which(f"python{name}")
    if path is None:
        raise RatesError(f"python{name} is not on PATH", hint="install it, or give its path")
    return path


def measured(executable: str, arguments: Sequence[str]) -> tuple[Comparison, str, bool]:
    """The comparison, its JSON, and whether Ctrl-C ended it; `arguments` are those of `rates compare`.

    Raises UsageError if the child refuses them, RatesError with its last line if it gives no JSON.
    """
    try:
        child = subprocess.Popen(
            [executable, "-c", START.format(HOME), "compare", *arguments],
            env={**os.environ, **SAFE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise RatesError(f"{executable} cannot be run: {error.strerror or error}") from None
    interrupted = False
    try:
        out, err = child.communicate()
    except KeyboardInterrupt:
        interrupted = True
        out, err = _interrupted(child)
    except BaseException:
        child.kill()
        child.wait()
        raise
    interrupted = interrupted or child.returncode == 130
    if out.strip() and child.returncode != 2:
        return from_json(out, executable), out, interrupted
    if interrupted:
        raise KeyboardInterrupt
    lines = [line.removeprefix("rates: ") for line in err.splitlines() if line.startswith(("rates: ", "Error: "))]
    why = (lines or err.strip().splitlines() or [f"status {child.returncode}"])[-1]
    if child.returncode == 2:
        raise UsageError(f"{why} (from {executable})")
    install = f"{executable} -m pip install fetch-rates" if "No module named" in why else ""
    raise RatesError(f"{executable} cannot run a comparison: {why}", hint=install)


def _interrupted(child: subprocess.Popen[str]) -> tuple[str, str]:
    """The output of a child that is interrupted; at a terminal it has received the same Ctrl-C already."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
    try:
        return child.communicate(timeout=ENDING_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        return child.communicate()


def labelled(runs: Sequence[Sequence[Comparison]]) -> Runs:
    """The passes of each Python as one run, by its version, with a number if an earlier one has the same."""
    found: dict[str, Comparison] = {}
    for run in map(merged, filter(None, runs)):
        label = version(run)
        earlier = sum(name.split()[0] == label for name in found)
        found[f"{label} ({earlier + 1})" if earlier else label] = run
    return found


def version(run: Comparison) -> str:
    """The Python's version, with a "t" if it ran without the GIL."""
    return run.machine.python + ("" if run.machine.gil else "t")


def arguments_of(
    words: Sequence[str], replaced: Sequence[str], seed: int, rounds: int | None, budget_s: float | None, number: int
) -> list[str]:
    """A child's command line: the same words, its share of the rounds or of the time, and JSON as its only output.

    replaced: the options that each child gets anew, or not at all.
    """
    kept = without(words, replaced)
    if rounds is None and budget_s is None:
        rounds = PASSES * ROUNDS
    share = [] if rounds is None else ["--rounds", str(max(LEAST_ROUNDS, ceil(rounds / PASSES)))]
    share += [] if budget_s is None else ["--time-budget", f"{budget_s / PASSES:g}s"]
    answered = ["--yes"] if "--live" in kept and "--yes" not in kept else []  # the question was for all of them
    return ["--seed", str(seed + number), "--export-json", "-", *share, *answered, *kept]


def without(words: Sequence[str], options: Sequence[str]) -> list[str]:
    """A command line without some options and their values, given as `--name value` or `--name=value`."""
    kept: list[str] = []
    skip = False
    for place, word in enumerate(words):
        if skip:
            skip = False
        elif word == "--":
            return [*kept, *words[place:]]
        elif word in options:
            skip = True
        elif not word.startswith(tuple(f"{name}=" for name in options)):
            kept.append(word)
    return kept


def sentences(runs: Runs) -> list[str]:
    """What each Python found, and how the others differ from the first."""
    (first, before), *others = runs.items()
    lines = [f"{name}: {sentence}" for name, run in runs.items() for sentence in run.advice]
    lines += [_against(first, before, name, run) for name, run in others]
    return list(filter(None, lines))


def _against(first: str, before: Comparison, name: str, after: Comparison) -> str:
    """Which variants are faster or slower than under the first, beyond the noise."""
    found = changes(before, after)
    differing = [f"{each.name} {each.amount}" for each in found if each.differs]
    if differing:
        return f"Under {name}, against {first}, beyond the noise: {'; '.join(differing)}."
    return f"No measurable difference between {first} and {name} in any variant." if found else ""
