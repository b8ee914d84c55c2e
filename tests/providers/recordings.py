"""Recorded answers of the publishers, replayed through `steps`, and what every second reading of them needs.

The recordings are not ours to ship: they are looked for beside the repository, and the tests skip without them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from rates import providers
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply, Request
from tests.providers.conversation import written

SOURCES = Path(__file__).parents[2].parent / "shared" / "sources"
recordings = pytest.mark.skipif(
    not (SOURCES / "exchanges").is_dir(), reason=f"no recorded answers at {SOURCES}; they are not part of the package"
)

Figures = dict[tuple[str, str, date], Decimal]
Address = tuple[str, tuple[tuple[str, str], ...]]


def body(name: str) -> bytes:
    """One recorded body, such as nbp/1.json."""
    return (SOURCES / "exchanges" / name).read_bytes()


def official(name: str) -> bytes:
    """One recorded body of the official publishers, such as hmrc/monthly_xml_2026-8.xml."""
    return (SOURCES / "official" / name).read_bytes()


def recorded(folder: str) -> dict[Address, Reply]:
    """The recorded answers of a folder by address."""
    exchanges = json.loads(body(f"{folder}/exchange.json"))
    return {
        address(exchange["request"]["url"]): Reply(
            exchange["response"]["status"], body(f"{folder}/{exchange['response']['body_file']}")
        )
        for exchange in exchanges
    }


def address(url: str) -> Address:
    """A URL without the order of its query."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}", tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


def replay(key: str, query: Query, folder: str = "", rename: Callable[[str], str] = str) -> Figures:
    """What the provider makes of the recorded answers, each figure once. `rename` maps a URL to the recorded one."""
    known = recorded(folder or key)
    asked: set[Address] = set()

    def send(request: Request) -> Reply:
        where = address(rename(written(request)))
        asked.add(where)
        return known[where]

    quotes = run_provider(providers.load(key), query, send)
    assert asked
    return figures(quotes)


def figures(quotes: Any) -> Figures:
    """Quotes as a mapping; one that comes twice must say the same."""
    found: Figures = {}
    quote: Quote
    for quote in quotes:
        where = (quote.base, quote.symbol, quote.day)
        assert found.setdefault(where, quote.rate) == quote.rate
    return found


def in_sample(key: str) -> set[str]:
    """The currencies that the recordings are known to hold."""
    sources = json.loads((SOURCES / "sources.json").read_bytes())
    (source,) = [source for source in sources if source["key"] == key.upper()]
    return set(source["in_sample"]["currencies"])


def codes(found: Figures) -> set[str]:
    """All codes on either side."""
    return {code for base, symbol, _ in found for code in (base, symbol)}


def dotted(text: str) -> date:
    """A day as 31.12.2026."""
    return datetime.strptime(text, "%d.%m.%Y").date()


def asked(start: str, end: str, base: str) -> Query:
    """A range as of its last day."""
    return Query(base, (), date.fromisoformat(start), date.fromisoformat(end), date.fromisoformat(end))
