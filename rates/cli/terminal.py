"""Standard output and standard error: how wide their terminals are, what is written on them, and the progress bar."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from rates.cli.paint import colored, painted, painted_reasons

if TYPE_CHECKING:
    from rich.progress import Progress

    from rates.settings import Settings

USUAL, LEAST = 80, 20  # columns of a terminal of unknown size, and the fewest that anything is laid out for
PROGRESS_AFTER_S = 0.5  # what is quicker needs no bar


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
        text = text.rstrip("\n")
        sys.stdout.write((painted(text) if colored(sys.stdout) else text) + "\n")
    sys.stdout.flush()


def check_binary(fmt: str, file: str = "") -> None:
    """Raises `UsageError` for a format that is not text, if it cannot be made here, or would be put on a terminal."""
    if fmt != "parquet":
        return
    from rates.present.parquet import ready

    ready()
    if not file and sys.stdout.isatty():
        from rates.errors import UsageError

        raise UsageError("parquet is not for a terminal", hint="write it into a file: … --format parquet > FILE")


def put_bytes(content: bytes) -> None:
    """Writes bytes on standard output, at once."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def say(message: str) -> None:
    """Writes sentences on standard error, folded to its terminal; nothing for ""."""
    width = error_width()
    if width is not None and max(map(len, message.split("\n"))) > width:
        from rates.present.layout import folded

        message = folded(message, width)
    put_error(message)


def put_error(text: str) -> None:
    """Writes text on standard error, nothing for ""; a closed one is ignored."""
    try:
        if text:
            color = colored(sys.stderr)
            click.echo(painted_reasons(text) if color else text, err=True, color=color)
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Drops what the stream has buffered; at exit, the interpreter would try to write it again and fail."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        stream.flush()
    except (OSError, ValueError):  # the stream has no file descriptor, or is closed
        pass


@contextmanager
def progress(total: int | None, settings: Settings) -> Iterator[Callable[[], None]]:
    """Shows a bar while the block runs, from half a second on; each call of the given function moves it by one.

    It is on stderr, and on a terminal only. total: None when the number of steps is not known.
    """
    if not sys.stderr.isatty() or settings.start_method == "fork":  # a fork must not copy the bar's thread
        yield lambda: None
        return
    bar = _Bar(total)
    bar.timer.start()
    try:
        yield bar.step
    finally:
        bar.end()


class _Bar:
    """Counts steps from the start; a timer begins to draw."""

    def __init__(self, total: int | None) -> None:
        self.total, self.count, self.ended = total, 0, False
        self.lock = threading.Lock()
        self.drawn: Progress | None = None
        self.timer = threading.Timer(PROGRESS_AFTER_S, self.draw)
        self.timer.daemon = True

    def draw(self) -> None:
        """Begins to draw. Imports rich here: a quick command does not pay its 70 ms."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with self.lock:
            if self.ended:
                return
            self.drawn = Progress(
                *columns, console=Console(stderr=True, no_color=not colored(sys.stderr)), transient=True
            )
            self.drawn.add_task("fetching", total=self.total, completed=self.count)
            self.drawn.start()

    def step(self) -> None:
        """Counts one step more."""
        with self.lock:
            self.count += 1
            if self.drawn is not None:
                self.drawn.advance(self.drawn.task_ids[0])

    def end(self) -> None:
        """Removes the bar."""
        self.timer.cancel()
        with self.lock:
            self.ended = True
            if self.drawn is not None:
                self.drawn.stop()
