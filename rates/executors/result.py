"""What became of one item."""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

# A message must stay a line, whatever the item: 80 characters hold any base, pair, or URL without its query.
ITEM_WIDTH = 80


class WorkerDied(RuntimeError):
    """The worker process that ran an item died, and so did the one that ran the item again, alone."""


class Lateness(NamedTuple):
    """Why an item is late, which its TimeoutError has as `lateness`.

    ran: whether the call had begun. became: a clause that says what became of its worker, or why it has none.
    """

    reason: str
    ran: bool = False
    became: str = ""


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


def late(index: int, item: object, why: Lateness) -> TimeoutError:
    """The error of an item that a limit or a deadline found unfinished."""
    error: Any = TimeoutError(f"{shown(index, item)} is late: {why.reason}{why.became}")
    error.lateness = why
    return cast(TimeoutError, error)


def lateness(error: BaseException | None) -> Lateness | None:
    """Why an item is late, if that is its error."""
    return getattr(error, "lateness", None)


def shown(index: int, item: object) -> str:
    """How messages name an item, as `item 3 ('USD')`."""
    try:
        text = repr(item)
    except Exception:  # of the item's own __repr__
        text = f"a {type(item).__qualname__}"
    return f"item {index} ({text if len(text) <= ITEM_WIDTH else text[: ITEM_WIDTH - 1] + '…'})"
