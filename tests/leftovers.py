"""What a test has left running: the processes below this one."""

from __future__ import annotations

import psutil

SERVERS = ("resource_tracker", "forkserver")  # which multiprocessing keeps


def children() -> set[int]:
    """The processes below this one that live, but for the servers of multiprocessing."""
    me = psutil.Process()
    servers = {child.pid for child in me.children() if any(word in _command(child) for word in SERVERS)}
    return {child.pid for child in me.children(recursive=True) if _command(child)} - servers


def _command(process: psutil.Process) -> str:
    """What a process was started as; nothing if it has ended, which it may at any moment."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
