"""How errors cross a border with all that belongs to them: type, message, cause, and the worker's traceback.

Pickling drops an exception's cause, context and traceback; the standard library's pools put the traceback, as text, in
the place of the cause. Here both arrive: the causes as exceptions, and the text at the end of their chain.
"""

from __future__ import annotations

import pickle
from concurrent.futures import Future
from traceback import format_exception
from typing import Any, TypeVar

T = TypeVar("T")

STASH = "_rates_causes"
# The longest chain of causes that is carried; a longer one is a loop of retries, whose text is in the traceback.
DEEPEST = 10


class WorkerTraceback(Exception):
    """The traceback of an error in the worker where it was raised, as text; last in its chain of causes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return self.text


class CarriedFuture(Future[T]):
    """A future whose error gets its causes back when it is looked at.

    The class of a future of the standard library's pool is changed to this one, before anyone else has it.
    """

    def result(self, timeout: float | None = None) -> T:
        """As the standard library's."""
        try:
            return super().result(timeout)
        except BaseException as error:
            mended(error)
            raise

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """As the standard library's."""
        error = super().exception(timeout)
        return error if error is None else mended(error)


def packed(error: BaseException, depth: int = 0) -> BaseException:
    """The error with its causes stashed where pickling keeps them; a stand-in for one that cannot be pickled."""
    causes = (error.__cause__, error.__context__)
    if depth < DEEPEST and any(causes):
        kept = [None if cause is None else packed(cause, depth + 1) for cause in causes]
        if causes[0] is causes[1]:
            kept[1] = kept[0]
        error.__dict__[STASH] = (*kept, error.__suppress_context__)
    if travels(error):
        return error
    told = f"{type(error).__qualname__}: {_said(error)}"
    stand_in = RuntimeError(f"{told} (stands in for the error, which cannot be pickled)")
    if STASH in error.__dict__:
        stand_in.__dict__[STASH] = error.__dict__.pop(STASH)
    return stand_in


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(without a message: its own __str__ failed)"


def travels(error: BaseException) -> bool:
    """Does it arrive as what it is? One whose __init__ wants more than its args pickles, and breaks on arrival."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)
    except Exception:
        return False


def mended(error: BaseException) -> BaseException:
    """The error with its causes in their places, and the worker's traceback behind the last of them."""
    # Taken out first: causes may go in a circle, as with `raise first from second` while handling the first.
    stash = getattr(error, "__dict__", {}).pop(STASH, None)
    if stash is None:
        return error
    cause, context, suppressed = stash
    traceback = error.__cause__
    error.__context__ = None if context is None else mended(context)
    error.__cause__ = None if cause is None else mended(cause)
    error.__suppress_context__ = suppressed
    if traceback is not None:
        _last(error).__cause__ = traceback
    return error


def _last(error: BaseException) -> BaseException:
    """The end of the chain that a traceback shows."""
    seen = {id(error)}
    while (before := error.__cause__ or error.__context__) is not None and id(before) not in seen:
        seen.add(id(before))
        error = before
    return error


def written(error: BaseException) -> str:
    """The traceback of an error and its causes, as text."""
    return '\n"""\n' + "".join(format_exception(error)) + '"""'


def to_bytes(value: Any, error: BaseException | None) -> bytes:
    """What became of a call, so that it can be read whatever it is: a value that cannot be pickled is its error."""
    if error is not None:
        # The text first: packing may replace the error, and pickling drops its traceback.
        text = written(error)
        return pickle.dumps((None, packed(error), text), pickle.HIGHEST_PROTOCOL)
    try:
        return pickle.dumps((value, None, ""), pickle.HIGHEST_PROTOCOL)
    except Exception as failure:
        return to_bytes(None, TypeError(f"the result, a {type(value).__qualname__}, cannot be pickled: {failure}"))


def from_bytes(body: bytes) -> tuple[Any, BaseException | None]:
    """What became of a call: its value, or its error with causes and the worker's traceback."""
    try:
        value, error, text = pickle.loads(body)
        if error is not None:
            error.__dict__.setdefault(STASH, (None, None, False))
            error.__cause__ = WorkerTraceback(text)
            mended(error)
    except Exception as failure:
        return None, TypeError(f"the result cannot be unpickled: {type(failure).__qualname__}: {failure}")
    return value, error
