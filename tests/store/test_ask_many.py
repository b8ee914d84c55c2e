from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rates.errors import ConnectionRefused, NoRates, ParseError, RatesError
from rates.fetch import Answer
from rates.model import Query, Quote
from rates.providers import Steps, load
from rates.run import Part, fetch_parts
from rates.settings import Settings
from rates.store.ask import source_of
from rates.store.ask_many import ask_many, needed, parts
from rates.store.at_hand import AtHand, Question
from rates.store.lookup import plan
from rates.store.records import Rule, When
from tests.fetch.publisher import facts, giving, known_as, module

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
    bank, rule = load("ecb").PROVIDER, Rule(max_age=3)
    assert parts(bank, {"": [day(20)]}, rule, TODAY, {"": [(day(15), day(18))]}) == [
        Part("ecb", "", (day(19), day(20)))
    ]
    assert parts(bank, {"": [day(20)]}, rule, TODAY, {"": [(day(15), day(25))]}) == []
    alone = replace(bank, answers=("day",))
    before = Rule(When.BEFORE, 3)
    assert parts(alone, {"": [day(20)]}, before, TODAY, {}) == [Part("ecb", "", (day(19), day(19)))]


def question(number: int) -> Question:
    """The rate of the euro in dollars on a day of October."""
    return Question(plan("EUR", "USD", day(number)), day(number), Rule(When.EXACT))


def at_hand_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answers: Mapping[date, Exception], asked: list[date], **more: Any
) -> AtHand:
    """What is at hand of a bank that answers for one day at a time, by an error or with that day's rate."""

    def steps(query: Query) -> Steps:
        assert query.end is not None
        asked.append(query.end)
        if query.end in answers:
            raise answers[query.end]
        return [Quote("EUR", "USD", Decimal(query.end.day), query.end)]
        yield

    known_as(monkeypatch, module(facts(answers=("day",)), steps))
    settings = Settings(provider="bank", today="2026-10-30", mode="sequential", when="exact", retries=0, **more)
    return AtHand(settings.with_values(store=str(tmp_path / "rates.db")))


def test_each_day_is_asked_for_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rate is then at hand and in the store, a day without rates at hand; a day that failed is asked for again."""
    asked: list[date] = []
    answers = {day(8): NoRates("a holiday", provider="bank"), day(9): ParseError("a page", provider="bank")}
    at_hand = at_hand_of(monkeypatch, tmp_path, answers, asked)
    questions = [question(number) for number in (7, 8, 9)]
    rates, errors = ask_many(at_hand, questions)
    assert {one.on.day: int(rate.rate) for one, rate in rates.items()} == {7: 7}
    assert {one.on.day: [type(error) for error in met] for one, met in errors.items()} == {
        8: [NoRates], 9: [ParseError]
    }  # fmt: skip
    assert asked == [day(7), day(8), day(9)]
    for again, times in ((at_hand, [9]), (AtHand(at_hand.settings), [8, 9])):  # in the store 8 is not settled before 9
        asked.clear()
        rates, errors = ask_many(again, questions)
        assert ([one.on.day for one in rates], [one.on.day for one in errors]) == ([7], [8, 9])
        assert asked == list(map(day, times))


def test_a_provider_that_is_not_reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is asked no more, neither for the other days nor by the next call; each day has its error."""
    asked: list[date] = []
    lost = ConnectionRefused("refuses", provider="bank")
    at_hand = at_hand_of(monkeypatch, tmp_path, {day(number): lost for number in range(1, 29)}, asked)
    questions = [question(number) for number in range(1, 29)]
    for _ in range(2):
        rates, errors = ask_many(at_hand, questions)
        assert (rates, {type(error) for met in errors.values() for error in met}) == ({}, {ConnectionRefused})
        assert len(errors) == len(questions)
    assert 0 < len(asked) < len(questions)


def test_a_period_settles_its_days(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An answer about rates valid for a month settles the days up to the month's end, not its first alone."""
    monthly = [Quote("EUR", "USD", Decimal(2), day(1), day(28))]
    settings = known_as(monkeypatch, giving(monthly, facts(cadence="monthly"))).with_values(
        store=str(tmp_path / "rates.db"), when="exact", mode="sequential"
    )
    at_hand = AtHand(settings)
    rates, _ = ask_many(at_hand, [question(20), question(22)])
    assert len(rates) == 2
    assert at_hand.store is not None
    assert at_hand.store.attempts.settled("bank") == [(day(20), day(22))]


def test_far_figures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A figure ten times the one before it is used, with a warning in the log."""
    quotes = [Quote("EUR", "USD", Decimal(number), day(20 + place)) for place, number in enumerate((1, 1, 10))]
    settings = known_as(monkeypatch, giving(quotes)).with_values(store=str(tmp_path / "rates.db"), mode="sequential")
    rates, _ = ask_many(AtHand(settings), [question(21), question(22)])
    assert [rate.rate for rate in rates.values()] == [1, 10]
    assert [record.levelname for record in caplog.records if record.name == "rates.store"] == ["WARNING"]
