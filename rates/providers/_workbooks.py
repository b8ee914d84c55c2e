"""What providers share whose publisher keeps all its days in one file, linked from a page: the link, and the days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from urllib.parse import quote, urljoin

from rates import readers
from rates.errors import NoRates
from rates.model import Query, Quote

# An address may hold blanks, which browsers escape; what is escaped already stays.
SAFE = "%/:?&=+,;@!$'()*~#"


def link(page: bytes, base: str, address: str, words: str = "") -> str:
    """The first link of a page whose address matches the one expression and whose text the other, made absolute."""
    for href, text in readers.links(readers.text(page)):
        if re.search(address, href, re.IGNORECASE) and re.search(words, text):
            return absolute(base, href)
    raise ValueError(f"the page links to no address like {address}")


def absolute(base: str, href: str) -> str:
    """The address of a link on a page of that address."""
    return quote(urljoin(base, href.strip()), safe=SAFE)


def of_days(
    read: Callable[[date, date], Iterable[Quote]], query: Query, gap_days: int, late_days: int = 100
) -> list[Quote]:
    """The quotes of the days asked for: `read` gives those from one day to another, whole files being long.

    For the latest it reads `late_days` back, a monthly file being weeks late, and all if that gives nothing. Days that
    the file does not list are the publisher's word that it set no rates; a file that lists none is not.
    """
    if query.start is None or query.end is None:
        recent = list(read(query.today - timedelta(days=late_days), date.max))
        return recent or list(read(date.min, date.max))
    first, last = query.span(gap_days)
    quotes = list(read(first, last))
    if not quotes:
        if next(iter(read(date.min, date.max)), None) is None:
            raise ValueError("the file lists no day")
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes
