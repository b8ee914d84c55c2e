"""How calls and what becomes of them cross a border between processes or interpreters, as bytes.

Pickling an exception calls its class again with `args`, which doubles a message that `__init__` has put together, and
drops causes, context and traceback, and those of a group's members. Here an error is carried as what it consists of,
and put together again without its `__init__`; what cannot be carried gets a stand-in.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from traceback import format_exception
from typing import Any, NamedTuple

from .names import named

# The most errors that are carried for their causes: more of them are a loop of retries, and the traceback has them.
MOST = 60
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: a class that was made by a class statement


class WorkerTraceback(Exception):
    """The traceback of an error in the worker where it was raised, as text; last in its chain of causes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.tb = text  # the name of the standard library's

    def __str__(self) -> str:
        return self.tb


class _Node(NamedTuple):
    """One error. cause, context and members are places in the list of all that are carried together."""

    body: bytes
    cause: int | None
    context: int | None
    suppressed: bool
    members: tuple[int, ...]


# --- errors ----------------------------------------------------------------------------------------------------------


def carried(error: BaseException) -> list[_Node]:
    """The error, its causes and members; the error is the first."""
    errors, places = [error], {id(error): 0}

    def place(other: BaseException | None, most: int = MOST) -> int | None:
        if other is None:
            return None
        if id(other) not in places and len(errors) < most:
            places[id(other)] = len(errors)
            errors.append(other)
        return places.get(id(other))

    nodes = []
    for each in errors:  # which grows meanwhile
        group = each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        members = tuple(found for member in group if (found := place(member, sys.maxsize)) is not None)
        cause, context = place(each.__cause__), place(each.__context__)
        nodes.append(_Node(_body(each), cause, context, each.__suppress_context__, members))
    return nodes


def restored(nodes: list[_Node], text: str) -> BaseException:
    """The error with its causes and members, and behind the last cause the worker's traceback."""
    errors: list[Any] = [None] * len(nodes)

    def made(place: int) -> BaseException:  # a group is made from its members
        if errors[place] is None:
            errors[place] = _from_body(nodes[place].body, [made(member) for member in nodes[place].members])
        return errors[place]  # type: ignore[no-any-return]

    for place in range(len(nodes)):
        made(place)
    for error, node in zip(errors, nodes, strict=True):
        error.__context__ = None if node.context is None else errors[node.context]
        error.__cause__ = None if node.cause is None else errors[node.cause]
        error.__suppress_context__ = node.suppressed
    if text:
        _last(errors[0]).__cause__ = WorkerTraceback(text)
    return errors[0]  # type: ignore[no-any-return]


def _body(error: BaseException) -> bytes:
    """One error alone, as bytes; those of a stand-in if it would not arrive unchanged."""
    message, is_group = _message(error), isinstance(error, BaseExceptionGroup)
    try:
        reduced: Any = error.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
        if is_group:
            body = pickle.dumps((type(error), error.args[:1], error.__dict__))
        elif reduced[0] is type(error) and _is_built_in(type(error), "__reduce__", "__reduce_ex__", "__setstate__"):
            body = pickle.dumps((*reduced[:2], reduced[2] if len(reduced) > 2 else None))
        else:
            body = pickle.dumps((None, error, None))
        members = list(error.exceptions) if isinstance(error, BaseExceptionGroup) else []
        arrived = _from_body(body, members)
        if type(arrived) is type(error) and _message(arrived) == message:
            return body
    except BaseException:  # of the error's own methods, SystemExit too
        pass
    name = f"{type(error).__qualname__}: {message} (stands in for the error, which cannot be pickled)"
    notes = [str(note) for note in getattr(error, "__notes__", ())]
    if isinstance(error, BaseExceptionGroup):
        kind: type = ExceptionGroup if isinstance(error, ExceptionGroup) else BaseExceptionGroup
        return pickle.dumps((kind, (error.message,), {"__notes__": notes} if notes else {}))
    return pickle.dumps((RuntimeError, (name,), {"__notes__": notes} if notes else {}))


