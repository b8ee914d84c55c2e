"""Conversations: generators that decide and yield what is to be done, and who does it for them.

A request's way through retries and redirects, a provider's questions, a fetch's chain of providers: each is such a
generator, and does no I/O. Threads run it by `talk`, event loops by `talk_async`; what it decides is written once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar

E = TypeVar("E")
R = TypeVar("R")

# Calls a function and gives what it gave; it may do so in another thread, when the answer that is its last argument
# takes long to read.
Advance = Callable[..., Awaitable[tuple[bool, Any]]]


def talk(steps: Generator[E, Any, R], act: Callable[[E], Any]) -> R:
    """What the conversation returns: each thing that it yields is done by `act`, whose errors are thrown into it."""
    try:
        wanted = next(steps)
        while True:
            try:
                answer = act(wanted)
            except Exception as error:
                wanted = steps.throw(error)
            else:
                wanted = steps.send(answer)
    except StopIteration as end:
        found: R = end.value
        return found
    finally:
        steps.close()


async def talk_async(
    steps: Generator[E, Any, R], act: Callable[[E], Awaitable[Any]], advance: Advance | None = None
) -> R:
    """The same with an `act` to be awaited; `advance` may carry the conversation on in another thread."""
    try:
        over, wanted = onward(steps.send, None)
        while not over:
            try:
                answer = await act(wanted)
            except Exception as error:
                over, wanted = onward(steps.throw, error)
            else:
                over, wanted = onward(steps.send, answer) if advance is None else await advance(steps.send, answer)
    finally:
        if not steps.gi_running:  # type: ignore[attr-defined]  # it may still be read in the other thread
            steps.close()
    result: R = wanted
    return result


def onward(go: Callable[[Any], Any], answer: object) -> tuple[bool, Any]:
    """Whether the conversation is over, and what it returned or wants; no future can carry its StopIteration."""
    try:
        return False, go(answer)
    except StopIteration as end:
        return True, end.value
