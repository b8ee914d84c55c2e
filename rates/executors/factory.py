"""What stands behind each word for a mode; each is imported when it is opened, and no sooner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from .base import OpenExecutor, end_at_exit
from .names import MODES, unknown

Initializer = Callable[..., object] | None


def modes() -> tuple[str, ...]:
    """All words that open an executor here: ours, and those that other distributions have joined."""
    return (*MODES, *foreign())


@cache
def foreign() -> tuple[str, ...]:
    """The names in the entry-point group `rates.executors`, sorted.

    Each names a callable that takes what `open_executor` takes, but for the mode, and gives an executor.
    """
    from importlib.metadata import entry_points

    return tuple(sorted({entry.name for entry in entry_points(group="rates.executors")} - set(MODES)))


def open_mode(
    mode: str,
    workers: int | None,
    processors: int,
    initializer: Initializer,
    initargs: tuple[Any, ...],
    start_method: str | None,
    preload: Sequence[str],
    scheduler: str | None,
) -> OpenExecutor:
    """The executor of that mode; `workers` None for its default. It is shut down when the interpreter exits."""
    initial = (initializer, initargs)
    opened = _opened(mode, workers, processors, initial, start_method, preload, scheduler)
    end_at_exit(opened)
    return opened


def _opened(
    mode: str,
    workers: int | None,
    processors: int,
    initial: tuple[Initializer, tuple[Any, ...]],
    start_method: str | None,
    preload: Sequence[str],
    scheduler: str | None,
) -> OpenExecutor:
    if mode == "sequential":
        from .sequential import SequentialExecutor

        return SequentialExecutor(*initial)
    if mode in ("thread", "dummy", "asyncio"):
        return _threads(mode, workers or min(32, processors + 4), *initial)
    if mode in ("process", "pool"):
        return _processes(mode, workers or processors, initial, start_method, preload)
    if mode == "interpreter":
        return _interpreters(workers or processors, *initial)
    if mode == "dask":
        from .dask_cluster.executor import DaskExecutor

        return DaskExecutor(workers or processors, *initial, scheduler, processors)
    more = {"initializer": initial[0], "initargs": initial[1], "start_method": start_method, "preload": preload}
    return _foreign(mode, workers, scheduler=scheduler, **more)


def _threads(mode: str, workers: int, initializer: Initializer, initargs: tuple[Any, ...]) -> OpenExecutor:
    if mode == "thread":
        from .thread import ThreadExecutor

        return ThreadExecutor(workers, initializer, initargs)
    if mode == "dummy":
        from .dummy import DummyExecutor

        return DummyExecutor(workers, initializer, initargs)
    from .asyncio_executor import AsyncioExecutor

    return AsyncioExecutor(workers, initializer, initargs)


def _processes(
    mode: str,
    workers: int,
    initial: tuple[Initializer, tuple[Any, ...]],
    start_method: str | None,
    preload: Sequence[str],
) -> OpenExecutor:
    if mode == "process":
        from .process import ProcessExecutor

        return ProcessExecutor(workers, *initial, start_method, preload)
    from .pool import PoolExecutor

    return PoolExecutor(workers, *initial, start_method, preload)


def _interpreters(workers: int, initializer: Initializer, initargs: tuple[Any, ...]) -> OpenExecutor:
    import sys

    if sys.version_info < (3, 14):
        running = ".".join(map(str, sys.version_info[:2]))
        raise NotImplementedError(f"the mode interpreter needs Python 3.14, this is {running}: choose process instead")
    from .interpreter import InterpreterExecutor

    return InterpreterExecutor(workers, initializer, initargs)


def _foreign(mode: str, workers: int | None, **more: Any) -> OpenExecutor:
    if mode not in foreign():
        raise unknown("mode", mode, modes())
    from importlib.metadata import entry_points

    make = next(iter(entry_points(group="rates.executors", name=mode))).load()
    opened: OpenExecutor = make(workers, **more)
    return opened
