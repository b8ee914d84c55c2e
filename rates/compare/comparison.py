"""`compare`: the same calls in several modes, by map and by submit, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from random import SystemRandom
from typing import TypeVar

from rates.compare.figures import Figures, figures, reference, sequential_latency
from rates.compare.rounds import Clock, Open, Sample, Variant, run_rounds
from rates.compare.verdict import verdict
from rates.compare.work import Work, calls
from rates.currencies import suggest
from rates.errors import UsageError
from rates.executors import MODES, VIAS, open_executor

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured, and what follows from it.

    variants: those that were to be measured in each round, which an interrupted run may not have reached. n: calls
    in a round. latency_s: the one that the ideal is reckoned with (None: not known); simulated: whether it was given,
    or is the median of the sequential calls. left_out: modes that are not available here, each with why.
    """

    figures: tuple[Figures, ...]
    samples: tuple[Sample, ...]
    variants: tuple[Variant, ...]
    seed: int
    n: int
    rounds: int
    warmup: int
    latency_s: float | None
    simulated: bool
    left_out: tuple[tuple[str, str], ...] = ()
    interrupted: bool = False

    @property
    def reference(self) -> Variant:
        """What the speed-up is over."""
        return reference([row.variant for row in self.figures])

    @property
    def planned(self) -> int:
        """How many samples a run that is not interrupted has."""
        return self.rounds * len(self.variants)

    @property
    def verdict(self) -> str:
        """The result in a line."""
        return verdict(self.figures, self.reference)


def compare(
    fn: Callable[[T], R],
    items: Sequence[T],
    *,
    modes: Sequence[str] = MODES,
    vias: Sequence[str] = VIAS,
    workers: int = 8,
    rounds: int = 5,
    warmup: int = 1,
    latency_s: float | None = None,
    seed: int | None = None,
) -> Comparison:
    """The figures of `fn` over `items` in each mode and by each way of handing out; `fn` and items must pickle.

    latency_s: the time of one call when nothing is in its way; without it, the median of the sequential calls. seed:
    repeats the order of an earlier run. On Ctrl-C what has been measured is given, marked as interrupted.
    Raises UsageError for an unknown mode, impossible numbers or no items.
    """
    work = calls(fn, items)
    return compare_work(
        work, modes=modes, vias=vias, workers=workers, rounds=rounds, warmup=warmup, latency_s=latency_s, seed=seed
    )


def compare_work(
    work: Work[T, R],
    *,
    modes: Sequence[str],
    vias: Sequence[str],
    workers: int,
    rounds: int,
    warmup: int,
    latency_s: float | None = None,
    seed: int | None = None,
    step: Callable[[], object] = lambda: None,
    clock: Clock = time.perf_counter,
    opener: Open = open_executor,
) -> Comparison:
    """The same for work of any kind; `step` is called after each measurement, the warm-up's too."""
    _check(modes, vias, workers, rounds, warmup, len(work.items))
    here, left_out = available(dict.fromkeys(modes), work, opener)
    if not here:
        raise UsageError(f"no mode can be run here: {'; '.join(why for _, why in left_out)}")
    drawn = SystemRandom().randrange(2**32) if seed is None else seed
    n = len(work.items)
    planned = variants(here, vias, workers, n)
    measured = run_rounds(planned, work, rounds=rounds, warmup=warmup, seed=drawn, clock=clock, opener=opener)
    samples, interrupted = _collected(measured, planned, step)
    latency = (latency_s or sequential_latency(samples)) if work.ideal else None
    rows = figures(samples, n, latency)
    simulated = bool(latency_s)
    return Comparison(
        rows, tuple(samples), planned, drawn, n, rounds, warmup, latency, simulated, left_out, interrupted
    )


def _collected(
    measured: Iterator[Sample], planned: tuple[Variant, ...], step: Callable[[], object]
) -> tuple[list[Sample], bool]:
    """The samples of the rounds, each round in the order of the plan; and whether Ctrl-C ended them."""
    samples: list[Sample] = []
    interrupted = False
    try:
        for sample in measured:
            step()
            if sample.number > 0:
                samples.append(sample)
            if len(samples) == len(planned) and not any(each.fetch_s for each in samples):
                break  # a round in which every call failed: another would only take as long
    except KeyboardInterrupt:
        if not samples:
            raise
        interrupted = True
    samples.sort(key=lambda sample: (sample.number, planned.index(sample.variant)))
    return samples, interrupted


def variants(modes: Sequence[str], vias: Sequence[str], workers: int, n: int) -> tuple[Variant, ...]:
    """All ways of running: one worker where a mode has no more, and nowhere more than there are calls."""
    return tuple(
        Variant(mode, via, 1 if mode == "sequential" else min(workers, n))
        for mode in dict.fromkeys(modes)
        for via in dict.fromkeys(vias)
    )


def _check(modes: Sequence[str], vias: Sequence[str], workers: int, rounds: int, warmup: int, n: int) -> None:
    for kind, words, known in (("mode", modes, MODES), ("via", vias, VIAS)):
        for word in words:
            if word not in known:
                raise UsageError(f"unknown {kind} {word!r}", hint=suggest(word, known, f"known are {', '.join(known)}"))
        if not words:
            raise UsageError(f"no {kind} to compare", hint=f"known are {', '.join(known)}")
    for name, number, least in (("workers", workers, 1), ("rounds", rounds, 1), ("warmup", warmup, 0)):
        if number < least:
            raise UsageError(f"{name} must be at least {least}, not {number}")
    if n == 0:
        raise UsageError("nothing to compare: there are no items")


def available(
    modes: Sequence[str] | dict[str, None], work: Work[T, R], opener: Open = open_executor
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The modes that run a call here, and those that do not, with why.

    Only what says that a mode cannot be had counts: a RuntimeError from opening a pool of processes, for one, means
    that the script lacks its guard, and going on in that worker would run the whole script again.
    """
    here, left_out = [], []
    for mode in modes:
        try:
            executor = opener(mode, 1, start_method=work.start_method, preload=work.preload)
            try:
                executor.submit(int).result()
            finally:
                executor.kill()
            here.append(mode)
        except (BrokenExecutor, ImportError, NotImplementedError, OSError, ValueError) as error:
            left_out.append((mode, f"{mode} is not available here: {error}"))
    return tuple(here), tuple(left_out)
