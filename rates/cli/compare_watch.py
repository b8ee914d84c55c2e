"""`rates compare --watch`: the table and the bars while they grow, drawn between the measurements."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

from rates.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from rates.compare import Sample, Variant

BAR_WIDTH = 24


def check() -> None:
    """Refuses to be watched where nobody looks."""
    if not sys.stderr.isatty():
        raise UsageError("--watch needs a terminal", hint="standard error is none here; leave it out")


@contextmanager
def watching() -> Iterator[Callable[[Sample], None]]:
    """What to call after each measurement. It draws on stderr, and takes it away at the end, also at Ctrl-C.

    No thread draws: what happened while another variant is measured would be counted as that variant's.
    """
    check()
    from rich.console import Console
    from rich.live import Live

    seen: dict[Variant, list[Sample]] = {}
    with Live(console=Console(stderr=True), auto_refresh=False, transient=True) as live:

        def step(sample: Sample) -> None:
            seen.setdefault(sample.variant, []).append(sample)
            live.update(growing(seen, sample), refresh=True)

        yield step


def growing(seen: dict[Variant, list[Sample]], last: Sample) -> Table:
    """The table of what has been measured so far; those of the warm-up show that it goes on, but do not count."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    table = Table(title=_title(last), title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in ("variant", "rounds", "last", "median", "failed"):
        table.add_column(name, justify="left" if name == "variant" else "right", no_wrap=True)
    table.add_column("", width=BAR_WIDTH)
    medians = {variant: _median(samples) for variant, samples in seen.items()}
    longest = max((time for time in medians.values() if time is not None), default=0.0)
    for variant, samples in sorted(seen.items(), key=lambda each: str(each[0])):
        middle = medians[variant]
        table.add_row(
            str(variant),
            str(sum(sample.number > 0 for sample in samples)),
            f"{samples[-1].wall_s * 1000:.1f} ms",
            "" if middle is None else f"{middle * 1000:.1f} ms",
            str(sum(len(sample.failures) for sample in samples if sample.number > 0)),
            "" if middle is None else ProgressBar(longest, middle, width=BAR_WIDTH),
            style="reverse" if variant == last.variant else None,
        )
    return table


def _title(last: Sample) -> str:
    """Where the measurement is."""
    return "warming up" if last.number < 1 else f"round {last.number}"


def _median(samples: list[Sample]) -> float | None:
    """The median whole time of the rounds without a failure."""
    walls = [sample.wall_s for sample in samples if sample.number > 0 and not sample.failures]
    return median(walls) if walls else None
