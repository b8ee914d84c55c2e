"""The progress bar of commands that fetch: on stderr, on a terminal only, and not for what is quick."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rates.settings import Settings

PROGRESS_AFTER_S = 0.5  # what is quicker needs no bar


@contextmanager
def progress(total: int | None, settings: Settings) -> Iterator[Callable[[], None]]:
    """Shows a bar while the block runs, from half a second on; each call of the given function moves it by one.

    total: None when the number of steps is not known.
    """
    if not sys.stderr.isatty() or settings.start_method == "fork":  # a fork must not copy the bar's thread
        yield lambda: None
        return
    bar = _Bar(total)
    bar.timer.start()
    try:
        yield bar.step
    finally:
        bar.end()


class _Bar:
    """Counts steps from the start; a timer begins to draw."""

    def __init__(self, total: int | None) -> None:
        self.total, self.count, self.ended = total, 0, False
        self.lock = threading.Lock()
        self.drawn: Callable[[int], None] | None = None
        self.close: Callable[[], None] = lambda: None
        self.timer = threading.Timer(PROGRESS_AFTER_S, self.draw)
        self.timer.daemon = True

    def draw(self) -> None:
        """Begins to draw. Imports rich here: a quick command does not pay its 70 ms."""
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
        """Counts one step more."""
        with self.lock:
            self.count += 1
            if self.drawn is not None:
                self.drawn(self.count)

    def end(self) -> None:
        """Removes the bar."""
        self.timer.cancel()
        with self.lock:
            self.ended = True
            self.close()
