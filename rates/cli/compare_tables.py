"""What `rates compare` prints, drawn: one comparison, two saved runs, or several Pythons; in any format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rates.compare import Comparison, Figures, python_versions, regression
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
    ms,
    names,
    shown,
    six,
)
from rates.compare.regression import Change
from rates.compare.significance import median_s
from rates.compare.wording import probability
from rates.present.layout import Column, folded
from rates.present.tabular import Cell, notes, rows, stacked
from rates.settings import MACHINE_FORMATS

MOST_FAILURES = 5  # a publisher that is down fails each fetch for the same reason
BAR_WIDTH, WIDTH = 10, 116
EIGHTHS = " ▏▎▍▌▋▊▉"
HEADERS = (*NAMES, *(column.header for column in (*ROUNDS, *FETCHES)))
VARIANT = (Column("mode"), Column("via"), Column("workers", "right"))
CHANGES = (
    *VARIANT, Column("A", "right"), Column("B", "right"), Column("change", "right"), Column("95 %", "right"),
    Column("p", "right", drop=2), Column("beyond noise", "right"), Column("speed-up A", "right", drop=1),
    Column("speed-up B", "right", drop=1),
)  # fmt: skip
CHANGES_KEYS = (
    *NAMES, "before_s", "after_s", "ratio", "ratio_low", "ratio_high", "p", "differs", "speedup_before",
    "speedup_after",
)  # fmt: skip
PYTHONS_KEYS = ("python", "gil", *NAMES, "startup_s", "wall_s", "rounds", "speedup")


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
    bars = _bars([row.wall.median if row.wall else 0.0 for row in result.figures])
    first: list[list[Cell]] = [
        [*names(row), *(column.text(row) for column in shown(result)), bar]
        for row, bar in zip(result.figures, bars, strict=True)
    ]
    second: list[list[Cell]] = [
        [" ".join(map(str, names(row))), *(column.text(row) for column in FETCHES)] for row in result.figures
    ]
    columns = (*VARIANT, *_columns(shown(result)), Column("", drop=6))
    return rows(columns, first, fmt, width), rows((Column("variant"), *_columns(FETCHES)), second, fmt, width)


def _columns(columns: Sequence[FigureColumn]) -> list[Column]:
    return [Column(column.header, "right", drop=column.drop) for column in columns]


def _bars(values: Sequence[float]) -> list[str]:
    """Bars to one scale in eighths of a character, at least one eighth unless the value is 0."""
    scale = BAR_WIDTH * 8 / (max(values, default=0.0) or 1.0)
    eighths = [max(1, round(value * scale)) if value > 0 else 0 for value in values]
    return [("█" * (count // 8) + EIGHTHS[count % 8]).rstrip() for count in eighths]


def failure_lines(result: Comparison) -> list[str]:
    """The failures, each with its number, the most frequent first."""
    counted = Counter(line for sample in result.samples for line in sample.failures).most_common()
    lines = [f"failed {times}x: {line}" for line, times in counted[:MOST_FAILURES]]
    rest = len(counted) - MOST_FAILURES
    return [*lines, f"and {rest} more reasons"] if rest > 0 else lines


def changes_text(before: Comparison, after: Comparison, paths: tuple[str, str], fmt: str, width: int | None) -> str:
    """What changed between two saved runs: a table and sentences; for programs the rows, none if the work differed."""
    found = [] if regression.other_work(before, after) else regression.changes(before, after)
    if fmt in MACHINE_FORMATS:
        return rows(CHANGES_KEYS, [_exact_change(change) for change in found], fmt)
    head = [f"{letter}: {path} · {run.machine}" for letter, path, run in zip("AB", paths, (before, after), strict=True)]
    head += ["Median whole times in ms; p after Holm's correction."] if found else []
    table = rows(CHANGES, [_change(change) for change in found], fmt, width) if found else ""
    return _page(head, [table], regression.sentences(before, after, paths), fmt, width)


def _change(change: Change) -> list[Cell]:
    ends = UNKNOWN if change.interval is None else "…".join(f"{(end - 1) * 100:+.1f}" for end in change.interval)
    both = (change.before, change.after)
    return [
        *names(change.before),
        *(ms(median_s(row), 1) for row in both),
        f"{(change.ratio - 1) * 100:+.1f} %",
        ends,
        probability(change.p),
        change.direction if change.differs else "no",
        *(UNKNOWN if row.speedup is None else f"{row.speedup:.2f}" for row in both),
    ]


def _exact_change(change: Change) -> list[Cell]:
    both = (change.before, change.after)
    numbers = (*map(median_s, both), change.ratio, *(change.interval or (None, None)), change.p)
    return [*names(change.before), *map(six, numbers), change.differs, *(six(row.speedup) for row in both)]


def pythons_text(runs: python_versions.Runs, fmt: str, width: int | None = None) -> str:
    """Median wall times and start-ups, a line a variant, a column a Python; and what follows from them."""
    found = {name: {row.variant: row for row in run.figures if not row.variant.label} for name, run in runs.items()}
    if fmt in MACHINE_FORMATS:
        lines: list[list[Cell]] = [
            [name, runs[name].machine.gil, *names(row), *_exact_python(row)]
            for name, by_variant in found.items()
            for row in by_variant.values()
        ]
        return rows(PYTHONS_KEYS, lines, fmt)
    cells: list[list[Cell]] = [
        [
            *(variant.mode, variant.via, variant.workers),
            *(_whole(by_variant.get(variant)) for by_variant in found.values()),
            *(_startup(by_variant.get(variant)) for by_variant in found.values()),
        ]
        for variant in python_versions.variants(runs)
    ]
    columns = [Column(f"{name}{'' if run.machine.gil else ', no GIL'}", "right") for name, run in runs.items()]
    columns += [Column(f"start {name}", "right", drop=1) for name in runs]
    head = [
        "Median whole time and start-up in ms, ± standard deviation of the rounds.",
        "Each Python was measured twice, in turn and backwards: only what is beyond its own drift counts.",
    ]
    table = rows((*VARIANT, *columns), cells, fmt, width)
    return _page(head, [table], python_versions.sentences(runs), fmt, width)


def _whole(row: Figures | None) -> str:
    """The median, and how far the rounds lie apart."""
    if row is None or row.wall is None:
        return UNKNOWN
    return ms(row.wall.median, 1) + (f" ± {ms(row.wall.s, 1)}" if row.rounds > 1 else "")


def _startup(row: Figures | None) -> str:
    known = row.startup.median if row is not None and row.startup is not None else None
    return ms(known, 0 if (known or 0.0) >= 0.1 else 1)


def _exact_python(row: Figures) -> list[Cell]:
    return [six(figure(row, "startup.median")), six(figure(row, "wall.median")), row.rounds, six(row.speedup)]
