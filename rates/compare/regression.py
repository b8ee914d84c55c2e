"""What changed from one saved run to another. Pure.

Two separate runs share no rounds, so nothing is paired; what slowed one whole run looks like a difference here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rates.compare.comparison import conclude
from rates.compare.figures import ALPHA, LEAST_ROUNDS, whole_times
from rates.compare.results import AGAIN, Comparison, Figures, Machine, Variant
from rates.compare.statistics import holm, median_interval, trimmed_p
from rates.compare.wording import listed, many, percent, probability

# The fields of the plan that must be equal for the wall times to be of the same work.
WORK = ("items", "source", "provider", "latency_s", "jitter_s", "fail", "warm")

MOST = 6  # changes that are listed without --details
WHOLE_RUN = (
    "What was different for a whole run, as a busy hour, looks like a change: run both again, in turn, before "
    "believing a small one."
)


@dataclass(frozen=True, slots=True)
class Change:
    """One variant before and after. ratio: of the medians, after over before; p: corrected (Holm).

    differs: whether the change is beyond the noise: by the test, by the interval, and by more than A/A shows in either
    run or than the variant drifted within a run.
    """

    before: Figures
    after: Figures
    ratio: float
    interval: tuple[float, float] | None
    p: float
    differs: bool

    @property
    def name(self) -> str:
        """The variant's name in the first run."""
        return self.before.name

    @property
    def direction(self) -> str:
        """Whether it became slower or faster."""
        return "slower" if self.ratio > 1 else "faster"

    @property
    def amount(self) -> str:
        """How much faster or slower."""
        return f"{percent(abs(self.ratio - 1))} {self.direction}"

    def __str__(self) -> str:
        if self.interval is None:
            return f"{self.name} is {self.amount}"
        low, high = (f"{'+' if end >= 1 else '-'}{percent(abs(end - 1))}" for end in self.interval)
        return f"{self.name} is {self.amount} (95 %: {low} to {high}, p {probability(self.p)})"


def drift(times: Sequence[float]) -> float:
    """How far the later half of a variant's rounds is from the earlier, which no change of the work has caused."""
    half = len(times) // 2
    return abs(median(times[half:]) / median(times[:half]) - 1) if half else 0.0


def other_work(before: Comparison, after: Comparison) -> list[str]:
    """Why the wall times of the two are not of the same work, a clause each; [] if they are."""
    clauses = []
    for name in WORK:
        was, now = (getattr(run.plan, name) for run in (before, after))
        if was == now or (name == "latency_s" and before.plan.measured and after.plan.measured):
            continue
        if name == "items":
            clauses.append(f"{len(was)} fetches and {len(now)}" if len(was) != len(now) else "not the same items")
        else:
            texts = (",".join(value) if isinstance(value, tuple) else str(value) for value in (was, now))
            clauses.append(f"{name.removesuffix('_s')} {' and '.join(texts)}")
    return clauses


def changes(before: Comparison, after: Comparison) -> list[Change]:
    """All variants that both runs have measured often enough, in the order of the first; without the twins."""
    now = {row.variant: row for row in after.ranked}
    rows = [row for row in before.figures if row in before.ranked and row.variant in now]
    rows = [row for row in rows if min(row.rounds, now[row.variant].rounds) >= LEAST_ROUNDS]
    times = [tuple(list(whole_times(run.samples, row.variant).values()) for run in (before, after)) for row in rows]
    corrected = holm([trimmed_p(was, is_now) for was, is_now in times])
    found = []
    for row, (was, is_now), p in zip(rows, times, corrected, strict=True):
        ratio = median(is_now) / median(was)
        interval = median_interval(is_now, before.seed, under=was)
        clear = interval is not None and not interval[0] <= 1 <= interval[1]
        beyond = abs(ratio - 1) > max(_sight(before, after), drift(was), drift(is_now))
        found.append(Change(row, now[row.variant], ratio, interval, p, p < ALPHA and clear and beyond))
    return found


