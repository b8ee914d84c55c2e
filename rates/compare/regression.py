"""Saved runs, as `--export-json` writes them, and what changed from one to another. Pure except for `load`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import median
from typing import Any

from rates.compare.json_export import SCHEMA
from rates.compare.results import AGAIN, Machine, Plan, Variant
from rates.compare.significance import ALPHA, LEAST_ROUNDS, holm, logs, trimmed_p
from rates.compare.statistics import ratio_interval
from rates.compare.wording import listed, percent, probability, short
from rates.errors import UsageError

# The fields of the plan that must be equal for the wall times to be of the same work.
WORK = ("items", "source", "provider", "latency_s", "jitter_s", "fail", "warm")


@dataclass(frozen=True, slots=True)
class SavedVariant:
    """One variant of a saved run. rounds: its wall time in each round, None for a round with a failure.

    calls, failures: of all rounds. why: the reason of the first failure.
    """

    variant: Variant
    rounds: tuple[float | None, ...]
    startup_s: float | None
    speedup: float | None
    waiting_share: float | None
    calls: int = 0
    failures: int = 0
    why: str = ""

    @property
    def wall_times(self) -> tuple[float, ...]:
        """The wall times of the rounds without a failure."""
        return tuple(time for time in self.rounds if time is not None)

    @property
    def drift(self) -> float:
        """How far the later half of the rounds is from the earlier, which no change of the work has caused."""
        times = self.wall_times
        half = len(times) // 2
        return abs(median(times[half:]) / median(times[:half]) - 1) if half else 0.0


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A saved run. name: its file, or the Python that it ran under. visible: as in `Comparison`."""

    name: str
    plan: Plan
    machine: Machine
    seed: int
    visible: float | None
    variants: tuple[SavedVariant, ...]
    reference: Variant | None = None
    left_out: tuple[tuple[str, str], ...] = ()

    def of(self, variant: Variant) -> SavedVariant | None:
        """One variant; None if it was not run."""
        return next((each for each in self.variants if each.variant == variant), None)

    @property
    def surroundings(self) -> dict[str, str]:
        """Facts about machine and Python by name."""
        machine = self.machine
        facts = {"processor": f"{machine.cores} cores of {machine.cpu}", "system": machine.system}
        facts |= {"python": f"{machine.implementation} {machine.python}", "gil": "on" if machine.gil else "off"}
        return facts | dict(machine.packages)


@dataclass(frozen=True, slots=True)
class Change:
    """One variant before and after. ratio: of the medians, after over before; p: corrected (Holm).

    differs: whether the change is beyond the noise: by the test, by the interval, and by more than A/A shows in either
    run or than the variant drifted within a run.
    """

    variant: Variant
    before: SavedVariant
    after: SavedVariant
    ratio: float
    interval: tuple[float, float] | None
    p: float
    differs: bool

    @property
    def amount(self) -> str:
        """How much faster or slower."""
        return f"{percent(abs(self.ratio - 1))} {'slower' if self.ratio > 1 else 'faster'}"


