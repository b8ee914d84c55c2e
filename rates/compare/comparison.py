"""`compare`: the same calls in several modes, by map and by submit, with several numbers of workers."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import closing
from dataclasses import dataclass, field, replace
from pickle import PicklingError
from random import SystemRandom
from typing import Any, TypeVar

from rates.compare.figures import figures, sequential_latency, visible
from rates.compare.fingerprint import disagreements
from rates.compare.machine import this_machine
from rates.compare.measure import Open
from rates.compare.results import AGAIN, Comparison, Machine, Plan, Sample, Variant
from rates.compare.rounds import Budget, run_rounds
from rates.compare.verdict import judged, notes
from rates.compare.work import Work, calls, item_name
from rates.compare.worker_side import Clock
from rates.errors import UsageError, suggest
from rates.executors import VIAS, OpenExecutor, open_executor
from rates.executors import modes as known_modes

T = TypeVar("T")
R = TypeVar("R")

# Called after each measurement, those of the warm-up included.
OnSample = Callable[[Sample], object]
# Opens an executor for a number of workers.
Factory = Callable[[int], Executor]

WORKERS = 8
BUDGET_S = 60.0
LEAST = 3  # nothing can be concluded from fewer rounds
# Modes that run in the caller and so have one worker, whatever was asked for.
ONE_WORKER = ("sequential",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is to be compared; modes: None for all that can run here.

    rounds: exactly this many, unless the budget ends them sooner. Without it they go on until every speed-up is known
    to within ±3 % or the budget is spent; without both the budget is a minute. least: rounds that the budget does not
    cut. warm: pools are kept from round to round. plan: further fields of the record's Plan.
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
    modes: str | Sequence[str] | Mapping[str, Factory | None] | None = None,
    via: str | Sequence[str] = VIAS,
    workers: int | Sequence[int] = WORKERS,
    rounds: int | None = None,
    warmup: int = 1,
    time_budget_s: float | None = None,
    warm: bool = False,
    latency_s: float | None = None,
    seed: int | None = None,
    on_sample: OnSample = lambda sample: None,
) -> Comparison:
    """The figures of `fn` over `items` in each mode, by each way of dispatching, with each number of workers.

    `fn`, items and results must pickle for modes that send them to other processes; whether results are equal is judged
    by their fingerprints. modes: by default all that can run here; `left_out` names those that cannot, or that `fn`
    cannot be sent to. A mapping adds executors of other packages: `{"thread": None, "loky": open_loky}`, each a
    function that opens a `concurrent.futures.Executor` for a number of workers; None stands for a mode of ours. rounds,
    time_budget_s: as in `Ask`. latency_s: the time of one call that nothing delays; by default the median of the
    sequential calls. seed: repeats the order of an earlier run. After Ctrl-C the result has what was measured and is
    marked as interrupted. Raises UsageError for an unknown mode, impossible numbers or no items.
    """
    ask = Ask(
        modes=(modes,) if isinstance(modes, str) else tuple(modes) if modes is not None else None,
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
    factories = {name: make for name, make in modes.items() if make} if isinstance(modes, Mapping) else {}
    return compare_work(calls(fn, tuple(items)), ask, on_sample=on_sample, factories=factories)


class ForeignExecutor(OpenExecutor):
    """An executor of another package, as a mode."""

    def __init__(self, mode: str, workers: int, executor: Executor) -> None:
        self.mode, self.workers, self.executor = mode, workers, executor

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        """Hands the call to the executor."""
        return self.executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shuts the executor down."""
        self.executor.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """Cancels what has not begun; such an executor offers no other way to end calls."""
        self.executor.shutdown(wait=False, cancel_futures=True)


def compare_work(
    work: Work[T, R],
    ask: Ask,
    *,
    on_sample: OnSample = lambda sample: None,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
    factories: Mapping[str, Factory] | None = None,
) -> Comparison:
    """The same for work of any kind. factories: executors of other packages, by the mode that stands for each."""
    foreign = factories or {}

    def opened(mode: str, workers: int, **more: Any) -> OpenExecutor:
        if mode in foreign:
            return ForeignExecutor(mode, workers, foreign[mode](workers))
        return opener(mode, workers, **more)

    modes = known_modes() if ask.modes is None else ask.modes
    check(modes, ask.vias, ask.workers, (*known_modes(), *foreign), rounds=ask.rounds, warmup=ask.warmup)
    if ask.budget_s is not None and not ask.budget_s > 0:
        raise UsageError(f"the time budget must be more than zero, not {ask.budget_s:g} s")
    if not work.items:
        raise UsageError("nothing to compare: there are no items")
    here, left_out = available(tuple(dict.fromkeys(modes)), work, opened)
    if not here:
        raise UsageError(f"no mode can be run here: {'; '.join(why for _, why in left_out)}")
    seed = SystemRandom().randrange(2**32) if ask.seed is None else ask.seed
    variants = planned(here, ask.vias, ask.workers, len(work.items))
    first = reference(variants)
    budget_s = BUDGET_S if ask.rounds is None and ask.budget_s is None else ask.budget_s
    budget = Budget(clock, first, variants, ask.rounds, budget_s, seed, ask.least)
    found = run_rounds(
        variants, work, more=budget.more, warmup=ask.warmup, seed=seed, warm=ask.warm, clock=clock, opener=opened
    )
    interrupted = False
    try:
        with closing(found):
            for sample in found:
                budget.add(sample)
                on_sample(sample)
                if budget.exhausted_in_vain():
                    break
    except KeyboardInterrupt:
        if not budget.samples:
            raise
        interrupted = True
    place = {variant: index for index, variant in enumerate(variants)}
    # Where every call of the warm-up failed, its samples are all that can be reported.
    samples = sorted(budget.samples or budget.warmup, key=lambda sample: (sample.number, place[sample.variant]))
    plan = Plan(
        items=tuple(map(item_name, work.items)),
        rounds=ask.rounds,
        warmup=ask.warmup,
        budget_s=budget_s,
        warm=ask.warm,
        latency_s=(ask.latency_s or sequential_latency(samples, first)) if work.ideal else None,
        measured=not ask.latency_s,
        **{"source": "function", **ask.plan},
    )
    made = conclude(plan, seed, variants, first, tuple(samples), left_out=left_out, interrupted=interrupted)
    return replace(made, notes=notes(made, ask.workers, budget.spent_s))


