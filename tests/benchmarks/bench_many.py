"""Eighty publishers that answer and five that never do: `python tests/benchmarks/bench_many.py [ROUNDS]`.

A loopback server in a process of its own answers for 85 hosts (127.1.0.1 to 127.1.0.85) after 50 ms to 5 s, spread
evenly; the last five accept a connection and then say nothing. Each run is a whole `rates USD --from all --deadline 6s`
in a process of its own, timed from its start to its exit: interpreter, imports and printing count.
"""

# ruff: noqa: E402  (the clock starts before the imports)
from __future__ import annotations

from time import monotonic

BEGAN = monotonic()  # as early as `rates.__main__` has it; what only the bench needs is imported where it is needed

import json
import os
import sys
import time
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

ANSWERING, SILENT, DEADLINE_S, ALLOWED_S = 80, 5, 6.0, 6.2
FASTEST_S, SLOWEST_S = 0.05, 5.0
WORKERS = ("", "8", "32", "64", "96", "128")  # "" for the default
# fmt: off
CODES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY",
    "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
)
# fmt: on


def delay_s(place: int) -> float:
    """How long publisher number `place` takes to answer."""
    return FASTEST_S + place * (SLOWEST_S - FASTEST_S) / (ANSWERING - 1)


def serve(port: Any) -> None:
    """Answers on all loopback addresses until its parent ends it."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    body = json.dumps({code: f"{1 + n / 7:.6f}" for n, code in enumerate(CODES)}).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 65536

        def do_GET(self) -> None:
            place = int(self.headers["Host"].split(":")[0].rpartition(".")[2]) - 1
            time.sleep(delay_s(place) if place < ANSWERING else 3600)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    ThreadingHTTPServer.request_queue_size = 256
    server = ThreadingHTTPServer(("", 0), Handler)
    server.daemon_threads = True
    port.put(server.server_port)
    server.serve_forever()


def publisher(place: int, port: int) -> Any:
    """A provider module that asks host number `place`."""
    from rates.model import Provider, Query, Quote, Request

    key, today = f"p{place:02}", date(2026, 10, 30)
    facts = Provider(key=key, name=key, country="", pivot="EUR", rate_type="mid", cadence="daily", published="noon",
                     since=date(2000, 1, 1))  # fmt: skip

    def parse(body: bytes) -> list[Quote]:
        return [Quote("EUR", code, Decimal(rate), today) for code, rate in json.loads(body).items()]

    def steps(_: Query) -> Any:
        reply = yield Request(f"http://127.1.0.{place + 1}:{port}/rates")
        return parse(reply.body)

    return SimpleNamespace(PROVIDER=facts, steps=steps, parse=parse)


def child(port: int, *args: str) -> int:
    """The command line itself, with the 85 publishers in place of the true ones."""
    from rates import providers
    from rates.cli import main

    known = {f"p{place:02}": publisher(place, port) for place in range(ANSWERING + SILENT)}
    providers.own_keys = lambda: tuple(known)  # type: ignore[assignment]
    providers.load = known.__getitem__  # type: ignore[assignment]
    return main(["USD", "--from", "all", "--deadline", f"{DEADLINE_S:g}s", "--format", "jsonl", *args], began=BEGAN)


def run(port: int, args: tuple[str, ...]) -> tuple[float, int]:
    """Seconds from start to exit of one command line, and how many publishers' rates it printed."""
    import subprocess

    environ = {
        **os.environ,
        "RATES_TODAY": "2026-10-30",
        "RATES_PROVIDER": "p00",
        "XDG_CONFIG_HOME": os.devnull,
        "PYTHONPATH": os.getcwd(),
    }
    start = time.perf_counter()
    command = [sys.executable, __file__, "child", str(port), *args]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    took = time.perf_counter() - start
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if len(lines) != ANSWERING + SILENT:
        raise SystemExit(f"{len(lines)} lines of {ANSWERING + SILENT}; {done.stderr[-2000:]}")
    return took, sum("rates" in line for line in lines)


def compare(rounds: int) -> None:
    """Every number of workers, interleaved."""
    import multiprocessing
    import statistics

    context = multiprocessing.get_context("spawn")
    port = context.Queue()
    server = context.Process(target=serve, args=(port,), daemon=True)
    server.start()
    at = port.get()
    seen: dict[str, list[tuple[float, int]]] = {workers: [] for workers in WORKERS}
    try:
        for _ in range(rounds):
            for workers in WORKERS:
                seen[workers].append(run(at, ("--workers", workers) if workers else ()))
    finally:
        server.terminate()
    for workers, pairs in seen.items():
        times = [took for took, _ in pairs]
        print(
            f"workers {workers or 'default':>7}: median {statistics.median(times):.2f} s, longest {max(times):.2f} s "
            f"(allowed {ALLOWED_S:g}), fewest answers {min(count for _, count in pairs)} of {ANSWERING}"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        sys.exit(child(int(sys.argv[2]), *sys.argv[3:]))
    compare(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
