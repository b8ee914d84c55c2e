"""What every opened executor has beyond the standard library's: a mode, its workers, and an end without waiting."""

from __future__ import annotations

from concurrent.futures import Executor
from types import TracebackType
from typing import Literal


class OpenExecutor(Executor):
    """A `concurrent.futures.Executor` of one mode.

    `mode` is the word that opens it and `workers` how many calls it runs at once. A mode whose workers can die has,
    besides, `broken` (are calls refused because one died?), `reopen()` (fresh workers, same settings) and `reopened`
    (how many times); one that must send its callables elsewhere has `check(fn)`. `dispatch` uses them when they are
    there.
    """

    mode: str
    workers: int

    def kill(self) -> None:
        """Ends at once: what has not begun is cancelled, and nothing that runs is waited for."""
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        """Waits for what was submitted, as the standard library's does, unless the block was interrupted.

        On Ctrl-C, an exit or a closed generator nobody is left to take the results: the standard library's executors
        would still run the whole queue first.
        """
        if kind is not None and not issubclass(kind, Exception):
            self.kill()
        else:
            self.shutdown(wait=True)
        return False
