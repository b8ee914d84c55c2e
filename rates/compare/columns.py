"""The figures as tables: for people, columns with their texts and meanings; for programs, flat rows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import starmap
from textwrap import fill
from typing import TYPE_CHECKING, Any

from rates.compare.wording import many

if TYPE_CHECKING:  # --help needs the columns and none of the results
    from rates.compare.results import Comparison, Figures

UNKNOWN = "\N{EN DASH}"
NAMES = ("mode", "via", "workers")
Row = list[str | int | Decimal | None]

# The names in rows for programs, and where the figure is.
EXACT = {
    "startup_s": "startup.median", "first_s": "first.median", "shutdown_s": "shutdown.median", "wall_s": "wall.median",
    "wall_mean_s": "wall.mean", "wall_stddev_s": "wall.s", "wall_min_s": "wall.low", "wall_max_s": "wall.high",
    "queue_p50_s": "queue.p50", "wire_p50_s": "wire.p50", "parse_p50_s": "parse.p50", "fetch_p50_s": "fetch.p50",
    "fetch_p95_s": "fetch.p95", "fetch_p99_s": "fetch.p99", "fetches_per_s": "per_second", "busy": "busy",
    "waiting_share": "waiting_share", "cpu_parent_s": "cpu_parent_s", "cpu_children_s": "cpu_children_s",
    "cpu_startup_s": "cpu_startup_s", "peak_rss_mb": "peak_rss_mb", "connections": "connections", "speedup": "speedup",
    "speedup_low": "speedup_ci95.0", "speedup_high": "speedup_ci95.1", "p": "p", "ideal_s": "ideal_s",
    "ideal_share": "ideal_share",
}  # fmt: skip
KEYS = (*NAMES, "label", "rounds", "fetches", "failures", *EXACT, "latency_s", "seed")


def figure(row: Figures, path: str) -> Any:
    """The figure at a path such as "wall.median"; None if any part of it is unknown."""
    value: Any = row
    for part in path.split("."):
        if value is not None:
            value = value[int(part)] if part.isdigit() else getattr(value, part)
    return value


def six(value: float | None) -> Decimal | None:
    """A number rounded to six decimals: seconds to the microsecond."""
    return None if value is None else Decimal(f"{value:.6f}")


def exact(row: Figures, result: Comparison) -> Row:
    """The values of KEYS for one variant, None where unknown."""
    variant = row.variant
    numbers = {name: figure(row, path) for name, path in EXACT.items()}
    if row.rounds < 2:
        numbers["wall_stddev_s"] = None
    names: Row = [variant.mode, variant.via, variant.workers, variant.label, row.rounds, row.calls, row.failures]
    return [*names, *map(six, (*numbers.values(), result.plan.latency_s)), result.seed]


def _places(seconds: float) -> int:
    """Decimals of milliseconds that leave about three digits."""
    return 0 if seconds >= 0.1 else 1 if seconds >= 0.01 else 2


def ms(seconds: float | None, places: int | None = None) -> str:
    """Milliseconds in about three digits, or in so many decimals."""
    if seconds is None:
        return UNKNOWN
    if places is None and seconds <= 0:
        return "0"
    return f"{seconds * 1000:.{_places(seconds) if places is None else places}f}"


def _mean(row: Figures) -> str:
    """Mean and standard deviation in the same decimals; of one round there is no deviation."""
    if row.wall is None:
        return UNKNOWN
    places = _places(row.wall.median)
    return ms(row.wall.mean, places) + (f" ± {ms(row.wall.s, places)}" if row.rounds > 1 else "")


def _range(row: Figures) -> str:
    if row.wall is None:
        return UNKNOWN
    return "…".join(ms(end, _places(row.wall.median)) for end in (row.wall.low, row.wall.high))


def _cpu(row: Figures) -> str:
    children = f" + {ms(row.cpu_children_s)}" if row.cpu_children_s else ""
    return f"{ms(row.cpu_parent_s)}{children}" if row.cpu_parent_s is not None else UNKNOWN


def _number(path: str, places: int) -> Callable[[Figures], str]:
    """A figure in so many decimals."""

    def text(row: Figures) -> str:
        value = figure(row, path)
        return UNKNOWN if value is None else f"{value:.{places}f}"

    return text


def _time(*paths: str) -> Callable[[Figures], str]:
    """Times in milliseconds, which are all known or none."""
    return lambda row: UNKNOWN if figure(row, paths[0]) is None else " ".join(ms(figure(row, path)) for path in paths)


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One column of a table for people. drop: its turn when a narrow terminal leaves columns out; 0 if it stays."""

    header: str
    drop: int
    text: Callable[[Figures], str]
    meaning: str


