"""What changed between two earlier runs, in plain sentences. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare import words
from rates.compare.load import Change, Run, changes, other_work, unmatched


def sentences(before: Run, after: Run) -> list[str]:
    """What changed beyond the noise, what the runs can see, what else is different, and what cannot be compared."""
    different = other_work(before, after)
    if different:
        return [f"The two did not do the same work, so their times cannot be compared: {'; '.join(different)}."]
    found = changes(before, after)
    said = [] if not found else [*_changed(found), _sight(before, after)]
    said.append(_surroundings(before, after))
    return [sentence for sentence in [*said, *_unmatched(before, after)] if sentence]


def _changed(found: Sequence[Change]) -> list[str]:
    """What became faster and what slower, and what did not measurably."""
    names = [change.variant for change in found]
    said = [f"Beyond the noise: {words.short(each.variant, names)} {amount(each)}." for each in found if each.differs]
    same = [words.short(each.variant, names) for each in found if not each.differs]
    if not said:
        return [f"No measurable change in {words.listed(same)}."]
    return [*said, f"No measurable change in {words.listed(same)}."] if same else said


def amount(change: Change) -> str:
    """How much faster or slower, with interval and p."""
    ends = ""
    if change.interval is not None:
        ends = f" (95 %: {_signed(change.interval[0])} to {_signed(change.interval[1])}, {probability(change.p)})"
    how = "slower" if change.ratio > 1 else "faster"
    return f"is {words.percent(abs(change.ratio - 1))} {how}{ends}"


def probability(p: float) -> str:
    """The probability after Holm's correction."""
    return "p < 0.001" if p < 0.001 else f"p {p:.3f}"


def _signed(ratio: float) -> str:
    return f"{'+' if ratio >= 1 else '-'}{words.percent(abs(ratio - 1))}"


def _sight(before: Run, after: Run) -> str:
    """What neither run can see, and what no two runs can."""
    least = max(before.visible or 0.0, after.visible or 0.0)
    seen = f"A change below {words.percent(least)} cannot be told from the noise of these runs. " if least else ""
    return (
        f"{seen}What was different for a whole run, as a busy hour, looks like a change: "
        "run both again, in turn, before believing a small one."
    )


def _surroundings(before: Run, after: Run) -> str:
    """What else is different: machine, Python, packages."""
    named = dict.fromkeys([*before.where, *after.where])
    other = [
        f"{name} {before.where.get(name, 'none')} and {after.where.get(name, 'none')}"
        for name in named
        if before.where.get(name) != after.where.get(name)
    ]
    return f"Not the same in both: {'; '.join(other)}." if other else "Machine, Python and packages are the same."


def _unmatched(before: Run, after: Run) -> list[str]:
    """What could not be compared, those with the same reason together."""
    reasons: dict[str, list[str]] = {}
    for variant, why in unmatched(before, after):
        reasons.setdefault(why, []).append(str(variant))
    return [f"Cannot be compared: {words.listed(names)} ({why})." for why, names in reasons.items()]
