"""How a request may be made (`Limits`), and how a fetch waits: `Io`, a protocol for threads and for event loops.

Everything between a base and its table is `async def` over an `Io`, and so written once. The methods of `THREAD`
never suspend: `run_coroutine` finishes such a coroutine in one step, in the thread that calls it. Those of `LOOP`
await.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, TypeVarTuple, runtime_checkable

from rates.model import Reply, Request
from rates.transport.timings import Phases
from rates.transport.watchdog import Guard

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

SLOW = float("inf")  # for `Io.compute`: takes long, whatever the size
# Receives every complete answer, whatever its status.
Observe = Callable[[Request, Reply], None]
# Answers a request in place of the network: (method, url, form body, read timeout in seconds) -> the answer.
Mock = Callable[[str, str, bytes, float], Reply]


@runtime_checkable
class Delayed(Protocol):
    """A mock with a simulated latency, which the caller may wait for without blocking a thread."""

    def plan(self, method: str, url: str, form: bytes, timeout_s: float, /) -> tuple[float, Callable[[], Reply]]:
        """How many seconds to wait, and the function that then gives the answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How a request may be made. Times in seconds, sizes in bytes.

    timeout: one wait on the socket. retries: further tries after the first. backoff: the mean wait before the first
    of them, doubled each time. retry_after: the longest wait that a server may ask for.
    concurrency, spacing: requests at once to one host, and the time between their starts.
    mock: answers in place of the network; mock_blocks: it reads files.
    through: the host and port on this machine to which every request goes instead; `run` is sent to it as a header.
    seed: makes the waits before further tries repeatable.
    """

    timeout: float = 10.0
    retries: int = 2
    backoff: float = 0.3
    retry_after: float = 10.0
    max_bytes: int = 32 * 2**20
    concurrency: int = 8
    spacing: float = 0.0
    mock: Mock | None = None
    mock_blocks: bool = False
    through: str = ""
    run: str = ""
    seed: str = ""


class Signal(Protocol):
    """An event with one waiter."""

    def set(self) -> object:
        """Ends the wait; may be called from any thread, more than once, or never."""

    async def wait(self, guard: Guard) -> None:
        """Returns when the event is set; raises when the guard's time is over."""


class Io(Protocol):
    """What a fetch does with time: it asks, waits and computes.

    uses_requests: True where `requests` is the client, which the offline mode intercepts with `responses`.
    """

    uses_requests: bool

    async def exchange(self, request: Request, url: str, limits: Limits, guard: Guard) -> Reply:
        """One request on the wire, and its answer, whatever the status; raises the named errors of the transport."""

    async def sleep(self, seconds: float, guard: Guard) -> None:
        """Waits; raises when the guard's time is over."""

    def signal(self) -> Signal:
        """A new event, for the caller to wait for."""

    async def compute(self, size: float, fn: Callable[[*Ts], R], *args: *Ts) -> R:
        """What the function gives. size: of what it reads, in bytes; `SLOW` if it takes long in any case."""

    def within(self, seconds: float, run: str, phases: Phases | None = None) -> AbstractAsyncContextManager[Guard]:
        """A time limit for the block: `DeadlineExceeded` when it is over.

        run: the run that the block is a part of, which can be stopped alone. phases: where its time is counted.
        """

    async def together(self, calls: Sequence[Callable[[Guard], Awaitable[R]]], guard: Guard) -> list[R]:
        """The results of all calls, made at once, each within the time that is left and with its own guard."""


def run_coroutine(coroutine: Coroutine[Any, Any, R]) -> R:
    """What a coroutine over `THREAD` returns, in one step."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: R = end.value
        return result
    coroutine.close()
    raise RuntimeError(f"{coroutine!r} was suspended, which nothing in a thread may do")
