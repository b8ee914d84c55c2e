"""URLs of offline requests: their parts, as a message shows them, and the error for those without an answer."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from rates.errors import NotRecorded

Pairs = tuple[tuple[str, str], ...]

# A mock gets a URL and no Request, so it does not know which params are private: those whose name or value looks like
# a key are left out of messages.
_KEY_NAME = re.compile(r"key|token|app_?id|secret|pass|user|auth|sign", re.IGNORECASE)
_KEY_LIKE = re.compile(r"\A(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_-]{20,}")


def split(url: str) -> tuple[str, Pairs]:
    """The URL without its query, and the query's pairs, sorted."""
    bare, _, query = url.partition("?")
    return bare, tuple(sorted(parse_qsl(query, keep_blank_values=True)))


def fields(body: bytes) -> Pairs:
    """The pairs of a posted form, sorted; a posted document (SOAP, JSON) is one pair with no name."""
    text = body.decode("latin-1")
    if text.lstrip()[:1] in ("<", "{", "["):
        return (("", text),)
    return tuple(sorted(parse_qsl(text, keep_blank_values=True)))


def join(bare: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The inverse of `split`."""
    query = urlencode(tuple(pairs))
    return f"{bare}?{query}" if query else bare


def shown(url: str) -> str:
    """The URL for a message: without a login and without params that may hold a key."""
    bare, pairs = split(url)
    parts = urlsplit(bare)
    clean = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return join(clean, ((k, v) for k, v in pairs if not (_KEY_NAME.search(k) or _KEY_LIKE.fullmatch(v))))


def not_recorded(url: str, why: str = "", folder: str = "DIR", hint: str = "") -> NotRecorded:
    """The error for a URL without an answer; a caller that knows the provider replaces KEY in the hint.

    hint: what to know before the advice to record it.
    """
    return NotRecorded(
        f"no recording of {shown(url)}{f', and {why}' if why else ''}",
        hint=f"{hint}{'; ' if hint else ''}record it with: rates --record {shlex.quote(folder)} --provider KEY",
    )
