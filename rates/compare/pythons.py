"""The same comparison under several Pythons: each found, measured in child processes, and set beside the others."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import Any

from rates.compare.json_format import from_json
from rates.compare.regression import changes
from rates.compare.results import Comparison
from rates.errors import RatesError, UsageError

# What an interpreter runs before it is measured: it prints what it is, and whether a comparison can run in it.
PROBE = """
import json, sys, sysconfig
found = {"version": sys.version.split()[0], "free": bool(sysconfig.get_config_var("Py_GIL_DISABLED")), "why": ""}
found["recent"], found["path"], found["prefix"] = sys.version_info >= (3, 11), sys.executable, sys.prefix
if found["recent"]:
    try:
        import rates.cli.compare, rates.compare.comparison, rates.compare.json_format
        import rates.fetch, rates.offline, requests, responses, tabulate
    except BaseException as error:
        found["why"] = "%s: %s" % (type(error).__name__, error)
print(json.dumps(found))
"""
PROBE_S = 60.0
# A child that is interrupted prints what it has; after this it is killed.
ENDING_S = 15.0
# Keeps the current folder out of the import path of the child.
SAFE = {"PYTHONSAFEPATH": "1"}
HOME = str(Path(__file__).resolve().parents[2])
NAME = re.compile(r"\d+\.\d+t?")
# Each is measured this often, so that what was different for a while shows as a difference of a Python from itself.
PASSES, ROUNDS, LEAST_ROUNDS = 2, 5, 3
Runs = Mapping[str, Comparison]  # by the name of the Python
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter that a comparison can run in. free: built to run without the GIL."""

    name: str
    executable: str
    version: str
    free: bool
    prefix: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Its version, with the letter of a free-threaded build."""
        return self.version + ("t" if self.free else "")

    @property
    def identity(self) -> tuple[str, str]:
        """Equal for two names of one interpreter with the same packages."""
        return os.path.realpath(self.executable), self.prefix


def find(name: str) -> Python:
    """The interpreter of a version such as 3.13 or 3.14t, or of a path; RatesError if it cannot be used.

    It measures its own installation of this package, or else the one that is running now.
    """
    executable = _executable(name)
    for environment in ({}, {"PYTHONPATH": HOME}):
        found = _probed(executable, environment)
        version, why = found["version"], found.get("why", "")
        if not found["recent"]:
            raise RatesError(f"{executable} is Python {version}; 3.11 is the oldest that can be used")
        if not why:  # its path is that of the interpreter behind a launcher such as pyenv's
            return Python(name, found["path"] or executable, version, found["free"], found["prefix"], environment)
    raise RatesError(f"{executable} cannot run a comparison: {why}", hint=f"{executable} -m pip install fetch-rates")


def _executable(name: str) -> str:
    """The path of an interpreter, which need not work."""
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


def _probed(executable: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """What the interpreter prints for PROBE."""
    try:
        answer = subprocess.run(
            [executable, "-c", PROBE],
            env={**os.environ, **SAFE, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PROBE_S,
        )
    except subprocess.TimeoutExpired:
        raise RatesError(f"{executable} has not answered within {PROBE_S:g} s") from None
    except OSError as error:
        raise RatesError(f"{executable} cannot be run: {error.strerror or error}") from None
    try:
        found: dict[str, Any] = json.loads(answer.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        lines = (answer.stderr or answer.stdout).strip().splitlines() or [f"status {answer.returncode}"]
        why = lines[-1 if lines[0].startswith("Traceback") else 0].strip()
        raise RatesError(f"{executable} is not a Python that works here: {why}") from None
    return found


def found_of(names: Sequence[str], say: Say) -> tuple[dict[str, Python], bool]:
    """The interpreters that can be measured with, each once and by its version, and whether others cannot.

    A number follows the version of one that an earlier one has too.
    """
    found: dict[str, Python] = {}
    missing = False
    for name in names:
        try:
            python = find(name)
        except UsageError:
            raise
        except RatesError as error:
            missing = True
            say(f"rates: left out: {error}")
            continue
        earlier = sum(each.label == python.label for each in found.values())
        same = [each.name for each in found.values() if each.identity == python.identity]
        if same:
            say(f"rates: {name} is the same interpreter as {same[0]}, and measured once")
        else:
            found[f"{python.label} ({earlier + 1})" if earlier else python.label] = python
    if not found:
        raise UsageError("none of these Pythons can be measured with")
    return found, missing


def measured(python: Python, arguments: Sequence[str]) -> tuple[str, bool]:
    """The JSON of the comparison, and whether Ctrl-C ended it; `arguments` are those of `rates compare`.

    Raises UsageError if the child refuses them, RatesError if it gives no JSON.
    """
    child = subprocess.Popen(
        [python.executable, "-m", "rates", "compare", *arguments],
        env={**os.environ, **SAFE, **python.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
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
    if out.strip():
        return out, interrupted
    if interrupted:
        raise KeyboardInterrupt
    lines = [line.removeprefix("rates: ") for line in err.splitlines() if line.startswith(("rates: ", "Error: "))]
    why = (lines or err.strip().splitlines() or [f"status {child.returncode}"])[-1]
    raise (UsageError if child.returncode == 2 else RatesError)(f"{why} (from {python.executable})")


def _interrupted(child: subprocess.Popen[str]) -> tuple[str, str]:
    """The output of a child that is interrupted; at a terminal it has received the same Ctrl-C already."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
    try:
        return child.communicate(timeout=ENDING_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        return child.communicate()


def passes(found: Mapping[str, Python]) -> Iterator[tuple[int, str, Python]]:
    """Number, label and interpreter of each measurement: each Python in turn, then backwards."""
    for number in range(PASSES):
        yield from ((number, *each) for each in (list(found.items())[:: -1 if number % 2 else 1]))


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


def read(text: str, name: str, python: Python, number: int, say: Say) -> Comparison:
    """The comparison in a child's JSON; reports failures, and in the first pass what was left out."""
    run = from_json(text, name)
    for row in run.figures:
        if row.failures:
            why = next(why for sample in run.of(row.variant) for why in sample.failures)
            say(f"rates: {name}: {row.variant}: {row.failures} of {row.calls} fetches failed: {why}")
    if not number:
        if python.free and run.machine.gil:
            say(f"rates: {name} is built to run without the GIL, but a package turned it on")
        for _, why in run.left_out:
            say(f"rates: {name}: left out: {why}")
    return run


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
