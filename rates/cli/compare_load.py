"""`rates compare --load A.json B.json`: what changed from one earlier run to another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from textwrap import wrap

from rates.cli import OK, SOME_FAILED, put_text
from rates.cli.compare_outputs import Outputs
from rates.cli.compare_table import UNKNOWN, WIDTH
from rates.compare.load import Change, Run, changes, load, other_work
from rates.compare.regression import sentences
from rates.errors import UsageError
from rates.present import rows
from rates.present.tabular import Align, Cell, notes
from rates.settings import MACHINE_FORMATS, Settings

HEADERS = ("mode", "via", "workers", "A", "B", "change", "95 %", "p", "beyond noise", "speed-up A", "speed-up B")
KEYS = (
    "mode", "via", "workers", "before_s", "after_s", "ratio", "ratio_low", "ratio_high", "p", "differs",
    "speedup_before", "speedup_after",
)  # fmt: skip
LEFT: Align = "left"
RIGHT: Align = "right"


def show(outputs: Outputs, settings: Settings) -> int:
    """Prints the table and what follows from it; the status is 1 where the two did not do the same work."""
    if outputs.files() or outputs.watch or outputs.timeline or outputs.pythons:
        raise UsageError("--load measures nothing", hint="leave out exports, --plot, --timeline, --watch and --python")
    before, after = (load(path) for path in outputs.load)
    put_text(text(before, after, settings.format), settings.format)
    return SOME_FAILED if other_work(before, after) else OK


def text(before: Run, after: Run, fmt: str) -> str:
    """The changes as a table with sentences below; for programs as rows alone, none where the work was not the same."""
    found = [] if other_work(before, after) else changes(before, after)
    if fmt in MACHINE_FORMATS:
        return rows(KEYS, [_exact(change) for change in found], fmt)
    said = [line for sentence in sentences(before, after) for line in wrap(sentence, WIDTH, subsequent_indent="  ")]
    names = [_named("A", before), _named("B", after)]
    names += ["Median whole times in ms; p after Holm's correction."] if found else []
    table = rows(HEADERS, [_cells(change) for change in found], fmt, (LEFT, LEFT, *[RIGHT] * 9)) if found else ""
    return "\n\n".join(part for part in (notes(names, fmt), table, notes(said, fmt)) if part)


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
