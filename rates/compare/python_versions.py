"""What the same comparison under several Pythons says of them, and of the GIL. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from rates.compare import words
from rates.compare.load import Change, Ran, Run, changes
from rates.compare.pairs import ALPHA, LEAST_ROUNDS
from rates.compare.records import AGAIN, Variant
from rates.compare.statistics import holm, logs, trimmed_p

# Ways of running several calls at once, whose relation to one another the GIL may change.
IN_THREADS, APART = ("thread", "asyncio", "dummy"), ("process", "interpreter", "pool")


def variants(runs: Sequence[Run]) -> list[Variant]:
    """All that one of the runs has, in their order; without the twins."""
    return list(dict.fromkeys(each.variant for run in runs for each in run.ran if each.variant.label != AGAIN))


def sentences(runs: Sequence[Run]) -> list[str]:
    """What each Python found, how the others differ from the first, and what the GIL has to do with it."""
    said = [_fastest(run) for run in runs]
    said += [_modes(run) for run in runs]
    for other in runs[1:]:
        said += _against(runs[0], other)
    said.append(_gil(runs))
    return [sentence for sentence in said if sentence]


def _fastest(run: Run) -> str:
    """The fastest variant of one Python, with those that do not differ from it measurably, round by round."""
    names = variants([run])
    order = sorted((each for each in run.ran if each.walls and not each.variant.label), key=_middle)
    if len(order) < 2 or min(len(each.walls) for each in order) < LEAST_ROUNDS:
        return ""
    corrected = holm([trimmed_p(logs(_ratios(each, order[0]))) for each in order[1:]])
    equal = [each for each, p in zip(order[1:], corrected, strict=True) if p >= ALPHA]
    if not equal:
        return f"{run.name}: {words.short(order[0].variant, names)} is the fastest, beyond the noise."
    among = words.listed([words.short(each.variant, names) for each in (order[0], *equal)])
    rest = ", the fastest" if len(equal) + 1 < len(order) else ""
    return f"{run.name}: no measurable difference between {among}{rest}."


def _middle(each: Ran) -> float:
    return median(each.walls)


def _ratios(over: Ran, under: Ran) -> list[float]:
    """The whole time of one over the other's, for each round in which both went well."""
    pairs = zip(over.rounds, under.rounds, strict=False)  # an interrupted run ends within a round
    return [high / low for high, low in pairs if high is not None and low is not None]


def _against(first: Run, other: Run) -> list[str]:
    """Which variants are faster or slower than under the first, beyond the noise."""
    found = changes(first, other)
    if not found:
        return []
    names = variants([first, other])
    told = [f"{words.short(each.variant, names)} {_amount(each)}" for each in found if each.differs]
    if not told:
        return [f"No measurable difference between {first.name} and {other.name} in any variant."]
    return [f"Under {other.name}, against {first.name}, beyond the noise: {'; '.join(told)}."]


def _amount(change: Change) -> str:
    return f"{words.percent(abs(change.ratio - 1))} {'slower' if change.ratio > 1 else 'faster'}"


def _modes(run: Run) -> str:
    """The best of the threads beside the best of the processes and interpreters, start-up apart."""
    near, far = _best(run, IN_THREADS), [found for mode in APART if (found := _best(run, (mode,))) is not None]
    if near is None or not far:
        return ""
    rest = [f"{each.variant.mode} {_time(each)}" for each in far]
    return (
        f"{run.name}, {'with' if run.gil else 'without'} the GIL: {near.variant.mode} {_time(near)}, {', '.join(rest)}."
    )


def _best(run: Run, modes: Sequence[str]) -> Ran | None:
    """The fastest of these modes."""
    found = [each for each in run.ran if each.variant.mode in modes and each.walls and each.variant.label != AGAIN]
    return min(found, key=_middle, default=None)


def _time(each: Ran) -> str:
    startup = "" if each.startup_s is None else f" after {words.time(each.startup_s)} of start-up"
    return f"{words.time(median(each.walls))}{startup}"


def _gil(runs: Sequence[Run]) -> str:
    """Whether threads do more without the GIL than with it, and why."""
    free = [run for run in runs if not run.gil]
    bound = [run for run in runs if run.gil]
    if not free:
        return "All of them have the GIL; a free-threaded build, as 3.14t, would show threads without it."
    if not bound:
        return ""
    run, other = bound[-1], free[-1]
    with_it, without_it = _best(run, ("thread",)), _best(other, ("thread",))
    if with_it is None or without_it is None or with_it.speedup is None or without_it.speedup is None:
        return ""
    said = f"Threads reach {words.factor(with_it.speedup)} with the GIL ({run.name}) and "
    said += f"{words.factor(without_it.speedup)} without ({other.name})"
    waiting = with_it.waiting_share
    if waiting is None:
        return f"{said}."
    if waiting >= 0.9:
        return f"{said}: a fetch waits {words.percent(waiting)} of its time, so the GIL is not what limits them."
    return f"{said}: a fetch computes {words.percent(1 - waiting)} of its time, and with the GIL one at a time."
