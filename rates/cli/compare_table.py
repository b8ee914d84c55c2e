"""The comparison as text: a table with its caption and verdict for people, exact seconds for programs."""

from __future__ import annotations

import platform
from collections import Counter
from decimal import Decimal

from rates.compare import Comparison, Figures, Spread
from rates.executors import processors
from rates.parse_settings import MACHINE_FORMATS
from rates.present import rows
from rates.present.grid import Align, Cell, notes

UNKNOWN = "\N{EN DASH}"
MOST_FAILURES = 5  # lines of stderr; a publisher that is down gives each of them the same reason
HEADERS = ("mode", "via", "workers", "start-up", "whole", "fetch", "per s", "speed-up", "ideal", "failed")
RIGHT: Align = "right"
ALIGN: tuple[Align, ...] = ("left", "left", *[RIGHT] * (len(HEADERS) - 2))
KEYS = (
    "mode", "via", "workers", "rounds", "fetches", "failures", "startup_s", "wall_s", "wall_spread_s", "wall_min_s",
    "wall_max_s", "fetch_s", "fetches_per_s", "speedup", "ideal_s", "ideal_share", "latency_s", "seed",
)  # fmt: skip


def text(result: Comparison, fmt: str) -> str:
    """All that belongs on standard output, without a final line end."""
    if fmt in MACHINE_FORMATS:
        return rows(KEYS, [_exact(row, result) for row in result.figures], fmt)
    width = len(HEADERS) if any(row.failures for row in result.figures) else len(HEADERS) - 1
    table = rows(HEADERS[:width], [_cells(row)[:width] for row in result.figures], fmt, ALIGN[:width])
    return "\n\n".join((notes(caption(result), fmt), table, notes([result.verdict], fmt)))


def caption(result: Comparison) -> list[str]:
    """What was run, how often, where, and what the figures refer to."""
    last = max((sample.number for sample in result.samples), default=0)
    measured = f"{last} of " if last < result.rounds else ""
    return [
        f"{_many(result.n, 'fetch', 'fetches')} · {measured}{_many(result.rounds, 'round', 'rounds')}, "
        f"interleaved, after {result.warmup} to warm up · seed {result.seed}",
        f"latency {_latency(result)} · speed-up over {result.reference}",
        f"{_many(processors(), 'core', 'cores')} · {platform.python_implementation()} {platform.python_version()} · "
        f"{platform.system()} · times in ms, whole: median ± spread",
    ]


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _latency(result: Comparison) -> str:
    """The latency behind the ideal, and where it is from."""
    if result.latency_s is None:
        return "and ideal not known"
    source = "simulated" if result.simulated else "the median fetch of sequential"
    return f"{_ms(result.latency_s)} ms ({source})"


def _cells(row: Figures) -> list[Cell]:
    """One line for people."""
    return [
        row.variant.mode,
        row.variant.via,
        row.variant.workers,
        _ms(row.startup_s),
        _with_spread(row.wall, row.rounds),
        _ms(row.fetch_s),
        UNKNOWN if row.per_second is None else f"{row.per_second:.{1 if row.per_second < 100 else 0}f}",
        UNKNOWN if row.speedup is None else f"{row.speedup:.2f}",
        UNKNOWN if row.ideal_share is None else f"{row.ideal_share * 100:.0f} %",
        f"{row.failures} of {row.calls}",
    ]


def _places(seconds: float) -> int:
    """Decimals of milliseconds that leave about three digits."""
    return 0 if seconds >= 0.1 else 1 if seconds >= 0.01 else 2


def _ms(seconds: float | None) -> str:
    """Milliseconds in about three digits."""
    return UNKNOWN if seconds is None else f"{seconds * 1000:.{_places(seconds)}f}"


def _with_spread(wall: Spread | None, rounds: int) -> str:
    """Median and spread in the same decimals; one round has no spread."""
    if wall is None:
        return UNKNOWN
    places = _places(wall.median)
    return f"{wall.median * 1000:.{places}f}" + (f" ± {wall.half * 1000:.{places}f}" if rounds > 1 else "")


def _exact(row: Figures, result: Comparison) -> list[Cell]:
    """One line for programs: seconds to the microsecond, ratios to six decimals, None for what is not known."""
    wall = row.wall
    noise = wall.half if wall and row.rounds > 1 else None
    times = (wall.median, noise, wall.low, wall.high) if wall else (None,) * 4
    return [
        row.variant.mode,
        row.variant.via,
        row.variant.workers,
        row.rounds,
        row.calls,
        row.failures,
        _six(row.startup_s),
        *map(_six, times),
        _six(row.fetch_s),
        _six(row.per_second),
        _six(row.speedup),
        _six(row.ideal_s),
        _six(row.ideal_share),
        _six(result.latency_s),
        result.seed,
    ]


def _six(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}")


def failure_lines(result: Comparison) -> list[str]:
    """What failed, each reason once with how often, the most frequent first."""
    counted = Counter(line for sample in result.samples for line in sample.failures).most_common()
    lines = [f"failed {times}x: {line}" for line, times in counted[:MOST_FAILURES]]
    rest = len(counted) - MOST_FAILURES
    return [*lines, f"and {rest} more reasons"] if rest > 0 else lines
