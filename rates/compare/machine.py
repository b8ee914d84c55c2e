"""The machine, and what a run uses of it: processor time and memory, read from the kernel between measurements.

On Linux the clock of any process can be read to the nanosecond, ended threads included, and its peak memory is in
/proc, so nothing has to run beside the measurement. Elsewhere both are unknown for children.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rates import _version
from rates.compare.results import Machine
from rates.executors import processors

# The packages whose versions matter to a fetch, and the optional ones.
PACKAGES = ("requests", "urllib3", "responses", "defusedxml", "dask", "distributed")
_PROC = Path("/proc")
LIVE = (_PROC / "self" / "task").is_dir() and hasattr(time, "clock_gettime")


def this_machine() -> Machine:
    """The machine and the Python of this process."""
    packages = [("rates", _version.__version__)]
    for name in PACKAGES:
        try:
            packages.append((name, version(name)))
        except PackageNotFoundError:
            continue
    models = (line for line in _read("/proc/cpuinfo").splitlines() if line.startswith("model name"))
    return Machine(
        cores=processors(),
        cpu=next(models, "").partition(":")[2].strip() or platform.processor() or platform.machine(),
        system=f"{platform.system()} {platform.release()}",
        implementation=platform.python_implementation(),
        python=platform.python_version(),
        gil=bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
        compiled=_compiled(),
        packages=tuple(packages),
    )


def _compiled() -> bool:
    """Whether our modules are byte-compiled on disk; otherwise each process that imports them compiles them first."""
    try:
        return os.path.exists(importlib.util.cache_from_source(_version.__file__))
    except NotImplementedError:
        return False


def _read(path: str) -> str:
    """The text of a file of the kernel; "" if the process has just ended."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def descendants() -> dict[int, int]:
    """All processes that this one has started, and that those have started, each with its parent."""
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
    """The children of each thread: the kernel lists a process under the thread that started it."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    return [int(word) for task in tasks for word in _read(f"/proc/{pid}/task/{task}/children").split()]


def cpu_s(pid: int) -> float:
    """Processor seconds of a process since it began, 0 if it has ended.

    Read from its own clock, with the clock's number computed as `clock_getcpuclockid` does.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except (OSError, OverflowError):
        return 0.0


def peak_mb(pid: int | str) -> float | None:
    """The peak resident memory of a process in MB; shared pages count in each process."""
    lines = (line for line in _read(f"/proc/{pid}/status").splitlines() if line.startswith("VmHWM:"))
    return next((int(line.split()[1]) / 1024 for line in lines), None)


def reset_peak() -> None:
    """Resets this process's own peak memory, where the kernel allows it."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass


class PoolProcesses:
    """The processes of one pool: those that appear while it is opened, and the processes that started them.

    Made before the pool is opened, so that a loopback server or another pool's processes do not count. The fork server
    that all pools share counts in each.
    """

    def __init__(self) -> None:
        self.earlier = frozenset(descendants()) if LIVE else frozenset()
        self.members: frozenset[int] = frozenset()

    def find(self) -> None:
        """Finds the members, once all workers are running."""
        parents = descendants() if LIVE else {}
        new = set(parents) - self.earlier
        for pid in list(new):
            above = parents.get(pid)
            while above is not None and above not in new and above != os.getpid():
                new.add(above)
                above = parents.get(above)
        self.members = frozenset(new)

    def cpu_s(self) -> float | None:
        """Processor seconds of the members until now."""
        return sum(cpu_s(pid) for pid in self.members) if LIVE else None

    def peak_mb(self) -> float | None:
        """The peak memory of this process and of each member, added up."""
        known = [peak for pid in (os.getpid(), *self.members) if (peak := peak_mb(pid)) is not None]
        return sum(known) if known else None
