"""What the same comparison under several Pythons shows about them, and about the GIL. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rates.compare.regression import SavedRun, SavedVariant, changes
from rates.compare.results import AGAIN, Variant
from rates.compare.significance import ALPHA, LEAST_ROUNDS, holm, logs, trimmed_p
from rates.compare.wording import factor, listed, percent, short, time

# Ways of running several calls at once whose relation to one another the GIL may change.
IN_THREADS, APART = ("thread", "asyncio", "dummy"), ("process", "interpreter", "pool")
# From this share of waiting on, the GIL does not limit threads.
WAITING = 0.9


def variants(runs: Sequence[SavedRun]) -> list[Variant]:
    """All variants that any of the runs has, in their order; without the twins."""
    return list(dict.fromkeys(each.variant for run in runs for each in run.variants if each.variant.label != AGAIN))


def sentences(runs: Sequence[SavedRun]) -> list[str]:
    """What each Python found, how the others differ from the first, and what the GIL has to do with it."""
    said = [*map(_fastest, runs), *map(_modes, runs), *(_against(runs[0], other) for other in runs[1:]), _gil(runs)]
    return [sentence for sentence in said if sentence]


def _middle(each: SavedVariant) -> float:
    return median(each.wall_times)


def _fastest(run: SavedRun) -> str:
    """The fastest variant under one Python, with those that do not measurably differ from it, paired by round."""
    names = {variant: short(variant, variants([run])) for variant in variants([run])}
    order = sorted((each for each in run.variants if each.variant in names and each.wall_times), key=_middle)
    if len(order) < 2 or min(len(each.wall_times) for each in order) < LEAST_ROUNDS:
        return ""
    corrected = holm([trimmed_p(logs(_ratios(each, order[0]))) for each in order[1:]])
    equal = [each for each, p in zip(order[1:], corrected, strict=True) if p >= ALPHA]
    among = listed([names[each.variant] for each in (order[0], *equal)])
    if not equal:
        return f"{run.name}: {among} is the fastest, beyond the noise."
    rest = ", the fastest" if len(equal) + 1 < len(order) else ""
    return f"{run.name}: no measurable difference between {among}{rest}."


def _ratios(over: SavedVariant, under: SavedVariant) -> list[float]:
    """The wall time of one over the other's, for each round in which neither had a failure."""
    pairs = zip(over.rounds, under.rounds, strict=False)  # an interrupted run ends within a round
    return [high / low for high, low in pairs if high is not None and low is not None]


def _modes(run: SavedRun) -> str:
    """The best of the threads beside the best of the processes and interpreters, with their start-ups."""
    threads, apart = _best(run, IN_THREADS), [_best(run, (mode,)) for mode in APART]
    shown = [f"{each.variant.mode} {_time(each)}" for each in (threads, *apart) if each is not None]
    if threads is None or len(shown) < 2:
        return ""
    return f"{run.name}, {'with' if run.machine.gil else 'without'} the GIL: {', '.join(shown)}."


def _best(run: SavedRun, modes: Sequence[str]) -> SavedVariant | None:
    """The fastest variant of these modes."""
    found = [each for each in run.variants if each.variant.mode in modes and each.wall_times]
    return min((each for each in found if each.variant.label != AGAIN), key=_middle, default=None)


def _time(each: SavedVariant) -> str:
    startup = "" if each.startup_s is None else f" after {time(each.startup_s)} of start-up"
    return f"{time(_middle(each))}{startup}"


def _against(first: SavedRun, other: SavedRun) -> str:
    """Which variants are faster or slower than under the first, beyond the noise."""
    found, names = changes(first, other), variants([first, other])
    differing = [f"{short(each.variant, names)} {each.amount}" for each in found if each.differs]
    if differing:
        return f"Under {other.name}, against {first.name}, beyond the noise: {'; '.join(differing)}."
    return f"No measurable difference between {first.name} and {other.name} in any variant." if found else ""


def _gil(runs: Sequence[SavedRun]) -> str:
    """Whether threads do more without the GIL than with it, and why."""
    free, bound = ([run for run in runs if run.machine.gil is gil] for gil in (False, True))
    if not free:
        return "All of them have the GIL; a free-threaded build, as 3.14t, would show threads without it."
    if not bound:
        return ""
    with_it, without_it = _best(bound[-1], ("thread",)), _best(free[-1], ("thread",))
    if with_it is None or without_it is None or with_it.speedup is None or without_it.speedup is None:
        return ""
    said = f"Threads reach {factor(with_it.speedup)} with the GIL ({bound[-1].name}) and "
    said += f"{factor(without_it.speedup)} without ({free[-1].name})"
    waiting = with_it.waiting_share
    if waiting is None:
        return f"{said}."
    if waiting >= WAITING:
        return f"{said}: a fetch waits {percent(waiting)} of its time, so the GIL is not what limits them."
    return f"{said}: a fetch computes {percent(1 - waiting)} of its time, and with the GIL one at a time."
