"""What several providers need and no reader gives: spans of days, and a publisher's own words for a message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

WORDS_CAP = 200  # characters of a publisher's message that are repeated; more of it is a page, not a reason


def spans(first: date, last: date, max_days: int) -> Iterator[tuple[date, date]]:
    """The days from first to last, both included, in pieces of at most `max_days` days, in order."""
    while first <= last:
        end = min(first + timedelta(days=max_days - 1), last)
        yield first, end
        first = end + timedelta(days=1)


def said(words: object) -> str:
    """What a publisher said, on one line and cut short, fit for a message."""
    return " ".join(str(words).split())[:WORDS_CAP]
