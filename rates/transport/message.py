"""What goes over the wire for a request: its URL, method, headers and body.

And how its host is reached: by a proxy of the environment, with a login of netrc, or through a server on this machine.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from rates._version import __version__
from rates.errors import KeyRefused, ProxyFailed
from rates.model import Request
from rates.transport.redact import private_names

USER_AGENT = f"fetch-rates/{__version__} python-requests/{requests.__version__}"
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
}
RUN_HEADER = "X-Rates-Run"


def full_url(request: Request) -> str:
    """The URL that is asked for, with its path filled in and its query; it may hold a key."""
    url, query = request.url, urlencode(request.params)
    for name, value in request.path:
        url = url.replace(f"{{{name}}}", quote(value, safe=""))
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def message(request: Request, common: CaseInsensitiveDict[str]) -> tuple[str, CaseInsensitiveDict[str], bytes]:
    """Method, headers (`common` itself where there are no others) and body of a request."""
    if not (request.headers or request.form or request.content):
        return "GET", common, b""
    _check_headers(request)
    headers = CaseInsensitiveDict(common)
    headers.update(request.headers)
    if request.form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    body = urlencode(request.form).encode("ascii") or request.content
    if body:
        headers["Content-Length"] = str(len(body))
    return "POST" if request.form or request.content else "GET", headers, body


def _check_headers(request: Request) -> None:
    """Refuses a key that no header can carry, before a library refuses it with a message that shows it."""
    private = private_names(request)
    for name, value in request.headers:
        if name.lower() in private and re.search(r"[^\x20-\x7e]", value):
            raise KeyRefused("the key holds a line break or a letter that cannot be sent", hint="set it again")


# --- the route -------------------------------------------------------------------------------------------------------


class Route(NamedTuple):
    """How a host is reached: the environment's proxies for it, and the headers to send."""

    proxies: dict[str, str]
    headers: CaseInsensitiveDict[str]


def host_of(url: str) -> tuple[str, str]:
    """Scheme and host with port of a URL."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2]


@lru_cache(maxsize=256)  # redirects may lead to any number of hosts
def route(scheme: str, host: str) -> Route:
    """Proxies and netrc login for a host as requests reads them from the environment, once a process."""
    url = f"{scheme}://{host}/"
    headers = CaseInsensitiveDict(HEADERS)
    login = _netrc_login(urlsplit(url).hostname or "")
    if login:
        headers["Authorization"] = requests.auth._basic_auth_str(*login)
    return Route(_proxies(url), headers)


def _proxies(url: str) -> dict[str, str]:
    """The environment's proxies for a URL; `ProxyFailed` if the proxy is not a valid address."""
    found: dict[str, str] = requests.utils.get_environ_proxies(url)
    chosen = requests.utils.select_proxy(url, found)
    if chosen:
        try:
            parts = urlsplit(chosen if "://" in chosen else f"http://{chosen}")
            right = re.fullmatch(r"[\w.:-]+", parts.hostname or "") and (parts.port or True)
        except ValueError:
            right = False
        if not right:
            raise ProxyFailed("the proxy's address is no URL", hint="check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY")
    return found


def _netrc_login(host: str) -> tuple[str, str] | None:
    """The login that the user's netrc has for this very host.

    Its entry `default` is for hosts that the user knows; requests would send it to every publisher.
    """
    from netrc import NetrcParseError, netrc

    for file in filter(None, (os.environ.get("NETRC"), "~/.netrc", "~/_netrc")):
        path = os.path.expanduser(file)
        if os.path.exists(path):
            try:
                login, _, password = netrc(path).hosts.get(host, ("", "", ""))
            except (NetrcParseError, OSError, ValueError):  # as requests does: it may belong to another program
                return None
            return (login, password or "") if login else None
    return None


def address(url: str, scheme: str, host: str, through: str, run: str) -> tuple[str, Route]:
    """The address to send a request for `url` to, and its route.

    through: a server as "127.0.0.1:8080" that answers for all hosts; it is asked over plain HTTP with the true address
    as its path, and the run in a header.
    """
    if not through:
        return url, route(scheme, host)
    return f"http://{through}/{url.replace('://', '/', 1)}", _local_route(run)


@lru_cache(maxsize=64)
def _local_route(run: str) -> Route:
    """No proxy, no login, and the run in a header."""
    return Route({}, CaseInsensitiveDict({**HEADERS, RUN_HEADER: run}))
