"""What flags and arguments read and complete; the flags of the commands are those of the declared settings."""

from __future__ import annotations

from collections import Counter
from importlib import import_module

import click
import pytest

from rates.cli import COMMANDS
from rates.cli.options import CODES, FILE, Value, settings_from
from rates.settings import SETTINGS, load
from rates.settings.parsers import OneOf, seconds
from tests.cli.conftest import Run
from tests.cli.test_help import parsed

CONTEXT = click.Context(click.Command("x"))
PARAM = click.Option(["--x"])


def params(command: str) -> list[click.Parameter]:
    """The options and arguments of a command."""
    found: list[click.Parameter] = import_module(f"rates.cli.{command}").command.params
    return found


def test_every_flag_is_one_of_show() -> None:
    """`show` has a flag for each setting declared with one and for the rule, with the declared help, and no others."""
    options = {param.name: param for param in params("show") if isinstance(param, click.Option)}
    assert {name for name in SETTINGS if name in options} == {
        *(name for name, one in SETTINGS.items() if one.flag),
        "when",
        "max_age",
    }
    for name in SETTINGS.keys() & options.keys():
        assert options[name].opts == [SETTINGS[name].option]
        assert options[name].help == SETTINGS[name].help


@pytest.mark.parametrize("command", COMMANDS)
def test_no_flag_is_given_twice(command: str) -> None:
    """No two parameters of a command share a flag or a name, so that none hides the other."""
    module = import_module(f"rates.cli.{command}").command
    for one in module.commands.values() if isinstance(module, click.Group) else [module]:
        flags, names = Counter(flag for param in one.params for flag in param.opts), Counter(p.name for p in one.params)
        assert max([*flags.values(), *names.values()]) == 1


@pytest.mark.parametrize("command", ["show", "doctor"])
def test_flags_that_are_not_given_change_nothing(command: str) -> None:
    """A command line without flags leaves every setting as the file and the environment have it."""
    flags = {name: value for name, value in parsed((command,)).params.items() if name in SETTINGS.keys() - {"bases"}}
    assert settings_from(flags) == load().with_values(today=load().day())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--csv in.csv --amount-column total --to EUR", "--csv; rates convert has it: rates convert --csv …"),
        (
            "--amount-column=total --csv=in.csv",
            "--amount-column; rates convert has it: rates convert --amount-column …",
        ),
        ("USD --since 2024", "--since; rates history has it"),
        ("history EUR/USD --on 2024-03-01", "--on; a history has a range of days: --since DAY --until DAY"),
        ("history EUR/USD --when next", "--when; a history has the published days alone"),
        ("history EUR/USD --max-age 3", "look one day up with: rates convert 1 EUR USD --on DAY --max-age 3"),
        ("history EUR/USD --symbols GBP", "--symbols; name the pairs, like EUR/USD,GBP"),
        ("sync --provider ecb", "--provider; name the providers alone: rates sync ecb nbp"),
        ("sync --from europe", "--from; name the groups alone: rates sync europe"),
        ("convert 5 USD --symbols EUR", "--symbols; name the currencies alone: rates convert 100 USD EUR GBP"),
        ("USD --offlin", "--offlin; did you mean --offline?"),
        ("store info --nonsense", "--nonsense; see rates store info --help"),
        ("USD --zzz", "--zzz; see rates show --help"),
    ],
)
def test_an_option_that_another_command_has(run: Run, line: str, message: str) -> None:
    """The error says which command has it, or what stands for it in this one."""
    ran = run(*line.split())
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "no such option: " in ran.err
    assert message in ran.err


def completed(value: Value, text: str) -> list[str]:
    """The completions of a text."""
    return [item.value for item in value.shell_complete(CONTEXT, PARAM, text)]


def test_text_is_parsed() -> None:
    """Text is read by the parser; other values, such as defaults, and text without a parser, are kept."""
    assert Value("TIME", seconds).convert("120ms", PARAM, CONTEXT) == 0.12
    assert Value("TIME", seconds).convert(3, PARAM, CONTEXT) == 3
    assert CODES.convert("usd", PARAM, CONTEXT) == "usd"


def test_a_wrong_value_is_wrong_usage() -> None:
    """The error repeats the value, cut off if it is long, and has the parser's sentence."""
    with pytest.raises(click.BadParameter, match=r"^'slow': must be from 0 to a day, like"):
        Value("TIME", seconds).convert("slow", PARAM, CONTEXT)
    with pytest.raises(click.BadParameter) as caught:
        Value("TIME", seconds).convert("9" * 5000, PARAM, CONTEXT)
    assert len(caught.value.message) < 150


def test_a_list_is_completed_after_its_last_comma() -> None:
    """Only a list has commas; case does not matter, and the words may depend on the text typed so far."""
    words = ("thread", "process", "pool")
    assert completed(Value("MODE", OneOf(words), words), "p") == ["process", "pool"]
    assert completed(Value("MODE", OneOf(words), words), "thread,p") == []
    assert completed(Value("LIST", offers=words, commas=True), "thread,P") == ["thread,process", "thread,pool"]
    assert completed(Value("LIST", offers=lambda typed: [typed + "!"]), "a") == ["a!"]


def test_the_shell_completes_files() -> None:
    """The name of a file or folder is completed by the shell itself."""
    assert [(item.value, item.type) for item in FILE.shell_complete(CONTEXT, PARAM, "ra")] == [("ra", "file")]


def test_an_empty_value_is_given() -> None:
    """A flag with "" sets None where that is a value of the setting, as for the age of rates."""
    context = parsed(("convert", "1", "USD", "EUR", "--max-age", ""))
    with context:
        flags = {name: value for name, value in context.params.items() if name in SETTINGS}
        assert settings_from(flags).max_age is None
    context = parsed(("convert", "1", "USD", "EUR"))
    with context:
        assert settings_from({"max_age": context.params["max_age"]}).max_age == 7
