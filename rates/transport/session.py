"""One adapter of requests a thread, made for many small requests to few hosts.

The environment (proxies, CA bundle, netrc) is read once for a host, the TLS context made once for a process: loading
the CA bundle costs 20-30 ms of processor time, which requests pays for every new connection.
"""

from __future__ import annotations

import os
import re
import ssl
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from certifi import where
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import ProtocolError
from urllib3.util.ssl_ import create_urllib3_context

from rates.errors import BadCertificate
from rates.forks import fork_safe_lock, in_forked_child
from rates.transport.connection import local as local
from rates.transport.connection import watch, with_watched_connections
from rates.transport.message import route

_generation = 0  # grows when all connections must be made again
_tls_lock = fork_safe_lock()
MOST_POOLS = 32  # hosts to which a thread keeps connections


class _Context(ssl.SSLContext):
    """A TLS context whose protocol list is set once: urllib3 sets it at each connection, which is not thread-safe."""

    _alpn_set = False

    def wrap_socket(self, *args: Any, **kwargs: Any) -> Any:
        """Begins the handshake only when the guard has the socket: a server may drip its handshake too."""
        wrapped = super().wrap_socket(*args, **{**kwargs, "do_handshake_on_connect": False})
        watch(wrapped)
        try:
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped

    def set_alpn_protocols(self, *args: Any, **kwargs: Any) -> None:
        if not self._alpn_set:
            self._alpn_set = True
            super().set_alpn_protocols(*args, **kwargs)


def tls_context() -> ssl.SSLContext:
    """The process's TLS context, made once, also when many threads need it for the first time at the same moment."""
    with _tls_lock:
        return _tls_context()


@cache
def _tls_context() -> ssl.SSLContext:
    """Urllib3's settings, and the CA bundle that requests would take."""
    pattern = create_urllib3_context()
    context = _Context(pattern.protocol)
    context.options = pattern.options
    context.minimum_version = pattern.minimum_version
    context.verify_flags = pattern.verify_flags
    context.check_hostname = True
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(["http/1.1"])
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or where()
    if why := _load_bundle(context, bundle):
        raise BadCertificate(f"the CA bundle {bundle} {why}", hint="check REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE")
    return context


def _load_bundle(context: ssl.SSLContext, bundle: str) -> str:
    """Trusts the certificates in a file, or in a folder under hashed names; gives why there are none, else ""."""
    if not os.path.exists(bundle):
        return "is not there"
    if os.path.isdir(bundle):
        if not any(re.fullmatch(r"[0-9a-f]{8}\.\d+", name) for name in os.listdir(bundle)):
            return "is a folder without certificates under hashed names"
        context.load_verify_locations(capath=bundle)
        return ""
    if not os.path.isfile(bundle):  # a pipe or a device may be read for ever
        return "is not a file"
    try:
        context.load_verify_locations(cafile=bundle)
    except ssl.SSLError:
        return "holds no certificate"
    except PermissionError:
        return "cannot be read: permission denied"
    return ""


class Adapter(HTTPAdapter):
    """The adapter of requests over watched connections and the shared TLS context; keeps the pools of all hosts."""

    def open(
        self, method: str, url: str, headers: CaseInsensitiveDict[str], body: bytes, timeout_s: float
    ) -> BaseHTTPResponse:
        """The response to a request that no proxy is used for, its body unread.

        As `send`, without the objects of requests, which take a seventh of a fetch's processor time.
        """
        parts = urlsplit(url)
        path = parts.path or "/"
        try:
            response: BaseHTTPResponse = self._pool(url, parts.scheme, parts.netloc).urlopen(
                method,
                f"{path}?{parts.query}" if parts.query else path,
                body or None,
                headers,
                retries=self.max_retries,
                redirect=False,
                assert_same_host=False,
                timeout=Timeout(connect=timeout_s, read=timeout_s),
                preload_content=False,
                decode_content=False,
            )
        except ProtocolError as error:
            raise requests.ConnectionError(error) from error  # a bare one means that the body broke off
        return response

    def _pool(self, url: str, scheme: str, netloc: str) -> Any:
        """The host's pool of connections, kept, since finding it takes 40 us."""
        pool: Any = self.config.get((scheme, netloc))
        if pool is None or pool.pool is None:  # closed, when the manager had too many
            request = requests.PreparedRequest()
            request.url = url
            pool = self.get_connection_with_tls_context(request, True)
            self.cert_verify(pool, url, True, None)
            if len(self.config) >= MOST_POOLS:  # redirects may lead to any number of hosts
                del self.config[next(iter(self.config))]
            self.config[scheme, netloc] = pool
        return pool

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """The manager of all pools, with watched connections."""
        super().init_poolmanager(*args, **kwargs)
        with_watched_connections(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        """The manager of a proxy's pools, with watched connections."""
        return with_watched_connections(super().proxy_manager_for(*args, **kwargs))

    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """The host of a request, and the TLS context for it."""
        host, tls = super().build_connection_pool_key_attributes(*args, **kwargs)
        return host, ({"ssl_context": tls_context()} if host["scheme"] == "https" else tls)

    def cert_verify(self, conn: Any, url: Any, *args: Any, **kwargs: Any) -> None:
        """Leaves verification to the shared context, which has the bundle already."""
        conn.cert_reqs = "CERT_REQUIRED" if url.startswith("https") else "CERT_NONE"
        conn.ca_certs = conn.ca_cert_dir = None


def adapter() -> Adapter:
    """The thread's adapter, made at first use."""
    found: Adapter | None = getattr(local, "adapter", None)
    if found is None or local.generation != _generation:
        found = Adapter(pool_connections=MOST_POOLS, pool_maxsize=1)
        local.adapter, local.generation = found, _generation
    return found


def forget() -> None:
    """Drops this process's connections and what was read from the environment, which may have changed."""
    _renew()
    _tls_context.cache_clear()
    route.cache_clear()


def generation() -> int:
    """A number that grows when all connections must be made again."""
    return _generation


@in_forked_child
def _renew() -> None:
    """Makes new adapters from now on, in a forked child too; the TLS context holds no connection and is kept.

    A child that used its parent's connections got wrong currencies in 117 of 200 calls.
    """
    global _generation
    _generation += 1
