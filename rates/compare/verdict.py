"""The figures in a few plain sentences, which claim no difference that the rounds do not show. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare import words
from rates.compare.outlook import outlook
from rates.compare.pairs import ALPHA, ENOUGH_ROUNDS, LEAST_ROUNDS, PLAIN, Against, against_fastest, ranked
from rates.compare.reasons import Findings, enough_workers, start_ups, why
from rates.compare.records import AGAIN, Figures, Machine, Plan, Sample, Variant

# A sentence that names more calls than these is not read.
MOST_NAMES = 5


def verdict(
    rows: Sequence[Figures],
    samples: Sequence[Sample],
    reference: Variant,
    plan: Plan,
    machine: Machine,
    *,
    visible: float | None = None,
    differing: Sequence[str] = (),
    seed: int = 0,
) -> str:
    """Which variant is fastest and whether that is beyond the noise, why, and what would change it; a sentence a line.

    visible: the smallest difference that A/A shows this run can see. differing: how the results differed.
    """
    order = ranked(rows)
    none = _nothing(order, rows, differing) + ("" if order else _always_failing(samples, plan))
    if none:
        return none
    compared = against_fastest(order, samples, seed)
    equals = [each for each in compared if not each.differs(visible)]
    leaders = [order[0], *(each.row for each in equals)]
    found = Findings(order, leaders, compared, reference, plan, machine, visible)
    said = [
        _winner(found, equals),
        _not_compared(order, rows),
        _sight(found, rows),
        *why(found),
        enough_workers(found),
        start_ups(found),
        *outlook(found),
    ]
    return "\n".join(sentence for sentence in said if sentence)


def _nothing(order: Sequence[Figures], rows: Sequence[Figures], differing: Sequence[str]) -> str:
    """Why there is nothing to say, or ""."""
    if differing:
        return f"The variants did not give the same results, so their times say nothing: {differing[0]}."
    if not order:
        return "Nothing to compare: no round without a failure."
    if len(order) == 1 and sum(row.variant.label != AGAIN for row in rows) == 1:
        return f"Only {order[0].variant} has been measured: there is nothing to compare it with."
    if len(order) == 1:
        return f"Nothing to compare: only {order[0].variant} had rounds without a failure."
    least = min(row.rounds for row in order)
    if least < LEAST_ROUNDS:
        return (
            f"Too few rounds to tell a difference from noise: {least} without a failure, "
            f"and {LEAST_ROUNDS} of each variant are the least."
        )
    return ""


def _always_failing(samples: Sequence[Sample], plan: Plan) -> str:
    """Which calls kept every round from being one without a failure; "" when all did, or now one and now another."""
    failed = set(range(len(plan.items)))
    for each in samples:
        failed &= {span.index for span in each.spans if span.failure}
    if not 0 < len(failed) < len(plan.items):
        return ""
    names = [plan.items[index] for index in sorted(failed)]
    shown = words.listed(
        names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} more"]
    )
    rest = len(plan.items) - len(names)
    without = "without it" if len(names) == 1 else "without them"
    who = f"The call of {shown}" if plan.source == "function" else shown  # an item may be a number
    return f" {who} failed every time: {without} the other {f'{rest} can' if rest > 1 else 'can'} be compared."


def _not_compared(order: Sequence[Figures], rows: Sequence[Figures]) -> str:
    """Which variants have no time to be compared by."""
    missing = [str(row.variant) for row in rows if row.variant.label != AGAIN and row not in order]
    if not missing:
        return ""
    return f"Not compared, since every round of it had a failure: {words.listed(missing)}."


def _winner(found: Findings, equals: Sequence[Against]) -> str:
    """Who is fastest, by how much, and whether that is beyond the noise."""
    best, names = found.best, [row.variant for row in found.order]
    if not equals:
        second = found.compared[0]
        over = _over(found, [best])
        next_one = f": {_ahead(second.ratio)} {words.short(second.row.variant, names)}"
        if over and second.row.variant == found.reference:  # which has just been said
            next_one = ""
        return (
            f"{_capital(words.short(best.variant, names))} is the fastest{over}, beyond the noise{next_one} "
            f"({f'p {_probability(second.p)} after Holm' if second.p < ALPHA else 'in every round'})."
        )
    far = [each for each in equals if each.ratio >= PLAIN]
    near = [best, *(each.row for each in equals if each.ratio < PLAIN)]
    among = words.listed([words.short(row.variant, names) for row in near])
    if len(near) == 1:
        said = f"No measurable difference yet: {among} is ahead{_over(found, near)}, but not of all beyond the noise."
    elif len(near) == len(found.order):
        said = f"No measurable difference between {among}."
    else:
        said = f"No measurable difference between {among}, the fastest{_over(found, near)}."
    return said + _unproven(far, names)


def _unproven(far: Sequence[Against], names: Sequence[Variant]) -> str:
    """Those that look slower by far, which the rounds do not prove: they are no equals of the fastest."""
    if not far:
        return ""
    who = words.listed([words.short(each.row.variant, names) for each in far])
    times = words.listed([words.factor(each.ratio) for each in far])
    return f" {_capital(who)} took {times} as long in the median, which rounds so noisy or so few do not prove."


def _ahead(ratio: float) -> str:
    """By how much the next is behind."""
    return f"{words.percent(ratio - 1)} before" if ratio < 2 else f"{words.factor(ratio)} as fast as"


def _over(found: Findings, leaders: Sequence[Figures]) -> str:
    """How many times as fast as the reference the leaders are; "" when it is one of them."""
    if any(row.variant == found.reference for row in leaders):
        return ""
    factors = sorted(row.speedup for row in leaders if row.speedup is not None)
    if not factors:
        return ""
    low, high = words.factor(factors[0]), words.factor(factors[-1])
    first = found.reference
    alike = [
        row.variant for row in found.order if (row.variant.mode, row.variant.workers) == (first.mode, first.workers)
    ]
    base = words.short(first, [row.variant for row in found.order if row.variant not in alike])
    interval = leaders[0].speedup_ci95
    if len(leaders) == 1 and interval is not None:
        return f", {low} {base} (95 %: {interval[0]:.2f} to {interval[1]:.2f})"
    return f", {low} {base}" if low == high else f", {low} to {high} {base}"


def _sight(found: Findings, rows: Sequence[Figures]) -> str:
    """The smallest difference that this run can see, and a warning when the machine is no good for it."""
    if found.visible is None:
        return ""
    near = min(
        (each for each in found.compared if each.interval is not None), key=lambda each: each.ratio, default=None
    )
    said = f"This run can see differences from {words.percent(found.visible)} on, by the reference against itself"
    if near is not None and near.interval is not None:
        half = (near.interval[1] - near.interval[0]) / 2 / near.ratio
        seen = words.percent(half)
        said += f"; between the two fastest, from {seen} on" if half > found.visible and seen not in said else ""
    twin = next((row for row in rows if row.variant.label == AGAIN), None)
    if twin is not None and twin.p is not None and twin.p < 0.05 and found.visible > 0.02:
        said += f" (a busy machine: that alone is beyond chance, p {_probability(twin.p)})"
    return f"{said}.{_few(found)}"


def _few(found: Findings) -> str:
    """A word on how little a few rounds can prove."""
    least = min(row.rounds for row in found.order)
    if least >= ENOUGH_ROUNDS or len(found.leaders) < 2:
        return ""
    return f" In {least} rounds even a large difference can stay unproven: more rounds tell more apart."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _probability(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
