"""What would change the answer: a faster network, heavier parsing, ten times the calls. Reckoned, not measured. Pure.

The model: a call waits L and computes c. One after the other, n calls take n (L + c). With w workers they take at least
ceil(n / w) (L + c), and at least n c where threads share a processor (the GIL), n c / cores where they do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from rates.compare import words
from rates.compare.pairs import wall
from rates.compare.reasons import Findings
from rates.compare.records import Figures

TIMES = 10
# A start-up that only so many times the calls earn back is of no interest to whoever makes these.
FAR = 1000


@dataclass(frozen=True, slots=True)
class Model:
    """n calls, each of which waits and computes so many seconds; how many workers, and processors to compute on."""

    n: int
    wait_s: float
    compute_s: float
    workers: int
    lanes: int

    @property
    def alone_s(self) -> float:
        """One call after the other."""
        return self.n * (self.wait_s + self.compute_s)

    @property
    def together_s(self) -> float:
        """With all workers."""
        turns = ceil(self.n / self.workers)
        return max(turns * (self.wait_s + self.compute_s), self.n * self.compute_s / self.lanes)

    @property
    def gain(self) -> float:
        """How many times as fast."""
        return self.alone_s / self.together_s if self.together_s > 0 else 1.0


def outlook(found: Findings) -> list[str]:
    """One sentence of what a faster network, heavier parsing and more calls would do; [] where nothing is known."""
    base = found.row(found.reference)
    if base is None or found.reference.workers != 1 or found.best.fetch is None or base.fetch is None:
        return []
    rival = _rival(found)
    here = model(base, found.best if _threads(found.best) or rival is None else rival, found)
    if here is None:
        return []
    parts = [_faster_network(here)]
    parts += [_heavier(here, rival, found), _more_calls(rival, found)] if rival is not None else []
    said = "; ".join(part for part in parts if part)
    return [f"What would change it, reckoned: {said}."] if said else []


def model(base: Figures, row: Figures, found: Findings) -> Model | None:
    """The model of a variant, from what a call of the reference waits and computes."""
    spent = base.cpu_s
    if base.fetch is None or spent is None:
        return None
    compute_s = min(spent / found.n, base.fetch.p50)
    lanes = 1 if _threads(row) and found.machine.gil else found.machine.cores
    return Model(found.n, base.fetch.p50 - compute_s, compute_s, row.variant.workers, lanes)


def _threads(row: Figures) -> bool:
    """Whether its workers live in this process: it has no children that compute."""
    return not row.cpu_children_s


def _rival(found: Findings) -> Figures | None:
    """The fastest that computes in other processes."""
    return next((row for row in found.order if not _threads(row)), None)


def _faster_network(here: Model) -> str:
    if here.workers == 1:
        return ""
    fast = replace(here, wait_s=here.wait_s / TIMES)
    return f"with waits {TIMES} times as short, {here.workers} workers gain at most {words.factor(fast.gain)} over one"


def _heavier(here: Model, rival: Figures, found: Findings) -> str:
    heavy = replace(here, compute_s=here.compute_s * TIMES)
    apart = replace(heavy, lanes=found.machine.cores, workers=rival.variant.workers)
    startup = rival.startup.median if rival.startup is not None and not found.plan.warm else 0.0
    saved = heavy.together_s - apart.together_s
    name = rival.variant.mode
    if saved <= 0:
        return f"computing {TIMES} times as heavy would not make {name} faster than threads"
    if saved > startup:
        return f"with computing {TIMES} times as heavy, {name} would win, start-up included"
    need = ceil(startup / saved * found.n)
    if need > FAR * found.n:
        return f"computing {TIMES} times as heavy would not make {name} pay"
    return f"with computing {TIMES} times as heavy, {name} would pay from about {need} calls"


def _more_calls(rival: Figures, found: Findings) -> str:
    if rival is found.best or found.plan.warm or rival.startup is None:
        return ""
    long = TIMES * wall(rival).median + rival.startup.median
    ours = TIMES * wall(found.best).median
    who = f"with {TIMES} times the calls, {rival.variant.mode} with its start-up would"
    if long >= 2 * ours:
        return f"{who} take {words.factor(long / ours)} as long"
    return f"{who} be {words.percent(long / ours - 1)} behind" if long > ours else f"{who} be ahead"
