"""What the issue's figures ask, measured side by side in one run: `python tests/benchmarks/bench_fetch.py [NAME…]`.

A loopback server in a process of its own answers like Frankfurter, 30 currencies a base; the provider, transport and
worker are the package's own. Names: latency, modes, processor, tls, startup, memory; all of them without one.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROUNDS = 7
TODAY = date(2026, 11, 2)
# fmt: off
SYMBOLS = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD",
    "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MXN", "MYR", "NOK",
    "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
)
# fmt: on
BASES = [*SYMBOLS, "AED", "ARS", "CLP", "COP"]


def body(base: str) -> bytes:
    """Thirty rows as Frankfurter's second version writes them."""
    rows = (
        f'{{"date":"2026-10-30","base":"{base}","quote":"{symbol}","rate":{1 if symbol == base else 1.1172 + n}}}'
        for n, symbol in enumerate(SYMBOLS)
    )
    return f"[{','.join(rows)}]".encode()


def serve(port: Any, latency_s: float, certificate: str = "") -> None:
    """Answers on a free port of the loopback until its parent ends it."""
    bodies = {base: body(base) for base in BASES}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # with the next line: 44 ms a kept-alive call otherwise
        wbufsize = 65536

        def do_GET(self) -> None:
            if latency_s:
                time.sleep(latency_s)
            base = parse_qs(urlsplit(self.path).query).get("base", ["USD"])[0]
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(bodies[base])))
            self.end_headers()
            self.wfile.write(bodies[base])

        def log_message(self, *_: Any) -> None:
            pass

    ThreadingHTTPServer.request_queue_size = 256
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    port.put(server.server_port)
    server.serve_forever()


@contextmanager
def server(latency_s: float = 0.0, certificate: str = "", serve: Callable[..., None] = serve) -> Iterator[str]:
    """A server process; gives the URL that stands for Frankfurter's, which the provider then asks."""
    from rates.providers import frankfurter
    from rates.transport import session

    context = multiprocessing.get_context("spawn")
    port = context.Queue()
    process = context.Process(
        target=serve, args=(port, latency_s, *([certificate] if certificate else [])), daemon=True
    )
    process.start()
    known = frankfurter.URL
    frankfurter.URL = f"http{'s' if certificate else ''}://127.0.0.1:{port.get()}/v2/rates"
    session.forget()
    try:
        yield frankfurter.URL
    finally:
        frankfurter.URL = known
        process.kill()
        process.join()


def fetches(polite: bool = False) -> Callable[[str], Any]:
    """Our worker, asking the stand-in; without the public service's politeness unless it is what is measured."""
    from dataclasses import replace

    from rates.fetch import attempt
    from rates.providers import frankfurter
    from rates.settings import Settings

    if not polite:
        frankfurter.PROVIDER = replace(frankfurter.PROVIDER, concurrency=512)
    return partial(attempt, settings=Settings(provider=("frankfurter",), today=TODAY))


def run(work: Callable[[str], Any], bases: list[str], workers: int) -> float:
    """Seconds for all bases on a thread pool, its start-up and shutdown included."""
    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        for outcome in pool.map(work, bases):
            assert getattr(outcome, "ok", True), outcome
    return time.perf_counter() - start


def in_sessions(local: threading.local, url: str, base: str) -> None:
    """What one writes by hand: a session a thread, `get`, `json`."""
    import requests

    if not hasattr(local, "session"):
        local.session = requests.Session()
    local.session.get(url, params={"base": base}, timeout=10).json()


def latency() -> None:
    """34 bases, 8 threads, 100 ms: share of ceil(34/8) x 100 ms."""
    ideal = math.ceil(34 / 8) * 0.1
    with server(0.1):
        work = fetches(polite=True)
        times = [run(work, BASES, 8) for _ in range(ROUNDS)]
    whole = statistics.median(times)
    print(f"latency: {whole:.3f} s, {whole / ideal:.3f} x the ideal (first, cold: {times[0] / ideal:.3f})")


def modes() -> None:
    """34 bases, 8 workers, 100 ms, in each mode, its pool up and its connections open: share of the ideal."""
    from rates.executors import dispatch, open_executor

    ideal = math.ceil(34 / 8) * 0.1
    with server(0.1) as url, ExitStack() as stack:
        work = fetches()
        pools = {
            mode: stack.enter_context(open_executor(mode, 8, initializer=stand_in, initargs=(url,)))
            for mode in ("thread", "dummy", "asyncio", "process", "pool")
        }
        times: dict[tuple[str, str], list[float]] = {}
        for turn in range(ROUNDS + 2):
            for (mode, pool), via in product(pools.items(), ("map", "submit")):
                start = time.perf_counter()
                assert all(done.result().ok for done in dispatch(pool, work, BASES, via=via))
                if turn > 1:
                    times.setdefault((mode, via), []).append((time.perf_counter() - start) / ideal)
        for (mode, via), shares in times.items():
            low, middle, high = statistics.quantiles(shares, n=4)
            print(f"modes: {mode} by {via} {middle:.3f} x the ideal ({low:.3f}-{high:.3f})")


