"""Other Python interpreters: finding them, and running the same comparison in a child process of each."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
