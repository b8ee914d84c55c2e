"""From what came back of each call to its span, after the measurement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rates.compare.records import Span
from rates.compare.work import Work
from rates.compare.worker_side import Timed
from rates.executors import Done
from rates.model import Timing

# When it landed, and what.
Landed = tuple[float, Done[Any, Timed]]

# A worker's clock that is off by more is another machine's.
CLOCKS_AGREE_S = 0.001


def spans_of(landed: Sequence[Landed], handed: Sequence[float], began: float, work: Work[Any, Any]) -> tuple[Span, ...]:
    """The spans by index, in seconds from `began`; `handed` has the moment of each index."""
    ordered = sorted(landed, key=lambda each: each[1].index)
    shifts = _shifts(ordered, handed)
    lanes = _lanes(ordered, shifts)
    return tuple(_span(at, done, handed, began, shifts, lanes, work) for at, done in ordered)


def _span(
    at: float,
    done: Done[Any, Timed],
    handed: Sequence[float],
    began: float,
    shifts: dict[int, float],
    lanes: dict[int, str],
    work: Work[Any, Any],
) -> Span:
    """One call's span. One that raised, or whose worker died, has brought no times: it lasts until it was told."""
    index = done.index
    out_s = handed[index] - began
    if done.value is None or done.error is not None:
        why = str(done.error) or type(done.error).__name__
        return Span(index, "", out_s, out_s, at - began, failure=why)
    start, stop, pid, _, value = done.value
    shift = shifts.get(pid, 0.0) - began
    why = work.failed(value)
    return Span(
        index=index,
        worker=lanes[index],
        handed_s=out_s,
        began_s=start + shift,
        ended_s=stop + shift,
        failure=why,
        digest="" if why else work.digest(value),
        **_phases(work.timing(value), stop - start),
    )


def _phases(timing: Timing | None, took_s: float) -> dict[str, Any]:
    """Where the time went, if that is known: parsing is what the call took besides."""
    if timing is None:
        return {}
    out_s = timing.turn_s + timing.connect_s + timing.wait_s + timing.read_s
    return {
        "turn_s": timing.turn_s,
        "connect_s": timing.connect_s,
        "wait_s": timing.wait_s,
        "read_s": timing.read_s,
        "parse_s": max(0.0, took_s - out_s),
        "requests": timing.requests,
        "connections": timing.connections,
    }


def _shifts(landed: Sequence[Landed], handed: Sequence[float]) -> dict[int, float]:
    """What to add to the clock of each process that is not ours: then no call begins before it was handed out."""
    earliest: dict[int, float] = {}
    strange: set[int] = set()
    for at, done in landed:
        if done.value is None:
            continue
        start, stop, pid = done.value[:3]
        early = start - handed[done.index]
        earliest[pid] = min(early, earliest.get(pid, early))
        if early < -CLOCKS_AGREE_S or stop > at + CLOCKS_AGREE_S:
            strange.add(pid)
    return {pid: -earliest[pid] for pid in strange}


def _lanes(landed: Sequence[Landed], shifts: dict[int, float]) -> dict[int, str]:
    """The worker of each index, numbered as they began. A thread with several calls at a time has several lanes."""
    calls = [
        (done.value[0] + shifts.get(done.value[2], 0.0), done.value[1] + shifts.get(done.value[2], 0.0), done)
        for _, done in landed
        if done.value is not None
    ]
    calls.sort(key=lambda call: call[:2])
    free: dict[tuple[int, int], list[tuple[float, str]]] = {}
    lanes: dict[int, str] = {}
    count = 0
    for start, stop, done in calls:
        assert done.value is not None
        mine = free.setdefault((done.value[2], done.value[3]), [])
        place = next((place for place, (until, _) in enumerate(mine) if until <= start), None)
        if place is None:
            count += 1
            mine.append((stop, str(count)))
            place = len(mine) - 1
        else:
            mine[place] = (stop, mine[place][1])
        lanes[done.index] = mine[place][1]
    return lanes
