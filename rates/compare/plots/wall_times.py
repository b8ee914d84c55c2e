"""Whole times as dots, a row a variant, with the interval of the median. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.figures import whole_times
from rates.compare.plots.axis import Scale, labels, ticks, unit
from rates.compare.plots.draw import CHARACTER, MARGIN, WIDTH, Part, dot, group, line, of_mode, room, text
from rates.compare.records import Comparison, Figures
from rates.compare.statistics import median_interval
from rates.compare.words import time

ROW = 26.0
AXIS = 44.0


def walls(result: Comparison) -> Part | None:
    """A dot a round, a mark for the median, a bar for its 95 % interval; None without a whole time."""
    timed = [row for row in result.figures if row.wall is not None]
    if not timed:
        return None
    most_s = max(row.wall.high for row in timed if row.wall is not None)
    name, factor = unit(most_s)
    marks = ticks(most_s * factor, 8)
    left = MARGIN + room([str(row.variant) for row in timed]) + 10
    scale = Scale(left, WIDTH - MARGIN - 12 * CHARACTER - left, marks[-1] / factor)
    bottom = ROW * len(timed) + 4
    shapes = [line(scale(mark / factor), 0, scale(mark / factor), bottom, "grid") for mark in marks]
    for place, row in enumerate(timed):
        y, value = ROW * (place + 0.5) + 2, row.wall.median * factor if row.wall is not None else 0.0
        shapes.append(_row(row, result, scale, y))
        shapes.append(text(WIDTH - MARGIN, y + 4, f"{value:.{_places(value)}f} {name}", "bold", "end"))
    shapes.append(line(scale.start, bottom, scale.start + scale.length, bottom, "axis"))
    shapes += [
        text(scale(mark / factor), bottom + 16, words, "dim", "middle")
        for mark, words in zip(marks, labels(marks), strict=True)
    ]
    shapes.append(text(scale.start + scale.length / 2, bottom + 34, f"whole time, {name}", "dim", "middle"))
    return Part("Whole times", _told(timed), "".join(shapes), bottom + AXIS)


def _places(value: float) -> int:
    """Decimals that leave three digits."""
    return 0 if value >= 99.5 else 1 if value >= 9.95 else 2


def _row(row: Figures, result: Comparison, scale: Scale, y: float) -> str:
    """One variant's name, dots, median and interval."""
    assert row.wall is not None
    times = whole_times(result.samples, row.variant)
    colour, interval = of_mode(row.variant.mode), median_interval(list(times.values()), result.seed)
    shapes = [text(scale.start - 10, y + 4, str(row.variant), anchor="end")]
    if interval is not None:
        low, high = scale(interval[0]), scale(interval[1])
        shapes.append(line(low, y, max(high, low + 1), y, colour, ' stroke-width="7" stroke-opacity="0.35"'))
    shapes += [
        group(
            dot(scale(time_s), y, 3, colour, ' fill-opacity="0.6" stroke-width="0"'), f"round {number}: {time(time_s)}"
        )
        for number, time_s in times.items()
    ]
    middle = scale(row.wall.median)
    shapes.append(line(middle, y - 8, middle, y + 8, colour, ' stroke-width="2.5"'))
    return group("".join(shapes), _sentence(row, interval))


def _sentence(row: Figures, interval: tuple[float, float] | None) -> str:
    assert row.wall is not None
    ends = "" if interval is None else f", 95 % {time(interval[0])} to {time(interval[1])}"
    return f"{row.variant}: median {time(row.wall.median)}{ends}"


def _told(timed: Sequence[Figures]) -> str:
    medians = "; ".join(_sentence(row, None) for row in timed)
    return f"A dot a round, a mark for the median, a broad line for its 95 % interval (bootstrap). {medians}."
