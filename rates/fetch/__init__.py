"""The worker: one base currency in, its rates or a named error out. Runs alike in a thread, a process, a cluster.

`fetch_rates(base)` is the seed's worker and raises; `attempt(base)` gives the failure as a value, with timings.
"""

from __future__ import annotations

from rates.fetch.run_provider import run_provider
from rates.fetch.worker import attempt, fetch_quotes, fetch_range, fetch_rates, warm

__all__ = ["attempt", "fetch_quotes", "fetch_range", "fetch_rates", "run_provider", "warm"]
