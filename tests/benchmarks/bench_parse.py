"""How long every recorded body takes to be read: `python tests/benchmarks/bench_parse.py [KEY…]`.

Processor time, best of five, from the answer to the provider's next question or its quotes, so that whatever `steps`
does with it counts. The issue's figure: 95 % of the bodies in under 20 ms per MB of body or 5 ms, whichever is more.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from rates import providers
from rates.fetch.run_provider import run_provider
from rates.model import Reply, Request
from tests.providers.held import Held, held
from tests.providers.recordings import SOURCES

ROUNDS = 5
MS_PER_MB, LEAST_MS = 20.0, 5.0
SHOWN = 25


def timed(one: Held) -> list[float]:
    """The processor milliseconds that each answer of a conversation took, in order."""
    replies = iter(one.pairs)
    took: list[float] = []
    began = [0.0]

    def send(request: Request) -> Reply:
        if began[0]:
            took.append((time.process_time() - began[0]) * 1000)
        _, reply = next(replies)
        began[0] = time.process_time()
        return reply

    run_provider(one.module, one.query, send)
    return [*took, (time.process_time() - began[0]) * 1000]


def measured(key: str, recorded: set[bytes]) -> dict[bytes, float]:
    """The best time of each recorded body in the provider's conversations, in milliseconds."""
    best: dict[bytes, float] = {}
    for one in held(key):
        if any(reply.body in recorded for _, reply in one.pairs):
            for _ in range(ROUNDS):
                for (_, reply), took in zip(one.pairs, timed(one), strict=True):
                    best[reply.body] = min(took, best.get(reply.body, took))
    return {body: took for body, took in best.items() if body in recorded}


def due(body: bytes) -> float:
    """The milliseconds that a body may take."""
    return max(LEAST_MS, MS_PER_MB * len(body) / 1e6)


def main(keys: list[str]) -> None:
    """Prints how many are within the figure, and the slowest of the others."""
    recorded = {file.read_bytes() for file in SOURCES.rglob("exchanges/*/*")}
    gc.disable()
    rows = [
        (took / due(body), took, len(body), key)
        for key in keys or providers.own_keys()
        for body, took in measured(key, recorded).items()
    ]
    rows.sort(reverse=True)
    within = sum(row[0] <= 1 for row in rows)
    print(f"{within} of {len(rows)} bodies within the figure ({within / max(1, len(rows)):.1%})")
    print(f"{sum(row[1] for row in rows):.0f} ms for {sum(row[2] for row in rows) / 1e6:.1f} MB")
    for ratio, took, size, key in rows[:SHOWN]:
        print(
            f"{key:<14} {took:8.2f} ms {size / 1000:8.1f} kB  {took * 1e6 / size:8.1f} ms/MB  {ratio:6.2f} of the due"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
