"""One requests.Session a thread, made for many small requests to few hosts.

The environment (proxies, CA bundle, netrc) is read once for a host, the TLS context made once for a process: loading
the CA bundle costs 20-30 ms of processor time, which requests pays for every new connection.
"""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from rates._version import __version__
from rates.transport.watchdog import Guard

USER_AGENT = f"fetch-rates/{__version__} python-requests/{requests.__version__}"
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
}

# What the thread is doing: its session, and the guard of the fetch under way.
local = threading.local()
_generation = 0  # grows when all sessions are to be made anew


class _Watched:
    """Tells the fetch's guard which socket to shut at the deadline."""

    sock: Any

    def _new_conn(self) -> Any:
        """Resolves and connects in a thread of its own: the resolver heeds no timeout, the fetch's deadline must."""
        guard: Guard | None = getattr(local, "guard", None)
        connect = super()._new_conn  # type: ignore[misc]
        return connect() if guard is None else _connected(connect, guard)

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        _watch(self.sock)

    def getresponse(self) -> Any:
        _watch(self.sock)  # a kept-alive connection does not connect again
        return super().getresponse()  # type: ignore[misc]


def _connected(connect: Callable[[], Any], guard: Guard) -> Any:
    """What `connect` gives, or raises, within the guard's time; a socket that comes too late is closed."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            sock = connect()
        except BaseException as error:
            if not future.cancelled():
                future.set_exception(error)
            return
        if not future.set_running_or_notify_cancel():
            sock.close()
        else:
            future.set_result(sock)

    threading.Thread(target=run, name="rates-connect", daemon=True).start()
    guard.waking = future.cancel
    try:
        return future.result(max(0.0, guard.left()) + 0.02)
    except (TimeoutError, CancelledError):
        future.cancel()
        guard.check()
        raise
    finally:
        guard.waking = None


def _watch(sock: Any) -> None:
    guard: Guard | None = getattr(local, "guard", None)
    if guard is not None:
        guard.sock = sock
        if guard.fired:
            guard.fire()


class _HTTPConnection(_Watched, HTTPConnection):
    """A plain connection under watch."""


class _HTTPSConnection(_Watched, HTTPSConnection):
    """A TLS connection under watch."""


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


_POOLS = {"http": _HTTPPool, "https": _HTTPSPool}


class _Context(ssl.SSLContext):
    """A TLS context whose protocol list is set once: urllib3 sets it at each connection, which is not thread-safe."""

    _listed = False

    def set_alpn_protocols(self, alpn_protocols: Any) -> None:
        if not self._listed:
            self._listed = True
            super().set_alpn_protocols(alpn_protocols)


@cache
def tls_context() -> ssl.SSLContext:
    """The process's TLS context: urllib3's settings, and the CA bundle that requests would take."""
    pattern = create_urllib3_context()
    context = _Context(pattern.protocol)
    context.options = pattern.options
    context.minimum_version = pattern.minimum_version
    context.verify_flags = pattern.verify_flags
    context.check_hostname = True
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["http/1.1"])
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or requests.certs.where()
    if not os.path.exists(bundle):
        raise FileNotFoundError(f"no CA bundle {bundle}")
    if os.path.isdir(bundle):
        context.load_verify_locations(capath=bundle)
    else:
        context.load_verify_locations(cafile=bundle)
    return context


class _Adapter(HTTPAdapter):
    """Requests' adapter over watched connections and the shared TLS context."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS  # type: ignore[attr-defined]

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, ({"ssl_context": tls_context()} if host["scheme"] == "https" else tls)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leaves the verifying to the shared context, which loaded the bundle already."""
        conn.cert_reqs = "CERT_REQUIRED" if url.startswith("https") else "CERT_NONE"
        conn.ca_certs = conn.ca_cert_dir = None


class Route(NamedTuple):
    """How a host is reached from here: the environment's proxies for it, and the headers to send."""

    proxies: dict[str, str]
    headers: CaseInsensitiveDict[str]


@cache
def route(scheme: str, host: str) -> Route:
    """Proxies and netrc login for a host as requests reads them from the environment, once a process."""
    url = f"{scheme}://{host}/"
    headers = CaseInsensitiveDict(HEADERS)
    login = requests.utils.get_netrc_auth(url)
    if login:
        headers["Authorization"] = requests.auth._basic_auth_str(*login)
    return Route(requests.utils.get_environ_proxies(url), headers)


def session() -> requests.Session:
    """This thread's session; made at first use, its adapter's pools kept for all hosts."""
    found: requests.Session | None = getattr(local, "session", None)
    if found is None or local.generation != _generation:
        found = requests.Session()
        found.trust_env = False  # `route` has read it
        adapter = _Adapter(pool_connections=32, pool_maxsize=1)
        found.mount("https://", adapter)
        found.mount("http://", adapter)
        local.session, local.generation = found, _generation
    return found


def host_of(url: str) -> tuple[str, str]:
    """Scheme and host with port of a URL."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2]


def forget() -> None:
    """Drops this process's sessions and what was read from the environment, which may have changed."""
    global _generation
    _generation += 1
    tls_context.cache_clear()
    route.cache_clear()


# A forked child must not read its parent's connections: that gave wrong currencies in 117 of 200 calls.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)
