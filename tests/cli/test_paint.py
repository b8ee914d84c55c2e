from __future__ import annotations

import io

import pytest

from rates.cli.paint import colored, painted
from tests.cli.conftest import Run
from tests.cli.screen import on_screen

NAMES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "TERM")


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the variables is set."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "terminal", "pipe"),
    [
        ("", True, False),
        ("NO_COLOR=", True, False),
        ("NO_COLOR=1", False, False),
        ("NO_COLOR=1 FORCE_COLOR=1", False, False),
        ("FORCE_COLOR=1", True, True),
        ("FORCE_COLOR=0", False, False),
        ("CLICOLOR_FORCE=1", True, True),
        ("CLICOLOR_FORCE=0", True, False),
        ("CLICOLOR=0", False, False),
        ("CLICOLOR=0 CLICOLOR_FORCE=1", True, True),
        ("CLICOLOR=1", True, False),
        ("TERM=dumb", False, False),
        ("TERM=dumb FORCE_COLOR=3", True, True),
    ],
)
def test_variables(variables: str, terminal: bool, pipe: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variables decide as people know them; a closed stream counts as a pipe."""
    for pair in variables.split():
        monkeypatch.setenv(*pair.split("=", 1))
    if variables.endswith("="):
        monkeypatch.setenv("NO_COLOR", "")
    assert (colored(Terminal()), colored(io.StringIO()), colored(None)) == (terminal, pipe, pipe)


def test_the_flag_overrules(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """--color overrules all variables, on both streams."""
    plain = run("EUR/USD", "--offline")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1msymbol" in run("EUR/USD", "--offline", "--color", "always").out
    assert run("EUR", "--retries", "0", "--no-store", "--color", "always").err.startswith("\x1b[33mno network")
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert run("EUR/USD", "--offline", "--color", "never") == plain
    assert "\x1b" not in "".join(on_screen("EUR/USD", "--offline", "--color", "never").lines)
    assert "\x1b" in run("EUR/USD", "--offline", "--color", "auto").out
    ran = run("EUR/USD", "--color", "red")
    assert (ran.status, "'red' is not one of" in ran.err) == (2, True)


@pytest.mark.parametrize("fmt", ["json", "jsonl", "csv", "tsv", "github", "html", "latex", "plain"])
def test_other_formats_stay_plain(run: Run, fmt: str) -> None:
    """Only the format "simple" is coloured: others are read by programs."""
    args = ("EUR", "--offline", "--format", fmt)
    assert run(*args, "--color", "always") == run(*args)


def test_outliers_and_warnings() -> None:
    """The row of an outlier, and a warning among the notes with its folded lines, are yellow."""
    page = "caption\n\npublisher\n---------  --\ncbg  outlier\necb\n\nwarning: old\n  and more\nlegend"
    assert painted(page) == (
        "\x1b[2mcaption\x1b[0m\n\n\x1b[1mpublisher\x1b[0m\n\x1b[2m---------  --\x1b[0m\n"
        "\x1b[33mcbg  outlier\x1b[0m\necb\n\n"
        "\x1b[33mwarning: old\x1b[0m\n\x1b[33m  and more\x1b[0m\n\x1b[2mlegend\x1b[0m"
    )


def test_a_chart_stays_plain() -> None:
    """A chart between tables and notes is not dimmed, as notes are."""
    chart = "1.1 ┤ ╭──\n    │─╯\n    └────\n     2024"
    shown = painted(f"a caption\n\npair\n----\nEUR\n\n{chart}\n\na note").split("\n\n")
    assert shown[0].startswith("\x1b[2m")
    assert shown[2] == chart
    assert shown[3].startswith("\x1b[2m")
