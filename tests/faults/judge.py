"""Runs a fetch against a fault, and judges it: one judge for all faults, clients and modes."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rates import aio, run
from rates.model import Outcome
from rates.settings import Settings
from tests.faults.faults import BASES, DAY, MAX_BYTES, MB, VICTIM, Fault, rate
from tests.leftovers import SERVERS

SLACK_S = 0.3  # after the deadline
SETTLE_S = 1.0  # until what is ending must have ended
MEMORY = 100 * MB  # of growth, for answers of at most 8 MB
KEPT_THREADS = ("rates-watchdog",)  # one a process
KEPT_FILES = ("pymp-",)  # the folder of multiprocessing, one a process

SETTINGS = Settings(
    timeout=0.4,
    deadline=1.0,
    retries=1,
    backoff=0.02,
    retry_after=0.2,
    max_bytes=MAX_BYTES,
    today=date.fromisoformat(DAY),
    workers=len(BASES),
)


@dataclass
class Found:
    """What a run gave, how long it took, and what it left behind."""

    outcomes: list[Outcome] = field(default_factory=list)
    took_s: float = 0.0
    left: dict[str, list[str]] = field(default_factory=dict)
    grown: int = 0


def fetched(client: str, settings: Settings, bases: Sequence[str] = BASES) -> list[Outcome]:
    """The outcomes of the bases, by either client; with requests in the mode of the settings."""
    if client == "requests":
        return list(run.fetch_all(bases, settings))

    async def all_bases() -> list[Outcome]:
        return [one async for one in aio.fetch_all(bases, settings, mode="async", workers=settings.workers)]

    return asyncio.run(all_bases())


@contextmanager
def watched() -> Iterator[Found]:
    """Measures the block: its time, its memory, and the threads, processes, descriptors and files that it leaves."""
    found, before = Found(), _present()
    _reset_peak()
    memory, began = _memory("VmRSS"), time.monotonic()
    yield found
    found.took_s = time.monotonic() - began
    found.grown = _memory("VmHWM") - memory
    until = time.monotonic() + SETTLE_S
    while (left := _surplus(before)) and time.monotonic() < until:
        time.sleep(0.01)
    found.left = left


def _present() -> dict[str, set[str]]:
    """What a run could leave behind, by kind."""
    gc.collect()
    threads = {f"{one.name} {one.ident}" for one in threading.enumerate() if not one.name.startswith(KEPT_THREADS)}
    return {
        "threads": threads,
        "processes": set(_processes()),
        "descriptors": set(_descriptors()),
        "files": {name for name in os.listdir(tempfile.gettempdir()) if not name.startswith(KEPT_FILES)},
    }


def _surplus(before: dict[str, set[str]]) -> dict[str, list[str]]:
    after = _present()
    return {kind: sorted(after[kind] - before[kind]) for kind in after if after[kind] - before[kind]}


def _processes() -> Iterator[str]:
    """The processes that this one has started, but for the servers of multiprocessing."""
    for file in Path("/proc/self/task").glob("*/children"):
        try:
            started = file.read_text().split()
        except OSError:  # the thread has ended
            continue
        for process in started:
            try:
                command = Path("/proc", process, "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # the process has ended
                continue
            if not any(word in command for word in SERVERS):
                yield f"{process} {command[:80]}"


def _descriptors() -> Iterator[str]:
    """The open sockets, pipes and files, each with what it leads to."""
    folder = Path("/proc/self/fd")
    for name in os.listdir(folder) if folder.is_dir() else ():
        try:
            yield f"{name} {os.readlink(folder / name)}"
        except OSError:  # that of the listing itself
            pass


def _reset_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def _memory(line: str) -> int:
    """VmRSS, the memory in use, or VmHWM, its peak, in bytes."""
    try:
        rows = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith(line))


# --- the judge -------------------------------------------------------------------------------------------------------


def wrongs(found: Found, fault: Fault, deadline_s: float) -> list[str]:
    """All that is wrong with a run; nothing for a right one."""
    wrong = [words for outcome in found.outcomes if (words := wrong_end(outcome, fault))]
    late = [one.base for one in found.outcomes if one.timing and one.timing.took_s > deadline_s + SLACK_S]
    if late or found.took_s > deadline_s + SLACK_S:
        wrong.append(f"late: {found.took_s:.2f} s, {late}")
    left = {kind: some for kind, some in found.left.items() if kind != "threads" or len(some) > fault.hung}
    wrong += [f"left {kind}: {', '.join(some[:5])}" for kind, some in left.items()]
    if found.grown > MEMORY:
        wrong.append(f"memory grew by {found.grown // MB} MB")
    return wrong


def wrong_end(outcome: Outcome, fault: Fault) -> str:
    """What is wrong with one base's end; "" for a right one."""
    meets = fault.all or outcome.base == VICTIM
    error = outcome.error
    end = "ok" if error is None else error.name
    if end not in (fault.ends if meets else ("ok",)):
        return f"{outcome.base}: {end}: {error}"
    if error is not None and not (str(error).isprintable() and fault.words in str(error)):
        return f"{outcome.base}: wrong words: {str(error)!r}"
    if outcome.table is not None:
        swapped = [symbol for symbol in outcome.table if outcome.table[symbol] != rate(outcome.base, symbol)]
        if [symbol for symbol in swapped if symbol != outcome.base]:
            return f"{outcome.base}: wrong figures of {swapped}"
    return ""
