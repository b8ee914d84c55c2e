"""What a plan of fetching wants done, by whoever carries it out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, NamedTuple, TypeVar

from rates.model import Quote, Request
from rates.transport import Limits, Observe, Phases

R = TypeVar("R")


class Ask(NamedTuple):
    """To be done: this request, within these limits; the answer is its Reply."""

    request: Request
    limits: Limits
    observe: Observe | None


class Within(NamedTuple):
    """To be done: this conversation, within so many seconds, as a part of a run; the answer is what it returns.

    phases: where to count what the time goes to.
    """

    seconds: float
    run: str
    steps: Plan[Any]
    phases: Phases | None = None


class Once(NamedTuple):
    """To be done: a conversation that `make` makes, once a run for all who want this key; the answer is its quotes."""

    key: tuple[Any, ...]
    run: str
    run_dir: str
    make: Callable[[], Plan[tuple[Quote, ...]]]


class Together(NamedTuple):
    """To be done: these conversations at once, within the time of the one under way; the answer is what they return."""

    plans: tuple[Plan[Any], ...]


Wanted = Ask | Within | Once | Together
Plan = Generator[Wanted, Any, R]
