"""The comparison's figures for programs: one flat row a variant, exact, in seconds."""

from __future__ import annotations

from decimal import Decimal

from rates.compare import Comparison, Figures, Quantiles, Spread
from rates.present.tabular import Cell

KEYS = (
    "mode", "via", "workers", "label", "rounds", "fetches", "failures", "startup_s", "first_s", "shutdown_s",
    "wall_s", "wall_mean_s", "wall_stddev_s", "wall_min_s", "wall_max_s", "queue_p50_s", "wire_p50_s", "parse_p50_s",
    "fetch_p50_s", "fetch_p95_s", "fetch_p99_s", "fetches_per_s", "busy", "waiting_share", "cpu_parent_s",
    "cpu_children_s", "cpu_startup_s", "peak_rss_mb", "connections", "speedup", "speedup_low", "speedup_high", "p",
    "ideal_s", "ideal_share", "latency_s", "seed",
)  # fmt: skip


def exact(row: Figures, result: Comparison) -> list[Cell]:
    """Seconds to the microsecond, ratios to six decimals, None for what is not known."""
    variant, ends = row.variant, row.speedup_ci95 or (None, None)
    numbers = (
        *(None if spread is None else spread.median for spread in (row.startup, row.first, row.shutdown)),
        *_times(row.wall, row.rounds),
        *(None if found is None else found.p50 for found in (row.queue, row.wire, row.parse)),
        *_percentiles(row.fetch),
        row.per_second,
        row.busy,
        row.waiting_share,
        row.cpu_parent_s,
        row.cpu_children_s,
        row.cpu_startup_s,
        row.peak_rss_mb,
        row.connections,
        row.speedup,
        *ends,
        row.p,
        row.ideal_s,
        row.ideal_share,
        result.plan.latency_s,
    )
    names: list[Cell] = [variant.mode, variant.via, variant.workers, variant.label]
    return [*names, row.rounds, row.calls, row.failures, *map(_six, numbers), result.seed]


def _times(wall: Spread | None, rounds: int) -> tuple[float | None, ...]:
    """Median, mean, standard deviation (None of one round), least, greatest."""
    if wall is None:
        return (None,) * 5
    return wall.median, wall.mean, wall.s if rounds > 1 else None, wall.low, wall.high


def _percentiles(found: Quantiles | None) -> tuple[float | None, ...]:
    return (None,) * 3 if found is None else (found.p50, found.p95, found.p99)


def _six(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}")
