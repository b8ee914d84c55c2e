"""The flags of the commands are those of the declared settings."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import click
import pytest

from rates.cli import COMMANDS
from rates.cli.options import settings_from
from rates.settings import SETTINGS, load
from tests.cli.test_help import parsed


def params(command: str) -> list[click.Parameter]:
    """The options and arguments of a command."""
    found: list[click.Parameter] = import_module(f"rates.cli.{command}").command.params
    return found


def test_every_flag_is_one_of_show() -> None:
    """`show` has a flag for each setting that is declared with one, with the declared help, and none for others."""
    options = {param.name: param for param in params("show") if isinstance(param, click.Option)}
    assert {name for name in SETTINGS if name in options} == {name for name, one in SETTINGS.items() if one.flag}
    for name in SETTINGS.keys() & options.keys():
        assert options[name].opts == [SETTINGS[name].option]
        assert options[name].help == SETTINGS[name].help


@pytest.mark.parametrize("command", COMMANDS)
def test_no_flag_is_given_twice(command: str) -> None:
    """No two parameters of a command share a flag or a name, so that none hides the other."""
    found = params(command)
    flags, names = Counter(flag for param in found for flag in param.opts), Counter(param.name for param in found)
    assert max([*flags.values(), *names.values()]) == 1


@pytest.mark.parametrize("command", ["show", "doctor"])
def test_flags_that_are_not_given_change_nothing(command: str) -> None:
    """A command line without flags leaves every setting as the file and the environment have it."""
    flags = {name: value for name, value in parsed((command,)).params.items() if name in SETTINGS.keys() - {"bases"}}
    assert settings_from(flags) == load().with_values(today=load().day())
