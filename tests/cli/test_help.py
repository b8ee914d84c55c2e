from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module

import click
import pytest

from rates import __version__
from rates.cli import COMMANDS, EPILOG, group
from tests.cli.conftest import Run


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_shows_examples(run: Run, command: str, flag: str) -> None:
    """The help of every command has its purpose and examples."""
    ran = run(*command.split(), flag)
    assert ran.status == 0
    assert ran.out.startswith("Usage: rates")
    examples = ran.out[ran.out.index("Examples:") :]
    name = "" if command == "show" else command  # which may be left out
    assert re.search(rf"^ +(.*&& )?rates {name}".rstrip(), examples, re.MULTILINE)
    assert "\b" not in ran.out  # click's mark, where it marks nothing


def test_help_lists_the_commands(run: Run) -> None:
    """The help lists every command with its line."""
    out = run("--help").out
    for name, line in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(line)}$", out, re.MULTILINE)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_terminal(run: Run, command: str) -> None:
    """No line of a help text is wider than 80 columns."""
    assert [line for line in run(*command.split(), "--help").out.splitlines() if len(line) > 80] == []


def test_version(run: Run) -> None:
    """The version has the command's name before it."""
    assert run("--version").out == f"rates {__version__}\n"


@pytest.mark.parametrize("command", ["", "show", "convert", "compare"])
def test_exit_statuses_are_explained(run: Run, command: str) -> None:
    """The help of each command that fetches explains the exit statuses."""
    out = " ".join(run(*command.split(), "--help").out.split())
    assert "Exit status: 0 " in out
    assert "2 wrong usage" in out
    assert "130 interrupted" in out


def _examples() -> Iterator[tuple[str, ...]]:
    """The command lines in all examples, as words."""
    for epilog in (EPILOG, *(import_module(f"rates.cli.{name}").EPILOG for name in COMMANDS)):
        for line in epilog.splitlines():
            for part in re.split(r" && | \| | > ", line.strip()):
                words = re.split(r" {2,}", part.strip())[0]
                if words.startswith("rates ") and "…" not in words:
                    yield tuple(shlex.split(words)[1:])


def parsed(args: tuple[str, ...]) -> click.Context:
    """The context of a command line, which is not run; raises click's error for a wrong one."""
    name, rest = (args[0], args[1:]) if args and args[0] in COMMANDS else ("show", args)
    front = group.make_context("rates", [name])  # it passes -h on, which click then remembers in the command
    context: click.Context = import_module(f"rates.cli.{name}").command.make_context(name, list(rest), parent=front)
    return context


@pytest.mark.parametrize("args", sorted(set(_examples())), ids=" ".join)
def test_examples_are_understood(args: tuple[str, ...]) -> None:
    """Every example in a help text is a valid command line."""
    if args != ("--help",):
        parsed(args)
