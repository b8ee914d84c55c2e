"""The advice, the reasons and the notes: tables of conditions and sentences over the figures. Pure.

They claim no difference that the rounds do not show. Each function below is a table: of its pairs of condition and
sentence, the first whose condition holds gives the sentence, "" where none does.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from rates.compare.figures import ALPHA, LEAST_ROUNDS, PLAIN
from rates.compare.results import AGAIN, Behind, Comparison, Figures
from rates.compare.wording import factor, listed, percent, probability, time

MOST_NAMES = 5  # of failing calls in one sentence
# From this many rounds on, a difference of the size of the noise is seldom missed.
ENOUGH_ROUNDS = 5
# Of the time in calls, or of a processor's time: from this share on it is what limits.
MUCH, MOST = 0.2, 0.7
# The other workers wait for calls this many times as long as most.
LONG = 3
# A wall time within this of the best counts as equal for the number of workers that suffice.
NEAR = 0.05
# A time budget exceeded by a smaller factor is not worth a note.
OVERRUN = 1.5


def first(*table: tuple[object, str]) -> str:
    """The first sentence whose condition holds; "" if none does."""
    return next((sentence for condition, sentence in table if condition), "")


def behind(row: Figures) -> Behind:
    """How far a variant with a wall time is behind the fastest; nothing for that one itself."""
    return row.behind or Behind(1.0, None, 1.0, False, False)


def equals(made: Comparison) -> list[Figures]:
    """The fastest, and those that do not differ measurably from it and are not far behind either."""
    return [row for row in made.ranked if not behind(row).differs and behind(row).ratio < PLAIN]


def judged(made: Comparison) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The advice: what does not differ from the fastest, and what to use; and the reasons."""
    if nothing := _nothing(made):
        return (nothing,), ()
    reasons = (_untimed(made), _sight(made), _waiting(made), _limit(made), _enough_workers(made))
    return _advice(made), tuple(filter(None, reasons))


def _nothing(made: Comparison) -> str:
    """Why nothing can be concluded."""
    order, least = made.ranked, _least_rounds(made)
    only = str(order[0].variant) if len(order) == 1 else ""
    few = f"{least} without a failure, and {LEAST_ROUNDS} of each variant are the least"
    other = next(iter(made.differing), "")
    return first(
        (other, f"The variants did not give the same results, so their times say nothing: {other}."),
        (not order, f"Nothing to compare: no round without a failure.{_always_failing(made)}"),
        (only and not _untimed(made), f"Only {only} has been measured: there is nothing to compare it with."),
        (only, f"Nothing to compare: only {only} had rounds without a failure."),
        (least < LEAST_ROUNDS, f"Too few rounds to distinguish a difference from noise: {few}."),
    )


def _least_rounds(made: Comparison) -> int:
    """Rounds without a failure, of the variant that has fewest."""
    return min((row.rounds for row in made.ranked), default=0)


def _always_failing(made: Comparison) -> str:
    """Which calls failed in every round; "" if all did, or different ones from round to round."""
    n = len(made.plan.items)
    failed = set(range(n)).intersection(
        *({span.index for span in sample.spans if span.failure} for sample in made.samples)
    )
    items, rest = [made.plan.items[index] for index in sorted(failed)], n - len(failed)
    shown = items if len(items) <= MOST_NAMES else [*items[:MOST_NAMES], f"{len(items) - MOST_NAMES} more"]
    calls = "The call of " if made.plan.source == "function" else ""  # an item may be a number
    without, others = "it" if len(items) == 1 else "them", f"{rest} can" if rest > 1 else "can"
    sentence = f" {calls}{listed(shown)} failed every time: without {without} the other {others} be compared."
    return first((items and rest, sentence))


def _advice(made: Comparison) -> tuple[str, ...]:
    """What does not differ measurably from the fastest, and what to use, by how much."""
    order, leaders = made.ranked, equals(made)
    best, second = order[0], order[1]
    simplest = next((row for row in leaders if row.variant == made.reference), best)
    # Those that look far slower, which rounds so few or so noisy do not prove, are not called equals of the fastest.
    far = [row for row in order if not behind(row).differs and row not in leaders]
    slow, times = listed([row.name for row in far]), listed([factor(behind(row).ratio) for row in far])
    unproven = f" In the median {slow} took {times} as long; rounds so noisy or so few do not prove it."
    by, alone = _by_how_much(made, best, second, proven=len(leaders) == 1 and not far), simplest.variant.mode
    use = first(
        (len(leaders) == 1 and far, f"No measurable difference yet, but {best.name} is ahead: {by}."),
        (len(leaders) < len(order) and simplest is best, f"Use {best.name}: {by}."),
        (simplest is not best or alone == "sequential", f"Use {simplest.name}: no other is measurably faster."),
        (True, "Use any of them."),
    ) + first((far, unproven))
    same = f"No measurable difference between {listed([row.name for row in leaders])}."
    return (same, use) if len(leaders) > 1 else (use,)


