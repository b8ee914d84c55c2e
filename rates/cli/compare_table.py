"""The comparison as text for people: two tables with bars, a caption, and the verdict. Programs get `compare_rows`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rates.cli.compare_rows import KEYS, exact
from rates.compare import Comparison, Figures, Machine, Spread
from rates.present.layout import Column, folded
from rates.present.tabular import Cell, notes, rows, stacked
from rates.settings import MACHINE_FORMATS

UNKNOWN = "\N{EN DASH}"
MOST_FAILURES = 5  # lines of stderr; a publisher that is down gives each of them the same reason
NAMES = ("mode", "via", "workers")
FIRST = (*NAMES, "start-up", "whole", "mean ± s", "min…max", "speed-up", "95 %", "ideal", "failed")
SECOND = ("variant", "queue", "wire", "parse", "fetch", "per s", "busy", "cpu", "MB", "conns", "shutdown")
HEADERS = (*FIRST, *SECOND[1:])
LEFT = ("mode", "via", "variant", "")  # the other columns stand on the right
# What a narrow terminal leaves out of either table, in this order.
DROPPED = (
    "min…max", "mean ± s", "ideal", "start-up", "95 %", "", "conns", "shutdown", "busy", "MB", "queue", "parse", "cpu",
)  # fmt: skip
BAR_WIDTH = 10
WIDTH = 116
EIGHTHS = " ▏▎▍▌▋▊▉"


def text(result: Comparison, fmt: str, width: int | None = None) -> str:
    """All that belongs on standard output, without a final line end."""
    if fmt in MACHINE_FORMATS:
        return rows(KEYS, [exact(row, result) for row in result.figures], fmt)
    verdict = folded(result.verdict, min(width or WIDTH, WIDTH))
    return stacked([notes(caption(result), fmt, width), *_tables(result, fmt, width), notes([verdict], fmt)])


def markdown(result: Comparison) -> str:
    """The same for a page in Markdown, where the lines of a paragraph would run together."""
    lists = ["\n".join(f"- {line}" for line in lines) for lines in (caption(result), result.verdict.splitlines())]
    return "\n\n".join(part for part in (lists[0], *_tables(result, "github"), lists[1]) if part) + "\n"


def _tables(result: Comparison, fmt: str, width: int | None = None) -> tuple[str, str]:
    """Whole rounds, with bars; and single fetches."""
    failed = any(row.failures for row in result.figures)
    first = FIRST if failed else FIRST[:-1]
    bars = _bars(result.figures)
    above = [[*_whole(row)[: len(first)], bar] for row, bar in zip(result.figures, bars, strict=True)]
    below = [_fetch(row) for row in result.figures]
    columns = [_column(heading) for heading in (*first, "")]
    return rows(columns, above, fmt, width), rows([_column(heading) for heading in SECOND], below, fmt, width)


def _column(heading: str) -> Column:
    """A column, and when a narrow terminal leaves it out."""
    drop = DROPPED.index(heading) + 1 if heading in DROPPED else 0
    return Column(heading, "left" if heading in LEFT else "right", drop=drop)


def caption(result: Comparison) -> list[str]:
    """What was run, how often, where, and what the figures refer to."""
    plan, last = result.plan, max((sample.number for sample in result.samples), default=0)
    asked = f"{last} of " if plan.rounds is not None and last < plan.rounds else ""
    done = last if plan.rounds is None else plan.rounds
    return [
        f"{_many(len(plan.items), 'fetch', 'fetches')} · {asked}{_many(done, 'round', 'rounds')}, "
        f"interleaved, after {plan.warmup} to warm up · seed {result.seed}",
        f"{plan.source} · latency {_latency(result)} · {'warm' if plan.warm else 'cold'} pools · "
        f"speed-up over {result.reference} · times in ms",
        machine_line(result.machine),
    ]


def machine_line(machine: Machine) -> str:
    """The machine and the Python in a line."""
    gil = "" if machine.gil else ", without the GIL"
    return (
        f"{_many(machine.cores, 'core', 'cores')} of {machine.cpu} · {machine.implementation} {machine.python}{gil} · "
        f"{machine.system.partition('-')[0]}"
    )


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _latency(result: Comparison) -> str:
    """The latency behind the ideal, and where it is from."""
    plan = result.plan
    if plan.latency_s is None:
        return "and ideal not known"
    jitter = f" ± {_ms(plan.jitter_s)}" if plan.jitter_s else ""
    source = "the median fetch of sequential" if plan.measured else "simulated"
    return f"{_ms(plan.latency_s)}{jitter} ms ({source})"


def _names(row: Figures) -> list[Cell]:
    return [f"({row.variant.label})" if row.variant.label else row.variant.mode, row.variant.via, row.variant.workers]


def _whole(row: Figures) -> list[Cell]:
    """One line of the first table."""
    ends = row.speedup_ci95
    return [
        *_names(row),
        UNKNOWN if row.startup is None else _ms(row.startup.median),
        _ms(row.wall.median if row.wall else None),
        _with_s(row.wall, row.rounds),
        _range(row.wall),
        UNKNOWN if row.speedup is None else f"{row.speedup:.2f}",
        "" if ends is None else f"{ends[0]:.2f}…{ends[1]:.2f}",
        UNKNOWN if row.ideal_share is None else f"{row.ideal_share * 100:.0f} %",
        f"{row.failures} of {row.calls}",
    ]


def _fetch(row: Figures) -> list[Cell]:
    """One line of the second table."""
    return [
        " ".join(map(str, _names(row))),
        _ms(row.queue.p50 if row.queue else None),
        _ms(row.wire.p50 if row.wire else None),
        _ms(row.parse.p50 if row.parse else None),
        UNKNOWN if row.fetch is None else f"{_ms(row.fetch.p50)} {_ms(row.fetch.p95)} {_ms(row.fetch.p99)}",
        UNKNOWN if row.per_second is None else f"{row.per_second:.{1 if row.per_second < 100 else 0}f}",
        UNKNOWN if row.busy is None else f"{row.busy:.1f}",
        _cpu(row),
        UNKNOWN if row.peak_rss_mb is None else f"{row.peak_rss_mb:.0f}",
        UNKNOWN if row.connections is None else f"{row.connections:.0f}",
        UNKNOWN if row.shutdown is None else _ms(row.shutdown.median),
    ]


def _cpu(row: Figures) -> str:
    """Processor time of this process, and of its children where they used any."""
    if row.cpu_parent_s is None:
        return UNKNOWN
    children = f" + {_ms(row.cpu_children_s)}" if row.cpu_children_s else ""
    return f"{_ms(row.cpu_parent_s)}{children}"


def _bars(figures: Sequence[Figures]) -> list[str]:
    """Whole times as bars to one scale, the longest as wide as there is room."""
    longest = max((row.wall.median for row in figures if row.wall is not None), default=0.0)
    return [_bar(row.wall.median / longest) if row.wall is not None and longest > 0 else "" for row in figures]


def _bar(share: float) -> str:
    """A bar in eighths of a character; never nothing."""
    eighths = max(1, round(share * BAR_WIDTH * 8))
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def _places(seconds: float) -> int:
    """Decimals of milliseconds that leave about three digits."""
    return 0 if seconds >= 0.1 else 1 if seconds >= 0.01 else 2


def _ms(seconds: float | None) -> str:
    """Milliseconds in about three digits."""
    return UNKNOWN if seconds is None else f"{seconds * 1000:.{_places(seconds)}f}" if seconds > 0 else "0"


def _with_s(wall: Spread | None, rounds: int) -> str:
    """Mean and standard deviation in the same decimals; one round has none."""
    if wall is None:
        return UNKNOWN
    places = _places(wall.median)
    return f"{wall.mean * 1000:.{places}f}" + (f" ± {wall.s * 1000:.{places}f}" if rounds > 1 else "")


def _range(wall: Spread | None) -> str:
    if wall is None:
        return UNKNOWN
    places = _places(wall.median)
    return f"{wall.low * 1000:.{places}f}…{wall.high * 1000:.{places}f}"


def failure_lines(result: Comparison) -> list[str]:
    """What failed, each reason once with how often, the most frequent first."""
    counted = Counter(line for sample in result.samples for line in sample.failures).most_common()
    lines = [f"failed {times}x: {line}" for line, times in counted[:MOST_FAILURES]]
    rest = len(counted) - MOST_FAILURES
    return [*lines, f"and {rest} more reasons"] if rest > 0 else lines
