"""The kit: which days are asked for, in which windows, and what is made of the answers."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rates.providers.kit import spans

DAYS = st.dates(date(1999, 1, 1), date(2030, 1, 1))


@given(DAYS, st.integers(0, 2000), st.integers(1, 800))
def test_spans_cover_every_day_once(first: date, length: int, most: int) -> None:
    """The pieces follow one another without gap or overlap, none longer than allowed."""
    last = first + timedelta(days=length)
    pieces = list(spans(first, last, most))
    assert pieces[0][0] == first
    assert pieces[-1][1] == last
    assert all(1 <= (end - start).days + 1 <= most for start, end in pieces)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in itertools.pairwise(pieces))


def test_no_days_no_spans() -> None:
    """A last day before the first leaves nothing to ask for."""
    assert list(spans(date(2026, 1, 2), date(2026, 1, 1), 10)) == []