def planned(modes: Sequence[str], vias: Sequence[str], workers: Sequence[int], n: int) -> tuple[Variant, ...]:
    """All combinations, with no more workers than calls, and the reference's twin at the end."""
    found = dict.fromkeys(
        Variant(mode, via, 1 if mode in ONE_WORKER else min(many, n))
        for mode in modes
        for many in workers
        for via in vias
    )
    return (*found, replace(reference(tuple(found)), label=AGAIN))


def reference(variants: Sequence[Variant]) -> Variant:
    """The variant that the others are compared with: sequential, by map if possible, else the first."""
    ranked = sorted(variants, key=lambda variant: (variant.mode not in ONE_WORKER, variant.via != "map"))
    return ranked[0] if ranked[0].mode in ONE_WORKER else variants[0]


def check(
    modes: Sequence[str], vias: Sequence[str], workers: Sequence[int], known_modes: Sequence[str], **numbers: int | None
) -> None:
    """Raises UsageError for unknown words, empty lists and impossible numbers."""
    for kind, words, known in (("mode", modes, known_modes), ("via", vias, VIAS)):
        for word in words:
            if word not in known:
                raise UsageError(f"unknown {kind} {word!r}", hint=suggest(word, known, f"known are {', '.join(known)}"))
        if not words:
            raise UsageError(f"no {kind} to compare", hint=f"known are {', '.join(known)}")
    if not workers:
        raise UsageError("no number of workers to compare")
    for many in workers:
        if isinstance(many, bool) or not isinstance(many, int) or many < 1:
            raise UsageError(f"workers must be whole numbers of at least 1, not {many!r}")
    for name, number in numbers.items():
        least = 0 if name == "warmup" else 1
        if number is None:
            continue
        if isinstance(number, bool) or not isinstance(number, int):
            raise UsageError(f"{name} must be a whole number, not {number!r}")
        if number < least:
            raise UsageError(f"{name} must be at least {least}, not {number}")


def available(
    modes: Sequence[str], work: Work[T, R], opener: Open
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The modes that can run the calls here, and those that cannot, each with the reason."""
    here, left_out = [], []
    for mode in modes:
        try:
            executor = opener(mode, 1, **work.opening)
            try:
                executor.submit(int).result()
                why = _unsent(executor, work)
            finally:
                executor.kill()
        except (BrokenExecutor, ImportError, OSError, RuntimeError, ValueError) as error:
            # In a worker that imports a script without its guard, going on would run the whole script again.
            if getattr(multiprocessing.current_process(), "_inheriting", False):
                raise
            why = f"is not available here: {error}"
        if why:
            left_out.append((mode, f"{mode} {why}"))
        else:
            here.append(mode)
    return tuple(here), tuple(left_out)


def _unsent(executor: OpenExecutor, work: Work[T, R]) -> str:
    """Why the function or an item cannot be sent to the mode's workers, or ""."""
    if not work.sent or executor.shares_memory:
        return ""
    try:
        executor.submit(id, work.sent).result()  # any function that takes anything
    except (AttributeError, PicklingError, TypeError) as error:
        why = error.__cause__ or error
        return f"cannot be given these calls: {why}; it takes what pickles, as functions from the top of a module"
    return ""


def conclude(
    plan: Plan,
    seed: int,
    variants: tuple[Variant, ...],
    first: Variant,
    samples: tuple[Sample, ...],
    *,
    machine: Machine | None = None,
    **more: Any,
) -> Comparison:
    """The comparison with everything that follows from its samples, but for the notes; `first` is the reference."""
    numbers, least = [sample.number for sample in samples], visible(samples, first, seed)
    made = Comparison(
        plan=plan,
        machine=machine or this_machine(),
        seed=seed,
        variants=variants,
        reference=first,
        samples=samples,
        figures=figures(samples, first, len(plan.items), latency_s=plan.latency_s, least=least, seed=seed),
        rounds=sum(numbers.count(number) == len(variants) for number in set(numbers) if number > 0),
        visible=least,
        differing=disagreements(samples, plan.items),
        **more,
    )
    advice, reasons = judged(made)
    return replace(made, advice=advice, reasons=reasons)
