"""Conversations: generators that decide and yield what is to be done, and who does it for them.

A request's way through retries and redirects, a provider's questions, a fetch's chain of providers: each is such a
generator, and does no I/O. Threads run it by `talk`, event loops by `asynchronous.talk`; it is written once for both.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

E = TypeVar("E")
R = TypeVar("R")


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


def onward(go: Callable[[Any], Any], answer: object) -> tuple[bool, Any]:
    """Whether the conversation is over, and what it returned or wants; no future can carry its StopIteration."""
    try:
        return False, go(answer)
    except StopIteration as end:
        return True, end.value
