"""What the issue's figures ask of the asynchronous client: `python tests/benchmarks/bench_aio.py [NAME…]`.

The server is that of bench_fetch, in a process of its own; ours and what it is compared with take turns in one run.
Names: latency, processor, httpx, modes; all of them without one.
"""

from __future__ import annotations

import asyncio
import json
import math
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from bench_fetch import BASES, TODAY, body, server

ROUNDS = 11
FETCHES, AT_ONCE = 1000, 8
Work = Callable[[str], Awaitable[Any]]


def settings() -> Any:
    """Asks the stand-in alone; without the public service's politeness, which would be what is measured."""
    from dataclasses import replace

    from rates.providers import frankfurter
    from rates.settings import Settings

    frankfurter.PROVIDER = replace(frankfurter.PROVIDER, concurrency=512)
    return Settings(provider=("frankfurter",), today=TODAY)


async def all_at_once(mode: str, workers: int, turns: int = 1) -> float:
    """Seconds for 34 bases, so many times."""
    from rates import aio

    start = time.perf_counter()
    async for outcome in aio.fetch_all(BASES * turns, settings(), mode=mode, workers=workers):
        assert outcome.ok, outcome.error
    return time.perf_counter() - start


async def bare(session: Any, url: str, base: str) -> None:
    """What one writes by hand."""
    async with session.get(url, params={"base": base}) as response:
        json.loads(await response.read(), parse_float=Decimal)


def answer(port: Any, latency_s: float) -> None:
    """As bench_fetch's server, in 30 us a request: 34 at once must not wait for the stand-in."""
    answers = {base: whole(base) for base in BASES}

    class Talk(asyncio.Protocol):
        transport: asyncio.Transport
        rest = b""

        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            *heads, self.rest = (self.rest + data).split(b"\r\n\r\n")
            for head in heads:
                base = head.partition(b"base=")[2][:3].decode()
                asyncio.get_running_loop().call_later(latency_s, self.transport.write, answers[base])

    async def forever() -> None:
        served = await asyncio.get_running_loop().create_server(Talk, "127.0.0.1", 0, backlog=256)
        port.put(served.sockets[0].getsockname()[1])
        await served.serve_forever()

    asyncio.run(forever())


def whole(base: str) -> bytes:
    """Head and body."""
    text = body(base)
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)


def latency() -> None:
    """34 in flight, 100 ms, connections open: share of the ideal of 1 and of 30 turns, beside bare aiohttp's."""
    import aiohttp

    async def bare_at_once(url: str, turns: int) -> float:
        bases = iter(BASES * turns)

        async def some() -> None:
            for base in bases:
                await bare(session, url, base)

        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(bare(session, url, base) for base in BASES))
            start = time.perf_counter()
            await asyncio.gather(*(some() for _ in BASES))
            return time.perf_counter() - start

    async def rounds(url: str, turns: int) -> list[tuple[float, float]]:
        return [(await all_at_once("async", 34, turns), await bare_at_once(url, turns)) for _ in range(ROUNDS)]

    with server(0.1, serve=answer) as url:
        for turns in (1, 30):
            times = asyncio.run(rounds(url, turns))
            mine, other = (statistics.median(column) / turns / 0.1 for column in zip(*times[1:], strict=True))
            print(f"latency: {turns} x 34: {mine:.3f} x the ideal, bare aiohttp {other:.3f}")


def modes() -> None:
    """34 bases, 8 workers, 100 ms, by mode: share of ceil(34/8) x 100 ms, opening and closing included."""
    ideal = math.ceil(34 / 8) * 0.1
    with server(0.1):
        for mode in ("async", "thread", "dummy", "asyncio"):

            async def rounds(mode: str = mode) -> list[float]:
                return [await all_at_once(mode, 8) for _ in range(5)]

            print(f"modes: {mode} {statistics.median(asyncio.run(rounds())) / ideal:.3f} x the ideal")


async def spent(work: Work) -> float:
    """Processor microseconds of this process for one fetch."""
    bases = iter([BASES[n % len(BASES)] for n in range(FETCHES)])

    async def some() -> None:
        for base in bases:
            await work(base)

    start = time.process_time()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return (time.process_time() - start) / FETCHES * 1e6


async def compared(ours: Work, theirs: Work) -> tuple[float, float, float]:
    """Both in turns: medians, and the median of the ratios of each pair."""
    pairs = [(await spent(ours), await spent(theirs)) for _ in range(ROUNDS)][1:]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    return mine, other, statistics.median(a / b for a, b in pairs)


def processor() -> None:
    """Processor time of a fetch against bare aiohttp's of the same body: that of the client alone, and of all we do.

    The client's is `send` and `json.loads`; the rest is a table of 30 exact rates with their pedigree, checked.
    """
    import aiohttp

    from rates import aio
    from rates.model import Request
    from rates.transport import Guard, Limits, send
    from rates.transport.io_loop import LOOP

    async def main(url: str) -> None:
        chosen, limits = settings(), Limits(concurrency=512)

        async def client(base: str) -> None:
            with Guard(30.0) as guard:
                reply = await send(LOOP, Request(url, (("base", base),)), limits, guard)
            json.loads(reply.body, parse_float=Decimal)

        async def whole(base: str) -> None:
            assert (await aio.attempt(base, chosen)).ok

        async with aiohttp.ClientSession() as session:
            for name, ours in (("client", client), ("whole", whole)):
                mine, other, ratio = await compared(ours, lambda base: bare(session, url, base))
                print(f"processor: {name} {mine:.0f} us, bare aiohttp {other:.0f} us a fetch: {ratio:.3f} x")

    with server() as url:
        asyncio.run(main(url))


def httpx() -> None:
    """The two clients themselves."""
    import aiohttp
    import httpx as client

    async def main(url: str) -> None:
        async with aiohttp.ClientSession() as session, client.AsyncClient() as another:

            async def by_httpx(base: str) -> None:
                response = await another.get(url, params={"base": base})
                json.loads(response.content, parse_float=Decimal)

            mine, other, ratio = await compared(by_httpx, lambda base: bare(session, url, base))
        print(f"httpx: {mine:.0f} us, aiohttp {other:.0f} us a fetch: {ratio:.2f} x")

    with server() as url:
        asyncio.run(main(url))


if __name__ == "__main__":
    known = {"latency": latency, "processor": processor, "httpx": httpx, "modes": modes}
    for chosen in sys.argv[1:] or known:
        known[chosen]()
