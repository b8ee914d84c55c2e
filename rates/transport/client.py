"""One exchange with a server over aiohttp, and the session that an event loop keeps for all of them.

Chosen by measurement (2026-11, Python 3.11, loopback, JSON of 30 currencies, 8 in flight): 0.25-0.34 ms of processor
time a fetch with json.loads, against 2.4-2.7 ms of httpx; this module takes 1.0-1.2 times as long as bare aiohttp. The
session only opens and keeps connections; redirects, cookies, decoding and the environment are handled here, as with
requests.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import requests
from aiohttp.abc import AbstractResolver, ResolveResult
from multidict import CIMultiDict
from requests.structures import CaseInsensitiveDict
from requests.utils import prepend_scheme_if_needed, select_proxy
from yarl import URL

from rates._version import __version__
from rates.errors import ProxyFailed, Truncated
from rates.model import Reply, Request
from rates.offload import PerLoop, ThreadsafeEvent, offload
from rates.transport import failures
from rates.transport import session as _session
from rates.transport.body import Body
from rates.transport.loop_connector import Connector, Use, current_use
from rates.transport.message import USER_AGENT as OURS
from rates.transport.message import Route, message
from rates.transport.resolver import found, look_up

USER_AGENT = f"fetch-rates/{__version__} aiohttp/{aiohttp.__version__}"
TRANSLATIONS: tuple[failures.Translation, ...] = (
    ((aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError), ProxyFailed,
     "the proxy for {host} does not answer: {why}", "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"),
    # A response error is one of the parser's: statuses raise nothing.
    ((aiohttp.ClientPayloadError, aiohttp.ClientResponseError), Truncated,
     "the answer of {host} broke off or is damaged", ""),
    *failures.TRANSLATIONS,
)  # fmt: skip
# The limit of http.client: some publishers' security headers are longer than aiohttp's 8 kB.
LONGEST_LINE = 65_536
CHUNKS_A_TURN = 16  # decoded (a megabyte, 3 ms) before other tasks of the loop run


async def exchange(request: Request, url: str, host: str, route: Route, max_bytes: int, timeout_s: float) -> Reply:
    """The whole decoded answer to one request; the library's own exceptions are left to `failures.translate`."""
    try:
        response = await _open(request, url, host, route, timeout_s, Use(fresh=False))
    except _Dropped:
        response = await _open(request, url, host, route, timeout_s, Use(fresh=True))
    try:
        return await _read(response, Body(response.headers, max_bytes))
    except BaseException:
        response.close()  # a connection in the middle of an answer must not be used again
        raise


class _Dropped(aiohttp.ClientConnectionError):
    """A kept connection ended before the first byte of an answer."""


async def _open(
    request: Request, url: str, host: str, route: Route, timeout_s: float, use: Use
) -> aiohttp.ClientResponse:
    """The response to a request, its body unread."""
    here = loop_session()
    session = await here.session()
    method, headers, body = message(request, route.headers)
    proxy = _proxy(url, host, route.proxies) if route.proxies else None
    current_use.set(use)
    try:
        return await session.request(
            method,
            URL(url, encoded=True),
            headers=here.headers(headers),
            data=body or None,
            allow_redirects=False,
            proxy=proxy,
            ssl=await here.tls() if url.startswith("https:") or route.proxies else True,
            timeout=here.timeout(timeout_s),
        )
    except aiohttp.ServerTimeoutError:
        raise
    except aiohttp.ClientConnectorDNSError as error:
        if proxy is None:
            raise
        raise requests.exceptions.ProxyError(error) from error  # beside a proxy no other name is resolved
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if use.begun:
            raise aiohttp.ClientPayloadError("the head of the answer broke off") from error
        if use.kept:
            raise _Dropped(str(error)) from error
        raise


async def _read(response: aiohttp.ClientResponse, body: Body) -> Reply:
    """The answer, its body decoded and counted while it arrives."""
    chunks = 0
    try:
        while piece := await response.content.readany():
            for _ in body.feed(piece):
                chunks += 1
                if chunks % CHUNKS_A_TURN == 0:
                    await asyncio.sleep(0)
    except aiohttp.ServerTimeoutError:
        raise
    except aiohttp.ClientConnectionError as error:
        raise aiohttp.ClientPayloadError(str(error)) from error
    return body.reply(response.status)


