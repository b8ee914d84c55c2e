"""Speed-up against the number of workers, with the ideal line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log2

from rates.compare.plots.axis import labels, ticks
from rates.compare.plots.draw import MARGIN, WIDTH, Part, diamond, dot, group, line, line_of, of_mode, path, text
from rates.compare.records import AGAIN, Comparison, Figures, Variant

LEFT, RIGHT, TOP, HEIGHT = MARGIN + 44.0, WIDTH - 240.0, 26.0, 300.0
# Beyond so many workers both axes are doublings, or the first few could not be told apart.
MOST_LINEAR = 16
APART = 5.0  # pixels between series that would cover one another
Series = dict[tuple[str, str], list[Figures]]


@dataclass(frozen=True, slots=True)
class Field:
    """The plane: workers to the right, speed-up upwards, from the least shown to the most."""

    doubling: bool
    most_workers: int
    low: float
    high: float

    def x(self, workers: float) -> float:
        """The place of a number of workers."""
        most = max(self.most_workers, 2)
        share = log2(workers) / log2(most) if self.doubling else (workers - 1) / (most - 1)
        return LEFT + 24 + (RIGHT - LEFT - 48) * share

    def y(self, speedup: float) -> float:
        """The place of a speed-up."""
        if self.doubling:
            share = log2(max(speedup, self.low) / self.low) / log2(self.high / self.low)
        else:
            share = (speedup - self.low) / (self.high - self.low)
        return TOP + HEIGHT * (1 - share)


def curve(result: Comparison) -> Part | None:
    """A line for each mode and way of handing out; None where all have the same number of workers."""
    rows = [row for row in result.figures if row.speedup is not None and row.variant.label != AGAIN]
    if len({row.variant.workers for row in rows}) < 2:
        return None
    ideals = _ideal(result, max(row.variant.workers for row in rows))
    plane, marks = _field(rows, ideals)
    counts = sorted({row.variant.workers for row in rows})
    series: Series = {}
    for row in sorted(rows, key=lambda row: row.variant.workers):
        series.setdefault((row.variant.mode, row.variant.via), []).append(row)
    bottom = TOP + HEIGHT
    shapes = _grid(plane, marks, counts, bottom)
    if ideals:
        shapes.append(path([(plane.x(workers), plane.y(value)) for workers, value in ideals], "ideal"))
    for place, each in enumerate(series.values()):
        shapes.append(_line(each, plane, APART * (place - (len(series) - 1) / 2) / max(1, len(series) / 4)))
    shapes.append(text((LEFT + RIGHT) / 2, bottom + 36, "workers", "dim", "middle"))
    shapes.append(_legend(series, bool(ideals)))
    return Part(
        "Speed-up against workers",
        f"Speed-up over {result.reference}, the median, with its 95 % interval. "
        + "; ".join(f"{row.variant}: {row.speedup:.2f}" for row in rows)
        + ".",
        text(MARGIN, 10, f"speed-up over {result.reference}", "dim") + "".join(shapes),
        max(bottom + 46, TOP + 20 * (len(series) + 3)),
    )


def _ideal(result: Comparison, most: int) -> list[tuple[int, float]]:
    """What each number of workers could reach: the turns of the reference over those that are left."""
    n = len(result.plan.items)
    if result.plan.latency_s is None or not n:
        return []
    turns = ceil(n / result.reference.workers)
    return [(workers, turns / ceil(n / workers)) for workers in range(1, most + 1)]


def _field(rows: Sequence[Figures], ideals: Sequence[tuple[int, float]]) -> tuple[Field, list[float]]:
    """The plane that holds all points, and the marks of its upright axis."""
    ends = [end for row in rows for end in (row.speedup, *(row.speedup_ci95 or ())) if end is not None]
    most = max([*ends, *(value for _, value in ideals)])
    workers = max(row.variant.workers for row in rows)
    if workers <= MOST_LINEAR:
        marks = ticks(most, 6)
        return Field(False, workers, 0.0, marks[-1]), marks
    low, high = min(-1, int(log2(max(min(ends), 0.01)) - 1)), ceil(log2(max(most, 2)))
    marks = [2.0**power for power in range(low, high + 1)]
    return Field(True, workers, marks[0], marks[-1]), marks


def _grid(plane: Field, marks: Sequence[float], counts: Sequence[int], bottom: float) -> list[str]:
    """The marks of both axes."""
    shapes = []
    for mark, words in zip(marks, labels(marks), strict=True):
        y = plane.y(mark)
        shapes.append(line(LEFT, y, RIGHT, y, "grid") + text(LEFT - 8, y + 4, f"{words}x", "dim", "end"))
    last = float("-inf")
    for count in counts:
        x = plane.x(count)
        shapes.append(line(x, bottom, x, bottom + 5, "axis"))
        if x - last >= 22:
            shapes.append(text(x, bottom + 19, str(count), "dim", "middle"))
            last = x
    shapes.append(line(LEFT, bottom, RIGHT, bottom, "axis"))
    return shapes


def _line(rows: Sequence[Figures], plane: Field, shift: float) -> str:
    """One mode by one way of handing out: a line, and at each point its interval and its sign."""
    colour = of_mode(rows[0].variant.mode)
    points = [(plane.x(row.variant.workers) + shift, plane.y(row.speedup or 0.0)) for row in rows]
    shapes = [path(points, line_of(rows[0].variant.mode))] if len(points) > 1 else []
    for row, (x, y) in zip(rows, points, strict=True):
        ends = row.speedup_ci95
        interval = "" if ends is None else line(x, plane.y(ends[0]), x, plane.y(ends[1]), colour, ' stroke-width="1.5"')
        said = "" if ends is None else f" (95 %: {ends[0]:.2f} to {ends[1]:.2f})"
        shapes.append(group(interval + _sign(x, y, row.variant), f"{row.variant}: {row.speedup:.2f}x{said}"))
    return "".join(shapes)


def _sign(x: float, y: float, variant: Variant) -> str:
    """A filled circle for map, a hollow diamond for submit."""
    if variant.via == "map":
        return dot(x, y, 4, of_mode(variant.mode))
    return diamond(x, y, 5, f"{line_of(variant.mode)} hollow")


def _legend(series: Series, ideal: bool) -> str:
    """The signs and what they stand for, beside the plane."""
    shapes, y = [], TOP
    for mode, via in series:
        sign = _sign(RIGHT + 34, y, Variant(mode, via, 1))
        shapes.append(path([(RIGHT + 20, y), (RIGHT + 48, y)], line_of(mode)) + sign)
        shapes.append(text(RIGHT + 58, y + 4, f"{mode} by {via}"))
        y += 20
    if ideal:
        shapes.append(
            line(RIGHT + 20, y, RIGHT + 48, y, "ideal") + text(RIGHT + 58, y + 4, "ideal: equal calls in turns")
        )
    return "".join(shapes)
