"""From what came back of each call to its span, after the measurement. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rates.compare.results import Span
from rates.compare.work import Work
from rates.compare.worker_side import Timed
from rates.executors import Done

# When a result came back, and the result.
Landed = tuple[float, Done[Any, Timed]]

# A worker whose clock differs by more is on another machine.
CLOCKS_AGREE_S = 0.001
PHASES = ("turn_s", "connect_s", "wait_s", "read_s", "parse_s", "requests", "connections")


def spans_of(landed: Sequence[Landed], handed: Sequence[float], began: float, work: Work[Any, Any]) -> tuple[Span, ...]:
    """The spans by index, in seconds from `began`. handed: when the call of each index was dispatched.

    A call that raised, or whose worker died, has no times: it lasts until that was known.
    """
    ordered = sorted(landed, key=lambda each: each[1].index)
    shifts = _shifts(ordered, handed)
    workers = _workers(ordered, shifts)
    spans = []
    for at, done in ordered:
        index, handed_s = done.index, handed[done.index] - began
        if done.value is None or done.error is not None:
            why = str(done.error) or type(done.error).__name__
            spans.append(Span(index, "", handed_s, handed_s, at - began, failure=why))
            continue
        start, stop, pid, _, value = done.value
        shift, why, timing = shifts.get(pid, 0.0) - began, work.failed(value), work.timing(value)
        # The time of the whole call counts, so that parsing includes all that is left.
        known = None if timing is None else replace(timing, took_s=stop - start)
        phases: dict[str, Any] = {name: getattr(known, name, None) for name in PHASES}
        times = (handed_s, start + shift, stop + shift)
        result = "" if why else work.fingerprint(value)
        spans.append(Span(index, workers[index], *times, **phases, failure=why, fingerprint=result))
    return tuple(spans)


def _shifts(landed: Sequence[Landed], handed: Sequence[float]) -> dict[int, float]:
    """What to add to the clock of each process on another machine: no call begins before it was dispatched."""
    earliest: dict[int, float] = {}
    foreign: set[int] = set()
    for at, done in landed:
        if done.value is None:
            continue
        start, stop, pid = done.value[:3]
        early = start - handed[done.index]
        earliest[pid] = min(early, earliest.get(pid, early))
        if early < -CLOCKS_AGREE_S or stop > at + CLOCKS_AGREE_S:
            foreign.add(pid)
    return {pid: -earliest[pid] for pid in foreign}


def _workers(landed: Sequence[Landed], shifts: dict[int, float]) -> dict[int, str]:
    """The worker of each index, numbered as they began. A thread with overlapping calls counts as several workers."""
    calls = []
    for _, done in landed:
        if done.value is not None:
            start, stop, pid, thread, _ = done.value
            shift = shifts.get(pid, 0.0)
            calls.append((start + shift, stop + shift, (pid, thread), done.index))
    busy_until: dict[tuple[int, int], dict[str, float]] = {}
    workers: dict[int, str] = {}
    for start, stop, thread_of, index in sorted(calls, key=lambda call: call[:2]):
        mine = busy_until.setdefault(thread_of, {})
        free = next((name for name, until in mine.items() if until <= start), "")
        workers[index] = free or str(sum(map(len, busy_until.values())) + 1)
        mine[workers[index]] = stop
    return workers