def _sight(before: Comparison, after: Comparison) -> float:
    """The smallest change that both runs can show."""
    return max(before.visible or 0.0, after.visible or 0.0)


def merged(runs: Sequence[Comparison]) -> Comparison:
    """Several runs of the same work as one, with the rounds of all; machine, plan and seed are those of the first."""
    first, samples, rounds = runs[0], list(runs[0].samples), 0
    for before, run in pairwise(runs):
        rounds += max((sample.number for sample in before.samples), default=0)
        samples += [replace(sample, number=sample.number + rounds) for sample in run.samples]
    made = conclude(first.plan, first.seed, first.variants, first.reference, tuple(samples), machine=first.machine)
    seen = [run.visible for run in runs if run.visible is not None]
    return replace(made, left_out=first.left_out, visible=max(seen, default=None))


def unmatched(before: Comparison, after: Comparison, names: tuple[str, str] = ("A", "B")) -> list[tuple[Variant, str]]:
    """The variants that cannot be compared, each with the reason; without the twins."""
    found = []
    rows = [{row.variant: row for row in run.figures if row.variant.label != AGAIN} for run in (before, after)]
    for variant in {**rows[0], **rows[1]}:
        was, now = (each.get(variant) for each in rows)
        if was is not None and now is not None:
            if (rounds := min(was.rounds, now.rounds)) < LEAST_ROUNDS:
                found.append((variant, f"{rounds} rounds without a failure, {LEAST_ROUNDS} are the least"))
        else:
            lacking = after if now is None else before
            why = next((f": {why}" for mode, why in lacking.left_out if mode == variant.mode), "")
            found.append((variant, f"only in {names[was is None]}{why}"))
    return found


def surroundings(machine: Machine) -> dict[str, str]:
    """Facts about machine and Python by name."""
    facts = {"processor": f"{machine.cores} cores of {machine.cpu}", "system": machine.system}
    facts |= {"python": f"{machine.implementation} {machine.python}", "gil": "on" if machine.gil else "off"}
    return facts | dict(machine.packages)


def sentences(
    before: Comparison, after: Comparison, names: tuple[str, str] = ("A", "B"), *, details: bool = True
) -> list[str]:
    """What changed beyond the noise, what else differs, and what cannot be compared; details: also what did not."""
    if different := other_work(before, after):
        return [f"The two did not do the same work, so their times cannot be compared: {'; '.join(different)}."]
    found, least = changes(before, after), _sight(before, after)
    differing, same = ([each for each in found if each.differs is it] for it in (True, False))
    most = len(differing) if details else MOST
    within = f" ({percent(least)})" if least else ""
    lines = [f"Beyond the noise: {each}." for each in differing[:most]]
    lines += [f"And {many(len(differing) - most, 'variant')} more."] if len(differing) > most else []
    if same and not (details or differing):
        lines.append(f"No change: {many(len(same), 'variant')}, each within the noise of these runs{within}.")
    elif same:
        lines.append(f"No measurable change in {listed([each.name for each in same])}.")
    if found and (details or differing):
        seen = f"A change below {percent(least)} cannot be distinguished from the noise of these runs. "
        lines.append((seen if least else "") + WHOLE_RUN)
    was, now = surroundings(before.machine), surroundings(after.machine)
    pairs = {name: (was.get(name, "none"), now.get(name, "none")) for name in {**was, **now}}
    if other := [f"{name} {' and '.join(pair)}" for name, pair in pairs.items() if pair[0] != pair[1]]:
        lines.append(f"Not the same in both: {'; '.join(other)}.")
    elif details:
        lines.append("Machine, Python and packages are the same.")
    reasons: dict[str, list[str]] = {}
    for variant, why in unmatched(before, after, names):
        reasons.setdefault(why, []).append(str(variant))
    for why, alike in reasons.items():
        which = listed(alike) if details or len(alike) <= MOST else many(len(alike), "variant")
        lines.append(f"Cannot be compared: {which} ({why}).")
    return lines
