"""The figures of a variant as columns, each declared once: names, values, texts and meanings. Pure.

Every table, export and help text is made from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import starmap
from textwrap import fill
from typing import TYPE_CHECKING, Any

from rates.compare.wording import many

if TYPE_CHECKING:  # --help needs the columns and none of the results
    from rates.compare.results import Comparison, Figures

UNKNOWN = "\N{EN DASH}"
NAMES = ("mode", "via", "workers")
Row = list[str | int | Decimal | None]


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


Values = Sequence[Any]


def _times(separator: str, alike: bool = False) -> Callable[[Values, int], str]:
    """Times in milliseconds, all known or none; alike: in the same decimals."""

    def text(values: Values, rounds: int) -> str:
        known = [value for value in values if value is not None]
        if not known:
            return UNKNOWN
        return separator.join(ms(value, _places(known[0]) if alike else None) for value in known)

    return text


def _number(places: int) -> Callable[[Values, int], str]:
    """A figure in so many decimals."""
    return lambda values, rounds: UNKNOWN if values[0] is None else f"{values[0]:.{places}f}"


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One column. figures: by the name for programs, the path of each value. text: of the values, for people.

    drop: its turn when a narrow terminal leaves columns out; 0 if it stays.
    """

    header: str
    figures: dict[str, str]
    drop: int
    text: Callable[[Values, int], str]
    meaning: str

    def cell(self, row: Figures) -> str:
        """The text for one variant."""
        return self.text([figure(row, path) for path in self.figures.values()], row.rounds)


ROUNDS = tuple(starmap(FigureColumn, (
    ("start-up", {"startup_s": "startup.median"}, 4, _times(" "),
     "from opening the pool until every worker has answered a first call; a running fork server is kept between the "
     "rounds. Median over the rounds; with --warm the only one"),
    ("whole", {"wall_s": "wall.median"}, 0, _times(" "),
     "from handing out the first fetch to the last result, with the workers ready: median over the rounds"),
    ("mean ± s", {"wall_mean_s": "wall.mean", "wall_stddev_s": "wall.s"}, 2,
     lambda values, rounds: _times(" ± ", alike=True)(values if rounds > 1 else values[:1], rounds),
     "the same: mean and standard deviation (n - 1) over the rounds"),
    ("min…max", {"wall_min_s": "wall.low", "wall_max_s": "wall.high"}, 1, _times("…", alike=True),
     "the fastest and the slowest round"),
    ("speed-up", {"speedup": "speedup"}, 0, _number(2),
     "whole time of the reference over this one's, round by round: the median of these ratios. The reference is "
     'sequential by map, or the first variant; "again" is the reference a second time (A/A)'),
    ("95 %", {"speedup_low": "speedup_ci95.0", "speedup_high": "speedup_ci95.1"}, 5,
     lambda values, rounds: "" if values[0] is None else "…".join(f"{end:.2f}" for end in values),
     "interval of the speed-up: bootstrap of the paired rounds, 2000 draws with replacement, 2.5th to 97.5th "
     "percentile of the median"),
    ("ideal", {"ideal_share": "ideal_share", "ideal_s": "ideal_s"}, 3,
     lambda values, rounds: UNKNOWN if values[0] is None else f"{values[0] * 100:.0f} %",
     "share of the ideal reached: ceil(fetches / workers) x latency, over the median whole time. The latency is the "
     "simulated one, else the median fetch of sequential mode"),
    ("failed", {"failures": "failures", "fetches": "calls"}, 0, lambda values, rounds: "{} of {}".format(*values),
     "fetches that failed, of all. They are never averaged in: times of rounds are from rounds without a failure, "
     "times of fetches from fetches that did not fail"),
)))  # fmt: skip
FETCHES = tuple(starmap(FigureColumn, (
    ("queue", {"queue_p50_s": "queue.p50"}, 11, _times(" "),
     "from being handed to the pool until a worker began it: p50"),
    ("wire", {"wire_p50_s": "wire.p50"}, 0, _times(" "),
     "connecting, waiting for the answer, receiving it: p50. Simulated latency counts, waiting for a turn at the host "
     "does not"),
    ("parse", {"parse_p50_s": "parse.p50"}, 12, _times(" "),
     "the rest of a fetch: parsing, checking, rebasing: p50"),
    ("fetch", {f"fetch_{name}_s": f"fetch.{name}" for name in ("p50", "p95", "p99")}, 0, _times(" "),
     "one fetch in its worker: p50, p95, p99"),
    ("per s", {"fetches_per_s": "per_second"}, 0,
     lambda values, rounds: _number(1 if (values[0] or 0) < 100 else 0)(values, rounds),
     "fetches of a round, over the median whole time"),
    ("busy", {"busy": "busy"}, 9, _number(1),
     "mean number of workers at work: the sum of all fetches' times, over the whole time"),
    ("cpu", {"cpu_parent_s": "cpu_parent_s", "cpu_children_s": "cpu_children_s"}, 13,
     lambda values, rounds: _times(" + ")([value for value in values if value], rounds),
     "processor time from the first fetch handed out to the last result, of this process + of its children"),
    ("MB", {"peak_rss_mb": "peak_rss_mb"}, 10, _number(0),
     "peak memory: each process's own peak resident memory, added up; pages that they share count in each"),
    ("conns", {"connections": "connections"}, 7, _number(0), "connections opened"),
    ("shutdown", {"shutdown_s": "shutdown.median"}, 8, _times(" "),
     "from closing the pool until its last worker has ended; unknown with --warm"),
)))  # fmt: skip
_OTHERS = {"waiting_share": "waiting_share", "p": "p"}
_COUNTS = ("rounds", "fetches", "failures")
# The names in rows for programs, and the path of each figure.
EXACT = {name: path for column in (*ROUNDS, *FETCHES) for name, path in column.figures.items() if name not in _COUNTS}
EXACT |= _OTHERS
KEYS = (*NAMES, "label", *_COUNTS, *EXACT, "latency_s", "seed")


