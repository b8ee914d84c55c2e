"""`map` as the standard library defines it, with 3.14's `buffersize` on every Python, over any `submit`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import islice
from time import monotonic
from typing import Any, TypeVar

R = TypeVar("R")
Submit = Callable[..., "Future[Any]"]


def ordered(
    submit: Submit,
    fn: Callable[..., R],
    iterables: tuple[Iterable[Any], ...],
    timeout: float | None,
    chunk: int,
    chunksize: int,
    buffersize: int | None,
) -> Iterator[R]:
    """The results in order. chunk: how many items are sent at a time; chunksize: what was asked for, to be checked.

    The calls are submitted here, before the first result is asked for, as callers of the standard library's expect.
    """
    if chunksize < 1:
        raise ValueError(f"chunksize must be at least 1, not {chunksize}")
    if buffersize is not None and not isinstance(buffersize, int):
        raise TypeError(f"buffersize must be a whole number or None, not {type(buffersize).__name__}")
    if buffersize is not None and buffersize < 1:
        raise ValueError(f"buffersize must be at least 1, not {buffersize}")
    ends = None if timeout is None else monotonic() + timeout
    calls: Iterator[tuple[Any, ...]] = zip(*iterables, strict=False)
    if chunk > 1:
        if buffersize is not None:
            buffersize = -(-buffersize // chunk)
        # The results of a chunk are one future's; they are handed out one by one.
        pending = ((run_chunk, fn, part) for part in iter(lambda: tuple(islice(calls, chunk)), ()))
        return _one_by_one(_results(submit, pending, ends, buffersize))
    return _results(submit, ((fn, *call) for call in calls), ends, buffersize)


def run_chunk(fn: Callable[..., R], calls: tuple[tuple[Any, ...], ...]) -> list[R]:
    """The results of several calls, in the worker."""
    return [fn(*call) for call in calls]


def _results(
    submit: Submit, calls: Iterator[tuple[Any, ...]], ends: float | None, buffersize: int | None
) -> Iterator[Any]:
    futures = deque(submit(*call) for call in islice(calls, buffersize))
    return _taken(submit, calls, futures, ends)


def _taken(
    submit: Submit, calls: Iterator[tuple[Any, ...]], futures: deque[Future[Any]], ends: float | None
) -> Iterator[Any]:
    """Hands out the results and keeps none of them; what is left when the iteration ends is cancelled."""
    try:
        while futures:
            for call in islice(calls, 1):
                futures.append(submit(*call))
            yield _result(futures.popleft(), None if ends is None else ends - monotonic())
    finally:
        for future in futures:
            future.cancel()


def _result(future: Future[Any], timeout: float | None) -> Any:
    try:
        return future.result(timeout)
    finally:
        future.cancel()
        del future  # which an error's traceback would keep


def _one_by_one(chunks: Iterator[list[Any]]) -> Iterator[Any]:
    for chunk in chunks:
        chunk.reverse()
        while chunk:
            yield chunk.pop()
