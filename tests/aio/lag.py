"""A program: fetches 34 offline bases in a mode and prints the longest time, in ms, that the loop did not turn."""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import date

from rates import Settings, aio

BASES = [
    "AUD",
    "BRL",
    "CAD",
    "CHF",
    "CNY",
    "CZK",
    "DKK",
    "EUR",
    "GBP",
    "HKD",
    "HUF",
    "IDR",
    "ILS",
    "INR",
    "ISK",
    "JPY",
    "KRW",
    "MXN",
    "MYR",
    "NOK",
    "NZD",
    "PHP",
    "PLN",
    "RON",
    "SEK",
    "SGD",
    "THB",
    "TRY",
    "USD",
    "ZAR",
    "AED",
    "ARS",
    "CLP",
    "COP",
]
TICK_S = 0.001


async def tick(over: asyncio.Event) -> float:
    """The longest delay of a task that wants its turn each millisecond."""
    longest, last = 0.0, time.perf_counter()
    while not over.is_set():
        await asyncio.sleep(TICK_S)
        now = time.perf_counter()
        longest, last = max(longest, now - last - TICK_S), now
    return longest


async def main(mode: str, provider: str, on: date | None) -> None:
    """Measures from before the first step to after the last."""
    settings = Settings(provider=(provider,), offline=True, today=date(2026, 10, 30), on=on)
    over = asyncio.Event()
    ticking = asyncio.create_task(tick(over))
    await asyncio.sleep(0)
    done = [
        outcome async for outcome in aio.fetch_all(BASES, settings, mode=mode, workers=8 if mode != "process" else 2)
    ]
    over.set()
    lag = await ticking
    assert len(done) == 34
    assert sum(outcome.ok for outcome in done) >= 29
    print(f"{lag * 1e3:.2f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], date.fromisoformat(sys.argv[3]) if len(sys.argv) > 3 else None))
