"""What the tests of services share: one recorded exchange replayed, and their figures beside the ECB's."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from rates import providers
from rates.fetch.run_provider import run_provider
from rates.model import Query, Reply, Request
from tests.providers.conversation import written
from tests.providers.recordings import SOURCES, Figures, address, body, figures


def exchange(key: str, query: Query, folder: str, number: int, rename: Callable[[str], str] = str) -> Figures:
    """What the provider makes of one recorded exchange, having asked its URL, which `rename` may have to complete."""
    known = {entry["n"]: entry for entry in json.loads(body(f"{folder}/exchange.json"))}[number]
    asked: list[str] = []

    def send(request: Request) -> Reply:
        asked.append(rename(written(request)))
        return Reply(known["response"]["status"], body(f"{folder}/{known['response']['body_file']}"))

    quotes = run_provider(providers.load(key), query, send)
    assert [address(url) for url in asked] == [address(known["request"]["url"])]
    return figures(quotes)


@cache
def _history() -> list[dict[str, str]]:
    with zipfile.ZipFile(SOURCES.parent / "data" / "eurofxref-hist.zip") as archive:
        return list(csv.DictReader(io.StringIO(archive.read(archive.namelist()[0]).decode())))


def far_from_ecb(found: Figures, most: str = "0.02") -> dict[str, Decimal]:
    """The symbols whose rates differ by more than `most` from the ECB's crosses of the day or the last before.

    The value is the ratio of both. Symbols that the ECB does not quote are passed over; some must be left.
    """
    far, compared = {}, 0
    for (base, symbol, day), rate in found.items():
        row = next(row for row in _history() if date.fromisoformat(row["Date"]) <= day) | {"EUR": "1"}
        if row.get(base, "N/A") != "N/A" and row.get(symbol, "N/A") != "N/A":
            compared += 1
            ratio = rate / (Decimal(row[symbol]) / Decimal(row[base]))
            if abs(ratio - 1) > Decimal(most):
                far[symbol] = ratio
    assert compared
    return far
