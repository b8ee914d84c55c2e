from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.cli.fetched_days import FetchedDays, fetch_days, needed
from rates.errors import RatesError
from rates.fetch import Answer
from rates.model import Quote
from rates.settings import Settings
from rates.store.records import Rule, When

TODAY = date(2026, 10, 30)


def day(number: int) -> date:
    """A day of October 2026."""
    return date(2026, 10, number)


def figure(number: int, symbol: str = "USD", last: int | None = None) -> Quote:
    """A figure of that day, or from it to the last one."""
    return Quote("EUR", symbol, Decimal(number), day(number), last and day(last))


def answer(*quotes: Quote) -> Answer:
    """An answer of the network."""
    return Answer(quotes, "", None, "ab")


@pytest.mark.parametrize(
    ("days", "rule", "spans"),
    [
        ((20,), Rule(When.EXACT), [(20, 20)]),
        ((20,), Rule(), [(13, 20)]),
        ((20,), Rule(When.BEFORE, 3), [(17, 20)]),
        ((20,), Rule(When.NEXT, 3), [(20, 23)]),
        ((20,), Rule(When.NEAREST, 3), [(17, 23)]),
        ((29,), Rule(When.NEXT), [(29, 31)]),  # nothing is published for the day after tomorrow
        ((1, 10, 20), Rule(When.EXACT), [(1, 20)]),
        ((1, 20), Rule(When.EXACT), [(1, 1), (20, 20)]),
    ],
)
def test_what_is_needed(days: tuple[int, ...], rule: Rule, spans: list[tuple[int, int]]) -> None:
    """The days that the rule may use, those near each other as one span."""
    assert needed(map(day, days), rule, TODAY) == [(day(first), day(last)) for first, last in spans]


def test_a_fetch() -> None:
    """The figures come as published; a failure is a value."""
    settings = Settings(offline=True, today="2026-10-30", mode="sequential")
    ((part, found),) = fetch_days("ecb", ("USD",), [day(20)], Rule(max_age=0), settings)
    assert part == ("ecb", "", (day(20), day(20)))
    assert not isinstance(found, RatesError)
    assert {quote.base for quote in found.quotes} == {"EUR"}
    assert day(20) in {quote.day for quote in found.quotes}
    ((_, failed),) = fetch_days("ecb", ("USD",), [date(1990, 1, 1)], Rule(), settings)
    assert isinstance(failed, RatesError)
    source = FetchedDays("ecb")
    source.add(found)
    assert source.nearest("ecb", ("EUR", "USD"), day(20), later=False) == day(20)
    assert len(list(source.between("ecb", ("EUR", "USD"), day(20), day(20)))) == 1
    assert (source.name, bool(source.known("ecb", ())), bool(source.known("nbp", ()))) == (
        "ecb-history", True, False
    )  # fmt: skip
