"""`compare`: the same calls in several modes, by map and by submit, with several numbers of workers, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from random import SystemRandom
from typing import Any, TypeVar

from rates.compare.agreement import differing
from rates.compare.budget import Until
from rates.compare.figures import figures, sequential_latency, visible
from rates.compare.machine import machine
from rates.compare.measure import Open
from rates.compare.notes import notes, outlying
from rates.compare.records import Comparison, Plan, Sample, Variant
from rates.compare.rounds import run_rounds
from rates.compare.variants import available, check, known_modes, planned, reference
from rates.compare.verdict import verdict
from rates.compare.work import Work, calls, named
from rates.compare.worker_side import Clock
from rates.errors import UsageError
from rates.executors import VIAS, open_executor

T = TypeVar("T")
R = TypeVar("R")

# Called after each measurement, the warm-up's too.
Step = Callable[[Sample], object]

WORKERS = 8
BUDGET_S = 60.0
LEAST = 3  # of fewer rounds nothing can be concluded


def _nothing(sample: Sample) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is to be compared; modes None for all there are.

    rounds: exactly so many, unless the budget ends them sooner. Without, they go on until every speed-up is known to
    within ±3 % or the budget is spent; without both the budget is a minute. least: rounds that the budget does not cut.
    warm: pools are kept from round to round. plan: what else the record of the run should tell.
    """

    modes: Sequence[str] | None = None
    vias: Sequence[str] = VIAS
    workers: Sequence[int] = (WORKERS,)
    rounds: int | None = None
    warmup: int = 1
    budget_s: float | None = None
    least: int = 1
    warm: bool = False
    latency_s: float | None = None
    seed: int | None = None
    plan: dict[str, Any] = field(default_factory=dict)


def compare(
    fn: Callable[[T], R],
    items: Sequence[T],
    *,
    modes: Sequence[str] | None = None,
    via: str | Sequence[str] = VIAS,
    workers: int | Sequence[int] = WORKERS,
    rounds: int | None = None,
    warmup: int = 1,
    time_budget_s: float | None = None,
    warm: bool = False,
    latency_s: float | None = None,
    seed: int | None = None,
    on_sample: Step = _nothing,
) -> Comparison:
    """The figures of `fn` over `items` in each mode, by each way of handing out, with each number of workers.

    `fn`, items and results must pickle for modes that send them to other processes; equal results are told by a
    digest. modes: all that there are here, without it; one that is not, or that `fn` cannot be sent to, is told in
    `left_out`. rounds, time_budget_s: as `Ask` has them. latency_s: the time of one call when nothing is in its way;
    without it, the median of the sequential calls. seed: repeats the order of an earlier run. on_sample is called after
    each measurement. On Ctrl-C what has been measured is given, marked as interrupted. Raises UsageError for an unknown
    mode, impossible numbers or no items.
    """
    ask = Ask(
        modes=(modes,) if isinstance(modes, str) else modes,
        vias=(via,) if isinstance(via, str) else via,
        workers=(workers,) if isinstance(workers, int) else workers,
        rounds=rounds,
        warmup=warmup,
        budget_s=time_budget_s,
        least=1 if time_budget_s else LEAST,
        warm=warm,
        latency_s=latency_s,
        seed=seed,
    )
    return compare_work(calls(fn, tuple(items)), ask, on_sample=on_sample)


def compare_work(
    work: Work[T, R],
    ask: Ask,
    *,
    on_sample: Step = _nothing,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
) -> Comparison:
    """The same for work of any kind."""
    modes = known_modes() if ask.modes is None else ask.modes
    check(modes, ask.vias, ask.workers, rounds=ask.rounds, warmup=ask.warmup)
    if ask.budget_s is not None and not ask.budget_s > 0:
        raise UsageError(f"the time budget must be more than zero, not {ask.budget_s:g} s")
    if not work.items:
        raise UsageError("nothing to compare: there are no items")
    here, left_out = available(tuple(dict.fromkeys(modes)), work, opener)
    if not here:
        raise UsageError(f"no mode can be run here: {'; '.join(why for _, why in left_out)}")
    seed = SystemRandom().randrange(2**32) if ask.seed is None else ask.seed
    variants = planned(here, ask.vias, ask.workers, len(work.items))
    first = reference(variants)
    budget_s = BUDGET_S if ask.rounds is None and ask.budget_s is None else ask.budget_s
    until = Until(clock, first, variants, ask.rounds, budget_s, seed, ask.least)
    samples, interrupted = _measured(work, ask, variants, until, seed, on_sample, clock, opener)
    plan = _plan(work, ask, budget_s, sequential_latency(samples, first))
    made = _concluded(plan, seed, variants, first, samples, left_out=left_out, interrupted=interrupted)
    return replace(made, notes=(*notes(made, ask.workers, until.spent_s), *made.notes))


def _measured(
    work: Work[T, R],
    ask: Ask,
    variants: tuple[Variant, ...],
    until: Until,
    seed: int,
    on_sample: Step,
    clock: Clock,
    opener: Open,
) -> tuple[tuple[Sample, ...], bool]:
    """The samples of the rounds, each round in the order of the plan; and whether Ctrl-C ended them."""
    samples = until.samples
    interrupted = False
    found = run_rounds(
        variants, work, more=until.more, warmup=ask.warmup, seed=seed, warm=ask.warm, clock=clock, opener=opener
    )
    try:
        with closing(found):
            for sample in found:
                (samples if sample.number > 0 else until.warmed).append(sample)
                on_sample(sample)
                if until.in_vain():
                    break
    except KeyboardInterrupt:
        if not samples:
            raise
        interrupted = True
    samples = samples or until.warmed  # where all of those failed, which are then what there is to tell
    place = {variant: index for index, variant in enumerate(variants)}
    return tuple(sorted(samples, key=lambda sample: (sample.number, place[sample.variant]))), interrupted


def _plan(work: Work[T, R], ask: Ask, budget_s: float | None, measured_s: float | None) -> Plan:
    """The plan as it was carried out; without a given latency, with the one that was measured."""
    latency_s = (ask.latency_s or measured_s) if work.ideal else None
    known: dict[str, Any] = {"source": "function", **ask.plan}
    return Plan(
        items=tuple(map(named, work.items)),
        rounds=ask.rounds,
        warmup=ask.warmup,
        budget_s=budget_s,
        warm=ask.warm,
        latency_s=latency_s,
        measured=not ask.latency_s,
        **known,
    )


def _concluded(
    plan: Plan, seed: int, variants: tuple[Variant, ...], first: Variant, samples: tuple[Sample, ...], **more: Any
) -> Comparison:
    """The comparison with what follows from its samples."""
    rows = figures(samples, first, len(plan.items), latency_s=plan.latency_s, seed=seed)
    seen, odd, here = visible(samples, first, seed), differing(samples, plan.items), machine()
    made = Comparison(
        plan=plan,
        machine=here,
        seed=seed,
        variants=variants,
        reference=first,
        samples=samples,
        figures=rows,
        rounds=_complete(samples, len(variants)),
        verdict=verdict(rows, samples, first, plan, here, visible=seen, differing=odd, seed=seed),
        visible=seen,
        differing=odd,
        **more,
    )
    return replace(made, notes=outlying(made))


def _complete(samples: Sequence[Sample], many: int) -> int:
    """How many rounds have a sample of every variant."""
    counts: dict[int, int] = {}
    for sample in samples:
        counts[sample.number] = counts.get(sample.number, 0) + (sample.number > 0)
    return sum(count == many for count in counts.values())