def _by_how_much(made: Comparison, best: Figures, second: Figures, *, proven: bool) -> str:
    """How many times as fast as the reference the fastest is, and how far it is before the next one."""
    base = next((row.name for row in made.figures if row.variant == made.reference), "")
    next_one, proof = behind(second), ""
    if proven:
        proof = f"p {probability(next_one.p)}" if next_one.p < ALPHA else "in every round"
    before = factor(next_one.ratio) if next_one.ratio >= 2 else f"{percent(next_one.ratio - 1)} faster than"
    before += f"{' as fast as' if next_one.ratio >= 2 else ''} {second.name}"
    if best.variant == made.reference or best.speedup is None:
        return before + _in_brackets(_ends(next_one.interval), proof)
    over = f"{factor(best.speedup)} as fast as {base}"
    if not proven or second.variant == made.reference:
        return over + _in_brackets(_ends(best.speedup_ci95), proof)
    return f"{over}{_in_brackets(_ends(best.speedup_ci95))}, {before}{_in_brackets(proof)}"


def _ends(interval: tuple[float, float] | None) -> str:
    return f"95 %: {interval[0]:.2f} to {interval[1]:.2f}" if interval else ""


def _in_brackets(*parts: str) -> str:
    known = ", ".join(filter(None, parts))
    return f" ({known})" if known else ""


def _untimed(made: Comparison) -> str:
    """The variants that have no wall time."""
    found = [str(row.variant) for row in made.figures if row.wall is None and row.variant.label != AGAIN]
    return first((found, f"Not compared, since every round of it had a failure: {listed(found)}."))


def _sight(made: Comparison) -> str:
    """The smallest difference that this run can show, and a warning if the machine or the rounds do not suffice."""
    if (visible := made.visible) is None:
        return ""
    twin, least = next((row for row in made.figures if row.variant.label == AGAIN), None), _least_rounds(made)
    sentence = f"This run can see differences from {percent(visible)} on, by the reference against itself"
    compared = [(each.ratio, each.interval) for row in made.ranked[1:] if (each := behind(row)).interval]
    ratio, interval = min(compared, default=(1.0, None))
    half = (interval[1] - interval[0]) / 2 / ratio if interval is not None else 0.0
    beyond = twin.p if twin is not None and twin.p is not None else 1.0
    busy = f" (a busy machine: that alone is beyond chance, p {probability(beyond)})"
    few = f" In {least} rounds even a large difference can stay unproven: more rounds distinguish more."
    fastest = half > visible and percent(half) != percent(visible)
    sentence += first((fastest, f"; between the two fastest, from {percent(half)} on"))
    sentence += first((beyond < ALPHA and visible > 0.02, busy))
    unsure = least < ENOUGH_ROUNDS and not all(behind(row).differs for row in made.ranked[1:])
    return f"{sentence}." + first((unsure, few))


def _waiting(made: Comparison) -> str:
    """How a call divides into waiting and computing, of the reference if that was measured."""
    order = made.ranked
    share = next((row for row in order if row.variant == made.reference), order[0]).waiting_share
    what, waits = "call" if made.plan.source == "function" else "fetch", share or 0.0
    sentence = f"A {what} waits {percent(waits)} of its time and computes {percent(1 - waits)}."
    return first((share is not None, sentence))


