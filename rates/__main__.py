"""`python -m rates`, and what `rates.command` runs: prepares the process, then runs `rates.cli.main`.

The three standard streams are open, and a signal that ends the process leaves no traceback, no worker and no folder,
whenever it arrives. A program that has prepared its own process calls `rates.cli.main` itself.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from time import monotonic
from types import FrameType

INTERRUPTED = 130
# Shutting down takes under a second; a second Ctrl-C within this time would interrupt it halfway.
SHUTDOWN_S = 2.0
# A Ctrl-C that arrives just before the main thread waits for a lock is handled only after that wait: one in fifteen,
# when sent while the threads of a pool began to fetch (CPython 3.11, two cores). A timer signal ends the wait.
TICK_S = 0.25
# CPython 3.11 to 3.13 keeps frames in chunks of 16 kB and frees a chunk when its last frame returns. Calls that cross
# the end of a chunk cost 6 us each in place of 0.02, and where the libraries were imported 1,200 did: 5 % of an offline
# conversion. A frame that asks for more gets a chunk that has room for all frames above it. In words of 8 bytes.
FRAME_WORDS = 2**15
# Modules that do something at the end of a process: executors, debuggers, profilers.
ENDING = {"rates.run", "concurrent.futures", "multiprocessing", "coverage", "cProfile", "pdb", "trace"}


def main() -> int:
    """Runs the process's command line and gives its exit status."""
    began = monotonic()
    try:
        _handle_signals()
        _open_streams()
        from rates.cli import main as run

        status = run(began=began)
        _end(status)
        return status
    except KeyboardInterrupt:  # while the command line was being imported
        return INTERRUPTED
    except RuntimeError as error:  # in the body of a class, as Python 3.11 wraps it
        if isinstance(error.__cause__, KeyboardInterrupt):
            return INTERRUPTED
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the rest takes a moment
        _tick(0)


main.__code__ = main.__code__.replace(co_stacksize=FRAME_WORDS)


def _end(status: int) -> None:
    """Ends the process here if Python's end has nothing to do but to take every module to pieces, which takes 10 ms.

    Also if a call in an isolated interpreter was given up: Python would wait for it.
    """
    threads = threading.enumerate()
    left = any(thread.name.startswith("rates_interpreter") and "(left:" in thread.name for thread in threads)
    if left or (len(threads) == 1 and not sys.modules.keys() & ENDING):
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:  # which Python reports at its end
            return
        os._exit(status)


def _handle_signals() -> None:
    timer = _Timer()
    sys.unraisablehook, threading.excepthook = timer.keep, _thread_failed
    signal.signal(signal.SIGINT, _Interrupt())
    _tick(TICK_S, timer.heed)
    for name in ("SIGTERM", "SIGHUP"):  # not every system has both
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # under nohup it is ignored
            signal.signal(number, timer.exit)


def _tick(seconds: float, handler: Callable[[int, FrameType | None], None] = lambda number, frame: None) -> None:
    """Makes the main thread check for signals at this interval, whatever it waits for, by a timer; 0 stops that.

    handler: of the timer.
    """
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


class _Timer:
    """What the timer does; keeps the exceptions of signals that Python ignores, and the status of a signal to end.

    Python ignores what is raised in some callbacks of its own, as that of an import's lock: a Ctrl-C was lost there.
    """

    def __init__(self) -> None:
        self._ignored: list[BaseException] = []
        self._status, self._at = 0, 0.0

    def keep(self, ignored: sys.UnraisableHookArgs) -> None:
        """Takes an exception that is ignored; prints it, as Python does, if it is of no signal."""
        if isinstance(ignored.exc_value, (KeyboardInterrupt, SystemExit)):
            self._ignored.append(ignored.exc_value)
        else:
            sys.__unraisablehook__(ignored)

    def exit(self, number: int, frame: FrameType | None) -> None:
        """The handler of SIGTERM and SIGHUP: exits through every `finally`, with the status that shells use."""
        signal.signal(number, signal.SIG_IGN)
        self._status, self._at = 128 + number, monotonic()
        raise SystemExit(self._status)

    def heed(self, number: int, frame: FrameType | None) -> None:
        """Raises again what was ignored; ends a provider's code that sleeps past the deadline in the main thread.

        An exit that has not ended the process in time is raised again, too: a library may have taken it for an error.
        """
        if self._ignored:
            raise self._ignored.pop()
        if self._status and monotonic() - self._at >= SHUTDOWN_S:
            self._at = monotonic()
            raise SystemExit(self._status)
        heed = getattr(sys.modules.get("rates.transport.watchdog"), "heed", None)
        if heed is not None:  # not while that is being imported
            heed()


class _Interrupt:
    """The handler of Ctrl-C: raises KeyboardInterrupt, but not again while the first one is being handled."""

    def __init__(self) -> None:
        self.last = -SHUTDOWN_S

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now = monotonic()
        if now - self.last >= SHUTDOWN_S:
            self.last = now
            raise KeyboardInterrupt


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    """Prints the traceback of a thread that failed, as Python does; not that of a Pool which replaces its workers.

    A signal to the whole group ends the fork server, too, before the main thread handles it. The executor sees for
    itself that the workers are gone.
    """
    name = failed.thread.name if failed.thread is not None else ""
    if not (failed.exc_type is ConnectionRefusedError and "_handle_workers" in name):
        threading.__excepthook__(failed)


def _open_streams() -> None:
    """Opens the standard streams that the shell closed (`>&-`); else a socket would get the number of one.

    A closed stdout is opened read-only, so that writing still fails and the exit status shows that nothing was printed.
    A stream that cannot encode every character gets ASCII in place of those that it cannot.
    """
    for name, mode, how in (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY)):
        stream = getattr(sys, name)
        if stream is None:
            number = os.open(os.devnull, how)  # the lowest free number, which is the stream's
            os.set_inheritable(number, True)  # worker processes need the stream, too
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", errors="replace"))
        elif mode == "w" and stream.encoding.lower().replace("-", "") != "utf8":
            from rates.present.transliteration import write_ascii  # few terminals need it

            write_ascii(stream)
        elif mode == "w" and stream.errors == "strict":
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    raise SystemExit(main())
