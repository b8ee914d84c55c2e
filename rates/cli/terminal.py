"""Standard output and standard error: how wide their terminals are, and what is written on them."""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click

USUAL, LEAST = 80, 20  # columns of a terminal of unknown size, and the fewest that anything is laid out for


def output_width() -> int | None:
    """The columns of the terminal on standard output; None for a file or a pipe."""
    return _width(sys.stdout)


def error_width() -> int | None:
    """The same for standard error."""
    return _width(sys.stderr)


def _width(stream: TextIO | None) -> int | None:
    """The columns of a terminal; COLUMNS overrules its own size."""
    if stream is None or not stream.isatty():
        return None
    given = os.environ.get("COLUMNS", "")
    if given.isascii() and given.isdigit() and int(given) > 0:
        return max(LEAST, int(given))
    try:
        return max(LEAST, os.get_terminal_size(stream.fileno()).columns or USUAL)
    except (OSError, ValueError):
        return USUAL


def put_text(text: str) -> None:
    """Writes text on standard output, with a line end and at once."""
    if text:
        sys.stdout.write(text.rstrip("\n") + "\n")
    sys.stdout.flush()


def say(message: str) -> None:
    """Writes sentences on standard error, folded to its terminal."""
    width = error_width()
    if width is not None and max(map(len, message.split("\n"))) > width:
        from rates.present.layout import folded

        message = folded(message, width)
    put_error(message)


def put_error(text: str) -> None:
    """Writes text on standard error; a closed one is ignored."""
    try:
        click.echo(text, err=True)
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Drops what the stream has buffered; at exit, the interpreter would try to write it again and fail."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.flush()
    except (OSError, ValueError):  # the stream has no file descriptor, or is closed
        pass
