"""How a host is reached: by a proxy of the environment, with a login of netrc, or through a server on this machine."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from rates._version import __version__

USER_AGENT = f"fetch-rates/{__version__} python-requests/{requests.__version__}"
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
}
RUN_HEADER = "X-Rates-Run"


class Route(NamedTuple):
    """How a host is reached: the environment's proxies for it, and the headers to send."""

    proxies: dict[str, str]
    headers: CaseInsensitiveDict[str]


def host_of(url: str) -> tuple[str, str]:
    """Scheme and host with port of a URL."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2]


@cache
def route(scheme: str, host: str) -> Route:
    """Proxies and netrc login for a host as requests reads them from the environment, once a process."""
    url = f"{scheme}://{host}/"
    headers = CaseInsensitiveDict(HEADERS)
    login = requests.utils.get_netrc_auth(url)
    if login:
        headers["Authorization"] = requests.auth._basic_auth_str(*login)
    return Route(requests.utils.get_environ_proxies(url), headers)


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
