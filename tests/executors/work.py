"""Callables that tests send to workers; at the top level of a module, where a worker process finds them."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from pathlib import Path


def square(number: int) -> int:
    """The number times itself."""
    return number * number


def fail_at_three(number: int) -> int:
    """The number; three is a ValueError."""
    if number == 3:
        raise ValueError("three")
    return number


def pid(_: object = None) -> int:
    """The process that ran the call."""
    return os.getpid()


def die_at_three(number: int) -> int:
    """The number; three ends its process as the kernel does when memory runs out."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(path: str) -> str:
    """Ends its process the first time it is called with a path."""
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path


def note(path: str) -> None:
    """An initializer that leaves a trace."""
    with open(path, "a") as file:
        file.write("x")


def refuse() -> None:
    """An initializer that fails."""
    raise ValueError("no")


def leave() -> None:
    """An initializer that ends its worker, as `sys.exit` does."""
    raise SystemExit(3)


def wait_for(begun: str, gate: str) -> str:
    """Leaves a mark that it runs, and returns when the gate's file is there."""
    Path(begun).touch()
    pause = threading.Event()
    while not Path(gate).exists():
        pause.wait(0.005)
    return begun


def hang_on(path: str) -> str:
    """The path; where it names a file, only when that is gone, which a test's end brings."""
    pause = threading.Event()
    while Path(path).exists():
        pause.wait(0.005)
    return path


def chained(number: int) -> int:
    """An error with a cause that has a cause."""
    try:
        try:
            raise KeyError("deepest")
        except KeyError as error:
            raise LookupError("deeper") from error
    except LookupError as error:
        raise ValueError(f"number {number}") from error


def failed_while_handling() -> None:
    """An error that has no cause, but came while another was handled."""
    try:
        raise KeyError("first")
    except KeyError:
        raise ValueError("second")  # noqa: B904 - that there is no cause is what it is for


def unsendable() -> object:
    """A result that cannot be pickled."""
    return lambda: None


class Unreadable:
    """Pickles, and cannot be unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        """Fails where it arrives."""
        return _fail_to_read, ()


def _fail_to_read() -> None:
    raise ValueError("cannot be read")


def unreadable() -> Unreadable:
    """A result that pickles, and cannot be unpickled."""
    return Unreadable()


def add(left: int, right: int) -> int:
    """The sum."""
    return left + right


def in_a_pool_of_its_own(mode: str, number: int) -> int:
    """The square, got from an executor that the call opens."""
    from rates.executors import open_executor

    with open_executor(mode, 1) as executor:
        return executor.submit(square, number).result(60)


def remember(value: str) -> None:
    """An initializer that sets what `remembered` gives."""
    global _remembered
    _remembered = value


_remembered = ""


def remembered() -> str:
    """What the initializer of this worker was given."""
    return _remembered


async def square_later(number: int) -> int:
    """The square, from a coroutine."""
    await asyncio.sleep(0)
    return number * number


def slow_square(folder: str, number: int) -> int:
    """The square, after a moment in which its worker may be killed."""
    threading.Event().wait(0.1)
    return number * number


def nap(seconds: float) -> float:
    """The seconds, when they are over."""
    threading.Event().wait(seconds)
    return seconds


def refuse_late() -> None:
    """An initializer that fails when some calls have been submitted."""
    threading.Event().wait(0.1)
    raise ValueError("no")


def finalizes(path: str) -> None:
    """Registers what is to be done at the worker's normal end."""
    from multiprocessing import util

    util.Finalize(None, _note_end, (path,), exitpriority=1)


def _note_end(path: str) -> None:
    Path(path).write_text("finalized")


def unreadable_at_three(number: int) -> object:
    """The number; three is a result that cannot be unpickled."""
    return Unreadable() if number == 3 else number