ROUNDS = tuple(starmap(FigureColumn, (
    ("start-up", 4, _time("startup.median"),
     "from opening the pool until every worker has answered a first call; a running fork server is kept between the "
     "rounds. Median over the rounds; with --warm the only one"),
    ("whole", 0, _time("wall.median"),
     "from handing out the first fetch to the last result, with the workers ready: median over the rounds"),
    ("mean ± s", 2, _mean, "the same: mean and standard deviation (n - 1) over the rounds"),
    ("min…max", 1, _range, "the fastest and the slowest round"),
    ("speed-up", 0, _number("speedup", 2),
     "whole time of the reference over this one's, round by round: the median of these ratios. The reference is "
     'sequential by map, or the first variant; "again" is the reference a second time (A/A)'),
    ("95 %", 5, lambda row: "" if row.speedup_ci95 is None else "…".join(f"{end:.2f}" for end in row.speedup_ci95),
     "interval of the speed-up: bootstrap of the paired rounds, 2000 draws with replacement, 2.5th to 97.5th "
     "percentile of the median"),
    ("ideal", 3, lambda row: UNKNOWN if row.ideal_share is None else f"{row.ideal_share * 100:.0f} %",
     "share of the ideal reached: ceil(fetches / workers) x latency, over the median whole time. The latency is the "
     "simulated one, else the median fetch of sequential mode"),
    ("failed", 0, lambda row: f"{row.failures} of {row.calls}",
     "fetches that failed, of all. They are never averaged in: times of rounds are from rounds without a failure, "
     "times of fetches from fetches that did not fail"),
)))  # fmt: skip
FETCHES = tuple(starmap(FigureColumn, (
    ("queue", 11, _time("queue.p50"), "from being handed to the pool until a worker began it: p50"),
    ("wire", 0, _time("wire.p50"),
     "connecting, waiting for the answer, receiving it: p50. Simulated latency counts, waiting for a turn at the host "
     "does not"),
    ("parse", 12, _time("parse.p50"), "the rest of a fetch: parsing, checking, rebasing: p50"),
    ("fetch", 0, _time("fetch.p50", "fetch.p95", "fetch.p99"), "one fetch in its worker: p50, p95, p99"),
    ("per s", 0, lambda row: _number("per_second", 1 if (row.per_second or 0) < 100 else 0)(row),
     "fetches of a round, over the median whole time"),
    ("busy", 9, _number("busy", 1),
     "mean number of workers at work: the sum of all fetches' times, over the whole time"),
    ("cpu", 13, _cpu,
     "processor time from the first fetch handed out to the last result, of this process + of its children"),
    ("MB", 10, _number("peak_rss_mb", 0),
     "peak memory: each process's own peak resident memory, added up; pages that they share count in each"),
    ("conns", 7, _number("connections", 0), "connections opened"),
    ("shutdown", 8, _time("shutdown.median"),
     "from closing the pool until its last worker has ended; unknown with --warm"),
)))  # fmt: skip


def meanings(columns: Sequence[FigureColumn]) -> str:
    """The columns with their meanings, one a paragraph, 80 characters wide with click's own indent."""
    return "\n".join(
        fill(column.meaning, 78, initial_indent=f"  {column.header:<10} ", subsequent_indent=" " * 13)
        for column in columns
    )


def names(row: Figures) -> list[str | int]:
    """Mode, via and workers; the twin's label in place of its mode."""
    variant = row.variant
    return [f"({variant.label})" if variant.label else variant.mode, variant.via, variant.workers]


def shown(result: Comparison) -> tuple[FigureColumn, ...]:
    """The columns of the first table: failures only if there are any."""
    return ROUNDS if any(row.failures for row in result.figures) else ROUNDS[:-1]


def about(result: Comparison) -> list[str]:
    """What was run, how often, where, and what the figures refer to, in three lines."""
    plan, last = result.plan, max((sample.number for sample in result.samples), default=0)
    asked = f"{last} of " if plan.rounds is not None and last < plan.rounds else ""
    rounds = many(last if plan.rounds is None else plan.rounds, "round")
    jitter = f" ± {ms(plan.jitter_s)}" if plan.jitter_s else ""
    source = "the median fetch of sequential" if plan.measured else "simulated"
    latency = "and ideal unknown" if plan.latency_s is None else f"{ms(plan.latency_s)}{jitter} ms ({source})"
    return [
        f"{many(len(plan.items), 'fetch', 'fetches')} · {asked}{rounds}, interleaved, after {plan.warmup} to warm up · "
        f"seed {result.seed}",
        f"{plan.source} · latency {latency} · {'warm' if plan.warm else 'cold'} pools · "
        f"speed-up over {result.reference} · times in ms",
        str(result.machine),
    ]


def html_table(result: Comparison) -> str:
    """The first table as HTML, for reading and for copying."""
    columns = shown(result)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("variant", *(column.header for column in columns)))
    lines = [
        f'<tr><th scope="row">{escape(str(row.variant))}</th>'
        + "".join(f"<td>{column.text(row)}</td>" for column in columns)
        + "</tr>"
        for row in result.figures
    ]
    body = "\n".join(lines)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
