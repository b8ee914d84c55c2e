"""A series drawn in characters: a chart with its axes, and a sparkline of one line. Pure.

The chart is a line of box-drawing characters, the sparkline eight heights of a block; what a terminal's encoding does
not have, `transliteration` writes in ASCII. Both need places on a screen only, so they compute with floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, pairwise
from math import ceil, floor, log10
from typing import NamedTuple, TypeVar

T = TypeVar("T")

BLOCKS = "▁▂▃▄▅▆▇█"
ROWS, LEAST_COLUMNS, APART = 10, 8, 4
STEPS = (1.0, 2.0, 2.5, 5.0)
MOST_STEPS = 5  # between the marks of the left axis
# The character that joins these sides of its cell: left, right, up, down.
_JOINS = {
    "lr": "─", "ud": "│", "lu": "╯", "ld": "╮", "ru": "╰", "rd": "╭", "lud": "┤", "rud": "├", "lru": "┴", "lrd": "┬",
    "lrud": "┼", "u": "│", "d": "│",
}  # fmt: skip


class Point(NamedTuple):
    """A value of a series, and the name of its time."""

    label: str
    value: float


def sparkline(values: Sequence[float], width: int) -> str:
    """The values as heights from the lowest to the highest; one character shows the mean of those that share it."""
    columns = [sum(part) / len(part) for part in _parts(values, min(width, len(values)))]
    low, spread, top = min(columns, default=0.0), max(columns, default=0.0) - min(columns, default=0.0), len(BLOCKS) - 1
    return "".join(BLOCKS[round((one - low) / spread * top) if spread else top // 2] for one in columns)


def chart(points: Sequence[Point], width: int) -> str:
    """The points as a line, `width` columns wide with the values on the left, and times below; "" without points.

    Points that share a column fill it from the lowest to the highest of them.
    """
    if not points:
        return ""
    values = [point.value for point in points]
    axis = Axis.of(min(values), max(values))
    marks = axis.marks()
    margin = max(map(len, marks.values()))
    columns = max(LEAST_COLUMNS, width - margin - 2)
    cells = _line([[axis.row(value) for value in part] for part in _spread(values, columns)])
    lines = [
        f"{marks.get(row, ''):>{margin}} {'┤' if row in marks else '│'}{''.join(line.get(row, ' ') for line in cells)}"
        for row in reversed(range(axis.rows))
    ]
    labels = [points[0].label, *(part[-1].label for part in _spread(points, columns)[1:])]
    return "\n".join([*map(str.rstrip, lines), f"{'':{margin}} └{'─' * columns}", f"{'':{margin}}  {_times(labels)}"])


class Axis(NamedTuple):
    """The scale of the rows: from `low` in `steps` round steps, each so many rows high."""

    low: float
    step: float
    steps: int

    @classmethod
    def of(cls, low: float, high: float) -> Axis:
        """The finest axis from below the lowest to above the highest value."""
        if low == high:
            low, high = low - (abs(low) or 1.0) / 200, high + (abs(high) or 1.0) / 200
        power = floor(log10((high - low) / MOST_STEPS))
        for step in (step * 10.0**exponent for exponent in count(power) for step in STEPS):
            first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
            if 0 < last - first <= MOST_STEPS:
                break
        return cls(first * step, step, last - first)

    @property
    def rows(self) -> int:
        """The rows of the chart."""
        return self.steps * self._height + 1

    @property
    def _height(self) -> int:
        return max(2, ROWS // self.steps)

    def row(self, value: float) -> int:
        """The row of a value, 0 at the bottom."""
        return round((value - self.low) / self.step * self._height)

    def marks(self) -> dict[int, str]:
        """The values at the steps by their rows, with as many decimals as the steps have."""
        places = next(places for places in count() if abs(round(self.step, places) / self.step - 1) < 1e-6)
        return {place * self._height: f"{self.low + place * self.step:.{places}f}" for place in range(self.steps + 1)}


def _parts(values: Sequence[T], number: int) -> list[Sequence[T]]:
    """The values in so many parts, of lengths that differ by one at most."""
    ends = [len(values) * place // number for place in range(number + 1)] if number else []
    return [values[start:end] for start, end in pairwise(ends)]


def _spread(values: Sequence[T], columns: int) -> list[Sequence[T]]:
    """The values of each column; fewer values than columns are repeated."""
    if len(values) >= columns:
        return _parts(values, columns)
    return [[values[column * len(values) // columns]] for column in range(columns)]


def _line(columns: Sequence[Sequence[int]]) -> list[dict[int, str]]:
    """The characters of each column by row. The line enters a column in the row in which it left the one before."""
    enter, cells = columns[0][0], []
    for rows in columns:
        leave, low, high = rows[-1], min(enter, *rows), max(enter, *rows)
        sides = {
            row: "l" * (row == enter) + "r" * (row == leave) + "u" * (row < high) + "d" * (row > low)
            for row in range(low, high + 1)
        }
        cells.append({row: _JOINS[joined] for row, joined in sides.items()})
        enter = leave
    return cells


def _times(labels: Sequence[str]) -> str:
    """The line below a chart: the times of the first and the last column, and those between that have room."""
    width = max(map(len, labels))
    number = max(2, len(labels) // (width + APART))
    line, before = [" "] * max(len(labels), width), ""
    for place in range(number):
        label = labels[(len(labels) - 1) * place // (number - 1)]
        if label == before:
            continue
        before = label
        start = (len(labels) - width) * place // (number - 1) + (width - len(label)) * (place == number - 1)
        line[start : start + len(label)] = label
    return "".join(line).rstrip()
