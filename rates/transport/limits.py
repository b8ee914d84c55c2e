"""How a request may be made, and what may answer it in place of the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from rates.model import Reply, Request

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
