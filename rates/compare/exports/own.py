"""The comparison as JSON, in a schema of our own: all that was planned, where it ran, every figure and every time.

Times are in seconds and end in `_s`; null is "not known", never zero. Schema `rates-compare/1`:

- `schema`: "rates-compare/1"; the number grows when a name changes its meaning or goes. More names may come within it.
- `python`, `packages` (name to version), `machine`: `cores cpu system implementation python gil compiled`.
- `seed`, `rounds` (those that every variant has measured), `plan`: `items source provider rounds warmup budget_s warm
  latency_s measured jitter_s fail within`. `reference`: the index of the variant that speed-ups are over (null
  when an interrupted run has not reached it).
- `visible`: the smallest relative difference that the run can see. `verdict`: a list of sentences; `notes`,
  `differing`, `left_out` (`mode`, `why`), `interrupted`.
- `variants`, in the order of the tables, the reference's twin last, each with
  - `mode via workers label` ("again" is the twin's), `fetches` (of one round), `calls` and `failures` (of all rounds),
  - one entry a round, so that equal places are one round in all variants: `round` (its number), `wall_s startup_s
    first_s shutdown_s`, and `failed`, how many fetches of it failed. `wall_s` and `first_s` are null where one did: a
    failure is never averaged in; of a warm pool `startup_s` is that of its first round, then 0, `shutdown_s` null,
  - figures as `rates compare --help` defines them: `ideal_s ideal_share speedup speedup_ci95` (low, high) `p
    cpu_s cpu_parent_s cpu_children_s cpu_startup_s peak_rss_mb fetches_per_s busy waiting_share
    requests connections`, and `fetch_s`: the median `queue`, `wire`, `parse`, and the fetch's `p50 p95 p99`,
  - `outliers` (`round wall_s cause`), and `spans`: for each round the fetches in columns of equal length, `index
    worker handed_s began_s ended_s turn_s connect_s wait_s read_s parse_s failure`, from when the first was handed out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rates.compare.records import Comparison, Figures, Machine, Quantiles, Sample, Span

SCHEMA = "rates-compare/1"
# A tenth of a microsecond: what the clocks tell, and a digit more than what a reader needs.
DIGITS = 7
TIMES = ("handed_s", "began_s", "ended_s", "turn_s", "connect_s", "wait_s", "read_s", "parse_s")


def to_json(result: Comparison) -> str:
    """The document as text: names and figures spread out, a round's columns on a line each."""
    parts = document(result)
    variants = parts.pop("variants")
    head = json.dumps(parts, indent=1, ensure_ascii=False, allow_nan=False).removesuffix("\n}")
    body = ",\n".join(map(_variant_text, variants))
    return f'{head},\n "variants": [\n{body}\n ]\n}}\n'


def _variant_text(variant: dict[str, Any]) -> str:
    """A variant with a name a line, and its spans with a round a line."""
    lines = [f"   {_line(name)}: {_line(value)}" for name, value in variant.items() if name != "spans"]
    rounds = ",\n".join(f"    {_line(columns)}" for columns in variant["spans"])
    return "  {\n" + ",\n".join([*lines, f'   "spans": [\n{rounds}\n   ]']) + "\n  }"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def document(result: Comparison) -> dict[str, Any]:
    """The comparison in plain lists, dictionaries, numbers and texts."""
    plan = asdict(result.plan)
    return {
        "schema": SCHEMA,
        "python": result.machine.python,
        "packages": dict(result.machine.packages),
        "machine": _machine(result.machine),
        "seed": result.seed,
        "rounds": result.rounds,
        "plan": {name: _rounded(value) for name, value in plan.items()},
        "reference": next((i for i, row in enumerate(ordered(result)) if row.variant == result.reference), None),
        "visible": _rounded(result.visible),
        "verdict": result.verdict.splitlines(),
        "notes": list(result.notes),
        "differing": list(result.differing),
        "left_out": [{"mode": mode, "why": why} for mode, why in result.left_out],
        "interrupted": result.interrupted,
        "variants": [_variant(row, result) for row in ordered(result)],
    }


def ordered(result: Comparison) -> list[Figures]:
    """The figures in the order of the variants."""
    place = {variant: index for index, variant in enumerate(result.variants)}
    return sorted(result.figures, key=lambda row: place[row.variant])


def _machine(machine: Machine) -> dict[str, Any]:
    known = asdict(machine)
    del known["packages"]
    return known


def _variant(row: Figures, result: Comparison) -> dict[str, Any]:
    """One variant's names, times and figures."""
    samples = result.of(row.variant)
    return {
        **asdict(row.variant),
        "fetches": len(result.plan.items),
        "calls": row.calls,
        "failures": row.failures,
        **_rounds(samples),
        **_figures(row),
        **({"speedup_ci95": [1.0, 1.0]} if row.variant == result.reference else {}),
        "outliers": [
            {"round": each.number, "wall_s": _rounded(each.wall_s), "cause": each.cause} for each in row.outliers
        ],
        "spans": [_columns(sample.spans) for sample in samples],
    }


def _rounds(samples: Sequence[Sample]) -> dict[str, list[Any]]:
    """What there is one of for each round."""
    return {
        "round": [sample.number for sample in samples],
        "wall_s": [None if sample.failures else _rounded(sample.wall_s) for sample in samples],
        "startup_s": [_rounded(sample.startup_s) for sample in samples],
        "first_s": [None if sample.failures else _rounded(sample.first_s) for sample in samples],
        "shutdown_s": [_rounded(sample.shutdown_s) for sample in samples],
        "failed": [len(sample.failures) for sample in samples],
    }


def _figures(row: Figures) -> dict[str, Any]:
    """The figures over all rounds."""
    plain = {
        name: _rounded(getattr(row, name))
        for name in (
            "ideal_s", "ideal_share", "speedup", "speedup_ci95", "p", "cpu_s", "cpu_parent_s", "cpu_children_s",
            "cpu_startup_s", "peak_rss_mb", "busy", "waiting_share", "requests", "connections",
        )
    }  # fmt: skip
    fetch = row.fetch or Quantiles(None, None, None)  # type: ignore[arg-type]  # nothing is known of none
    middles = {name: getattr(row, name) for name in ("queue", "wire", "parse")}
    return {
        **plain,
        "fetches_per_s": _rounded(row.per_second),
        "fetch_s": {
            **{name: None if found is None else _rounded(found.p50) for name, found in middles.items()},
            **{name: _rounded(value) for name, value in asdict(fetch).items()},
        },
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
    """A number to a tenth of a millionth; pairs as lists; all else as it is."""
    if isinstance(value, tuple):
        return [_rounded(each) for each in value]
    return round(value, DIGITS) if isinstance(value, float) else value
