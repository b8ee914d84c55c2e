"""A long list on a terminal goes through a pager, as with git: $PAGER, else `less`."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys

import click

from rates.cli.paint import colored, painted
from rates.cli.terminal import put_text

# What less gets unless the user has set LESS: it ends at once if all fits the screen, shows colours, and leaves the
# text on the screen.
LESS = "FRX"

NO_PAGER = click.option("--no-pager", is_flag=True, help="Print a long list at once; so does PAGER=cat.")


def page(text: str, *, paged: bool = True) -> None:
    """Writes text on standard output, through the pager if it is longer than the terminal."""
    command = _pager() if paged and _longer_than_screen(text) else []
    if not command:
        put_text(text)
        return
    shown = painted(text) if colored(sys.stdout) else text
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": LESS, "LV": "-c", **os.environ})
    except OSError:  # there is no such program
        put_text(text)
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
    try:
        process.communicate((shown + "\n").encode())  # a pager that is left early is no error
    finally:
        signal.signal(signal.SIGINT, before)


def _pager() -> list[str]:
    """The pager's command line; empty for none."""
    words = shlex.split(os.environ.get("PAGER", "less"))
    return [] if words == ["cat"] or os.environ.get("TERM") == "dumb" else words


def _longer_than_screen(text: str) -> bool:
    """True on a terminal with fewer lines than the text."""
    if not (sys.stdin and sys.stdout and sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        rows = os.get_terminal_size(sys.stdout.fileno()).lines
    except (OSError, ValueError):
        return False
    return text.count("\n") + 1 >= rows > 0
