"""What `rates compare` prints: the summary of one comparison and its tables, two saved runs, or several Pythons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rates.compare import Comparison, Figures, pythons, regression
from rates.compare.columns import (
    FETCHES,
    KEYS,
    NAMES,
    ROUNDS,
    UNKNOWN,
    FigureColumn,
    about,
    exact,
    figure,
    latency_text,
    ms,
    outliers_text,
    rounds_text,
    shown,
    six,
)
from rates.compare.regression import Change
from rates.compare.results import AGAIN, names
from rates.compare.verdict import equals
from rates.compare.wording import factor, many, probability
from rates.present.layout import Column, folded
from rates.present.tabular import Cell, notes, rows, stacked
from rates.settings import MACHINE_FORMATS

LINES = 12  # of the summary
MOST_FAILURES = 5  # a publisher that is down fails each fetch for the same reason
MOST_EQUALS = 3  # are named in the summary; more are only marked
BAR_WIDTH, LONG_BAR, WIDTH, NARROW = 10, 40, 116, 80
EIGHTHS = " ▏▎▍▌▋▊▉"
HEADERS = ("variant", *(column.header for column in (*ROUNDS, *FETCHES)))
CHANGES = (
    Column("variant"), Column("A", "right"), Column("B", "right"), Column("change", "right"), Column("95 %", "right"),
    Column("p", "right", drop=2), Column("beyond noise", "right"), Column("speed-up A", "right", drop=1),
    Column("speed-up B", "right", drop=1),
)  # fmt: skip
CHANGES_KEYS = (
    *NAMES, "before_s", "after_s", "ratio", "ratio_low", "ratio_high", "p", "differs", "speedup_before",
    "speedup_after",
)  # fmt: skip
PYTHONS_KEYS = ("python", "gil", *NAMES, "startup_s", "wall_s", "rounds", "speedup")


# --- one comparison ------------------------------------------------------------------------------------------------


def summary(result: Comparison, width: int | None = None) -> str:
    """At most twelve lines: what was run, a bar a variant from the fastest on, what does not differ, what to use."""
    room = min(width or NARROW, WIDTH)
    order, leaders = result.ranked, equals(result)
    same = set(leaders) if len(leaders) > 1 and len(result.advice) > 1 else set()
    advice = list(result.advice)
    if len(same) > MOST_EQUALS:
        advice[0] = f"No measurable difference between the {len(same)} marked =."
    tail = folded("\n".join(advice), room).splitlines()
    lines = [
        ("=" if row in same else "", row.name, row.median_s(), _factor(row), _remark(row, row is order[-1]))
        for row in order
    ]
    most = max(1, LINES - 1 - len(tail))
    drawn = bar_lines(lines, room)
    if len(drawn) > most:
        drawn = [*drawn[: most - 2], f"  … {len(drawn) - most + 1} more", drawn[-1]][-most:]
    return "\n".join([*folded(_head(result), room).splitlines(), *drawn, *tail])


def _head(result: Comparison) -> str:
    """What was run, in a line."""
    plan, several = result.plan, {variant.workers for variant in result.variants if variant.workers > 1}
    latency = latency_text(result) if not plan.measured else ""
    parts = (
        many(len(plan.items), "fetch", "fetches"),
        f"{min(several)} workers" if len(several) == 1 else "",
        ", ".join(filter(None, (rounds_text(result), outliers_text(result)))),
        plan.source if plan.source != "function" else "",
        latency.removeprefix("latency "),
    )
    return " · ".join(filter(None, parts))


def _factor(row: Figures) -> str:
    return factor(row.speedup) if row.speedup is not None else ""


def _remark(row: Figures, slowest: bool) -> str:
    failed = f"{row.failures} failed" if row.failures else ""
    return ", ".join(filter(None, ("slowest" if slowest else "", failed)))


def bar_lines(lines: Sequence[tuple[str, str, float | None, str, str]], width: int) -> list[str]:
    """A line each: mark, name, time, a text, a bar to the common scale, a remark."""
    texts = [(mark, name, "" if s is None else f"{ms(s)} ms", text) for mark, name, s, text, _ in lines]
    sizes = [max(map(len, cells), default=0) for cells in zip(*texts, strict=True)]
    marked = "=" if any(mark for mark, *_ in texts) else ""
    remarks = max((len(remark) for *_, remark in lines), default=0)
    size = max(1, min(LONG_BAR, width - sum(sizes[1:]) - 2 * 3 - 2 * len(marked) - (remarks + 1 if remarks else 0)))
    bars = _bars([s or 0.0 for _, _, s, _, _ in lines], size)
    return [
        f"{f'{mark:1} ' if marked else ''}{name:<{sizes[1]}}  {took:>{sizes[2]}}  {text:>{sizes[3]}}  "
        f"{' '.join(filter(None, (bar, line[-1])))}".rstrip()
        for (mark, name, took, text), bar, line in zip(texts, bars, lines, strict=True)
    ]


def _bars(values: Sequence[float], size: int) -> list[str]:
    """Bars to one scale in eighths of a character, at least one eighth unless the value is 0."""
    scale = size * 8 / (max(values, default=0.0) or 1.0)
    eighths = [max(1, round(value * scale)) if value > 0 else 0 for value in values]
    return [("█" * (count // 8) + EIGHTHS[count % 8]).rstrip() for count in eighths]


def text(result: Comparison, fmt: str, width: int | None = None) -> str:
    """Caption, two tables and the verdict; for programs one table of exact figures. No final line end.

    width: of the terminal, as in `rows`.
    """
    if fmt in MACHINE_FORMATS:
        return rows(KEYS, [exact(row, result) for row in result.figures], fmt)
    return _page(about(result), _tables(result, fmt, width), result.verdict.splitlines(), fmt, width)


def markdown(result: Comparison) -> str:
    """The same for a page in Markdown, where the lines of a paragraph would run together."""
    lists = ["\n".join(f"- {line}" for line in lines) for lines in (about(result), result.verdict.splitlines())]
    return stacked([lists[0], *_tables(result, "github"), lists[1]]) + "\n"


def _page(head: Sequence[str], tables: Sequence[str], sentences: Sequence[str], fmt: str, width: int | None) -> str:
    """Lines, tables, and sentences that are not wider than the tables."""
    text = folded("\n".join(sentences), min(width or WIDTH, WIDTH))
    return stacked([notes(head, fmt, width), *tables, notes([text], fmt)])


def _tables(result: Comparison, fmt: str, width: int | None = None) -> tuple[str, str]:
    """Whole rounds, with bars; and single fetches."""
    bars = _bars([row.wall.median if row.wall else 0.0 for row in result.figures], BAR_WIDTH)
    first = [[*_cells(row, shown(result)), bar] for row, bar in zip(result.figures, bars, strict=True)]
    second = [_cells(row, FETCHES) for row in result.figures]
    columns = (*_columns(shown(result)), Column("", drop=6))
    return rows(columns, first, fmt, width), rows(_columns(FETCHES), second, fmt, width)


def _cells(row: Figures, columns: Sequence[FigureColumn]) -> list[Cell]:
    return [row.name, *(column.cell(row) for column in columns)]


def _columns(columns: Sequence[FigureColumn]) -> list[Column]:
    return [Column("variant"), *(Column(column.header, "right", drop=column.drop) for column in columns)]


def failure_lines(result: Comparison) -> list[str]:
    """The failures, each with its number, the most frequent first."""
    counted = Counter(line for sample in result.samples for line in sample.failures).most_common()
    lines = [f"failed {times}x: {line}" for line, times in counted[:MOST_FAILURES]]
    rest = len(counted) - MOST_FAILURES
    return [*lines, f"and {rest} more reasons"] if rest > 0 else lines


# --- two saved runs ------------------------------------------------------------------------------------------------


def changes_text(
    before: Comparison, after: Comparison, paths: tuple[str, str], fmt: str, width: int | None, details: bool
) -> str:
    """What changed between two saved runs, in sentences; with details, or in another format, after a table.

    For programs the rows alone, none if the work differed.
    """
    found = [] if regression.other_work(before, after) else regression.changes(before, after)
    if fmt in MACHINE_FORMATS:
        return rows(CHANGES_KEYS, [_exact_change(change) for change in found], fmt)
    sentences = regression.sentences(before, after, paths, details=details)
    if not details and fmt == "simple":
        return folded("\n".join(sentences), width)
    head = [f"{letter}: {path} · {run.machine}" for letter, path, run in zip("AB", paths, (before, after), strict=True)]
    head += ["Median whole times in ms; p after Holm's correction."] if found else []
    table = rows(CHANGES, [_change(change) for change in found], fmt, width) if found else ""
    return _page(head, [table], sentences, fmt, width)


def _change(change: Change) -> list[Cell]:
    ends = UNKNOWN if change.interval is None else "…".join(f"{(end - 1) * 100:+.1f}" for end in change.interval)
    both = (change.before, change.after)
    return [
        change.name,
        *(ms(row.median_s(), 1) for row in both),
        f"{(change.ratio - 1) * 100:+.1f} %",
        ends,
        probability(change.p),
        change.direction if change.differs else "no",
        *(UNKNOWN if row.speedup is None else f"{row.speedup:.2f}" for row in both),
    ]


def _exact_change(change: Change) -> list[Cell]:
    both, variant = (change.before, change.after), change.before.variant
    numbers = (*(row.median_s() for row in both), change.ratio, *(change.interval or (None, None)), change.p)
    speedups = (six(row.speedup) for row in both)
    return [variant.mode, variant.via, variant.workers, *map(six, numbers), change.differs, *speedups]


# --- several Pythons -----------------------------------------------------------------------------------------------


def pythons_text(runs: pythons.Runs, fmt: str, width: int | None = None) -> str:
    """Median wall times and start-ups, a line a variant, a column a Python; and what follows from them."""
    found = {name: {row.variant: row for row in run.figures if not row.variant.label} for name, run in runs.items()}
    if fmt in MACHINE_FORMATS:
        lines = [
            [name, runs[name].machine.gil, *_exact_python(row)] for name, by in found.items() for row in by.values()
        ]
        return rows(PYTHONS_KEYS, lines, fmt)
    cells = [
        [name, *(_whole(by.get(one)) for by in found.values()), *(_startup(by.get(one)) for by in found.values())]
        for one, name in names(row.variant for run in runs.values() for row in run.figures).items()
        if one.label != AGAIN
    ]
    columns = [Column(f"{name}{'' if run.machine.gil else ', no GIL'}", "right") for name, run in runs.items()]
    columns += [Column(f"start {name}", "right", drop=1) for name in runs]
    head = [
        "Median whole time and start-up in ms, ± standard deviation of the rounds.",
        "Each Python was measured twice, in turn and backwards: only what is beyond its own drift counts.",
    ]
    table = rows((Column("variant"), *columns), cells, fmt, width)
    return _page(head, [table], pythons.sentences(runs), fmt, width)


def _whole(row: Figures | None) -> str:
    """The median, and how far the rounds lie apart."""
    if row is None or row.wall is None:
        return UNKNOWN
    return ms(row.wall.median, 1) + (f" ± {ms(row.wall.s, 1)}" if row.rounds > 1 else "")


def _startup(row: Figures | None) -> str:
    known = row.startup.median if row is not None and row.startup is not None else None
    return ms(known, 0 if (known or 0.0) >= 0.1 else 1)


def _exact_python(row: Figures) -> list[Cell]:
    one, times = row.variant, (six(figure(row, "startup.median")), six(figure(row, "wall.median")))
    return [one.mode, one.via, one.workers, *times, row.rounds, six(row.speedup)]
