"""The comparison as JSON: written and read in our own schema, and written as hyperfine does. Pure but for `load`.

Times are in seconds and end in `_s`; null means unknown, never zero. Schema `rates-compare/2`; a later version may add
names, and the number changes when a name changes its meaning or is dropped.

- `schema`, `machine`: `cores cpu system implementation python gil compiled packages` (name to version).
- `seed`, `rounds` (those that every variant has measured), `plan`: `items source provider rounds warmup budget_s warm
  latency_s measured jitter_s fail within`. `reference`: the index of the variant that speed-ups refer to (null if an
  interrupted run has not reached it). `visible`: the smallest relative difference that the run can show.
- `verdict`: a list of sentences; `notes`, `differing`, `left_out` (`mode`, `why`), `interrupted`.
- `variants`, in the order of the tables, the reference's twin last, each with
  - `mode via workers label` ("again" for the twin),
  - `figures`: those of `--format json`, by the same names, and `outliers`: the numbers of their rounds,
  - one entry a round, so that equal positions are the same round in all variants: `round` (its number), `wall_s`
    (null where a fetch failed), `startup_s shutdown_s` (in a warm pool that of its first round, then 0; and null),
  - `spans`: for each round the fetches in columns of equal length, `index worker handed_s began_s ended_s turn_s
    connect_s wait_s read_s parse_s failure`, in seconds since the first was dispatched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path
from statistics import fmean
from typing import Any

from rates.compare.columns import KEYS, NAMES, exact
from rates.compare.comparison import conclude
from rates.compare.results import Comparison, Figures, Machine, Plan, Sample, Span, Variant
from rates.errors import UsageError

SCHEMA = "rates-compare/2"
DIGITS = 7  # a tenth of a microsecond, the resolution of the clocks
HINT = "rates compare --export-json writes what --load reads"
SPAN = ("index", "worker", "handed_s", "began_s", "ended_s", "turn_s", "connect_s", "wait_s", "read_s", "parse_s",
        "failure")  # fmt: skip
FIGURES = [name for name in KEYS if name not in (*NAMES, "label", "latency_s", "seed")]


def to_json(result: Comparison) -> str:
    """The document as text: one name a line, and of the spans one round a line."""
    parts = document(result)
    variants = parts.pop("variants")
    head = json.dumps(parts, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    body = ",\n".join(map(_variant_text, variants))
    return f'{head},\n "variants": [\n{body}\n ]\n}}\n'


def _variant_text(variant: dict[str, Any]) -> str:
    lines = [f"   {_line(name)}: {_line(value)}" for name, value in variant.items() if name != "spans"]
    rounds = ",\n".join(f"    {_line(columns)}" for columns in variant["spans"])
    return "  {\n" + ",\n".join([*lines, f'   "spans": [\n{rounds}\n   ]']) + "\n  }"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def document(result: Comparison) -> dict[str, Any]:
    """The comparison in plain lists, dictionaries, numbers and texts."""
    rows = ordered(result)
    return {
        "schema": SCHEMA,
        "machine": asdict(result.machine) | {"packages": dict(result.machine.packages)},
        "seed": result.seed,
        "rounds": result.rounds,
        "plan": {name: _rounded(value) for name, value in asdict(result.plan).items()},
        "reference": next((index for index, row in enumerate(rows) if row.variant == result.reference), None),
        "visible": _rounded(result.visible),
        "verdict": result.verdict.splitlines(),
        "notes": list(result.notes),
        "differing": list(result.differing),
        "left_out": [{"mode": mode, "why": why} for mode, why in result.left_out],
        "interrupted": result.interrupted,
        "variants": [_variant(row, result) for row in rows],
    }


def ordered(result: Comparison) -> list[Figures]:
    """The figures in the order of the variants."""
    return sorted(result.figures, key=lambda row: result.variants.index(row.variant))


def _variant(row: Figures, result: Comparison) -> dict[str, Any]:
    """One variant's names, times and figures."""
    samples, values = result.of(row.variant), dict(zip(KEYS, exact(row, result), strict=True))
    numbers: dict[str, Any] = {name: values[name] for name in FIGURES}
    return {
        **asdict(row.variant),
        "figures": {name: float(value) if isinstance(value, Decimal) else value for name, value in numbers.items()},
        "outliers": list(row.outliers),
        "round": [sample.number for sample in samples],
        "wall_s": [None if sample.failures else _rounded(sample.wall_s) for sample in samples],
        "startup_s": [_rounded(sample.startup_s) for sample in samples],
        "shutdown_s": [_rounded(sample.shutdown_s) for sample in samples],
        "spans": [{name: [_rounded(getattr(span, name)) for span in each.spans] for name in SPAN} for each in samples],
    }  # fmt: skip