def stand_in(url: str) -> None:
    """Makes a worker ask the stand-in, without the public service's politeness."""
    from dataclasses import replace

    from rates.providers import frankfurter

    frankfurter.URL, frankfurter.PROVIDER = url, replace(frankfurter.PROVIDER, concurrency=512)


def processor() -> None:
    """Processor time of a fetch, ours against Session.get(url).json() with a session a thread; interleaved."""
    bases = [BASES[n % 34] for n in range(1000)]
    ours: list[float] = []
    theirs: list[float] = []
    with server() as url:
        work, local = fetches(), threading.local()
        for _ in range(ROUNDS + 1):
            for found, call in ((ours, work), (theirs, partial(in_sessions, local, url))):
                start = time.process_time()
                run(call, bases, 8)
                found.append((time.process_time() - start) / len(bases))
    ratio = statistics.median(a / b for a, b in zip(ours[1:], theirs[1:], strict=True))
    mine, other = (statistics.median(found) * 1e6 for found in (ours, theirs))
    print(f"processor: ours {mine:.0f} us, Session.get().json() {other:.0f} us a fetch: {ratio:.3f} x")


def tls() -> None:
    """34 bases over TLS, 34 threads, all cold: against a pool with a requests.Session a thread."""
    import trustme

    from rates.transport import session

    with tempfile.TemporaryDirectory() as folder:
        authority, pem, bundle = trustme.CA(), Path(folder, "server.pem"), Path(folder, "ca.pem")
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(pem))
        import certifi

        # Their CA among the world's, as behind a company's proxy: an own CA alone would load in no time.
        bundle.write_bytes(authority.cert_pem.bytes() + Path(certifi.where()).read_bytes())
        os.environ["REQUESTS_CA_BUNDLE"] = str(bundle)
        ours, theirs = [], []
        with server(certificate=str(pem)) as url:
            work = fetches()
            for _ in range(ROUNDS):
                session.forget()
                ours.append(run(work, BASES, 34))
                theirs.append(run(partial(in_sessions, threading.local(), url), BASES, 34))
        del os.environ["REQUESTS_CA_BUNDLE"]
    ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
    mine, other = (statistics.median(found) * 1e3 for found in (ours, theirs))
    print(f"tls: ours {mine:.0f} ms, sessions {other:.0f} ms: {ratio:.3f} x")


def startup() -> None:
    """Whole processes, byte-compiled, interleaved: `rates` against importing what it stands on."""
    rates = str(Path(sys.executable).with_name("rates"))
    pairs = {
        "--version": ([rates, "--version"], [sys.executable, "-c", "import click"]),
        "--offline USD EUR GBP": (
            [rates, "--offline", "USD", "EUR", "GBP"],
            [sys.executable, "-c", "import requests, responses, tabulate, click"],
        ),
    }
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    for name, (ours, theirs) in pairs.items():
        ratios, seen = [], []
        for turn in range(4 * ROUNDS):
            times = []
            for command in (ours, theirs):
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, env=environ)
                times.append(time.perf_counter() - start)
            if turn > 1:
                ratios.append(times[0] / times[1])
                seen.append(times)
        a, b = (statistics.median(column) * 1e3 for column in zip(*seen, strict=True))
        print(f"startup {name}: {a:.0f} ms against {b:.0f} ms: {statistics.median(ratios):.3f} x")


def memory() -> None:
    """Resident memory after 1000 bases through 32 threads, against that after 34."""
    with server():
        work = fetches()
        run(work, BASES, 32)
        before = resident_mb()
        run(work, [BASES[n % 34] for n in range(1000)], 32)
        print(f"memory: {before:.1f} MB after 34 bases, {resident_mb() - before:+.1f} MB after 1000 more")


def resident_mb() -> float:
    """Resident memory of this process now, from the kernel; its peak if the kernel does not give that."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


if __name__ == "__main__":
    known = {
        "latency": latency, "modes": modes, "processor": processor, "tls": tls, "startup": startup, "memory": memory
    }  # fmt: skip
    for chosen in sys.argv[1:] or known:
        known[chosen]()
