"""What became of one item."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

# A message must stay a line, whatever the item: 80 characters hold any base, pair, or URL without its query.
ITEM_WIDTH = 80


class WorkerDied(RuntimeError):
    """The worker process that ran an item died, and so did the one that ran the item again, alone."""


class Done(NamedTuple, Generic[T, R]):
    """One item's end: its place among the items from 0, the item, and either what `fn` returned or what stopped it."""

    index: int  # type: ignore[assignment]  # a tuple has a method of that name
    item: T
    value: R | None
    error: BaseException | None

    def result(self) -> R:
        """What `fn` returned; raises what stopped it."""
        if self.error is not None:
            raise self.error
        return cast(R, self.value)


def died(index: int, item: object, cause: BaseException) -> WorkerDied:
    """The error of an item that killed its worker twice."""
    error = WorkerDied(
        f"{shown(index, item)}: the worker process died twice while running it, the second time with nothing beside "
        "it: out of memory, a signal, os._exit, a crash in compiled code, or a result that cannot be unpickled"
    )
    error.__cause__ = cause
    return error


def late(index: int, item: object, deadline_s: float, why: str = "") -> TimeoutError:
    """The error of an item that the deadline found unfinished."""
    return TimeoutError(f"{shown(index, item)} is late: not finished at the deadline of {deadline_s:g} s{why}")


def over(index: int, item: object, limit_s: float, what_became: str) -> TimeoutError:
    """The error of an item whose call ran longer than it may."""
    return TimeoutError(f"{shown(index, item)} is late: it ran for longer than {limit_s:g} s{what_became}")


def shown(index: int, item: object) -> str:
    """How messages name an item, as `item 3 ('USD')`."""
    try:
        text = repr(item)
    except Exception:  # of the item's own __repr__
        text = f"a {type(item).__qualname__}"
    return f"item {index} ({text if len(text) <= ITEM_WIDTH else text[: ITEM_WIDTH - 1] + '…'})"
