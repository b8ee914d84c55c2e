"""`dispatch`: one function over many items on any executor, by map or by submit, a window at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor
from math import isnan
from typing import TypeVar

from .names import VIAS, unknown
from .result import Done
from .window import DeadlineReached, Window

T = TypeVar("T")
R = TypeVar("R")


def dispatch(
    executor: Executor,
    fn: Callable[[T], R],
    items: Iterable[T],
    *,
    via: str = "map",
    window: int | None = None,
    deadline_s: float | None = None,
    limit_s: float | None = None,
    start_s: float | None = None,
) -> Generator[Done[T, R], None, None]:
    """Yields one `Done` for each item: by `map` in the order of the items, by `submit` as they finish.

    `items` may be endless: at most `window` calls are outstanding (default 2 for each worker; always 1 where calls run
    in the caller). More are submitted whenever the iteration goes on or waits; up to 16 windows of results may wait
    behind a slow first one. An error that `items` raises ends the iteration; an error of `fn` does not. Closing the
    generator (`contextlib.closing` does it on every way out) cancels what has not begun.

    At `deadline_s` from this call the iteration ends: each unfinished item has a TimeoutError, also those not yet taken
    where `items` has a length. A call that runs for longer than `limit_s` has a TimeoutError too, and the others go on.
    In both cases a fresh worker replaces the one of a call that still runs: a process is terminated (what else ran in
    the pool is run once more), a thread is left running. A call that runs in the caller cannot be interrupted: its
    TimeoutError comes when it has ended.

    Workers may be slow to start. With `start_s` the deadline counts from when the first call begins, which has so many
    seconds; and when no call begins or ends for `limit_s`, those that wait have a TimeoutError.

    If a worker dies and the executor can be reopened, each outstanding item is run once more, alone. An item that kills
    its worker again has the error WorkerDied, and the others go on. Such an item is run twice, which matters where `fn`
    has effects. If the executor cannot be reopened, every item left has the executor's error.

    Raises at once ValueError for another `via`, a `window` below 1, a `limit_s` that is not positive or times that are
    no numbers, TypeError for a `fn` that the executor cannot send to its workers; while iterating RuntimeError if the
    executor is shut down meanwhile.
    """
    _refuse(via, window, deadline_s, limit_s, start_s)
    if (check := getattr(executor, "check", None)) is not None:
        check(fn)
    calls = Window(executor, fn, items, _size(executor, window), deadline_s, limit_s, start_s)
    return _results(calls, ordered=via == "map")


def _refuse(
    via: str, window: int | None, deadline_s: float | None, limit_s: float | None, start_s: float | None
) -> None:
    if via not in VIAS:
        raise unknown("via", via, VIAS)
    if window is not None and window < 1:
        raise ValueError(f"window must be at least 1, not {window}; leave it out for 2 calls a worker")
    if deadline_s is not None and isnan(deadline_s):
        raise ValueError("deadline_s must be a number of seconds, not nan; leave it out for no deadline")
    if limit_s is not None and not limit_s > 0:
        raise ValueError(f"limit_s must be more than 0 seconds, not {limit_s:g}; leave it out for no limit")
    if start_s is not None and not start_s > 0:
        raise ValueError(f"start_s must be more than 0 seconds, not {start_s:g}; leave it out for no limit")


def _size(executor: Executor, window: int | None) -> int:
    # More than one would only put off the first result where the caller does the work.
    if getattr(executor, "mode", None) == "sequential":
        return 1
    # Two a worker: while one runs the next lies ready. _max_workers is the name in the standard library's own.
    workers = getattr(executor, "workers", None) or getattr(executor, "_max_workers", None) or 1
    return window or 2 * int(workers)


def _results(calls: Window[T, R], *, ordered: bool) -> Generator[Done[T, R], None, None]:
    try:
        yield from (_in_order if ordered else _as_finished)(calls)
    except DeadlineReached:
        yield from calls.rest(ordered=ordered)
    finally:
        calls.close()


def _as_finished(calls: Window[T, R]) -> Generator[Done[T, R], None, None]:
    while calls.fill():
        if (done := calls.land()) is not None:
            yield done


def _in_order(calls: Window[T, R]) -> Generator[Done[T, R], None, None]:
    turn, held, arrived = 0, calls.held, calls.finished.arrived
    while calls.fill() or held:
        if arrived or turn not in held:
            calls.land_all(turn)
        while turn in held:
            yield held.pop(turn)
            turn += 1
            # What finished while the consumer was busy lands now, so that workers are not idle until everything that
            # waited behind a slow head is handed out.
            if arrived:
                break
