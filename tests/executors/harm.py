"""Calls that do harm to their worker, or whose errors do; at the top level of a module, where a worker finds them."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import BrokenExecutor
from pathlib import Path


class Awkward(Exception):
    """Does not pickle: it holds a lock."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code, self.lock = code, threading.Lock()


def awkward(number: int) -> int:
    """Never anything but an error that does not travel."""
    raise Awkward(number, "out of order")


class Mute(Exception):
    """Neither pickles nor says anything."""

    def __str__(self) -> str:
        raise RuntimeError("no message")

    def __reduce__(self) -> str:
        raise TypeError("not to be pickled")


def mute(number: int) -> int:
    """Never anything but an error that neither travels nor speaks."""
    raise Mute(number)


def in_a_circle(number: int) -> int:
    """Never anything but an error that is the cause of its own cause."""
    first, second = ValueError(f"first of {number}"), KeyError("second")
    first.__cause__, second.__cause__ = second, first
    raise first


def broken_inside(number: int) -> int:
    """The error of an executor that the call itself used."""
    raise BrokenExecutor(f"inner pool of {number}")


def die(number: int) -> int:
    """The end of its process, as the kernel brings it when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_at_odd(number: int) -> int:
    """The number; an odd one ends its process."""
    return die(number) if number % 2 else number


def hang(item: object) -> object:
    """Says that it runs, then keeps its worker for longer than any test lasts."""
    os.write(1, b"ready\n")
    threading.Event().wait(60)
    return item


def hang_deaf(mark: str) -> None:
    """Leaves a mark and hangs, and does not hear SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(mark).touch()
    threading.Event().wait(60)


def answer_forever(_: object) -> bytes:
    """A result larger than any pipe: its worker is blocked in the middle of sending it while nobody reads."""
    return bytes(50_000_000)


def sigint(_: object) -> tuple[bool, bool]:
    """Whether Ctrl-C is ignored in this worker, and whether it is blocked for what the worker starts."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN, signal.SIGINT in blocked


def leave(number: int) -> None:
    """The end of its process without a word."""
    os._exit(number)


def crash(number: int) -> None:
    """A crash in compiled code."""
    import ctypes
    import faulthandler

    faulthandler.disable()
    ctypes.string_at(0)
