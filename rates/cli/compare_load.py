"""`rates compare --load A.json B.json`: what changed from one earlier run to another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from rates.cli import OK, SOME_FAILED
from rates.cli.compare_outputs import Outputs
from rates.cli.compare_table import UNKNOWN, WIDTH
from rates.cli.terminal import output_width, put_text
from rates.compare.load import Change, Run, changes, load, other_work
from rates.compare.regression import sentences
from rates.errors import UsageError
from rates.present.layout import Column, folded
from rates.present.tabular import Cell, notes, rows, stacked
from rates.settings import MACHINE_FORMATS, Settings

COLUMNS = (
    Column("mode"), Column("via"), Column("workers", "right"), Column("A", "right"), Column("B", "right"),
    Column("change", "right"), Column("95 %", "right"), Column("p", "right", drop=2), Column("beyond noise", "right"),
    Column("speed-up A", "right", drop=1), Column("speed-up B", "right", drop=1),
)  # fmt: skip
KEYS = (
    "mode", "via", "workers", "before_s", "after_s", "ratio", "ratio_low", "ratio_high", "p", "differs",
    "speedup_before", "speedup_after",
)  # fmt: skip


def show(outputs: Outputs, settings: Settings) -> int:
    """Prints the table and what follows from it; the status is 1 where the two did not do the same work."""
    if outputs.files() or outputs.watch or outputs.timeline or outputs.pythons:
        raise UsageError("--load measures nothing", hint="leave out exports, --plot, --timeline, --watch and --python")
    before, after = (load(path) for path in outputs.load)
    put_text(text(before, after, settings.format, output_width()))
    return SOME_FAILED if other_work(before, after) else OK


def text(before: Run, after: Run, fmt: str, width: int | None = None) -> str:
    """The changes as a table with sentences below; for programs as rows alone, none where the work was not the same."""
    found = [] if other_work(before, after) else changes(before, after)
    if fmt in MACHINE_FORMATS:
        return rows(KEYS, [_exact(change) for change in found], fmt)
    said = folded("\n".join(sentences(before, after)), min(width or WIDTH, WIDTH))
    names = [_named("A", before), _named("B", after)]
    names += ["Median whole times in ms; p after Holm's correction."] if found else []
    table = rows(COLUMNS, [_cells(change) for change in found], fmt, width) if found else ""
    return stacked([notes(names, fmt, width), table, notes([said], fmt)])


def _named(letter: str, run: Run) -> str:
    gil = "" if run.gil else " without the GIL"
    return f"{letter}: {run.name} · {run.where['python']}{gil} · {run.where['processor']}"


def _cells(change: Change) -> list[Cell]:
    """A line for people."""
    ends = UNKNOWN if change.interval is None else "…".join(f"{(end - 1) * 100:+.1f}" for end in change.interval)
    return [
        change.variant.mode,
        change.variant.via,
        change.variant.workers,
        f"{median(change.before.walls) * 1000:.1f}",
        f"{median(change.after.walls) * 1000:.1f}",
        f"{(change.ratio - 1) * 100:+.1f} %",
        ends,
        "< 0.001" if change.p < 0.001 else f"{change.p:.3f}",
        ("slower" if change.ratio > 1 else "faster") if change.differs else "no",
        *(UNKNOWN if each.speedup is None else f"{each.speedup:.2f}" for each in (change.before, change.after)),
    ]


def _exact(change: Change) -> list[Cell]:
    """A line for programs."""
    numbers: Sequence[float | None] = (
        median(change.before.walls), median(change.after.walls), change.ratio, *(change.interval or (None, None)),
        change.p,
    )  # fmt: skip
    return [
        change.variant.mode,
        change.variant.via,
        change.variant.workers,
        *map(_six, numbers),
        change.differs,
        _six(change.before.speedup),
        _six(change.after.speedup),
    ]


def _six(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}")
