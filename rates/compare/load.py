"""Earlier runs, read from what `--export-json` wrote, and what changed from one to the other. Pure but for `load`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from rates.compare.exports.own import SCHEMA
from rates.compare.pairs import ALPHA, LEAST_ROUNDS
from rates.compare.records import AGAIN, Variant
from rates.compare.statistics import holm, logs
from rates.compare.unpaired import ratio_interval, welch_p
from rates.errors import UsageError

# What must be the same for two whole times to be of the same work.
WORK = ("items", "source", "provider", "latency_s", "jitter_s", "fail", "warm")


@dataclass(frozen=True, slots=True)
class Ran:
    """One variant of a run: its whole times, None of a round with a failure, and what is told of it besides.

    calls, failures: of all rounds. why: what the first fetch that failed failed of.
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
    def walls(self) -> tuple[float, ...]:
        """The whole times that there are."""
        return tuple(time for time in self.rounds if time is not None)

    @property
    def drift(self) -> float:
        """How far the later half of the rounds is from the earlier: what no change of the work has made."""
        half = len(self.walls) // 2
        return abs(median(self.walls[half:]) / median(self.walls[:half]) - 1) if half else 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """An earlier run. where: facts about machine and Python by name; work: what was done, by name."""

    name: str
    python: str
    gil: bool
    seed: int
    visible: float | None
    reference: Variant | None
    verdict: tuple[str, ...]
    ran: tuple[Ran, ...]
    where: Mapping[str, str] = field(default_factory=dict)
    work: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[tuple[str, str], ...] = ()

    def of(self, variant: Variant) -> Ran | None:
        """What is told of a variant; None when it was not run."""
        return next((each for each in self.ran if each.variant == variant), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One variant before and after: medians, the ratio after over before with its interval, and p after Holm.

    differs: whether that is beyond the noise: by the test, by the interval, and by more than either run's A/A shows,
    or than the variant drifted within a run.
    """

    variant: Variant
    before: Ran
    after: Ran
    ratio: float
    interval: tuple[float, float] | None
    p: float
    differs: bool


def load(path: str) -> Run:
    """The run that a file tells of; UsageError, with the file's name, for what is none."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text", hint="--export-json writes what --load reads") from None
    return read(text, path)


def read(text: str, name: str) -> Run:
    """The same of a text."""
    hint = "rates compare --export-json writes what --load reads"
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is no JSON: {error}", hint=hint) from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        found = f"its schema is {schema!r}" if schema else "it has no schema"
        raise UsageError(f"{name} is not of {SCHEMA}: {found}", hint=hint)
    try:
        return _run(document, name)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{name} is damaged: {type(error).__name__} {error}", hint=hint) from None


def _run(document: dict[str, Any], name: str) -> Run:
    machine, plan = document["machine"], dict(document["plan"])
    if plan["measured"]:
        plan["latency_s"] = None
    packages = {str(package): str(version) for package, version in document["packages"].items()}
    where = {"processor": f"{int(machine['cores'])} cores of {machine['cpu']}", "system": str(machine["system"])}
    where |= {"python": f"{machine['implementation']} {machine['python']}", "gil": "on" if machine["gil"] else "off"}
    ran = tuple(map(_ran, document["variants"]))
    return Run(
        name=name,
        python=str(machine["python"]),
        gil=bool(machine["gil"]),
        seed=int(document["seed"]),
        visible=_number(document["visible"]),
        reference=None if document["reference"] is None else ran[document["reference"]].variant,
        verdict=tuple(map(str, document["verdict"])),
        ran=ran,
        where=where | packages,
        work={word: plan[word] for word in WORK},
        left_out=tuple((str(each["mode"]), str(each["why"])) for each in document["left_out"]),
    )


def _ran(found: dict[str, Any]) -> Ran:
    startups = [float(time) for time in found["startup_s"] if time]
    rounds = tuple(_number(time) for time in found["wall_s"])
    if not all(time is None or 0 < time < float("inf") for time in rounds):
        raise ValueError("whole times must be more than zero")
    return Ran(
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


def other_work(before: Run, after: Run) -> list[str]:
    """Why whole times of the two are not of the same work, a clause each; [] when they are."""
    clauses = []
    for word in WORK:
        was, is_now = before.work[word], after.work[word]
        if was == is_now:
            continue
        if word == "items" and len(was) != len(is_now):
            clauses.append(f"{len(was)} fetches and {len(is_now)}")
        elif word == "items":
            clauses.append("not the same items")
        else:
            clauses.append(f"{word.removesuffix('_s')} {_said(was)} and {_said(is_now)}")
    return clauses


def _said(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def changes(before: Run, after: Run) -> list[Change]:
    """All variants that both have measured often enough, in the order of the first; the twins are none of them."""
    both = [
        (was, now)
        for was in before.ran
        if was.variant.label != AGAIN and (now := after.of(was.variant)) is not None
        if min(len(was.walls), len(now.walls)) >= LEAST_ROUNDS
    ]
    corrected = holm([welch_p(logs(was.walls), logs(now.walls)) for was, now in both])
    least = max(before.visible or 0.0, after.visible or 0.0)
    found = []
    for (was, now), p in zip(both, corrected, strict=True):
        ratio = median(now.walls) / median(was.walls)
        interval = ratio_interval(now.walls, was.walls, before.seed)
        clear = interval is not None and not interval[0] <= 1 <= interval[1]
        beyond = abs(ratio - 1) > max(least, was.drift, now.drift)
        found.append(Change(was.variant, was, now, ratio, interval, p, p < ALPHA and clear and beyond))
    return found


def merged(runs: Sequence[Run]) -> Run:
    """Several runs of one Python as one, their rounds one after the other; the first tells what else there is."""
    first = runs[0]
    if len(runs) == 1:
        return first
    ran = []
    for each in first.ran:
        same = [found for run in runs if (found := run.of(each.variant)) is not None]
        speedups = [found.speedup for found in same if found.speedup is not None]
        rounds = tuple(time for found in same for time in found.rounds)
        failures, calls = sum(found.failures for found in same), sum(found.calls for found in same)
        speedup = median(speedups) if speedups else None
        ran.append(replace(each, rounds=rounds, speedup=speedup, failures=failures, calls=calls))
    seen = [run.visible for run in runs if run.visible is not None]
    return replace(first, ran=tuple(ran), visible=max(seen, default=None))


def unmatched(before: Run, after: Run) -> list[tuple[Variant, str]]:
    """The variants that cannot be compared, each with why."""
    found = []
    for run, other in ((before, after), (after, before)):
        for each in run.ran:
            theirs = other.of(each.variant)
            if each.variant.label == AGAIN:
                continue
            if theirs is None:
                why = next((f": {why}" for mode, why in other.left_out if mode == each.variant.mode), "")
                found.append((each.variant, f"only in {run.name}{why}"))
            elif run is before and min(len(each.walls), len(theirs.walls)) < LEAST_ROUNDS:
                least = min(len(each.walls), len(theirs.walls))
                found.append((each.variant, f"{least} rounds without a failure, {LEAST_ROUNDS} are the least"))
    return found
