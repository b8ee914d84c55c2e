from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.store.spans import Span, missing, pieces, united

START = date(2026, 1, 1)


def on(number: int) -> date:
    """A day by its number."""
    return START + timedelta(days=number)


def days(spans: list[Span]) -> list[date]:
    """All days of the spans, in order."""
    return [first + timedelta(days=count) for first, last in spans for count in range((last - first).days + 1)]


SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 5)).map(lambda two: (on(two[0]), on(sum(two)))), max_size=6
)


@given(spans=SPANS)
def test_united_spans_have_the_same_days(spans: list[Span]) -> None:
    """Each day once, in order, in spans between which there is at least one other day."""
    found = united(spans)
    assert days(found) == sorted(set(days(spans)))
    assert all((after[0] - before[1]).days > 1 for before, after in pairwise(found))


@given(spans=SPANS, first=st.integers(0, 25), length=st.integers(0, 10))
def test_what_is_missing_and_what_is_covered_is_everything(spans: list[Span], first: int, length: int) -> None:
    """The missing days are those of the range that no span has."""
    wanted = days([(on(first), on(first + length))])
    assert days(missing(on(first), on(first + length), spans)) == [day for day in wanted if day not in days(spans)]


def test_a_span_without_end_covers_all_that_follows() -> None:
    """The last day of the calendar can be the end of a span."""
    assert united([(START, date.max), (on(3), on(4))]) == [(START, date.max)]
    assert missing(on(2), on(5), [(START, date.max)]) == []


@pytest.mark.parametrize(
    ("size", "expected"),
    [(None, [(0, 6)]), (7, [(0, 6)]), (3, [(4, 6), (1, 3), (0, 0)]), (1, [(day, day) for day in range(6, -1, -1)])],
)
def test_pieces_begin_with_the_newest(size: int | None, expected: list[tuple[int, int]]) -> None:
    """Pieces of at most so many days; only the oldest may be shorter."""
    assert list(pieces(on(0), on(6), size)) == [(on(first), on(last)) for first, last in expected]
