from __future__ import annotations

from datetime import date

from rates.store.answer_source import AnswerSource
from tests.store.listed import quote

FIRST, LAST = date(2020, 3, 1), date(2020, 3, 31)
QUOTES = [
    quote("EUR/USD", "1.2", "2020-03-10"),
    quote("EUR/USD", "1.1", "2020-03-05"),
    quote("EUR/JPY", "120", "2020-03-10"),
]


def test_figures_by_day() -> None:
    """The quotes that touch the days, oldest first, of the currencies asked for."""
    source = AnswerSource("bank", QUOTES, FIRST, LAST)
    assert [str(one.quote.rate) for one in source.between("bank", ("EUR", "USD"), FIRST, LAST)] == ["1.1", "1.2"]
    assert len(list(source.between("bank", (), date(2020, 3, 6), LAST))) == 2
    assert list(source.between("other", (), FIRST, LAST)) == []


def test_the_nearest_day() -> None:
    """The newest day up to one, or the oldest from it on; a period counts on its days."""
    source = AnswerSource("bank", QUOTES, FIRST, LAST)
    assert source.nearest("bank", ("EUR", "USD"), date(2020, 3, 9), later=False) == date(2020, 3, 5)
    assert source.nearest("bank", ("EUR", "JPY"), date(2020, 3, 9), later=True) == date(2020, 3, 10)
    assert source.nearest("bank", (), date(2020, 3, 4), later=False) is None
    assert source.nearest("other", (), LAST, later=False) is None
    period = AnswerSource("bank", [quote("EUR/USD", "1.2", "2020-03-01", "2020-03-31")], FIRST, LAST)
    assert period.nearest("bank", (), date(2020, 3, 9), later=False) == date(2020, 3, 9)
    assert period.nearest("bank", (), date(2020, 4, 1), later=False) is None


def test_what_it_covers() -> None:
    """A document covers every currency, the answer for one base only that one."""
    assert AnswerSource("bank", QUOTES, FIRST, LAST).known("bank", ("GBP",)) == [(FIRST, LAST)]
    assert AnswerSource("bank", QUOTES, FIRST, LAST, base="EUR").known("bank", ("GBP", "USD")) == []
    assert AnswerSource("bank", QUOTES, FIRST, LAST, base="EUR").known("bank", ("EUR", "USD")) == [(FIRST, LAST)]
    assert AnswerSource("bank", QUOTES, FIRST, LAST).known("other", ("EUR",)) == []
