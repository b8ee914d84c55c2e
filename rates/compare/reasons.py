"""Why the fastest is fastest, how many workers suffice, and what start-up does to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from rates.compare import words
from rates.compare.pairs import PLAIN, Against, wall
from rates.compare.records import Figures, Machine, Plan, Variant

# Of the time in calls, or of a processor's time: from here on it is what limits.
MUCH, MOST = 0.2, 0.7
# Calls so many times as long as most are what the others end up waiting for.
LONG = 3
# A whole time within this of the best is as good, as for the number of workers that suffice.
NEAR = 0.05
# A start-up below this share of the whole time turns no choice: those of threads vary by a fifth of it by chance.
NOTABLE = 0.3


@dataclass(frozen=True, slots=True)
class Findings:
    """What the sentences are made of. order: by whole time; leaders: those that cannot be told from the first."""

    order: Sequence[Figures]
    leaders: Sequence[Figures]
    compared: Sequence[Against]
    reference: Variant
    plan: Plan
    machine: Machine
    visible: float | None

    @property
    def best(self) -> Figures:
        """The one with the least median whole time."""
        return self.order[0]

    @property
    def n(self) -> int:
        """Calls in a round."""
        return len(self.plan.items)

    def row(self, variant: Variant) -> Figures | None:
        """The figures of one variant."""
        return next((row for row in self.order if row.variant == variant), None)


def why(found: Findings) -> list[str]:
    """What the calls spend their time on, and what keeps the fastest from being faster."""
    base = found.row(found.reference) or found.best
    share = base.waiting_share
    said = []
    if share is not None:
        what = "fetch" if found.plan.source != "function" else "call"
        waits = f"A {what} waits {words.percent(share)} of its time and computes {words.percent(1 - share)}"
        meaning = "so many at once pay" if share > 0.5 else "so more at once help only on more processors"
        said.append(f"{waits}, {meaning}.")
    limit = limits(found)
    if limit:
        said.append(limit)
    return said


def limits(found: Findings) -> str:
    """What limits the fastest: the server's politeness, the GIL, the processors, or the number of workers."""
    best, n = found.best, found.n
    median = wall(best).median
    if best.turn is not None and best.fetch is not None and best.turn.p50 > MUCH * best.fetch.p50 > 0:
        part = words.percent(best.turn.p50 / best.fetch.p50)
        return f"The server's politeness limits it: {part} of a fetch is waiting for its turn at the host."
    here = (best.cpu_parent_s or 0.0) / median if median else 0.0
    if here > MOST and found.machine.gil and not best.cpu_children_s:
        part = words.percent(min(1.0, here))
        return f"The GIL limits it: computing takes {part} of the whole time, one thread at a time."
    used = (best.cpu_s or 0.0) / median / found.machine.cores if median else 0.0
    if used > MOST:
        return f"The processors limit it: {found.machine.cores} of them are busy {words.percent(min(1.0, used))} of it."
    if best.ideal_share is not None and best.ideal_share > MOST and best.variant.workers < n:
        turns = ceil(n / best.variant.workers)
        return (
            f"The number of workers limits it: {n} calls in {turns} turns of {best.variant.workers} "
            f"reach {words.percent(min(1.0, best.ideal_share))} of the ideal."
        )
    return _idle(best, n)


def _idle(best: Figures, n: int) -> str:
    """Why workers have nothing to do: a last turn that is not full, a few long calls, or the handing out."""
    many = best.variant.workers
    if best.busy is None or best.busy >= MOST * many:
        return ""
    said, turns = f"Of {many} workers {best.busy:.1f} are busy on average", ceil(n / many)
    if n < MOST * turns * many:
        return f"{said}: {n} calls do not fill {turns} turns of {many}."
    if best.fetch is not None and best.fetch.p99 > LONG * best.fetch.p50:
        long, usual = words.time(best.fetch.p99), words.time(best.fetch.p50)
        return f"{said}: the longest calls take {long}, most {usual}, and the others have nothing to do meanwhile."
    return f"{said}: the rest is handing calls out and taking results in."


def enough_workers(found: Findings) -> str:
    """Where more workers stop helping, in the mode of the fastest; "" when only one number was measured."""
    best = found.best.variant
    curve = sorted(
        (row for row in found.order if (row.variant.mode, row.variant.via) == (best.mode, best.via)),
        key=lambda row: row.variant.workers,
    )
    if len(curve) < 2:
        return ""
    knee = _knee(curve, found)
    many = knee.variant.workers
    if knee is curve[-1]:
        before = curve[-2]
        gain = wall(before).median / wall(knee).median
        faster = f"from {before.variant.workers} to {many} it became {words.factor(gain)} as fast"
        if many >= found.n:
            return f"More than {many} workers cannot help {found.n} calls: {faster}."
        return f"More than {many} workers may help still: {faster}."
    last = curve[-1]
    gain = wall(knee).median / wall(last).median
    if gain > 1 + NEAR:  # the last is among those that cannot be told from the fastest
        return f"{many} workers suffice: that {last.variant.workers} are faster cannot be told from the noise."
    return f"{many} workers suffice: {last.variant.workers} are {words.factor(gain)} as fast."


def _knee(curve: Sequence[Figures], found: Findings) -> Figures:
    """The fewest workers from which on, up to the best, nothing is gained: within 5 %, or not beyond the noise."""
    knee = best = curve.index(found.best)
    fastest = wall(curve[best]).median
    while knee > 0:
        row = curve[knee - 1]
        if wall(row).median > fastest * (PLAIN if row in found.leaders else 1 + NEAR):
            break
        knee -= 1
    return curve[knee]


def start_ups(found: Findings) -> str:
    """From how many calls a mode with a long start-up pays, against what is done soonest."""
    if found.plan.warm:
        return ""
    soonest = min(found.order, key=lambda row: _startup(row) + wall(row).median)
    never: dict[str, list[float]] = {}
    said = []
    for row in _best_of_each_mode(found):
        cost = min(_startup(each) for each in found.order if _pool(each) == _pool(row)) - _startup(soonest)
        if row.variant.mode == soonest.variant.mode or cost < NOTABLE * wall(row).median:
            continue
        gain = (wall(soonest).median - wall(row).median) / found.n
        if gain <= 0 or not _faster(row, soonest, found):
            never.setdefault("never", []).append(_startup(row))
            said.append(row.variant.mode)
            continue
        return (
            f"{row.variant.mode.capitalize()} pays from about {ceil(cost / gain)} calls in one go: "
            f"its start-up takes {words.time(_startup(row))}, and it then saves {words.time(gain)} a call."
        )
    if not said:
        return ""
    times = [words.time(time) for time in never["never"]]
    verb = "never pays" if len(said) == 1 else "never pay"
    then = "it is" if len(said) == 1 else "they are"
    return (
        f"{_capital(words.listed(said))} {verb} here: start-up {words.listed(times)}, and {then} no faster than "
        f"{soonest.variant.mode} afterwards."
    )


def _faster(row: Figures, other: Figures, found: Findings) -> bool:
    """Whether a row is faster than another beyond the noise: then it leads and the other does not."""
    return row in found.leaders and other not in found.leaders


def _best_of_each_mode(found: Findings) -> list[Figures]:
    best: dict[str, Figures] = {}
    for row in found.order:
        best.setdefault(row.variant.mode, row)
    return list(best.values())


def _pool(row: Figures) -> tuple[str, int]:
    """What a start-up depends on: map and submit use the same pools, so that theirs differ by chance alone."""
    return row.variant.mode, row.variant.workers


def _startup(row: Figures) -> float:
    return row.startup.median if row.startup is not None else 0.0


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
