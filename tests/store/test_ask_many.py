from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import RatesError
from rates.fetch import Answer
from rates.model import Quote
from rates.providers import load
from rates.run import Part, fetch_parts
from rates.settings import Settings
from rates.store.ask import source_of
from rates.store.ask_many import needed, parts
from rates.store.records import Rule, When

TODAY = date(2026, 10, 30)


def day(number: int) -> date:
    """A day of October 2026."""
    return date(2026, 10, number)


def figure(number: int, symbol: str = "USD", last: int | None = None) -> Quote:
    """A figure of that day, or from it to the last one."""
    return Quote("EUR", symbol, Decimal(number), day(number), None if last is None else day(last))


def answer(*quotes: Quote) -> Answer:
    """An answer of the network."""
    return Answer(quotes, "", None, "ab")


@pytest.mark.parametrize(
    ("days", "rule", "spans"),
    [
        ((20,), Rule(When.EXACT), [(20, 20)]),
        ((20,), Rule(), [(13, 20)]),
        ((20,), Rule(When.BEFORE, 3), [(17, 19)]),
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


def fetched(on: date, rule: Rule) -> tuple[Part, Answer | RatesError]:
    """The one request for the rates of a day, and its answer from the history in the package."""
    settings = Settings(offline=True, today="2026-10-30", mode="sequential")
    asked = parts(load("ecb").PROVIDER, {"": [on]}, rule, TODAY, {})
    (one,) = fetch_parts(asked, ("ecb",), settings, settings.workers)
    return one


def test_a_fetch() -> None:
    """The figures come as published; a failure is a value."""
    part, found = fetched(day(20), Rule(max_age=0))
    assert part == ("ecb", "", (day(20), day(20)))
    assert not isinstance(found, RatesError)
    assert {quote.base for quote in found.quotes} == {"EUR"}
    assert day(20) in {quote.day for quote in found.quotes}
    _, failed = fetched(date(1990, 1, 1), Rule())
    assert isinstance(failed, RatesError)
    source = source_of("ecb", "", [((day(20), day(20)), found)])
    assert source.nearest("ecb", ("EUR", "USD"), day(20), later=False) == day(20)
    assert len(list(source.between("ecb", ("EUR", "USD"), day(20), day(20)))) == 1
    assert (source.name, bool(source.known("ecb", ())), bool(source.known("nbp", ()))) == (
        "ecb-history", True, False
    )  # fmt: skip


def test_what_is_known_is_not_asked() -> None:
    """Days at hand need no request; of a publisher that answers for one day, the newest day alone is asked for."""
    facts, rule = load("ecb").PROVIDER, Rule(max_age=3)
    assert parts(facts, {"": [day(20)]}, rule, TODAY, {"": [(day(15), day(18))]}) == [
        Part("ecb", "", (day(19), day(20)))
    ]
    assert parts(facts, {"": [day(20)]}, rule, TODAY, {"": [(day(15), day(25))]}) == []
    alone = replace(facts, answers=("day",))
    before = Rule(When.BEFORE, 3)
    assert parts(alone, {"": [day(20)]}, before, TODAY, {}) == [Part("ecb", "", (day(19), day(19)))]
