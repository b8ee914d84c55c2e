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
    """Raises UsageError if standard error is not a terminal."""
    if not sys.stderr.isatty():
        raise UsageError("--watch needs a terminal", hint="standard error is none here; leave it out")


@contextmanager
def watching() -> Iterator[Callable[[Sample], None]]:
    """What to call after each measurement. It draws on stderr and removes its drawing at the end, also after Ctrl-C.

    It uses no thread: what a thread does while another variant is measured would count as that variant's.
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
    """The table of what has been measured so far; the warm-up shows as last time but does not count."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table

    title = "warming up" if last.number < 1 else f"round {last.number}"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in ("variant", "rounds", "last", "median", "failed"):
        table.add_column(name, justify="left" if name == "variant" else "right", no_wrap=True)
    table.add_column("", width=BAR_WIDTH)
    good = {variant: [each.wall_s for each in samples if each.number > 0 and not each.failures]
            for variant, samples in seen.items()}  # fmt: skip
    medians = {variant: median(times) for variant, times in good.items() if times}
    for variant, samples in sorted(seen.items(), key=lambda each: str(each[0])):
        middle, counted = medians.get(variant), [each for each in samples if each.number > 0]
        table.add_row(
            str(variant),
            str(len(counted)),
            f"{samples[-1].wall_s * 1000:.1f} ms",
            "" if middle is None else f"{middle * 1000:.1f} ms",
            str(sum(len(each.failures) for each in counted)),
            "" if middle is None else ProgressBar(max(medians.values()), middle, width=BAR_WIDTH),
            style="reverse" if variant == last.variant else None,
        )
    return table
