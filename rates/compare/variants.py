"""Which variants there are to measure, and which of their modes this machine has."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pickle import PicklingError
from typing import TypeVar

from rates import executors
from rates.compare.measure import Open
from rates.compare.records import AGAIN, Variant
from rates.compare.work import Work
from rates.compare.worker_side import received
from rates.errors import UsageError, suggest
from rates.executors import MODES, VIAS, OpenExecutor, open_executor

T = TypeVar("T")
R = TypeVar("R")

# What runs in the caller has one worker, whatever is asked.
ONE_WORKER = ("sequential",)


def known_modes() -> tuple[str, ...]:
    """All words for a mode, those that other packages have joined too."""
    names: tuple[str, ...] = getattr(executors, "modes", lambda: MODES)()
    return names


def planned(modes: Sequence[str], vias: Sequence[str], workers: Sequence[int], n: int) -> tuple[Variant, ...]:
    """All ways of running: nowhere more workers than there are calls, and the reference's twin at the end."""
    found = dict.fromkeys(
        Variant(mode, via, 1 if mode in ONE_WORKER else min(many, n))
        for mode in modes
        for many in workers
        for via in vias
    )
    first = reference(tuple(found))
    return (*found, Variant(first.mode, first.via, first.workers, AGAIN))


def reference(variants: Sequence[Variant]) -> Variant:
    """What the others are compared with: sequential, by map if it is there, else the first."""
    ranked = sorted(variants, key=lambda variant: (variant.mode not in ONE_WORKER, variant.via != "map"))
    return ranked[0] if ranked[0].mode in ONE_WORKER else variants[0]


def check(modes: Sequence[str], vias: Sequence[str], workers: Sequence[int], **numbers: int | None) -> None:
    """Raises UsageError for words that are none, for nothing at all, and for numbers that cannot be."""
    for kind, words, known in (("mode", modes, known_modes()), ("via", vias, VIAS)):
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
    modes: Sequence[str], work: Work[T, R], opener: Open = open_executor
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The modes that run a call here, and those that do not, with why."""
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
    """Why the function or an item does not get to the mode's workers, ""."""
    if not work.sent or getattr(executor, "shares_memory", executor.mode in ("sequential", "thread")):
        return ""
    try:
        executor.submit(received, *work.sent).result()
    except (AttributeError, PicklingError, TypeError) as error:
        why = error.__cause__ or error
        return f"cannot be given these calls: {why}; it takes what pickles, as functions from the top of a module"
    return ""
