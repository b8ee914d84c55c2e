"""The data of the package: questions, requests, answers, rates. All are frozen and picklable; none does I/O.

What is asked is loaded at first use: a table that needs no publisher is shown without it, 2 ms sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rates.model.answer import (
    ONE,
    PUBLISHED_DIGITS,
    DerivedRate,
    Failed,
    Fetched,
    How,
    Outcome,
    Quote,
    RateTable,
    Timing,
)

if TYPE_CHECKING:
    from rates.model.question import Provider, Query, Reply, Request

__all__ = [
    "ONE",
    "PUBLISHED_DIGITS",
    "DerivedRate",
    "Failed",
    "Fetched",
    "How",
    "Outcome",
    "Provider",
    "Query",
    "Quote",
    "RateTable",
    "Reply",
    "Request",
    "Timing",
]


def __getattr__(name: str) -> Any:
    """Loads what is asked at first use."""
    if name not in ("Provider", "Query", "Reply", "Request"):
        raise AttributeError(f"module 'rates.model' has no attribute {name!r}")
    from rates.model import question

    globals().update({noun: getattr(question, noun) for noun in ("Provider", "Query", "Reply", "Request")})
    return globals()[name]
