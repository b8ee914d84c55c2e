"""Interpreters are found, and those that cannot measure are refused with the reason."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from rates.compare.interpreters import find
from rates.errors import RatesError, UsageError


def script(folder: Path, name: str, text: str) -> Path:
    """A program of that name."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


HERE = os.path.abspath(sys.executable)  # which may have been called by a path with ".."


def test_finds_itself() -> None:
    """The running interpreter is found by its path, with its version, and can run a comparison."""
    found = find(sys.executable)
    assert found.executable == HERE
    assert found.version == sys.version.split()[0]
    assert found.label.startswith(found.version)


def test_finds_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version is searched on PATH, and stands for the interpreter that it starts."""
    script(tmp_path, "python3.97", f'exec {sys.executable} "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert os.path.abspath(find("3.97").executable) == HERE
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
    """An interpreter that does not start, is too old, or lacks a package is refused with its own message."""
    script(tmp_path, "python3.98", text)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(RatesError, match=message):
        find("3.98")


def test_names() -> None:
    """A missing interpreter is an error; a text that is neither a version nor a path is wrong usage."""
    for name in ("3.99", "3.99t", "/nowhere/python", "/"):
        with pytest.raises(RatesError, match=r"is not on PATH|no interpreter at") as error:
            find(name)
        assert not isinstance(error.value, UsageError)
    for name in ("three", "3", "3.13x", "-c"):
        with pytest.raises(UsageError, match="names no Python"):
            find(name)
