"""The verdict and the notes: tables of conditions and sentences over the figures. Pure.

The verdict claims no difference that the rounds do not show. Each function below is a table: of its pairs of condition
and sentence, the first whose condition holds gives the sentence, "" where none does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from rates.compare import significance
from rates.compare.results import AGAIN, Comparison, Figures
from rates.compare.significance import ALPHA, PLAIN, Difference, differences, median_s, ranked
from rates.compare.wording import capital, factor, listed, percent, probability, short, time

MOST_NAMES = 5  # of failing calls in one sentence
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


@dataclass(frozen=True, slots=True)
class Findings:
    """What the sentences are made from. order: the variants with a wall time, the fastest first.

    compared: all others with the fastest. equals: those of them that are not measurably slower. untimed: the variants
    without a wall time.
    """

    made: Comparison
    order: Sequence[Figures]
    compared: Sequence[Difference]
    equals: Sequence[Difference]
    untimed: Sequence[str]

    @property
    def n(self) -> int:
        """Calls in a round."""
        return len(self.made.plan.items)

    @property
    def leaders(self) -> list[Figures]:
        """The fastest and its equals."""
        return [self.order[0], *(each.row for each in self.equals)]

    @property
    def least_rounds(self) -> int:
        """Rounds without a failure, of the variant that has fewest."""
        return min((row.rounds for row in self.order), default=0)

    def names(self, rows: Sequence[Figures]) -> str:
        """The shortest names of some variants among all that were measured."""
        return listed([short(row.variant, [other.variant for other in self.order]) for row in rows])


def verdict(made: Comparison) -> str:
    """Which variant is fastest, whether that is beyond the noise, and why; a sentence a line."""
    order = ranked(made.figures)
    compared = differences(order, made.samples, made.seed)
    equals = [each for each in compared if not each.differs(made.visible)]
    untimed = [str(row.variant) for row in made.figures if row.variant.label != AGAIN and row not in order]
    found = Findings(made, order, compared, equals, untimed)
    groups = (_winner, _left_out, _sight, _waiting, _limit, _enough_workers)
    return _nothing(found) or "\n".join(filter(None, (group(found) for group in groups)))


def _nothing(f: Findings) -> str:
    """Why nothing can be concluded."""
    only = str(f.order[0].variant) if len(f.order) == 1 else ""
    few = f"{f.least_rounds} without a failure, and {significance.LEAST_ROUNDS} of each variant are the least"
    other = next(iter(f.made.differing), "")
    return first(
        (other, f"The variants did not give the same results, so their times say nothing: {other}."),
        (not f.order, f"Nothing to compare: no round without a failure.{_always_failing(f)}"),
        (only and not f.untimed, f"Only {only} has been measured: there is nothing to compare it with."),
        (only, f"Nothing to compare: only {only} had rounds without a failure."),
        (f.least_rounds < significance.LEAST_ROUNDS, f"Too few rounds to tell a difference from noise: {few}."),
    )


def _always_failing(f: Findings) -> str:
    """Which calls failed in every round; "" if all did, or different ones from round to round."""
    failed = set(range(f.n)).intersection(
        *({span.index for span in sample.spans if span.failure} for sample in f.made.samples)
    )
    names, rest = [f.made.plan.items[index] for index in sorted(failed)], f.n - len(failed)
    shown = names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} more"]
    calls = "The call of " if f.made.plan.source == "function" else ""  # an item may be a number
    without, others = "it" if len(names) == 1 else "them", f"{rest} can" if rest > 1 else "can"
    sentence = f" {calls}{listed(shown)} failed every time: without {without} the other {others} be compared."
    return first((names and rest, sentence))


def _winner(f: Findings) -> str:
    """Which variant is fastest, by how much, and whether that is beyond the noise."""
    best, second = f.order[0], f.compared[0]
    # Those that look far slower, which rounds so few or so noisy do not prove, are not called equals of the fastest.
    far = [each for each in f.equals if each.ratio >= PLAIN]
    near = [best, *(each.row for each in f.equals if each.ratio < PLAIN)]
    over, among = _over(f, near), f.names(near)
    behind = f"{percent(second.ratio - 1)} before" if second.ratio < 2 else f"{factor(second.ratio)} as fast as"
    # `over` already says how far the reference is behind.
    next_one = "" if over and second.row.variant == f.made.reference else f": {behind} {f.names([second.row])}"
    proof = f"p {probability(second.p)} after Holm" if second.p < ALPHA else "in every round"
    slower, times = capital(f.names([each.row for each in far])), listed([factor(each.ratio) for each in far])
    unproven = f" {slower} took {times} as long in the median, which rounds so noisy or so few do not prove."
    return first(
        (not f.equals, f"{capital(among)} is the fastest{over}, beyond the noise{next_one} ({proof})."),
        (len(near) == 1, f"No measurable difference yet: {among} is ahead{over}, but not of all beyond the noise."),
        (len(near) == len(f.order), f"No measurable difference between {among}."),
        (True, f"No measurable difference between {among}, the fastest{over}."),
    ) + first((far, unproven))


def _over(f: Findings, leaders: Sequence[Figures]) -> str:
    """How many times as fast as the reference the leaders are; "" if it is one of them."""
    factors = sorted(row.speedup for row in leaders if row.speedup is not None) or [1.0]
    low, high, ends = factor(factors[0]), factor(factors[-1]), leaders[0].speedup_ci95 or (0.0, 0.0)
    pool = (f.made.reference.mode, f.made.reference.workers)
    base = short(f.made.reference, [row.variant for row in f.order if (row.variant.mode, row.variant.workers) != pool])
    return first(
        (any(row.variant == f.made.reference or row.speedup is None for row in leaders), ""),
        (len(leaders) == 1 and any(ends), f", {low} {base} (95 %: {ends[0]:.2f} to {ends[1]:.2f})"),
        (low == high, f", {low} {base}"),
        (True, f", {low} to {high} {base}"),
    )


def _left_out(f: Findings) -> str:
    """The variants that have no wall time."""
    return first((f.untimed, f"Not compared, since every round of it had a failure: {listed(f.untimed)}."))


def _sight(f: Findings) -> str:
    """The smallest difference that this run can show, and a warning if the machine or the rounds do not suffice."""
    if (visible := f.made.visible) is None:
        return ""
    twin = next((row for row in f.made.figures if row.variant.label == AGAIN), None)
    sentence = f"This run can see differences from {percent(visible)} on, by the reference against itself"
    ratio, interval = min(((each.ratio, each.interval) for each in f.compared if each.interval), default=(1.0, None))
    half = (interval[1] - interval[0]) / 2 / ratio if interval is not None else 0.0
    beyond = twin.p if twin is not None and twin.p is not None else 1.0
    busy = f" (a busy machine: that alone is beyond chance, p {probability(beyond)})"
    few = f" In {f.least_rounds} rounds even a large difference can stay unproven: more rounds tell more apart."
    fastest = half > visible and percent(half) != percent(visible)
    sentence += first((fastest, f"; between the two fastest, from {percent(half)} on"))
    sentence += first((beyond < ALPHA and visible > 0.02, busy))
    return f"{sentence}." + first((f.least_rounds < significance.ENOUGH_ROUNDS and f.equals, few))


def _waiting(f: Findings) -> str:
    """How a call divides into waiting and computing, of the reference if that was measured."""
    share = next((row for row in f.order if row.variant == f.made.reference), f.order[0]).waiting_share
    what, waits = "call" if f.made.plan.source == "function" else "fetch", share or 0.0
    sentence = f"A {what} waits {percent(waits)} of its time and computes {percent(1 - waits)}."
    return first((share is not None, sentence))


def _limit(f: Findings) -> str:
    """What limits the fastest: the host's rate limit, the GIL, the processors, or the number of workers."""
    best, n, cores = f.order[0], f.n, f.made.machine.cores
    wall, workers, busy = median_s(best), best.variant.workers, best.busy or 0.0
    turns, ideal = ceil(n / workers), best.ideal_share or 0.0
    long, usual = (best.fetch.p99, best.fetch.p50) if best.fetch is not None else (0.0, 0.0)
    turn = best.turn.p50 / usual if best.turn is not None and usual > 0 else 0.0
    here, everywhere = ((cpu or 0.0) / wall if wall else 0.0 for cpu in (best.cpu_parent_s, best.cpu_s))
    in_threads, used = f.made.machine.gil and not best.cpu_children_s, everywhere / cores
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


