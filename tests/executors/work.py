"""Callables that tests send to workers; at the top level of a module, where a worker process finds them."""

from __future__ import annotations

import os
import signal
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
