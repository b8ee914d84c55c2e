"""What `dispatch` does about a dead worker: reopen, make sure that calls run at all, try each suspect alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

from .base import InitializerFailed, Terminated

# An item's place among the items, and the item.
Job = tuple[int, Any]
# Stands for a call of nothing in particular: if even that dies, the fault is not an item's.
PROBE: Job = (-1, None)


def is_innocent(error: BaseException) -> bool:
    """Whether a call that failed with its executor cannot be the reason."""
    return isinstance(error, Terminated) or not getattr(error, "began", True)


class Recovery:
    """The state between a worker's death and the moment when all goes on as before.

    A broken pool fails every call that was outstanding, and does not say which one was its end. Each of them becomes a
    suspect and is tried again with nothing beside it: the one that dies then is the culprit.
    """

    def __init__(self, executor: Executor) -> None:
        self.executor: Any = executor
        self.possible = hasattr(executor, "reopen")
        self.calm = True
        self.down = False
        self.suspects: deque[Job] = deque()
        self.untried: deque[Job] = deque()
        self._trial: Job | None = None
        self._probed = False
        self._reopened = getattr(executor, "reopened", 0)

    def is_crash(self, error: BaseException) -> bool:
        """Whether the executor failed, and not the call, which may have broken another executor."""
        if not self.possible or not isinstance(error, BrokenExecutor) or isinstance(error, InitializerFailed):
            return False
        # Reopened since the call began, by this dispatch or by another over the same executor: the call was before.
        return getattr(self.executor, "broken", True) or getattr(self.executor, "reopened", 0) != self._reopened

    def put_back(self, job: Job) -> None:
        """The executor refused the job because it is broken, so the job is not a suspect."""
        self.calm, self.down = False, True
        self.untried.append(job)

    def is_culprit(self, job: Job, error: BaseException) -> bool:
        """Whether the job that died was alone; otherwise it is tried again.

        One that had not begun, or whose worker was ended because of another call, is not a suspect.
        """
        innocent = is_innocent(error)
        if not isinstance(error, Terminated):
            self.calm, self.down = False, True
        if job is self._trial and not innocent:
            return True
        (self.untried if innocent and job is not self._trial else self.suspects).append(job)
        return False

    def try_again(self) -> None:
        """The probe was ended by another call."""
        self.down, self._probed = True, False

    def reopen(self) -> Exception | None:
        """Reopens the executor; what prevents it, if something does.

        Called for each future that comes from the broken pool: an executor that is not broken must take no notice.
        """
        self.down, self._probed, self._trial = False, False, None
        try:
            self.executor.reopen()
        except Exception as error:
            return error
        return None

    def next(self) -> Job | None:
        """What to run with nothing beside it: the probe, then each suspect; None at the end."""
        if not self._probed:
            self._probed = True
            # Not before: until all the broken pool's futures have landed, their errors are still those of a crash.
            self._reopened = getattr(self.executor, "reopened", 0)
            return PROBE
        self._trial = self.suspects.popleft() if self.suspects else None
        if self._trial is None:  # what was put back is taken up before the next item
            self.calm = True
        return self._trial

    def submit(self, fn: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Runs a call alone, also where others use the same executor."""
        submit: Callable[..., Future[Any]] = getattr(self.executor, "submit_alone", self.executor.submit)
        return submit(fn, *arguments)
