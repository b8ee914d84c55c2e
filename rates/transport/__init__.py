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

from rates.transport.body import FRAMING_HEADERS as FRAMING_HEADERS
from rates.transport.connection import current_guard as current_guard
from rates.transport.connection import current_mock as current_mock
from rates.transport.io import SLOW as SLOW
from rates.transport.io import Io as Io
from rates.transport.io import Limits as Limits
from rates.transport.io import Mock as Mock
from rates.transport.io import Observe as Observe
from rates.transport.io import run_coroutine as run_coroutine
from rates.transport.io_threads import THREAD as THREAD
from rates.transport.retry import MAX_REDIRECTS as MAX_REDIRECTS
from rates.transport.retry import send as send
from rates.transport.timings import Phases as Phases
from rates.transport.watchdog import Guard as Guard
from rates.transport.watchdog import resume as resume
from rates.transport.watchdog import stop as stop
