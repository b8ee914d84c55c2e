"""The same comparison under other interpreters, each in a process of its own, from which its JSON comes back."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rates.errors import RatesError, UsageError

# What an interpreter is asked before it is measured with: who it is, and whether a comparison would run in it.
PROBE = """
import json, sys, sysconfig
found = {"version": sys.version.split()[0], "free": bool(sysconfig.get_config_var("Py_GIL_DISABLED")), "why": ""}
found["recent"], found["path"], found["prefix"] = sys.version_info >= (3, 11), sys.executable, sys.prefix
if found["recent"]:
    try:
        import rates.cli.compare, rates.cli.compare_table, rates.compare.comparison, rates.compare.exports.own
        import rates.fetch, rates.offline, requests, responses, tabulate
    except BaseException as error:
        found["why"] = "%s: %s" % (type(error).__name__, error)
print(json.dumps(found))
"""
PROBE_S = 60.0
# A child that has been told to end prints what it has; then it is ended.
ENDING_S = 15.0
HOME = str(Path(__file__).resolve().parents[2])
NAME = re.compile(r"\d+\.\d+t?")


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter that a comparison can run in. free: built to run without the GIL. path: what ours are found by."""

    name: str
    executable: str
    version: str
    free: bool
    prefix: str = ""
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """Its version, with the letter of a build without the GIL."""
        return self.version + ("t" if self.free else "")

    @property
    def identity(self) -> tuple[str, str]:
        """The same for two names of one interpreter with the same packages."""
        return os.path.realpath(self.executable), self.prefix


def find(name: str) -> Python:
    """The interpreter of a version such as 3.13 or 3.14t, or of a path. Raises RatesError with why it cannot be used.

    It measures its own installation of this package, or else the one that is running now.
    """
    executable = _executable(name)
    why = ""
    for more in ({}, {"PYTHONPATH": HOME}):
        found = _asked(name, executable, more)
        if not found["recent"]:
            raise RatesError(f"{executable} is Python {found['version']}; 3.11 is the oldest that will do")
        if not found["why"]:
            path = str(found["path"]) or executable  # what a launcher, as pyenv's, stands for
            return Python(
                name, path, str(found["version"]), bool(found["free"]), str(found["prefix"]), tuple(more.items())
            )
        why = str(found["why"])
    raise RatesError(f"{executable} cannot run a comparison: {why}", hint=f"{executable} -m pip install fetch-rates")


def _executable(name: str) -> str:
    """The path of an interpreter, which may not work yet."""
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


def _environment(more: dict[str, str] | Sequence[tuple[str, str]]) -> dict[str, str]:
    """Ours, without the folder in which the process happens to be."""
    return {**os.environ, "PYTHONSAFEPATH": "1", **dict(more)}


def _asked(name: str, executable: str, more: dict[str, str]) -> dict[str, str | bool]:
    """What the interpreter says of itself."""
    try:
        answer = subprocess.run(
            [executable, "-c", PROBE],
            env=_environment(more),
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
        found: dict[str, str | bool] = json.loads(answer.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        said = (answer.stderr or answer.stdout).strip().splitlines() or [f"status {answer.returncode}"]
        why = said[-1 if said[0].startswith("Traceback") else 0].strip()
        raise RatesError(f"{executable} is no Python that works here: {why}") from None
    return found


def measured(python: Python, arguments: Sequence[str]) -> tuple[str, bool]:
    """The JSON of the comparison, and whether Ctrl-C ended it; `arguments` are those of `rates compare`.

    Raises UsageError for what the child finds wrong with them, RatesError when it leaves no JSON.
    """
    child = subprocess.Popen(
        [python.executable, "-m", "rates", "compare", *arguments],
        env=_environment(python.environment),
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
        out, err = _ended(child)
    except BaseException:
        child.kill()
        child.wait()
        raise
    if out.strip():
        return out, interrupted or child.returncode == 130
    if interrupted or child.returncode == 130:
        raise KeyboardInterrupt
    lines = [line.removeprefix("rates: ") for line in err.splitlines() if line.startswith(("rates: ", "Error: "))]
    said = (lines or err.strip().splitlines() or [f"status {child.returncode}"])[-1]
    raise (UsageError if child.returncode == 2 else RatesError)(f"{said} (told by {python.executable})")


def _ended(child: subprocess.Popen[str]) -> tuple[str, str]:
    """What a child says that is told to end; at a terminal the same Ctrl-C has told it already."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
    try:
        return child.communicate(timeout=ENDING_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        return child.communicate()


def without(arguments: Sequence[str], valued: Sequence[str], flags: Sequence[str] = ()) -> list[str]:
    """A command line without some options, given as `--name value` or `--name=value`, and without some flags."""
    kept, skip, ended = [], False, False
    for word in arguments:
        if skip:
            skip = False
        elif ended or word == "--":
            ended = True
            kept.append(word)
        elif word in valued:
            skip = True
        elif word not in flags and not word.startswith(tuple(f"{name}=" for name in valued)):
            kept.append(word)
    return kept
