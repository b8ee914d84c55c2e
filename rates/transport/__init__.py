"""The only sockets: `send(io, request, limits, guard)` gives the Reply, or raises a named error.

A total deadline, retries with jitter, a limit of requests to each host, a cap on the decoded size, redirects that never
carry a key to another host. `retry` and `rate_limit` are written once, over the protocol `io.Io`; threads wait by
`io_threads` (over requests, with the deadline kept by `watchdog`), event loops by `io_loop` (over aiohttp).
"""

# ruff: noqa: E402  (the warning must be ignored before requests is imported)
from __future__ import annotations

import warnings

# An isolated interpreter refuses the compiled detector of charsets, and requests complains; our bodies stay bytes.
warnings.filterwarnings("ignore", "Unable to find acceptable character detection")

from rates.transport.body import FRAMING_HEADERS
from rates.transport.io import SLOW, Io, Limits, Mock, Observe, run_coroutine
from rates.transport.io_threads import THREAD
from rates.transport.retry import MAX_REDIRECTS, send
from rates.transport.session import current_guard, current_mock
from rates.transport.timings import Phases
from rates.transport.watchdog import Guard, resume, stop

__all__ = [
    "FRAMING_HEADERS",
    "MAX_REDIRECTS",
    "SLOW",
    "THREAD",
    "Guard",
    "Io",
    "Limits",
    "Mock",
    "Observe",
    "Phases",
    "current_guard",
    "current_mock",
    "resume",
    "run_coroutine",
    "send",
    "stop",
]