def _enough_workers(f: Findings) -> str:
    """From which of the measured numbers of workers on nothing is gained, in the mode of the fastest."""
    best = f.order[0].variant
    alike = [row for row in f.order if (row.variant.mode, row.variant.via) == (best.mode, best.via)]
    curve = sorted(alike, key=lambda row: row.variant.workers)
    if len(curve) < 2:
        return ""
    # The fewest workers from which on nothing is gained up to the best: within 5 %, or not beyond the noise.
    at, leaders = curve.index(f.order[0]), f.leaders
    while at and median_s(curve[at - 1]) <= median_s(f.order[0]) * (PLAIN if curve[at - 1] in leaders else 1 + NEAR):
        at -= 1
    before, last = curve[-2:]
    knee, most = curve[at].variant.workers, last.variant.workers
    gain, step = (median_s(row) / median_s(last) for row in (curve[at], before))
    return first(
        (knee == most, f"From {before.variant.workers} to {most} workers it became {factor(step)} as fast."),
        (
            gain > 1 + NEAR,  # and yet not distinguishable from the fastest
            f"{knee} workers suffice: that {most} are faster cannot be told from the noise.",
        ),
        (True, f"{knee} workers suffice: {most} are {factor(gain)} as fast."),
    )


def notes(made: Comparison, asked: Sequence[int] = (), spent_s: float = 0.0) -> tuple[str, ...]:
    """What a reader should know besides the figures: how the run differed from what was asked, and the outliers.

    asked: the numbers of workers asked for. spent_s: the time that all rounds took.
    """
    plan, n, variants = made.plan, len(made.plan.items), len(made.variants)
    too_many = [str(workers) for workers in asked if workers > n]
    several = any(variant.workers > 1 for variant in made.variants)
    failed = all(len(sample.failures) == len(sample.spans) for sample in made.samples)
    warmed = ", in the warm-up already" if all(sample.number < 1 for sample in made.samples) else ""
    untried = variants - len(made.figures)
    rest = f", and {untried} of {variants} variants not at all" if untried else ""
    rounds, budget_s = plan.rounds or 0, plan.budget_s or spent_s
    over = f"the rounds took {time(spent_s)}, more than the time budget of {budget_s:g} s"
    advice = (
        "the warm-up and the least number of rounds take so long; no warm-up, fewer variants or fewer calls take less"
    )
    lines = [
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
        *(
            f"outlier: {row.variant}, round {each.number}: {each.wall_s * 1000:.0f} ms, "
            f"usually {median_s(row) * 1000:.0f} ms ({each.cause})"
            for row in made.figures
            for each in row.outliers
        ),
        first((not made.machine.compiled, "our modules are not byte-compiled here, so processes start more slowly")),
    ]
    return tuple(filter(None, lines))
