"""A program: fetches 34 offline bases in a mode and prints the longest time, in ms, that the loop did not turn."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import date
from pathlib import Path

from rates import Settings, aio

BASES = (
    *("AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY"),
    *("KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR", "AED", "ARS"),
    *("CLP", "COP"),
)
TICK_S = 0.001
SCHEDULER = Path("/proc/thread-self/schedstat")


def now() -> float:
    """Seconds, without those in which the kernel ran another thread on this processor, where it reports them."""
    try:
        return time.perf_counter() - int(SCHEDULER.read_text().split()[1]) / 1e9
    except OSError:
        return time.perf_counter()


async def tick(over: asyncio.Event) -> float:
    """The longest delay of a task that wants to run each millisecond."""
    longest, last = 0.0, now()
    while not over.is_set():
        await asyncio.sleep(TICK_S)
        this = now()
        longest, last = max(longest, this - last - TICK_S), this
    return longest


async def main(mode: str, provider: str, on: date | None) -> None:
    """Measures from before the first step to after the last."""
    settings = Settings(provider=(provider,), offline=True, today=date(2026, 10, 30), on=on)
    over = asyncio.Event()
    ticking = asyncio.create_task(tick(over))
    await asyncio.sleep(0)
    workers = 2 if mode == "process" else 8
    done = [outcome async for outcome in aio.fetch_all(BASES, settings, mode=mode, workers=workers)]
    over.set()
    lag = await ticking
    assert len(done) == 34
    assert sum(outcome.ok for outcome in done) >= 25
    print(f"{lag * 1e3:.2f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], date.fromisoformat(sys.argv[3]) if len(sys.argv) > 3 else None))