def exact(row: Figures, result: Comparison) -> Row:
    """The values of KEYS for one variant, None where unknown."""
    variant = row.variant
    numbers = {name: figure(row, path) for name, path in EXACT.items()}
    if row.rounds < 2:
        numbers["wall_stddev_s"] = None
    named: Row = [variant.mode, variant.via, variant.workers, variant.label, row.rounds, row.calls, row.failures]
    return [*named, *map(six, (*numbers.values(), result.plan.latency_s)), result.seed]


def meanings(columns: Sequence[FigureColumn]) -> str:
    """The columns with their meanings, one a paragraph, 80 characters wide with click's own indent."""
    return "\n".join(
        fill(column.meaning, 78, initial_indent=f"  {column.header:<10} ", subsequent_indent=" " * 13)
        for column in columns
    )


def shown(result: Comparison) -> tuple[FigureColumn, ...]:
    """The columns of the first table: failures only if there are any."""
    return ROUNDS if any(row.failures for row in result.figures) else ROUNDS[:-1]


def rounds_text(result: Comparison) -> str:
    """How many rounds were measured, and of how many."""
    plan, last = result.plan, max((sample.number for sample in result.samples), default=0)
    asked = f"{last} of " if plan.rounds is not None and last < plan.rounds else ""
    return f"{asked}{many(last if plan.rounds is None else plan.rounds, 'round')}"


def latency_text(result: Comparison) -> str:
    """The latency that the ideal refers to, and whether it is simulated or measured; "" if it is unknown."""
    plan = result.plan
    jitter = f" ± {ms(plan.jitter_s)}" if plan.jitter_s else ""
    source = "the median fetch of sequential" if plan.measured else "simulated"
    return "" if plan.latency_s is None else f"latency {ms(plan.latency_s)}{jitter} ms ({source})"


def outliers_text(result: Comparison) -> str:
    """How many measurements are outliers; "" if none is."""
    found = sum(len(row.outliers) for row in result.figures)
    return many(found, "outlier") if found else ""


def about(result: Comparison) -> list[str]:
    """What was run, how often, where, and what the figures refer to, in three lines."""
    plan, pools = result.plan, f"{'warm' if result.plan.warm else 'cold'} pools"
    rounds = f"{rounds_text(result)}, interleaved, after {plan.warmup} to warm up"
    latency = latency_text(result) or "latency and ideal unknown"
    lines = (
        (many(len(plan.items), "fetch", "fetches"), rounds, outliers_text(result), f"seed {result.seed}"),
        (plan.source, latency, pools, f"speed-up over {result.reference}", "times in ms"),
        (str(result.machine),),
    )
    return [" · ".join(filter(None, line)) for line in lines]
