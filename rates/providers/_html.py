"""What providers need whose data are web pages: whole pages, a table by its head, and cookies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rates import readers
from rates.model import Reply

_COOKIE = re.compile(r"(?:^|,)\s*([^=;,\s]+=[^;,]*)")


def whole(body: bytes, encoding: str = "utf-8-sig") -> str:
    """The text of a page that has its end; one without was cut, and may lack tables that nobody would miss."""
    page = readers.text(body, encoding)
    if "</html>" not in page[-2000:].lower():
        raise ValueError(f"the page does not end: {page[-40:]!r}")
    return page


def below(tables: Iterable[list[list[str]]], head: Sequence[str]) -> list[list[str]]:
    """The rows below the row `head` of the first table that has it; ValueError when none has."""
    for table in tables:
        if list(head) in table:
            return table[table.index(list(head)) + 1 :]
    raise ValueError(f"no table has the head {', '.join(head)}")


def cookies(reply: Reply) -> tuple[tuple[str, str], ...]:
    """The header that sends back the cookies that the answer set; none when it set none."""
    pairs = _COOKIE.findall(reply.headers.get("set-cookie", ""))
    return (("Cookie", "; ".join(pairs)),) if pairs else ()
