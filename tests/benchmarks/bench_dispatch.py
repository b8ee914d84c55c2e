"""What `dispatch` adds to the standard library's bare pools, as ratios: run it by hand, it is no test.

    python tests/benchmarks/bench_dispatch.py [thread|process|asyncio|dummy|pool|all] [ITEMS] [ROUNDS]

For asyncio, dummy and pool, which the standard library has no executor for, the other side is `dispatch` over its
kin: thread, thread and process.

Both sides hold the same number of calls outstanding (2 a worker) over the same trivial items, in interleaved rounds,
each side on one warm pool. The ratio printed is the median of the paired ratios, with the quartiles beside it; that of
bare runs to their bare neighbours (A/A) shows which differences this machine can measure. With `memory`, the peak
resident memory at many items is compared with that at 1,000.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from itertools import islice
from multiprocessing import get_context
from time import perf_counter
from typing import Any

from rates.executors import dispatch, open_executor

WORKERS = 4
OUTSTANDING = 2 * WORKERS
KIN = {"asyncio": "thread", "dummy": "thread", "pool": "process"}


def trivial(item: int) -> int:
    """The item itself: all that is left to measure is the way there and back."""
    return item


def bare_map(pool: Executor, items: range) -> int:
    """How many results, taken in order, with the next call submitted as the oldest is taken."""
    source = iter(items)
    waiting = deque(pool.submit(trivial, item) for item in islice(source, OUTSTANDING))
    count = 0
    while waiting:
        waiting.popleft().result()
        count += 1
        for item in islice(source, 1):
            waiting.append(pool.submit(trivial, item))
    return count


def bare_submit(pool: Executor, items: range) -> int:
    """How many results, taken as they finish, as the documentation of `wait` shows it."""
    source = iter(items)
    waiting: set[Future[int]] = {pool.submit(trivial, item) for item in islice(source, OUTSTANDING)}
    count = 0
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()
            count += 1
        waiting |= {pool.submit(trivial, item) for item in islice(source, len(done))}
    return count


def ours(via: str) -> Callable[[Executor, range], int]:
    """The same through `dispatch`."""

    def run(pool: Executor, items: range) -> int:
        count = 0
        for done in dispatch(pool, trivial, items, via=via, window=OUTSTANDING):
            done.result()
            count += 1
        return count

    return run


def seconds(run: Callable[[Executor, range], int], pool: Executor, items: range) -> float:
    """How long it took."""
    start = perf_counter()
    assert run(pool, items) == len(items)
    return perf_counter() - start


def pools(mode: str) -> Iterator[tuple[Executor, Executor]]:
    """The bare pool of a kind and ours, both warm."""
    bare: Any
    if mode == "thread":
        bare = ThreadPoolExecutor(WORKERS)
    elif mode in KIN:
        bare = open_executor(KIN[mode], WORKERS)
    else:
        bare = ProcessPoolExecutor(WORKERS, mp_context=get_context("forkserver"))
    with bare, open_executor(mode, WORKERS) as opened:
        for pool in (bare, opened):
            bare_map(pool, range(200))
        yield bare, opened


def spread(ratios: list[float]) -> str:
    """Median and quartiles."""
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.3f} ({low:.3f}-{high:.3f})"


def compare(mode: str, count: int, rounds: int) -> None:
    """Prints the ratios of one mode: each run of ours over the mean of the bare runs just before and after it."""
    items = range(count)
    for bare, opened in pools(mode):
        references = {"map": bare_map, "submit": bare_submit}
        for via, reference in references.items() if mode not in KIN else {via: ours(via) for via in references}.items():
            base, mine = [seconds(reference, bare, items)], []
            for _ in range(rounds):
                mine.append(seconds(ours(via), opened, items))
                base.append(seconds(reference, bare, items))
            over = [2 * run / (before + after) for run, before, after in zip(mine, base, base[1:], strict=False)]
            again = [2 * run / (before + after) for before, run, after in zip(base, base[1:], base[2:], strict=False)]
            print(
                f"{mode:8} via {via:6}  dispatch / {KIN.get(mode, 'bare')} {spread(over)}   A/A {spread(again)}   "
                f"{KIN.get(mode, 'bare')} {statistics.median(base) / count * 1e6:.1f} us an item"
            )


def peak(mode: str, count: int) -> None:
    """Prints this process's peak resident memory after `count` items, in kB (Linux)."""
    with open_executor(mode, WORKERS) as pool:
        for via in ("map", "submit"):
            for done in dispatch(pool, trivial, (item for item in range(count)), via=via):
                done.result()
    with open("/proc/self/status") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmHWM")))


def memory(mode: str, many: int) -> None:
    """Prints how much more memory many items take than 1,000, each in an interpreter of its own."""
    few_kb, many_kb = (
        int(
            subprocess.run(
                [sys.executable, __file__, "peak", mode, str(count)],
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "PYTHONPATH": os.getcwd()},
            ).stdout
        )
        for count in (1000, many)
    )
    print(f"{mode:8} {many} items: {many_kb / 1024:.1f} MB at the peak, {few_kb / 1024:.1f} MB with 1000")


def main(argv: list[str]) -> None:
    """Reads the words above."""
    what = argv[0] if argv else "all"
    if what == "peak":
        peak(argv[1], int(argv[2]))
    elif what == "memory":
        memory("thread", 1_000_000)
        memory("process", 100_000)
    else:
        for mode in ("thread", "process", *KIN) if what == "all" else (what,):
            count = int(argv[1]) if len(argv) > 1 else 1_000 if mode in ("process", "pool") else 4_000
            compare(mode, count, int(argv[2]) if len(argv) > 2 else 61)


if __name__ == "__main__":
    main(sys.argv[1:])
