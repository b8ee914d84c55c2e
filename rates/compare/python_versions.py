"""What the same comparison under several Pythons shows about them, and about the GIL. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rates.compare.regression import changes
from rates.compare.results import AGAIN, Comparison, Figures, Variant
from rates.compare.significance import median_s, ranked
from rates.compare.wording import factor, percent, short, time

# Ways of running several calls at once whose relation to one another the GIL may change.
IN_THREADS, APART = ("thread", "asyncio", "dummy"), ("process", "interpreter", "pool")
# From this share of waiting on, the GIL does not limit threads.
WAITING = 0.9
Runs = Mapping[str, Comparison]  # by the name of the Python


def variants(runs: Runs) -> list[Variant]:
    """All variants that any of the runs has, in their order; without the twins."""
    rows = [row for run in runs.values() for row in run.figures]
    return list(dict.fromkeys(row.variant for row in rows if row.variant.label != AGAIN))


def sentences(runs: Runs) -> list[str]:
    """What each Python found, how the others differ from the first, and what the GIL has to do with it."""
    (first, before), *others = runs.items()
    lines = [f"{name}: {run.verdict[:1].lower()}{run.verdict.splitlines()[0][1:]}" for name, run in runs.items()]
    lines += [_modes(name, run) for name, run in runs.items()]
    lines += [_against(first, before, name, run) for name, run in others]
    return [sentence for sentence in [*lines, _gil(runs)] if sentence]


def _modes(name: str, run: Comparison) -> str:
    """The best of the threads beside the best of the processes and interpreters, with their start-ups."""
    threads, apart = _best(run, IN_THREADS), [_best(run, (mode,)) for mode in APART]
    shown = [
        f"{row.variant.mode} {time(median_s(row))} after {time(row.startup.median)} of start-up"
        for row in (threads, *apart)
        if row is not None and row.startup is not None
    ]
    gil = "with" if run.machine.gil else "without"
    return f"{name}, {gil} the GIL: {', '.join(shown)}." if threads is not None and len(shown) > 1 else ""


def _best(run: Comparison, modes: Sequence[str]) -> Figures | None:
    """The fastest variant of these modes."""
    return next((row for row in ranked(run.figures) if row.variant.mode in modes), None)


def _against(first: str, before: Comparison, name: str, after: Comparison) -> str:
    """Which variants are faster or slower than under the first, beyond the noise."""
    found, names = changes(before, after), variants({first: before, name: after})
    differing = [f"{short(each.variant, names)} {each.amount}" for each in found if each.differs]
    if differing:
        return f"Under {name}, against {first}, beyond the noise: {'; '.join(differing)}."
    return f"No measurable difference between {first} and {name} in any variant." if found else ""


def _gil(runs: Runs) -> str:
    """Whether threads do more without the GIL than with it, and why."""
    free, bound = ([name for name, run in runs.items() if run.machine.gil is gil] for gil in (False, True))
    if not free:
        return "All of them have the GIL; a free-threaded build, as 3.14t, would show threads without it."
    if not bound:
        return ""
    with_it, without_it = _best(runs[bound[-1]], ("thread",)), _best(runs[free[-1]], ("thread",))
    if with_it is None or without_it is None or with_it.speedup is None or without_it.speedup is None:
        return ""
    sentence = f"Threads reach {factor(with_it.speedup)} with the GIL ({bound[-1]}) and "
    sentence += f"{factor(without_it.speedup)} without ({free[-1]})"
    waiting = with_it.waiting_share
    if waiting is None:
        return f"{sentence}."
    if waiting >= WAITING:
        return f"{sentence}: a fetch waits {percent(waiting)} of its time, so the GIL is not what limits them."
    return f"{sentence}: a fetch computes {percent(1 - waiting)} of its time, and with the GIL one at a time."
