"""What providers share: spans of days, and a publisher's words."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rates.providers._shared import WORDS_CAP, said, spans

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


def test_said_is_one_short_line() -> None:
    """A publisher's message cannot fill or break ours."""
    assert said("\n  Error\tin\r\n parameters ") == "Error in parameters"
    assert len(said("x" * 5000)) == WORDS_CAP
    assert said(404) == "404"