def load(path: str) -> SavedRun:
    """The run in a file; UsageError with the file's name if it cannot be read."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a text file", hint="--export-json writes what --load reads") from None
    return read(text, path)


def read(text: str, name: str) -> SavedRun:
    """The run in a text."""
    hint = "rates compare --export-json writes what --load reads"
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}", hint=hint) from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        found = f"its schema is {schema!r}" if schema else "it has no schema"
        raise UsageError(f"{name} is not of {SCHEMA}: {found}", hint=hint)
    try:
        return _run(document, name)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{name} is damaged: {type(error).__name__} {error}", hint=hint) from None


def _run(document: dict[str, Any], name: str) -> SavedRun:
    facts = {**document["machine"], "packages": list(document["packages"].items())}
    machine = Machine(**_known(Machine, facts))
    plan = Plan(**_known(Plan, document["plan"]))
    variants = tuple(map(_variant, document["variants"]))
    return SavedRun(
        name=name,
        plan=replace(plan, latency_s=None) if plan.measured else plan,
        machine=machine,
        seed=int(document["seed"]),
        visible=_number(document["visible"]),
        variants=variants,
        reference=None if document["reference"] is None else variants[document["reference"]].variant,
        left_out=tuple((str(each["mode"]), str(each["why"])) for each in document["left_out"]),
    )


def _known(kind: type[Machine | Plan], values: dict[str, Any]) -> dict[str, Any]:
    """The fields of that type, lists as tuples; a later version may have written more."""
    found = {field.name: values[field.name] for field in fields(kind)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _variant(found: dict[str, Any]) -> SavedVariant:
    startups = [float(time) for time in found["startup_s"] if time]
    rounds = tuple(_number(time) for time in found["wall_s"])
    if not all(time is None or 0 < time < float("inf") for time in rounds):
        raise ValueError("wall times must be more than zero")
    return SavedVariant(
        variant=Variant(str(found["mode"]), str(found["via"]), int(found["workers"]), str(found["label"])),
        rounds=rounds,
        startup_s=median(startups) if startups else None,
        speedup=_number(found["speedup"]),
        waiting_share=_number(found["waiting_share"]),
        calls=int(found["calls"]),
        failures=int(found["failures"]),
        why=next((str(why) for columns in found["spans"] for why in columns["failure"] if why), ""),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def other_work(before: SavedRun, after: SavedRun) -> list[str]:
    """Why the wall times of the two are not of the same work, a clause each; [] if they are."""
    clauses = []
    for name in WORK:
        was, now = getattr(before.plan, name), getattr(after.plan, name)
        if was == now:
            continue
        if name == "items":
            clauses.append(f"{len(was)} fetches and {len(now)}" if len(was) != len(now) else "not the same items")
        else:
            texts = (",".join(value) if isinstance(value, tuple) else str(value) for value in (was, now))
            clauses.append(f"{name.removesuffix('_s')} {' and '.join(texts)}")
    return clauses


def changes(before: SavedRun, after: SavedRun) -> list[Change]:
    """All variants that both runs have measured often enough, in the order of the first; without the twins."""
    both = [
        (was, now)
        for was in before.variants
        if was.variant.label != AGAIN and (now := after.of(was.variant)) is not None
        if min(len(was.wall_times), len(now.wall_times)) >= LEAST_ROUNDS
    ]
    corrected = holm([trimmed_p(logs(was.wall_times), logs(now.wall_times)) for was, now in both])
    found = []
    for (was, now), p in zip(both, corrected, strict=True):
        ratio = median(now.wall_times) / median(was.wall_times)
        interval = ratio_interval(now.wall_times, was.wall_times, before.seed)
        clear = interval is not None and not interval[0] <= 1 <= interval[1]
        beyond = abs(ratio - 1) > max(_sight(before, after), was.drift, now.drift)
        found.append(Change(was.variant, was, now, ratio, interval, p, p < ALPHA and clear and beyond))
    return found


def _sight(before: SavedRun, after: SavedRun) -> float:
    """The smallest change that both runs can show."""
    return max(before.visible or 0.0, after.visible or 0.0)


def merged(runs: Sequence[SavedRun]) -> SavedRun:
    """Several runs under one Python as one, with the rounds of all; whatever else there is comes from the first."""
    first = runs[0]
    if len(runs) == 1:
        return first
    variants = []
    for each in first.variants:
        same = [found for run in runs if (found := run.of(each.variant)) is not None]
        speedups = [found.speedup for found in same if found.speedup is not None]
        rounds = tuple(time for found in same for time in found.rounds)
        failures, calls = sum(found.failures for found in same), sum(found.calls for found in same)
        speedup = median(speedups) if speedups else None
        variants.append(replace(each, rounds=rounds, speedup=speedup, failures=failures, calls=calls))
    seen = [run.visible for run in runs if run.visible is not None]
    return replace(first, variants=tuple(variants), visible=max(seen, default=None))


def unmatched(before: SavedRun, after: SavedRun) -> list[tuple[Variant, str]]:
    """The variants that cannot be compared, each with the reason; without the twins."""
    found = []
    for run, other in ((before, after), (after, before)):
        for each in run.variants:
            theirs = other.of(each.variant)
            if each.variant.label == AGAIN:
                continue
            if theirs is None:
                why = next((f": {why}" for mode, why in other.left_out if mode == each.variant.mode), "")
                found.append((each.variant, f"only in {run.name}{why}"))
            elif run is before and (rounds := min(len(each.wall_times), len(theirs.wall_times))) < LEAST_ROUNDS:
                found.append((each.variant, f"{rounds} rounds without a failure, {LEAST_ROUNDS} are the least"))
    return found


def sentences(before: SavedRun, after: SavedRun) -> list[str]:
    """What changed beyond the noise, what the runs can show, what else differs, and what cannot be compared."""
    if different := other_work(before, after):
        return [f"The two did not do the same work, so their times cannot be compared: {'; '.join(different)}."]
    found = changes(before, after)
    names = {change.variant: short(change.variant, [each.variant for each in found]) for change in found}
    said = [f"Beyond the noise: {names[each.variant]} is {each.amount}{_ends(each)}." for each in found if each.differs]
    if same := [names[each.variant] for each in found if not each.differs]:
        said.append(f"No measurable change in {listed(same)}.")
    if found:
        least = _sight(before, after)
        seen = f"A change below {percent(least)} cannot be told from the noise of these runs. " if least else ""
        said.append(
            f"{seen}What was different for a whole run, as a busy hour, looks like a change: "
            "run both again, in turn, before believing a small one."
        )
    was, now = before.surroundings, after.surroundings
    other = [
        f"{name} {was.get(name, 'none')} and {now.get(name, 'none')}"
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    ]
    said.append(f"Not the same in both: {'; '.join(other)}." if other else "Machine, Python and packages are the same.")
    reasons: dict[str, list[str]] = {}
    for variant, why in unmatched(before, after):
        reasons.setdefault(why, []).append(str(variant))
    return [*said, *(f"Cannot be compared: {listed(variants)} ({why})." for why, variants in reasons.items())]


def _ends(change: Change) -> str:
    """The interval of a change, and its p."""
    if change.interval is None:
        return ""
    low, high = (f"{'+' if end >= 1 else '-'}{percent(abs(end - 1))}" for end in change.interval)
    p = probability(change.p)
    return f" (95 %: {low} to {high}, p {p})"
