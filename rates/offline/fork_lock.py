"""A lock that a fork cannot leave held: the forking thread takes it before, both sides let it go after."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager


def fork_lock() -> AbstractContextManager[object]:
    """A lock for module level. Code under it must take no other such lock, or a fork could wait for ever."""
    lock = threading.RLock()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
    return lock
