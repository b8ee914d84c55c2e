"""How often the verdict is right, with real calls: `python tests/benchmarks/bench_verdict.py [NAME…] [--trials N]`.

Twins: the same threads under two names, with calls that wait 10 ms and compute for half a millisecond: they do not
differ. Five: the same, with calls that take 5 % longer under one of the names. Each also with busy neighbours: two
processes that compute for random times. Cost: wall times measured by `measure` against the bare dispatch, paired, at
1000 offline fetches. Ideal: the share of the ideal that 34 fetches of 100 ms over the loopback reach.

Names: twins, twins-busy, five, five-busy, cost, ideal; without a name, all of them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from rates.compare import Ask, Comparison, Variant, compare_work, fetches
from rates.compare.measure import measure
from rates.compare.statistics import median_interval
from rates.compare.work import Work, calls
from rates.executors import dispatch, open_executor
from rates.settings import Settings

TRIALS = 20
ROUNDS = {False: 15, True: 40}
ITEMS = tuple(range(24))
NEIGHBOUR = """
import random, time
while True:
    until = time.perf_counter() + random.expovariate(8)
    while time.perf_counter() < until:
        pass
    time.sleep(random.expovariate(3))
"""
BASES = ("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "SGD", "HKD",
         "IDR", "ILS", "INR", "ISK", "KRW", "MXN", "MYR", "PHP", "RON", "THB", "TRY", "ZAR", "BRL", "CNY")  # fmt: skip


@contextmanager
def neighbour(busy: bool) -> Iterator[None]:
    """Two processes that occupy processors for random times, or none."""
    started = [subprocess.Popen([sys.executable, "-c", NEIGHBOUR]) for _ in range(2 if busy else 0)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def call(stretch: float, item: int) -> int:
    """Waits 10 ms and computes for 0.5 ms, both stretched by a factor."""
    time.sleep(0.01 * stretch)
    until = time.thread_time() + 0.0005 * stretch
    while time.thread_time() < until:
        pass
    return item


def trial(slower: float, busy: bool, seed: int) -> Comparison:
    """One comparison of threads with threads: those named process run calls that are slower by that share."""

    @contextmanager
    def begin(mode: str, number: int) -> Iterator[Callable[[int], int]]:
        yield partial(call, 1 + slower if mode == "process" else 1.0)

    def opener(mode: str, workers: int, **more: Any) -> Any:
        return open_executor("thread", workers, **more)

    work: Work[int, int] = replace(calls(partial(call, 1.0), ITEMS), begin=begin)
    ask = Ask(modes=("thread", "process"), vias=("map",), workers=(4,), rounds=ROUNDS[busy], warmup=1, seed=seed)
    return compare_work(work, ask, opener=opener)


def right(slower: float, busy: bool, trials: int) -> None:
    """Prints how often the verdict was right."""
    hits, sights, wrong = 0, [], 0
    with neighbour(busy):
        for seed in range(trials):
            found = trial(slower, busy, seed)
            first = found.verdict.splitlines()[0]
            none = first.startswith("No measurable difference")
            hits += first.startswith("Thread is the fastest") if slower else none
            wrong += first.startswith("Process is the fastest")
            sights.append(found.visible or 0.0)
    name = f"{'a true 5 %' if slower else 'twins'}{', busy neighbours' if busy else ''}"
    seen = f"A/A sees {statistics.median(sights):.1%}"
    print(f"{name}: right in {hits} of {trials}, the slower named in {wrong}; {seen}", flush=True)


def cost(_: int) -> None:
    """Prints what measuring costs at 1000 offline fetches: 40 pairs with the bare dispatch, in alternating order.

    In sequence, which shows the cost of the notes alone, and on 8 threads, which adds noise.
    """
    settings = Settings(offline=True, provider=("frankfurter",), today=None)
    work = fetches([BASES[n % len(BASES)] for n in range(1000)], settings)
    for variant in (Variant("sequential", "map", 1), Variant("thread", "map", 8)):
        pairs = []
        for turn in range(41):
            found = {}
            for which in ("with", "bare") if turn % 2 else ("bare", "with"):
                found[which] = measure(variant, work).wall_s if which == "with" else _bare(variant, work)
            pairs.append(found["with"] / found["bare"])
        middle, ends = statistics.median(pairs[1:]), median_interval(pairs[1:], 1)
        assert ends is not None
        whole = f"{middle - 1:+.2%} of the bare dispatch's whole time (95 %: {ends[0] - 1:+.2%} to {ends[1] - 1:+.2%})"
        print(f"cost, {variant}: {whole}")


def _bare(variant: Variant, work: Work[Any, Any]) -> float:
    """The wall time of the same calls without notes, in a pool that is as ready."""
    import gc

    assert work.renew is not None
    work.renew()
    gc.collect()
    executor = open_executor(variant.mode, variant.workers, initializer=work.warm)
    for future in [executor.submit(time.sleep, 0.01) for _ in range(variant.workers)]:
        future.result()
    with work.begin(variant.mode, 1) as fn:
        began = time.perf_counter()
        with closing(dispatch(executor, fn, work.items, via="map")) as found:
            done = list(found)
        took = time.perf_counter() - began
    executor.shutdown()
    assert all(each.value.ok for each in done)
    return took


def ideal(_: int) -> None:
    """Prints the share of the ideal of 34 fetches of 100 ms over the loopback, on 8 threads and in sequence."""
    from rates.offline.loopback import serving

    settings = Settings(offline=True, provider=("frankfurter",), latency=0.1)
    with serving(settings) as served:
        ask = Ask(modes=("sequential", "thread"), vias=("map",), rounds=5, latency_s=0.1)
        found = compare_work(fetches([*BASES, *BASES[:4]], served), ask)
    for row in found.figures:
        print(f"ideal: {row.variant}: {row.ideal_share:.3f}")


def main(words: list[str]) -> None:
    """Runs the parts that are named."""
    trials = TRIALS
    if "--trials" in words:
        place = words.index("--trials")
        trials = int(words[place + 1])
        words = words[:place] + words[place + 2 :]
    known: dict[str, Callable[[int], None]] = {
        "twins": partial(right, 0.0, False), "twins-busy": partial(right, 0.0, True),
        "five": partial(right, 0.05, False), "five-busy": partial(right, 0.05, True), "cost": cost, "ideal": ideal,
    }  # fmt: skip
    for chosen in words or known:
        known[chosen](trials)


if __name__ == "__main__":
    main(sys.argv[1:])