def _rounded(value: Any) -> Any:
    """A number rounded to a tenth of a microsecond; tuples as lists; anything else unchanged."""
    if isinstance(value, tuple):
        return [_rounded(each) for each in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def load(path: str) -> Comparison:
    """The comparison in a file; UsageError with the file's name if it cannot be read."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a text file", hint=HINT) from None
    return from_json(text, path)


def from_json(text: str, name: str) -> Comparison:
    """The comparison in a text, with figures and verdict computed again; UsageError with the name for another text."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}", hint=HINT) from None
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        found = f"its schema is {schema!r}" if schema else "it has no schema"
        raise UsageError(f"{name} is not of {SCHEMA}: {found}", hint=HINT)
    try:
        return _comparison(document)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{name} is damaged: {type(error).__name__} {error}", hint=HINT) from None


def _comparison(document: dict[str, Any]) -> Comparison:
    packages = tuple(document["machine"]["packages"].items())
    machine = Machine(**_known(Machine, {**document["machine"], "packages": packages}))
    plan, found = Plan(**_known(Plan, document["plan"])), document["variants"]
    variants = tuple(Variant(each["mode"], each["via"], int(each["workers"]), each["label"]) for each in found)
    samples = [each for one, variant in zip(found, variants, strict=True) for each in _samples(one, variant, plan)]
    return conclude(
        plan,
        int(document["seed"]),
        variants,
        variants[document["reference"] or 0],
        tuple(sorted(samples, key=lambda sample: sample.number)),
        machine=machine,
        left_out=tuple((each["mode"], each["why"]) for each in document["left_out"]),
        interrupted=document["interrupted"],
    )


def _known(kind: type[Machine | Plan], values: dict[str, Any]) -> dict[str, Any]:
    """The fields of that type, lists as tuples; a later version may have written more."""
    found = {field.name: values[field.name] for field in fields(kind)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def _samples(found: dict[str, Any], variant: Variant, plan: Plan) -> Iterator[Sample]:
    """The measurements of one variant. Of processor time and memory the file has only the figures of all rounds."""
    names = ("round", "startup_s", "wall_s", "shutdown_s", "spans")
    costs = {name: found["figures"][name] for name in ("cpu_parent_s", "cpu_children_s", "peak_rss_mb")}
    for number, startup_s, wall_s, shutdown_s, columns in zip(*map(found.get, names), strict=True):
        spans = tuple(Span(**dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True))
        failures = tuple(f"{plan.items[span.index]}: {span.failure}" for span in spans if span.failure)
        if not failures and not 0 < wall_s < float("inf"):
            raise ValueError("wall times must be more than zero")
        times = {"startup_s": startup_s, "wall_s": wall_s or 0.0, "shutdown_s": shutdown_s}
        yield Sample(variant=variant, number=number, **times, spans=spans, failures=failures, **costs)


def to_hyperfine(result: Comparison) -> str:
    """What hyperfine's `--export-json` writes, for the plotting scripts that read that.

    A round in which a fetch failed is left out, as hyperfine leaves out a command that fails. `user` is the processor
    time of all processes of a round; the kernel's share of it is unknown, so `system` is 0. `parameters` has `workers`
    alone: `plot_parametrized.py` draws times against the one parameter there is, a number.
    """
    found = [_hyperfine(row, result) for row in ordered(result) if row.wall is not None]
    return json.dumps({"results": found}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _hyperfine(row: Figures, result: Comparison) -> dict[str, Any]:
    """One variant as the result of one command."""
    wall, good = row.wall, [sample for sample in result.of(row.variant) if not sample.failures]
    assert wall is not None
    return {
        "command": str(row.variant),
        "mean": wall.mean,
        "stddev": wall.s if len(good) > 1 else None,
        "median": wall.median,
        "user": fmean((sample.cpu_parent_s or 0.0) + (sample.cpu_children_s or 0.0) for sample in good),
        "system": 0.0,
        "min": wall.low,
        "max": wall.high,
        "times": [sample.wall_s for sample in good],
        "memory_usage_byte": [round((sample.peak_rss_mb or 0.0) * 1024 * 1024) for sample in good],
        "exit_codes": [0] * len(good),
        "parameters": {"workers": str(row.variant.workers)},
    }
