"""What must happen in a process that was forked: one registry for the whole package.

A fork copies memory and one thread. Whatever the other threads of the parent had under way (a lock that is held, a
download, a connection) is never finished in the child, which must drop it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

F = TypeVar("F", bound=Callable[[], object])

_in_child: list[Callable[[], object]] = []


def in_forked_child(reset: F) -> F:
    """Has the function called in each forked child, in the order of registration; may be used as a decorator."""
    if not _in_child and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_reset_all)
    _in_child.append(reset)
    return reset


def _reset_all() -> None:
    for reset in _in_child:
        reset()


def fork_safe_lock() -> AbstractContextManager[object]:
    """A lock for module level that no fork leaves held: the forking thread takes it first, and both sides release it.

    Code under it must take no other lock of this kind, or a fork could wait for ever.
    """
    lock = threading.RLock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
    return lock
