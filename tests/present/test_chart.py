from __future__ import annotations

import io
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.present.chart import BLOCKS, Axis, Point, chart, sparkline
from rates.present.transliteration import encodable

UP = [Point(f"2024-01-0{day}", 1 + day / 10) for day in range(1, 6)]


def test_a_chart() -> None:
    """The line rises from step to step, with values on the left and the first and last day below."""
    assert chart(UP, 30).split("\n") == [
        "1.5 ┤                    ╭────",
        "    │                    │",
        "1.4 ┤               ╭────╯",
        "    │               │",
        "1.3 ┤          ╭────╯",
        "    │          │",
        "1.2 ┤     ╭────╯",
        "    │     │",
        "1.1 ┤─────╯",
        "    └─────────────────────────",
        "     2024-01-01     2024-01-05",
    ]


def test_points_that_share_a_column_fill_it() -> None:
    """A peak of one day is seen among hundreds of days in one column, and so is the height of each turn."""
    values = [1.0] * 500
    values[250] = 2.0
    drawn = chart([Point(str(place), value) for place, value in enumerate(values)], 40)
    rows = drawn.split("\n")
    assert sum("│" in row[5:] for row in rows) >= 8
    assert rows[0].startswith("2.0 ┤")


def test_in_ascii() -> None:
    """A terminal without these characters gets a chart and a sparkline in ASCII, of the same width."""
    latin = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    drawn = chart(UP, 30)
    text = encodable(drawn, latin)
    assert text.isascii()
    assert "?" not in text
    assert [len(line) for line in text.split("\n")] == [len(line) for line in drawn.split("\n")]
    line = encodable(BLOCKS, latin)
    assert len(set(line)) == len(BLOCKS)
    assert line.isascii()
    assert "?" not in line
    assert encodable(drawn, sys.__stdout__ or io.StringIO())


def test_sparkline() -> None:
    """Heights go from the lowest to the highest value; many values share characters; equal ones are in the middle."""
    assert sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8) == BLOCKS
    assert sparkline([1, 1, 8, 8], 2) == "▁█"
    assert sparkline([5, 5, 5], 10) == "▄▄▄"
    assert sparkline([], 10) == ""


@pytest.mark.parametrize(
    "values", [[1.0], [0.0], [5.0, 5.0], [1e-7, 1.2e-7], [20000.0, 20400.0], [-1.0, 1.0], [1.15, 1.15000001]]
)
def test_odd_values_are_drawn(values: list[float]) -> None:
    """One value, equal ones, tiny and large ones have a chart with marks that differ."""
    drawn = chart([Point(str(place), value) for place, value in enumerate(values)], 60)
    marks = list(Axis.of(min(values), max(values)).marks().values())
    assert len(set(marks)) == len(marks) > 1
    assert all(mark in drawn for mark in marks)
    assert chart([], 60) == ""


@given(
    st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=300), st.integers(20, 200),
)  # fmt: skip
def test_a_chart_fits(values: list[float], width: int) -> None:
    """A chart is never wider than its terminal, and every value lies between the lowest and the highest mark."""
    points = [Point(str(date(2020, 1, 1) + timedelta(days=place)), value) for place, value in enumerate(values)]
    axis = Axis.of(min(values), max(values))
    assert all(0 <= axis.row(value) < axis.rows for value in values)
    assert axis.rows <= 12
    margin = max(map(len, axis.marks().values()))
    lines = chart(points, width).split("\n")
    assert len(lines) == axis.rows + 2
    assert max(map(len, lines)) <= max(width, margin + 2 + 10)