def _from_body(body: bytes, members: list[BaseException]) -> BaseException:
    kind, arguments, state = pickle.loads(body)
    if kind is None:
        return arguments  # type: ignore[no-any-return]
    if issubclass(kind, BaseExceptionGroup):
        arguments = (*arguments, members)
    error: BaseException = kind.__new__(kind, *arguments)
    # Not the class's own __init__, which made the message and took other arguments, but that of the built-in class.
    built_in: Any = next(base for base in kind.__mro__ if not base.__flags__ & _HEAP_TYPE)
    built_in.__init__(error, *arguments)
    if state:
        error.__setstate__(state)
    return error


def _is_built_in(kind: type, *methods: str) -> bool:
    """Whether the class has these methods from a built-in class."""
    definers = (next((base for base in kind.__mro__ if name in base.__dict__), object) for name in methods)
    return not any(definer.__flags__ & _HEAP_TYPE for definer in definers)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return "(without a message: its own __str__ failed)"


def _last(error: BaseException) -> BaseException:
    """The end of the chain that a traceback shows."""
    seen = {id(error)}
    while (before := error.__cause__ or error.__context__) is not None and id(before) not in seen:
        seen.add(id(before))
        error = before
    return error


# --- answers ---------------------------------------------------------------------------------------------------------


def to_bytes(value: Any, error: BaseException | None) -> bytes:
    """What became of a call, so that it can be read whatever it is: a value that cannot be pickled is its error."""
    if error is None:
        try:
            return pickle.dumps((value, None, ""), pickle.HIGHEST_PROTOCOL)
        except BaseException as failure:
            failure.add_note(f"the result, of type {type(value).__qualname__}, cannot be pickled")
            error = failure
    text = '\n"""\n' + "".join(format_exception(error)) + '"""'
    return pickle.dumps((None, carried(error), text), pickle.HIGHEST_PROTOCOL)


def from_bytes(body: bytes) -> tuple[Any, BaseException | None]:
    """What became of a call: its value, or its error with causes and the worker's traceback."""
    try:
        value, nodes, text = pickle.loads(body)
        return (value, None) if nodes is None else (None, restored(nodes, text))
    except BaseException as failure:
        return None, TypeError(f"the result cannot be unpickled: {type(failure).__qualname__}: {failure}")


# --- calls -----------------------------------------------------------------------------------------------------------


def packed_call(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """The call as bytes, for `worker.serve`; TypeError for what cannot be sent."""
    try:
        return _dumps((fn, args, kwargs))
    except Exception as error:
        sendable(fn)
        raise TypeError(f"the arguments of {named(fn)} cannot be sent to a worker: {error}") from error


def sendable(fn: object) -> None:
    """Raises TypeError if a callable cannot be sent to another process."""
    try:
        _dumps(fn)
    except Exception as error:
        raise TypeError(
            f"{named(fn)} cannot be sent to a worker ({error}): give a function from the top level of a module, "
            "with functools.partial for its settings, or choose the mode thread"
        ) from error


def _dumps(value: object) -> bytes:
    try:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except Exception:
        # What multiprocessing alone can send, such as connections; it takes four times as long.
        from multiprocessing.reduction import ForkingPickler

        return bytes(ForkingPickler.dumps(value))


def is_of_main(fn: object) -> bool:
    """Whether the callable is defined in the main module, also behind functools.partial or as a method."""
    while (inner := getattr(fn, "func", None) or getattr(fn, "__func__", None)) is not None:
        fn = inner
    return (getattr(fn, "__module__", None) or type(fn).__module__) == "__main__"


def main_is_importable() -> bool:
    """Whether a worker can import the main module: not that of `python -c`, of standard input or of a notebook."""
    main = sys.modules.get("__main__")
    name, file = getattr(getattr(main, "__spec__", None), "name", None), getattr(main, "__file__", None)
    return bool(name or (file and os.path.exists(file)))
