from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.model import Quote
from rates.store.by_pair import ByPair
from rates.store.records import Stored

FIRST = date(2026, 10, 1)


def day(number: int) -> date:
    """A day of October 2026."""
    return date(2026, 10, number)


def figure(number: int, symbol: str = "USD", last: int | None = None) -> Stored:
    """A figure of that day, or from it to the last one."""
    return Stored("ecb", Quote("EUR", symbol, Decimal(number), day(number), last and day(last)))


def test_between() -> None:
    """Figures that come in any order are read by day, those of the currencies asked for alone."""
    known = ByPair([figure(20), figure(22)])
    known.add([figure(5), figure(6, "JPY"), figure(21)])
    assert [one.quote.day.day for one in known.between(("EUR", "USD"), day(5), day(21))] == [5, 20, 21]
    assert [one.quote.day.day for one in known.between((), day(5), day(21))] == [5, 6, 20, 21]
    assert list(known.between(("USD", "JPY"), day(1), day(31))) == []
    assert list(ByPair().between((), day(1), day(31))) == []


@pytest.mark.parametrize(("asked", "earlier", "later"), [(20, 20, 20), (21, 20, 25), (4, None, 5), (26, 25, None)])
def test_nearest(asked: int, earlier: int | None, later: int | None) -> None:
    """The nearest day with a figure of these currencies, on each side."""
    known = ByPair([*(figure(n) for n in (5, 20, 25)), *(figure(n, "JPY") for n in (21, 3, 27))])
    assert known.nearest({"EUR", "USD"}, day(asked), later=False) == (earlier and day(earlier))
    assert known.nearest({"EUR", "USD"}, day(asked), later=True) == (later and day(later))


def test_periods() -> None:
    """A period counts on each of its days, and on no other."""
    known = ByPair([figure(1, last=10)])
    assert [len(list(known.between((), day(n), day(n)))) for n in (1, 10, 11)] == [1, 1, 0]
    assert [known.nearest((), day(n), later=False) for n in (10, 11)] == [day(10), None]


PERIODS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5), st.sampled_from(("USD", "JPY"))), max_size=12)


@given(PERIODS, st.integers(0, 70), st.integers(0, 20), st.booleans())
def test_as_a_search_through_all(drawn: list[tuple[int, int, str]], start: int, length: int, later: bool) -> None:
    """Whatever the figures, the answers are those of a search through all of them."""
    figures, ends = [], {"USD": -1, "JPY": -1}
    for begin, days, symbol in sorted(drawn):
        if begin > ends[symbol]:  # the periods of a pair do not overlap
            ends[symbol] = begin + days
            first = FIRST + timedelta(days=begin)
            last = first + timedelta(days=days) if days else None
            figures.append(Stored("own", Quote("EUR", symbol, Decimal(1), first, last)))
    known, first = ByPair(reversed(figures)), FIRST + timedelta(days=start)
    last = first + timedelta(days=length)
    touching = {one for one in figures if one.quote.day <= last and first <= (one.quote.valid_to or one.quote.day)}
    assert set(known.between((), first, last)) == touching
    if any(one.quote.holds_on(first) for one in figures):
        nearest: date | None = first
    else:
        days_of_one = [one.quote.day for one in figures if one.quote.valid_to is None]
        side = [one for one in days_of_one if (one > first if later else one < first)]
        nearest = min(side, key=lambda one: abs(one - first), default=None)
    assert known.nearest((), first, later=later) == nearest
