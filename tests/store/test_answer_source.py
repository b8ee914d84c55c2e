from __future__ import annotations

from collections.abc import Collection
from datetime import date

from rates.model import Quote
from rates.store.answer_source import AnswerSource
from tests.store.listed import quote

FIRST, LAST = date(2020, 3, 1), date(2020, 3, 31)
QUOTES = [
    quote("EUR/USD", "1.2", "2020-03-10"),
    quote("EUR/USD", "1.1", "2020-03-05"),
    quote("EUR/JPY", "120", "2020-03-10"),
]


def source_of(quotes: Collection[Quote], base: str = "") -> AnswerSource:
    """The source of one answer about March."""
    source = AnswerSource("bank", base=base)
    source.add(quotes, FIRST, LAST)
    return source


def test_figures_by_day() -> None:
    """The quotes that touch the days, oldest first, of the currencies asked for."""
    source = source_of(QUOTES)
    assert [str(one.quote.rate) for one in source.between("bank", ("EUR", "USD"), FIRST, LAST)] == ["1.1", "1.2"]
    assert len(list(source.between("bank", (), date(2020, 3, 6), LAST))) == 2
    assert list(source.between("other", (), FIRST, LAST)) == []


def test_the_nearest_day() -> None:
    """The newest day up to one, or the oldest from it on; a period counts on its days."""
    source = source_of(QUOTES)
    assert source.nearest("bank", ("EUR", "USD"), date(2020, 3, 9), later=False) == date(2020, 3, 5)
    assert source.nearest("bank", ("EUR", "JPY"), date(2020, 3, 9), later=True) == date(2020, 3, 10)
    assert source.nearest("bank", (), date(2020, 3, 4), later=False) is None
    assert source.nearest("other", (), LAST, later=False) is None
    period = source_of([quote("EUR/USD", "1.2", "2020-03-01", "2020-03-31")])
    assert period.nearest("bank", (), date(2020, 3, 9), later=False) == date(2020, 3, 9)
    assert period.nearest("bank", (), date(2020, 4, 1), later=False) is None


def test_what_it_covers() -> None:
    """A document covers every currency, the answer for one base only that one."""
    assert source_of(QUOTES).known("bank", ("GBP",)) == [(FIRST, LAST)]
    assert source_of(QUOTES, base="EUR").known("bank", ("GBP", "USD")) == []
    assert source_of(QUOTES, base="EUR").known("bank", ("EUR", "USD")) == [(FIRST, LAST)]
    assert source_of(QUOTES).known("other", ("EUR",)) == []