def _limit(made: Comparison) -> str:
    """What limits the fastest: the host's rate limit, the GIL, the processors, or the number of workers."""
    best, n, cores = made.ranked[0], len(made.plan.items), made.machine.cores
    wall, workers, busy = best.median_s(), best.variant.workers, best.busy or 0.0
    turns, ideal = ceil(n / workers), best.ideal_share or 0.0
    long, usual = (best.fetch.p99, best.fetch.p50) if best.fetch is not None else (0.0, 0.0)
    turn = best.turn.p50 / usual if best.turn is not None and usual > 0 else 0.0
    here, everywhere = ((cpu or 0.0) / wall if wall else 0.0 for cpu in (best.cpu_parent_s, best.cpu_s))
    in_threads, used = made.machine.gil and not best.cpu_children_s, everywhere / cores
    gil = f"computing takes {percent(min(1.0, here))} of the whole time, one thread at a time"
    reach = f"{n} calls in {turns} turns of {workers} reach {percent(min(1.0, ideal))} of the ideal"
    idle = f"Of {workers} workers {busy:.1f} are busy on average"
    longest = f"the longest calls take {time(long)}, most {time(usual)}, and the others have nothing to do meanwhile"
    return first(
        (turn > MUCH, f"The host's rate limit limits it: {percent(turn)} of a fetch is waiting for its turn."),
        (here > MOST and in_threads, f"The GIL limits it: {gil}."),
        (used > MOST, f"The processors limit it: {cores} of them are busy {percent(min(1.0, used))} of it."),
        (ideal > MOST and workers < n, f"The number of workers limits it: {reach}."),
        (best.busy is None or busy >= MOST * workers, ""),
        (n < MOST * turns * workers, f"{idle}: {n} calls do not fill {turns} turns of {workers}."),
        (long > LONG * usual, f"{idle}: {longest}."),
        (True, f"{idle}: the rest is handing calls out and taking results in."),
    )


def _enough_workers(made: Comparison) -> str:
    """From which of the measured numbers of workers on nothing is gained, in the mode of the fastest."""
    best, leaders = made.ranked[0], [row.variant for row in made.ranked if not behind(row).differs]
    alike = [row for row in made.ranked if (row.variant.mode, row.variant.via) == (best.variant.mode, best.variant.via)]
    curve = sorted(alike, key=lambda row: row.variant.workers)
    if len(curve) < 2:
        return ""
    # The fewest workers from which on nothing is gained up to the best: within 5 %, or not beyond the noise.
    at = curve.index(best)
    while at and curve[at - 1].median_s() <= best.median_s() * (
        PLAIN if curve[at - 1].variant in leaders else 1 + NEAR
    ):
        at -= 1
    before, last = curve[-2:]
    knee, most = curve[at].variant.workers, last.variant.workers
    gain, step = (row.median_s() / last.median_s() for row in (curve[at], before))
    unclear = gain > 1 + NEAR  # and yet not distinguishable from the fastest
    return first(
        (knee == most, f"From {before.variant.workers} to {most} workers it became {factor(step)} as fast."),
        (unclear, f"{knee} workers suffice: that {most} are faster cannot be distinguished from the noise."),
        (True, f"{knee} workers suffice: {most} are {factor(gain)} as fast."),
    )


def notes(made: Comparison, asked: Sequence[int] = (), spent_s: float = 0.0) -> tuple[str, ...]:
    """How the run differed from what was asked. asked: the numbers of workers; spent_s: the time of all rounds."""
    plan, n, variants = made.plan, len(made.plan.items), len(made.variants)
    too_many = [str(workers) for workers in asked if workers > n]
    several = any(variant.workers > 1 for variant in made.variants)
    failed = all(len(sample.failures) == len(sample.spans) for sample in made.samples)
    warmed = ", in the warm-up already" if all(sample.number < 1 for sample in made.samples) else ""
    untried = variants - len(made.figures)
    rest = f", and {untried} of {variants} variants not at all" if untried else ""
    rounds, budget_s = plan.rounds or 0, plan.budget_s or spent_s
    over = f"the rounds took {time(spent_s)}, more than the time budget of {budget_s:g} s"
    advice = "no warm-up, fewer variants or fewer calls take less"
    lines = (
        first(
            (n == 1, "one call leaves nothing to run side by side: every variant has one worker"),
            (too_many and several, f"{listed(too_many)} workers are more than the {n} calls: {n} were measured"),
        ),
        first(
            (made.interrupted, ""),
            (failed, f"every call failed{warmed}: no more rounds were begun{rest}"),
            (made.rounds < rounds, f"{made.rounds} of {rounds} rounds: the time was spent"),
        ),
        first((spent_s > OVERRUN * budget_s and not made.interrupted, f"{over}: {advice}")),
    )
    return tuple(filter(None, lines))
