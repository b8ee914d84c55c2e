"""A command line run on a pseudo-terminal of a given size, and what it writes there."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from rates.cli import main


class Screen(NamedTuple):
    """The exit status, and all lines that were written, without line ends."""

    status: int
    lines: list[str]


@contextmanager
def _terminal(columns: int, rows: int, written: list[bytes]) -> Iterator[None]:
    """Standard input, output and error on one pseudo-terminal; `written` has its bytes after the block."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read() -> None:  # at once, since a terminal holds only some kilobytes
        try:
            while got := os.read(ours, 1 << 16):
                written.append(got)
        except OSError:  # EIO: the other side is closed
            pass

    reader = threading.Thread(target=read)
    reader.start()
    before = sys.stdin, sys.stdout, sys.stderr
    streams = [os.fdopen(os.dup(theirs), mode, encoding="utf-8") for mode in ("r", "w", "w")]
    try:
        sys.stdin, sys.stdout, sys.stderr = streams
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for stream in streams:
            stream.close()
        os.close(theirs)
        reader.join()
        os.close(ours)


def on_screen(*args: str, columns: int = 80, rows: int = 24) -> Screen:
    """Runs a command line in this process, as on a terminal of that size."""
    written: list[bytes] = []
    with _terminal(columns, rows, written):
        status = main(args)
    return Screen(status, b"".join(written).decode().replace("\r\n", "\n").splitlines())
