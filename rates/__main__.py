"""`python -m rates`, and where the command `rates` begins: what its process must be before anything else happens.

Its three streams are open, and the signals that end it leave no traceback, no worker and no folder, however early or
late they come. `rates.cli.main` is the same without these, for who has a process of his own.
"""

from __future__ import annotations

import os
import signal
import sys
from time import monotonic
from types import FrameType

INTERRUPTED = 130
# Ending takes under a second; an impatient second Ctrl-C in that time would only leave half of it undone.
ENDING_S = 2.0
# A Ctrl-C that arrives while the main thread is about to wait for a lock is noted, but not heeded before the wait ends:
# one in fifteen, when sent as the threads of a pool began to fetch (CPython 3.11, two cores). A tick ends the wait.
TICK_S = 0.25


def main() -> int:
    """Runs the process's command line and gives its exit status."""
    began = monotonic()
    try:
        _heed_signals()
        _open_streams()
        from rates.cli import main as run

        return run(began=began)
    except KeyboardInterrupt:  # while the command line was being imported
        return INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left to do takes a moment
        _tick(0)


def _heed_signals() -> None:
    signal.signal(signal.SIGINT, _Interrupt())
    _tick(TICK_S)
    for name in ("SIGTERM", "SIGHUP"):  # not every system has both
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # under nohup it is ignored
            signal.signal(number, _leave)


def _tick(seconds: float) -> None:
    """Lets the main thread look for signals that often, whatever it waits for; 0 ends that."""
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.signal(signal.SIGALRM, lambda number, frame: None)
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


class _Interrupt:
    """Ctrl-C: a KeyboardInterrupt, but not a second one while the first is being heeded."""

    def __init__(self) -> None:
        self.last = -ENDING_S

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = monotonic()
        if now - self.last >= ENDING_S:
            self.last = now
            raise KeyboardInterrupt


def _leave(number: int, frame: FrameType | None) -> None:
    """Asked to end: through every `finally`, and with the status that a shell gives; once is enough."""
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _open_streams() -> None:
    """Opens what the shell has closed (`>&-`), lest a socket gets its number and our messages are sent over it.

    Standard output cannot be written to then, as if it were still closed, so that the status tells that nothing was
    shown. And what a terminal in ASCII cannot show, it shows as a question mark.
    """
    for name, mode, how in (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        stream = getattr(sys, name)
        if stream is None:
            number = os.open(os.devnull, how)  # the lowest that is free, so its own
            os.set_inheritable(number, True)  # worker processes need it no less
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", errors="replace"))
        elif mode == "w" and stream.errors == "strict":
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    raise SystemExit(main())
