"""Processor time and memory of this process and of those it has started, from the kernel, off the measured path.

On Linux the clock of any process can be read to the nanosecond, its ended threads included, and its peak memory stands
in /proc; so nothing has to run beside the measurement. Elsewhere processor time of children is known only when they
have ended (`resource`), and their memory not at all.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")
LIVE = (_PROC / "self" / "task").is_dir() and hasattr(time, "clock_gettime")


def descendants() -> dict[int, int]:
    """The processes that this one has started, and that those have, each with its parent."""
    found: dict[int, int] = {}
    todo = [os.getpid()]
    while todo:
        parent = todo.pop()
        for child in _children(parent):
            if child not in found:
                found[child] = parent
                todo.append(child)
    return found


def _children(pid: int) -> list[int]:
    """Each thread's children: whoever starts a process is its parent."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
        return [int(word) for task in tasks for word in _read(f"/proc/{pid}/task/{task}/children").split()]
    except OSError:
        return []


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:  # it has just ended
        return ""


def cpu_s(pid: int) -> float:
    """Processor seconds of a process since it began, 0 when it is gone.

    By its own clock, whose number is made as `clock_getcpuclockid` makes it.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except (OSError, OverflowError):
        return 0.0


def peak_mb(pid: int | str) -> float | None:
    """The most resident memory that a process has had, in MB; shared pages count in each."""
    for line in _read(f"/proc/{pid}/status").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None


def forget_peak() -> None:
    """Lets this process's own peak begin anew, where the kernel allows it."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass


class Family:
    """The processes of one pool: those that came while it was opened, and whoever they were started through.

    Made before the pool is opened. A loopback server, or another pool's processes, are none of them; the fork server
    that all pools share is one of each.
    """

    def __init__(self) -> None:
        self.strangers = {pid: cpu_s(pid) for pid in descendants()} if LIVE else {}
        self.own = time.process_time()
        self.members: frozenset[int] = frozenset()

    def meet(self) -> None:
        """Looks who has come; to be called when the workers are there."""
        if not LIVE:
            return
        parents = descendants()
        new = set(parents) - set(self.strangers)
        for pid in list(new):
            above = parents.get(pid)
            while above is not None and above not in new:
                if above == os.getpid():
                    break
                new.add(above)
                above = parents.get(above)
        self.members = frozenset(new)

    def startup_s(self) -> float | None:
        """Processor seconds of all of them since this was made."""
        if not LIVE:
            return None
        spent = sum(cpu_s(pid) - self.strangers.get(pid, 0.0) for pid in self.members)
        return spent + time.process_time() - self.own

    def cpu_s(self) -> float | None:
        """Processor seconds of the children until now."""
        return sum(cpu_s(pid) for pid in self.members) if LIVE else None

    def peak_mb(self) -> float | None:
        """The peaks of parent and children, added up."""
        return _total([peak_mb("self"), *map(peak_mb, self.members)])


def _total(known: Iterable[float | None]) -> float | None:
    found = [value for value in known if value is not None]
    return sum(found) if found else None


def ended_children_s() -> float | None:
    """Processor seconds of the children that have ended, where that is all that can be known."""
    try:
        import resource
    except ImportError:
        return None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