def _proxy(url: str, host: str, proxies: dict[str, str]) -> URL | None:
    """The proxy for a URL, as requests would choose it."""
    chosen = select_proxy(url, proxies)
    if not chosen:
        return None
    try:
        proxy = URL(prepend_scheme_if_needed(chosen, "http"))  # type: ignore[no-untyped-call]
    except ValueError:
        proxy = URL()
    if proxy.scheme not in ("http", "https") or not proxy.host:
        hint = "mode async knows only http proxies; use another mode with a SOCKS proxy"
        raise ProxyFailed(f"the proxy for {host} cannot be used", hint=hint)
    return proxy


class _Resolver(AbstractResolver):
    """Resolves names beside the loop, in look-ups that all loops and threads share."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET, *args: Any, **kwargs: Any
    ) -> list[ResolveResult]:
        """The addresses of a host."""
        looked_up = look_up((host, port, family, socket.AI_ADDRCONFIG))
        if not looked_up.done():
            event = ThreadsafeEvent()
            looked_up.add_done_callback(lambda _: event.set())
            await event.wait()
        numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=_numeric(address), port=port, family=kind, proto=proto, flags=numeric)
            for kind, _, proto, _, address in found(looked_up)
        ]

    async def close(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is kept."""


def _numeric(address: tuple[object, ...]) -> str:
    """The address in figures; a link-local one with its interface."""
    scope = address[3] if len(address) == 4 else 0
    return f"{address[0]}%{scope}" if scope else str(address[0])


class _LoopSession:
    """What is kept for a loop: its session, made again after `session.forget`, and its TLS context."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._generation = -1
        self._tls: ssl.SSLContext | None = None
        self._common: tuple[object, CIMultiDict[str]] = (None, CIMultiDict())
        self._timeout = (0.0, aiohttp.ClientTimeout())
        self._end: AsyncGenerator[None, None] | None = None

    async def session(self) -> aiohttp.ClientSession:
        """The loop's session."""
        if self._session is None or self._generation != _session.generation():
            await self.close()
            self._generation = _session.generation()
            self._session = aiohttp.ClientSession(
                connector=Connector(limit=0, resolver=_Resolver()),  # `rate_limit` limits them
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                max_line_size=LONGEST_LINE,
                max_field_size=LONGEST_LINE,
            )
            self._session._retry_connection = False  # a new connection's failure is one; see `exchange`
            self._end = self._close_with_loop()
            await anext(self._end)
        return self._session

    async def tls(self) -> ssl.SSLContext:
        """The process's TLS context, whose CA bundle takes 20-30 ms to load."""
        if self._tls is None:
            self._tls = await offload(_session.tls_context)
        return self._tls

    def headers(self, headers: CaseInsensitiveDict[str]) -> CIMultiDict[str]:
        """The headers as aiohttp takes them; those of the last host are kept."""
        if self._common[0] is headers:
            return self._common[1]
        made = CIMultiDict(headers)
        if made.get("User-Agent") == OURS:
            made["User-Agent"] = USER_AGENT
        self._common = headers, made
        return made

    def timeout(self, seconds: float) -> aiohttp.ClientTimeout:
        """The timeout of each wait; the whole fetch has its own deadline. Most requests have the same."""
        if self._timeout[0] != seconds:
            limits = aiohttp.ClientTimeout(total=None, sock_connect=seconds, sock_read=seconds)
            self._timeout = seconds, limits
        return self._timeout[1]

    async def _close_with_loop(self) -> AsyncGenerator[None, None]:
        """The loop closes its asynchronous generators before it ends, and so closes the session."""
        try:
            yield
        finally:
            self._end = None
            await self.close()

    async def close(self) -> None:
        """Closes the session and its connections."""
        session, self._session, self._tls = self._session, None, None
        end, self._end = self._end, None
        if session is not None:
            await session.close()
        if end is not None:
            await end.aclose()


loop_session = PerLoop(_LoopSession)
