"""Requests as they are sent, and which way they go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

import requests
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict

from rates.errors import KeyRefused
from rates.model import Request
from rates.transport import session as _session

RUN_HEADER = "X-Rates-Run"
_NO_COOKIES = requests.cookies.RequestsCookieJar()


def way(url: str, scheme: str, host: str, through: str, run: str) -> tuple[str, _session.Route]:
    """The address to send a request for `url` to, and its route: that of its host, unless all go `through` another.

    That one, as "127.0.0.1:8080", is asked over plain HTTP with the true address as its path, and told the run.
    """
    if not through:
        return url, _session.route(scheme, host)
    return f"http://{through}/{url.replace('://', '/', 1)}", _detour(run)


@lru_cache(maxsize=64)
def _detour(run: str) -> _session.Route:
    """No proxy, no login, and the run in a header."""
    return _session.Route({}, CaseInsensitiveDict({**_session.HEADERS, RUN_HEADER: run}))


def prepared(request: Request, url: str, common: Mapping[str, str]) -> requests.PreparedRequest:
    """A prepared request without the preparing, which costs more than the sending: all its parts are known."""
    made = requests.PreparedRequest()
    made.method = "POST" if request.form or request.content else "GET"
    made.url = url
    made.hooks = default_hooks()
    made._cookies = _NO_COOKIES  # type: ignore[attr-defined]
    made.headers = common  # type: ignore[assignment]
    if request.headers or request.form or request.content:
        _check_headers(request)
        made.headers = requests.structures.CaseInsensitiveDict(common)
        made.headers.update(request.headers)
    if request.form:
        made.headers["Content-Type"] = "application/x-www-form-urlencoded"
    if body := urlencode(request.form).encode("ascii") or request.content:
        made.body = body
        made.headers["Content-Length"] = str(len(body))
    return made


def _check_headers(request: Request) -> None:
    """Refuses a key that no header can carry, before http.client refuses it with a message that shows it."""
    private = frozenset(name.lower() for name in request.private)
    for name, value in request.headers:
        if name.lower() in private and re.search(r"[^\x20-\x7e]", value):
            raise KeyRefused("the key holds a line break or a letter that cannot be sent", hint="set it anew")
