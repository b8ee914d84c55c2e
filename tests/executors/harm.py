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


def die_behind(begun: str, gate: str) -> None:
    """Leaves a mark that it runs, and ends its process when the gate's file is there."""
    Path(begun).touch()
    pause = threading.Event()
    while not Path(gate).exists():
        pause.wait(0.005)
    die(0)


def die_parent(process: int) -> None:
    """Ends the process that dispatches, by SIGTERM, and waits for its own end."""
    os.kill(process, signal.SIGTERM)
    threading.Event().wait(60)


def raise_named(name: str) -> None:
    """Raises SystemExit or KeyboardInterrupt."""
    raise {"SystemExit": SystemExit, "KeyboardInterrupt": KeyboardInterrupt}[name]("3")


async def raise_named_later(name: str) -> None:
    """The same from a coroutine."""
    raise_named(name)


class Falsy(Exception):
    """An error that is false."""

    def __bool__(self) -> bool:
        """False."""
        return False


class Empty(Exception):
    """An error that has no length."""

    def __len__(self) -> int:
        """None."""
        return 0


def raise_kind(kind: type[Exception]) -> None:
    """Raises an error of that kind."""
    raise kind("foo")


class NoRate(Exception):
    """Puts its message together."""

    def __init__(self, base: str) -> None:
        super().__init__(f"no rate for {base}")
        self.base = base


def no_rate(base: str) -> None:
    """Raises that."""
    raise NoRate(base)


class Http(OSError):
    """Takes more than its message, and is one of the built-in errors that pickle in their own way."""

    def __init__(self, code: int, url: str = "?") -> None:
        super().__init__(f"{code} at {url}")
        self.code = code


def not_found(url: str) -> None:
    """Raises that."""
    raise Http(404, url)


def group() -> None:
    """Raises a group with notes, whose members have notes and causes."""
    errors = []
    for number in range(2):
        try:
            try:
                raise KeyError(number)
            except KeyError as error:
                raise ValueError(f"bad {number}") from error
        except ValueError as error:
            error.add_note(f"note {number}")
            errors.append(error)
    found = ExceptionGroup("many", errors)
    found.add_note("on the group")
    raise found


def awkward_group() -> None:
    """Raises a group with a member that does not travel."""
    error = Awkward(1, "out of order")
    error.add_note("provider ecb")
    raise ExceptionGroup("many", [error, ValueError("plain")])
