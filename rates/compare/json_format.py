"""The comparison as JSON: written and read in our own schema, and written as hyperfine does. Pure but for `load`.

Times are in seconds and end in `_s`; null means unknown, never zero. Schema `rates-compare/1`; a later version may add
names, and the number changes when a name changes its meaning or is dropped.

- `schema`, `python`, `packages` (name to version), `machine`: `cores cpu system implementation python gil compiled`.
- `seed`, `rounds` (those that every variant has measured), `plan`: `items source provider rounds warmup budget_s warm
  latency_s measured jitter_s fail within`. `reference`: the index of the variant that speed-ups refer to (null if an
  interrupted run has not reached it). `visible`: the smallest relative difference that the run can show.
- `verdict`: a list of sentences; `notes`, `differing`, `left_out` (`mode`, `why`), `interrupted`.
- `variants`, in the order of the tables, the reference's twin last, each with
  - `mode via workers label` ("again" for the twin), `fetches` (of one round), `calls` and `failures` (of all rounds),
  - one entry a round, so that equal positions are the same round in all variants: `round` (its number), `wall_s
    startup_s first_s shutdown_s`, and `failed`, how many fetches of it failed. `wall_s` and `first_s` are null where
    one failed; in a warm pool `startup_s` is that of its first round, then 0, and `shutdown_s` is null,
  - figures as `rates compare --help` defines them: `ideal_s ideal_share speedup speedup_ci95` (low, high) `p cpu_s
    cpu_parent_s cpu_children_s peak_rss_mb fetches_per_s busy waiting_share requests connections`, `outliers` (the
    numbers of their rounds), and `fetch_s`: the median `queue`, `wire`, `parse`, and the fetch's `p50 p95 p99`,
  - `spans`: for each round the fetches in columns of equal length, `index worker handed_s began_s ended_s turn_s
    connect_s wait_s read_s parse_s failure`, in seconds since the first was dispatched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from statistics import fmean
from typing import Any

from rates.compare.comparison import conclude
from rates.compare.results import Comparison, Figures, Machine, Plan, Sample, Span, Variant
from rates.errors import UsageError

SCHEMA = "rates-compare/1"
DIGITS = 7  # a tenth of a microsecond, the resolution of the clocks
TIMES = ("handed_s", "began_s", "ended_s", "turn_s", "connect_s", "wait_s", "read_s", "parse_s")
FIGURES = (
    "ideal_s", "ideal_share", "speedup", "speedup_ci95", "p", "cpu_s", "cpu_parent_s", "cpu_children_s",
    "peak_rss_mb", "busy", "waiting_share", "requests", "connections", "outliers",
)  # fmt: skip


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
    machine = asdict(result.machine)
    packages = dict(machine.pop("packages"))
    rows = ordered(result)
    return {
        "schema": SCHEMA,
        "python": result.machine.python,
        "packages": packages,
        "machine": machine,
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
    samples = result.of(row.variant)
    middles = {name: getattr(row, name) for name in ("queue", "wire", "parse")}
    percentiles = {name: _rounded(getattr(row.fetch, name, None)) for name in ("p50", "p95", "p99")}
    return {
        **asdict(row.variant),
        "fetches": len(result.plan.items),
        "calls": row.calls,
        "failures": row.failures,
        "round": [sample.number for sample in samples],
        "wall_s": [None if sample.failures else _rounded(sample.wall_s) for sample in samples],
        "startup_s": [_rounded(sample.startup_s) for sample in samples],
        "first_s": [None if sample.failures else _rounded(sample.first_s) for sample in samples],
        "shutdown_s": [_rounded(sample.shutdown_s) for sample in samples],
        "failed": [len(sample.failures) for sample in samples],
        **{name: _rounded(getattr(row, name)) for name in FIGURES},
        **({"speedup_ci95": [1.0, 1.0]} if row.variant == result.reference else {}),
        "fetches_per_s": _rounded(row.per_second),
        "fetch_s": {name: _rounded(getattr(found, "p50", None)) for name, found in middles.items()} | percentiles,
        "spans": [_columns(sample.spans) for sample in samples],
    }


def _columns(spans: Sequence[Span]) -> dict[str, list[Any]]:
    """The fetches of a round in columns."""
    return {
        "index": [span.index for span in spans],
        "worker": [span.worker for span in spans],
        **{name: [_rounded(getattr(span, name)) for span in spans] for name in TIMES},
        "failure": [span.failure for span in spans],
    }


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
        raise UsageError(f"{path} is not a text file", hint="--export-json writes what --load reads") from None
    return from_json(text, path)


def from_json(text: str, name: str) -> Comparison:
    """The comparison in a text, with figures and verdict computed again; UsageError with the name for another text."""
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
        return _comparison(document)
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{name} is damaged: {type(error).__name__} {error}", hint=hint) from None


def _comparison(document: dict[str, Any]) -> Comparison:
    machine = Machine(**_known(Machine, {**document["machine"], "packages": list(document["packages"].items())}))
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
    names = ("round", "startup_s", "first_s", "wall_s", "shutdown_s", "spans")
    for number, startup_s, first_s, wall_s, shutdown_s, columns in zip(*map(found.get, names), strict=True):
        spans = tuple(Span(**dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True))
        failures = tuple(f"{plan.items[span.index]}: {span.failure}" for span in spans if span.failure)
        if not failures and not 0 < wall_s < float("inf"):
            raise ValueError("wall times must be more than zero")
        yield Sample(
            variant=variant,
            number=number,
            startup_s=startup_s,
            first_s=first_s or 0.0,
            wall_s=wall_s or 0.0,
            shutdown_s=shutdown_s,
            spans=spans,
            failures=failures,
            **{name: found[name] for name in ("cpu_parent_s", "cpu_children_s", "peak_rss_mb")},
        )


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
        "user": fmean(map(_cpu_s, good)),
        "system": 0.0,
        "min": wall.low,
        "max": wall.high,
        "times": [sample.wall_s for sample in good],
        "memory_usage_byte": [round((sample.peak_rss_mb or 0.0) * 1024 * 1024) for sample in good],
        "exit_codes": [0] * len(good),
        "parameters": {"workers": str(row.variant.workers)},
    }


def _cpu_s(sample: Sample) -> float:
    return (sample.cpu_parent_s or 0.0) + (sample.cpu_children_s or 0.0)
