"""Runs the fetches of many bases on an executor, with progress, and ends them all at Ctrl-C."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from rates.cli.opened import opened, whole_s
from rates.conversion import strengthened
from rates.executors import dispatch
from rates.fetch import attempt
from rates.fetch.run import new_run, outcome
from rates.model import Outcome
from rates.settings import Settings
from rates.transport import stop

PROGRESS_AFTER_S = 0.5  # what is quicker needs no bar


def run_all(bases: Sequence[str], settings: Settings) -> list[Outcome]:
    """The outcome of each base, in the order of the bases, whatever the mode and the way of handing out."""
    with new_run(settings, settings.mode) as chosen:
        found: dict[int, Outcome] = {}
        executor = opened(len(bases), chosen)
        try:
            with progress(len(bases), settings) as step:
                call, limit_s = partial(attempt, settings=chosen), whole_s(len(bases), settings)
                for done in dispatch(executor, call, bases, via=settings.via, deadline_s=limit_s):
                    found[done.index] = outcome(done.item, done.value, done.error)
                    step()
        except BaseException:
            stop()
            executor.kill()
            raise
        executor.shutdown()
    return strengthened([found[index] for index in sorted(found)])


@contextmanager
def progress(total: int | None, settings: Settings) -> Iterator[Callable[[], None]]:
    """A bar on stderr, on a terminal only, from half a second on; calling what it gives moves it by one.

    total: None when nobody knows how many there will be.
    """
    if not sys.stderr.isatty() or settings.start_method == "fork":  # no thread may live where a fork is to come
        yield lambda: None
        return
    bar = _Bar(total)
    bar.timer.start()
    try:
        yield bar.step
    finally:
        bar.end()


class _Bar:
    """Counts from the start, but is drawn only when its timer has run out."""

    def __init__(self, total: int | None) -> None:
        self.total, self.count, self.ended = total, 0, False
        self.lock = threading.Lock()
        self.drawn: Callable[[int], None] | None = None
        self.close: Callable[[], None] = lambda: None
        self.timer = threading.Timer(PROGRESS_AFTER_S, self.draw)
        self.timer.daemon = True

    def draw(self) -> None:
        """Begins to draw; rich is imported here, 70 ms that a quick run does not pay."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("fetching"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with self.lock:
            if self.ended:
                return
            shown = Progress(*columns, console=Console(stderr=True), transient=True)
            task = shown.add_task("fetching", total=self.total, completed=self.count)
            shown.start()
            self.drawn, self.close = lambda count: shown.update(task, completed=count), shown.stop

    def step(self) -> None:
        """One more is done."""
        with self.lock:
            self.count += 1
            if self.drawn is not None:
                self.drawn(self.count)

    def end(self) -> None:
        """Takes the bar away."""
        self.timer.cancel()
        with self.lock:
            self.ended = True
            self.close()
