"""What goes over the wire for a request: its URL, method, headers and body."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from requests.structures import CaseInsensitiveDict

from rates.errors import KeyRefused
from rates.model import Request


def full_url(request: Request) -> str:
    """The URL that is asked for, with its query; it may hold a key."""
    query = urlencode(request.params)
    return f"{request.url}{'&' if '?' in request.url else '?'}{query}" if query else request.url


def public_url(request: Request) -> str:
    """The URL with its query but without the params that hold a key."""
    shown = tuple((name, value) for name, value in request.params if name not in request.private)
    return full_url(Request(request.url, shown))


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


def private_names(request: Request) -> frozenset[str]:
    """The names of params and headers that hold a key, in lower case."""
    return frozenset(name.lower() for name in request.private)


def _check_headers(request: Request) -> None:
    """Refuses a key that no header can carry, before a library refuses it with a message that shows it."""
    private = private_names(request)
    for name, value in request.headers:
        if name.lower() in private and re.search(r"[^\x20-\x7e]", value):
            raise KeyRefused("the key holds a line break or a letter that cannot be sent", hint="set it again")
