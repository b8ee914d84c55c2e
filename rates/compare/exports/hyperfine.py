"""The comparison as hyperfine's `--export-json` writes it, for the plotting scripts that read that.

`results[]` with `command mean stddev median user system min max times[] memory_usage_byte[] exit_codes[] parameters`.
A round in which a fetch failed has no time and is left out, as hyperfine leaves out a command that fails. `user` is the
processor time of all processes of a round; the kernel's share of it is not told apart, so `system` is 0. `parameters`
has `workers` alone, since `plot_parametrized.py` draws times against the one parameter there is, a number.
"""

from __future__ import annotations

import json
from statistics import fmean
from typing import Any

from rates.compare.exports.own import ordered
from rates.compare.records import Comparison, Figures, Sample


def to_hyperfine(result: Comparison) -> str:
    """The variants that have a whole time, in their order."""
    found = [_result(row, result) for row in ordered(result) if row.wall is not None]
    return json.dumps({"results": found}, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _result(row: Figures, result: Comparison) -> dict[str, Any]:
    """One variant, as the result of one command."""
    wall, good = row.wall, [sample for sample in result.of(row.variant) if not sample.failures]
    assert wall is not None
    memory = [sample.peak_rss_mb for sample in good]
    return {
        "command": str(row.variant),
        "mean": wall.mean,
        "stddev": wall.s if len(good) > 1 else None,
        "median": wall.median,
        "user": fmean(map(_cpu, good)),
        "system": 0.0,
        "min": wall.low,
        "max": wall.high,
        "times": [sample.wall_s for sample in good],
        "memory_usage_byte": [round((peak or 0.0) * 1024 * 1024) for peak in memory],
        "exit_codes": [0] * len(good),
        "parameters": {"workers": str(row.variant.workers)},
    }


def _cpu(sample: Sample) -> float:
    return (sample.cpu_parent_s or 0.0) + (sample.cpu_children_s or 0.0)
