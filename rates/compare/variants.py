"""Which variants are measured, and which of their modes can run here."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pickle import PicklingError
from typing import TypeVar

from rates.compare.measure import Open
from rates.compare.results import AGAIN, Variant
from rates.compare.work import Work
from rates.errors import UsageError, suggest
from rates.executors import VIAS, OpenExecutor, open_executor
from rates.executors import modes as known_modes

T = TypeVar("T")
R = TypeVar("R")

# Modes that run in the caller and so have one worker, whatever was asked for.
ONE_WORKER = ("sequential",)


def planned(modes: Sequence[str], vias: Sequence[str], workers: Sequence[int], n: int) -> tuple[Variant, ...]:
    """All combinations, with no more workers than calls, and the reference's twin at the end."""
    found = dict.fromkeys(
        Variant(mode, via, 1 if mode in ONE_WORKER else min(many, n))
        for mode in modes
        for many in workers
        for via in vias
    )
    first = reference(tuple(found))
    return (*found, Variant(first.mode, first.via, first.workers, AGAIN))


def reference(variants: Sequence[Variant]) -> Variant:
    """The variant that the others are compared with: sequential, by map if possible, else the first."""
    ranked = sorted(variants, key=lambda variant: (variant.mode not in ONE_WORKER, variant.via != "map"))
    return ranked[0] if ranked[0].mode in ONE_WORKER else variants[0]


def check(modes: Sequence[str], vias: Sequence[str], workers: Sequence[int], **numbers: int | None) -> None:
    """Raises UsageError for unknown words, empty lists and impossible numbers."""
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
