"""Names that have moved to the kit, for the modules that still import them from here."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from datetime import date

from rates.model import Quote, Reply, Request
from rates.providers.kit import SATURDAY, SUNDAY, WEEKEND
from rates.providers.kit import by_day_pieces as by_day

__all__ = ["SATURDAY", "SUNDAY", "WEEKEND", "by_day", "lists"]

One = Callable[[date], Generator[Request, Reply, Iterable[Quote]]]


def lists(ask: Callable[[date], Request], parse: Callable[[bytes], Iterable[Quote]]) -> One:
    """What gets a day's quotes with one request."""

    def one(day: date) -> Generator[Request, Reply, Iterable[Quote]]:
        reply = yield ask(day)
        return parse(reply.body)

    return one
