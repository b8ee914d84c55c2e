"""What a reader should know besides the figures, a line each: outliers, and what was not like what was asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare import words
from rates.compare.records import Comparison

# A budget that is overrun by more was none: it could not be kept.
OVERRUN = 1.5


def notes(made: Comparison, workers: Sequence[int], spent_s: float) -> list[str]:
    """What was not like what was asked. workers: the numbers asked for; spent_s: the time that all took."""
    plan, n = made.plan, len(made.plan.items)
    said = []
    too_many = [many for many in workers if many > n]
    if n == 1:
        said.append("one call leaves nothing to run side by side: every variant has one worker")
    elif too_many and any(variant.workers > 1 for variant in made.variants):
        cut = words.listed([str(many) for many in too_many])
        said.append(f"{cut} workers are more than the {n} calls: {n} were measured")
    if made.interrupted:
        return said
    if all(len(sample.failures) == len(sample.spans) for sample in made.samples):
        warmed = all(sample.number < 1 for sample in made.samples)
        untried = len(made.variants) - len(made.figures)
        rest = f", and {untried} of {len(made.variants)} variants not at all" if untried else ""
        said.append(f"every call failed{', in the warm-up already' if warmed else ''}: no more rounds were begun{rest}")
    elif plan.rounds is not None and made.rounds < plan.rounds:
        said.append(f"{made.rounds} of {plan.rounds} rounds: the time was spent")
    if plan.budget_s is not None and spent_s > OVERRUN * plan.budget_s:
        said.append(
            f"the rounds took {words.time(spent_s)}, more than the time budget of {plan.budget_s:g} s: the warm-up and "
            "the least number of rounds take so long; no warm-up, fewer variants or fewer calls take less"
        )
    return said


def outlying(made: Comparison) -> tuple[str, ...]:
    """The outliers, each with its likely cause, and what makes start-up longer here."""
    said = []
    for row in made.figures:
        for outlier in row.outliers:
            usual = row.wall.median if row.wall is not None else 0.0
            said.append(
                f"outlier: {row.variant}, round {outlier.number}: {outlier.wall_s * 1000:.0f} ms, "
                f"usually {usual * 1000:.0f} ms ({outlier.cause})"
            )
    if not made.machine.compiled:
        said.append("our modules are not byte-compiled here, which makes the start-up of processes longer")
    return tuple(said)
