"""The type of all flags and arguments: what is read, what is completed."""

from __future__ import annotations

import click
import pytest

from rates.cli.parameters import CODES, FILE, Value
from rates.settings.parsers import OneOf, seconds

CONTEXT = click.Context(click.Command("x"))
PARAM = click.Option(["--x"])


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
