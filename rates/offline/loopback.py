"""The offline answers from a real server on this machine, in its own process.

Requests, sockets, headers and parsing are real, so that processor times are, too; the server's are not counted.
`serving(settings)` gives settings with which every request goes to that server instead of its host, over plain HTTP, in
every mode and worker. As no other server is asked, there is no rate limit.

The server is one thread with an event loop and cached answers, so that it uses little processor time. It reads the
settings from its standard input, prints its port, and ends when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http import HTTPStatus
from pathlib import Path

from rates.errors import RatesError
from rates.model import Reply
from rates.offline import answers_for
from rates.offline.simulated_network import Effect, Network, failed
from rates.settings import Settings

START = "import sys; sys.path.insert(0, sys.argv[1]); from rates.offline.loopback import main; main()"
HOME = str(Path(__file__).resolve().parents[2])
RUNS = 32  # networks kept, one for each run: one run is measured at a time, and its last requests end in seconds
BACKLOG = 1024
LAST_HEADER = b"\r\n\r\n"


@contextmanager
def serving(settings: Settings) -> Iterator[Settings]:
    """The settings with a server behind them until the block ends; the server also ends if this process does."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("RATES_")}
    process = subprocess.Popen(
        [sys.executable, "-c", START, HOME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ,
        start_new_session=True,  # a Ctrl-C at the terminal must not reach the server: a measurement may still end
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        pickle.dump(settings, process.stdin)
        process.stdin.flush()
        port = process.stdout.readline().decode().strip()
        if not port.isdigit():
            raise RatesError("the loopback server did not start", hint="try --offline")
        yield settings.with_values(loopback=f"127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


# --- the server ------------------------------------------------------------------------------------------------------


class _Served:
    """The answers by URL, and the simulated network by run."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.answers = answers_for(settings)
        self.network = lru_cache(RUNS)(self._network)
        self.ready = lru_cache(4096)(self._ready)
        self.broken: set[tuple[str, str]] = set()  # run and URL of requests that ended with a kept connection

    def effect(self, run: str, url: str, *, kept: bool) -> Effect:
        """The effect on a request. A client repeats one whose kept connection ends, which fails again."""
        if not kept and (run, url) in self.broken:
            self.broken.remove((run, url))
            return Effect(0, "reset")
        effect = self.network(run).effect(url)
        if kept and effect.failure == "reset":
            self.broken.add((run, url))
        return effect

    def _network(self, run: str) -> Network:
        _, _, seed = run.partition(" ")
        s = self.settings
        return Network(s.latency, s.jitter, s.fail, int(seed) if seed else None)

    def _ready(self, method: str, url: str, form: bytes) -> bytes:
        try:
            return _response(self.answers(method, url, form, float("inf")))
        except RatesError as error:
            return _head(501, {"content-type": "text/plain"}, text := f"{error}\n".encode()) + text


def _response(reply: Reply) -> bytes:
    return _head(reply.status, dict(reply.headers), reply.body) + reply.body


def _head(status: int, headers: dict[str, str], body: bytes) -> bytes:
    """The head of an answer, with the length, so that the connection is kept open."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    skipped = ("content-length", "transfer-encoding", "content-encoding", "connection")
    lines = [f"{name}: {value}" for name, value in headers.items() if name.lower() not in skipped]
    return "\r\n".join([f"HTTP/1.1 {status} {phrase}", *lines, f"content-length: {len(body)}", "", ""]).encode(
        "latin-1"
    )


class _Connection(asyncio.Protocol):
    """One client's connection: HTTP/1.1, one request at a time."""

    def __init__(self, served: _Served) -> None:
        self.served, self.received, self.kept = served, b"", False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers a request when it is complete."""
        self.received += data
        head, end, body = self.received.partition(LAST_HEADER)
        if not end:
            return
        line, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rest)}
        if len(body) < int(headers.get("content-length", 0)):
            return
        self.received = b""
        method, path, _ = line.split(" ", 2)
        url = path[1:].replace("/", "://", 1)  # "/https/host/path", as the transport sends it
        effect = self.served.effect(headers.get("x-rates-run", ""), url, kept=self.kept)
        self.kept = True
        reply = partial(self.reply, effect, method, url, body)
        if effect.wait_s > 0:
            asyncio.get_running_loop().call_later(effect.wait_s, reply)
        else:
            reply()

    def reply(self, effect: Effect, method: str, url: str, body: bytes) -> None:
        """Sends the answer, or breaks the connection."""
        if self.transport is None or self.transport.is_closing():
            return
        if effect.failure == "reset":
            self.transport.abort()
        else:
            self.transport.write(_response(failed()) if effect.failure else self.served.ready(method, url, body))


async def serve(settings: Settings) -> None:
    """Serves on a free port until the process ends."""
    served = _Served(settings)
    server = await asyncio.get_running_loop().create_server(
        lambda: _Connection(served), "127.0.0.1", 0, backlog=BACKLOG
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _exit_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Runs the server process."""
    settings = pickle.load(sys.stdin.buffer)  # written by the parent process
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    # Epoll rounds each wait up to a whole millisecond, which is 1 % of 100 ms; select does not.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    loop.run_until_complete(serve(settings))
