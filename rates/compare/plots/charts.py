"""The three charts: wall times with intervals, speed-up against workers, and timelines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2

from rates.compare.plots import drawing as draw
from rates.compare.plots.drawing import CHARACTER, MARGIN, WIDTH, Chart, TimeAxis, colour, group, line, number, text
from rates.compare.plots.timeline import MEANINGS, lanes, longest_s, phases, pieces, shown
from rates.compare.results import AGAIN, Comparison, Figures, Span
from rates.compare.significance import whole_times
from rates.compare.statistics import median_interval
from rates.compare.wording import time

ROW, BELOW_AXIS = 26.0, 44.0
# The plane of the speed-ups, and the pixels between series that would cover one another.
LEFT, RIGHT, TOP, BOTTOM, APART = MARGIN + 44.0, WIDTH - 240.0, 26.0, 326.0, 5.0
# With more workers both axes are logarithmic, or the first few would coincide.
MOST_LINEAR = 16
# Heights of a lane, each with the greatest number of lanes that it is used for.
HEIGHTS = ((14.0, 90), (9.0, 220), (5.0, 10**9))
LEAST_LABELLED, QUEUE_HEIGHT, GAP = 9.0, 2.0, 22.0
NARROW = 0.15  # bars narrower than this part of a pixel are not drawn


def charts(result: Comparison) -> list[Chart]:
    """The charts for which there is something to draw."""
    return [chart for chart in (wall_times(result), speedups(result), timelines(result)) if chart is not None]


def wall_times(result: Comparison) -> Chart | None:
    """A dot a round, a mark for the median, a bar for its 95 % interval; None without a wall time."""
    timed = [(row, row.wall) for row in result.figures if row.wall is not None]
    if not timed:
        return None
    left = MARGIN + max(len(str(row.variant)) for row, _ in timed) * CHARACTER + 10
    axis = TimeAxis(left, WIDTH - MARGIN - 12 * CHARACTER - left, max(wall.high for _, wall in timed))
    bottom = ROW * len(timed) + 4
    shapes = [axis.grid(0, bottom)]
    medians = [f"{row.variant}: median {time(wall.median)}" for row, wall in timed]
    for place, (row, wall) in enumerate(timed):
        y, fill, value = ROW * (place + 0.5) + 2, colour(row.variant.mode), wall.median * axis.factor
        times, middle, label = whole_times(result.samples, row.variant), axis(wall.median), medians[place]
        parts = [text(left - 10, y + 4, str(row.variant), anchor="end")]
        if interval := median_interval(list(times.values()), result.seed):
            low, high = map(axis, interval)
            parts.append(line(low, y, max(high, low + 1), y, fill, stroke_width=7, stroke_opacity=0.35))
            label += f", 95 % {time(interval[0])} to {time(interval[1])}"
        for round_number, at_s in times.items():
            dot = draw.element("circle", fill, cx=axis(at_s), cy=y, r=3, fill_opacity=0.6, stroke_width=0)
            parts.append(group(dot, f"round {round_number}: {time(at_s)}"))
        parts.append(line(middle, y - 8, middle, y + 8, fill, stroke_width=2.5))
        places = 0 if value >= 99.5 else 1 if value >= 9.95 else 2  # three digits
        shapes.append(group("".join(parts), label))
        shapes.append(text(WIDTH - MARGIN, y + 4, f"{value:.{places}f} {axis.unit}", "bold", "end"))
    shapes.append(axis.axis(bottom, f"whole time, {axis.unit}"))
    meaning = "A dot a round, a mark for the median, a broad line for its 95 % interval (bootstrap)."
    return Chart("Whole times", f"{meaning} {'; '.join(medians)}.", "".join(shapes), bottom + BELOW_AXIS)


class Plane:
    """The positions of speed-ups and numbers of workers, and the marks of the vertical axis."""

    def __init__(self, rows: Sequence[Figures], ideals: Sequence[tuple[int, float]]) -> None:
        ends = [end for row in rows for end in (row.speedup, *(row.speedup_ci95 or ())) if end is not None]
        most = max([*ends, *(value for _, value in ideals)])
        self.workers = sorted({row.variant.workers for row in rows})
        self.linear = self.workers[-1] <= MOST_LINEAR
        low, high = min(-1, int(log2(max(min(ends), 0.01)) - 1)), ceil(log2(max(most, 2)))
        self.marks = draw.ticks(most, 6) if self.linear else [2.0**power for power in range(low, high + 1)]

    def x(self, workers: float) -> float:
        """The position of a number of workers."""
        most = self.workers[-1]
        share = (workers - 1) / (most - 1) if self.linear else log2(workers) / log2(most)
        return LEFT + 24 + (RIGHT - LEFT - 48) * share

    def y(self, speedup: float) -> float:
        """The position of a speed-up."""
        low, high = self.marks[0], self.marks[-1]
        share = (speedup - low) / (high - low) if self.linear else log2(max(speedup, low) / low) / log2(high / low)
        return BOTTOM - (BOTTOM - TOP) * share

    def grid(self) -> str:
        """The marks of both axes."""
        shapes, last = [], float("-inf")
        for mark, words in zip(self.marks, draw.labels(self.marks), strict=True):
            shapes.append(line(LEFT, self.y(mark), RIGHT, self.y(mark), "grid"))
            shapes.append(text(LEFT - 8, self.y(mark) + 4, f"{words}x", "dim", "end"))
        for count in self.workers:
            shapes.append(line(self.x(count), BOTTOM, self.x(count), BOTTOM + 5, "axis"))
            if self.x(count) - last >= 22:
                last = self.x(count)
                shapes.append(text(last, BOTTOM + 19, str(count), "dim", "middle"))
        shapes.append(line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis"))
        return "".join([*shapes, text((LEFT + RIGHT) / 2, BOTTOM + 36, "workers", "dim", "middle")])


def speedups(result: Comparison) -> Chart | None:
    """A line for each mode and way of dispatching, and the ideal; None if all have the same number of workers."""
    rows = [row for row in result.figures if row.speedup is not None and row.variant.label != AGAIN]
    most, n = max((row.variant.workers for row in rows), default=0), len(result.plan.items)
    if len({row.variant.workers for row in rows}) < 2:
        return None
    turns = ceil(n / result.reference.workers)
    known = result.plan.latency_s is not None and n > 0
    ideals = [(workers, turns / ceil(n / workers)) for workers in range(1, most + 1)] if known else []
    plane = Plane(rows, ideals)
    series: dict[tuple[str, str], list[Figures]] = {}
    for row in sorted(rows, key=lambda row: row.variant.workers):
        series.setdefault((row.variant.mode, row.variant.via), []).append(row)
    title, y = f"speed-up over {result.reference}", TOP
    shapes = [text(MARGIN, 10, title, "dim"), plane.grid()]
    if ideals:
        shapes.append(draw.path([(plane.x(workers), plane.y(value)) for workers, value in ideals], "ideal"))
    for place, ((mode, via), each) in enumerate(series.items()):
        shift = APART * (place - (len(series) - 1) / 2) / max(1, len(series) / 4)
        shapes.append(_series(each, plane, shift))
        shapes.append(draw.path([(RIGHT + 20, y), (RIGHT + 48, y)], colour(mode, line=True)))
        shapes.append(_sign(RIGHT + 34, y, mode, via) + text(RIGHT + 58, y + 4, f"{mode} by {via}"))
        y += 20
    if ideals:
        shapes.append(line(RIGHT + 20, y, RIGHT + 48, y, "ideal"))
        shapes.append(text(RIGHT + 58, y + 4, "ideal: equal calls in turns"))
    found = "; ".join(f"{row.variant}: {row.speedup:.2f}" for row in rows)
    about = f"Speed-up over {result.reference}, the median, with its 95 % interval. {found}."
    return Chart("Speed-up against workers", about, "".join(shapes), max(BOTTOM + 46, TOP + 20 * (len(series) + 3)))


def _series(rows: Sequence[Figures], plane: Plane, shift: float) -> str:
    """One mode by one way of dispatching: a line, and at each point its interval and its sign."""
    mode = rows[0].variant.mode
    points = [(plane.x(row.variant.workers) + shift, plane.y(row.speedup or 0.0)) for row in rows]
    shapes = [draw.path(points, colour(mode, line=True))] if len(points) > 1 else []
    for row, (x, y) in zip(rows, points, strict=True):
        sign, label = _sign(x, y, mode, row.variant.via), f"{row.variant}: {row.speedup:.2f}x"
        if ends := row.speedup_ci95:
            sign = line(x, plane.y(ends[0]), x, plane.y(ends[1]), colour(mode), stroke_width=1.5) + sign
            label += f" (95 %: {ends[0]:.2f} to {ends[1]:.2f})"
        shapes.append(group(sign, label))
    return "".join(shapes)


def _sign(x: float, y: float, mode: str, via: str) -> str:
    """A filled circle for map, a hollow diamond for submit."""
    if via == "map":
        return draw.element("circle", colour(mode), cx=x, cy=y, r=4)
    return draw.element("path", f"{colour(mode, line=True)} hollow", d=f"M{number(x)} {number(y - 5)}l5 5l-5 5l-5 -5z")


def timelines(result: Comparison) -> Chart | None:
    """One round of each variant, one below the other, to one scale; None if nothing was measured."""
    chosen = shown(result)
    if not chosen:
        return None
    many = sum(len(lanes(sample)) for _, sample in chosen)
    height = next(height for height, most in HEIGHTS if many <= most)
    legend, top = _legend(phases(chosen))
    axis = TimeAxis(MARGIN + 28, WIDTH - 2 * MARGIN - 28, longest_s(chosen))
    shapes, y = [], top
    for variant, sample in chosen:
        failed = f", {len(sample.failures)} failed" if sample.failures else ""
        name = draw.element("tspan", "bold", str(variant))
        about = draw.element("tspan", "dim", f"{time(sample.wall_s)}, round {sample.number}{failed}", dx=12)
        shapes.append(draw.element("text", content=name + about, x=MARGIN, y=y + GAP - 2))
        y += GAP + 4
        for worker, spans in lanes(sample):
            shapes.append(draw.box(axis.start, y, axis.length, height - 1, "lane"))
            if height >= LEAST_LABELLED:
                shapes.append(text(axis.start - 6, y + height - 3, worker or "?", "dim", "end"))
            shapes += [_fetch(span, result.plan.items[span.index], axis, y, height) for span in spans]
            y += height
        y += 6
    shapes = [legend, axis.grid(top + 8, y), *shapes, axis.axis(y, f"{axis.unit} since the first fetch was handed out")]
    found = "; ".join(f"{variant}: {time(sample.wall_s)}" for variant, sample in chosen)
    about = f"One lane a worker, one bar a fetch, each variant's round nearest to its median. {found}."
    return Chart("Timelines", about, "".join(shapes), y + BELOW_AXIS)


def _legend(there: Sequence[str]) -> tuple[str, float]:
    """The meanings of the colours, in as many lines as needed; and the position below them."""
    x, y, shapes = float(MARGIN), 14.0, []
    for phase in there:
        width = 18 + len(MEANINGS[phase]) * CHARACTER + 16
        if x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 20
        queue = phase == "queue"
        shapes.append(draw.box(x, y - 5, 12, QUEUE_HEIGHT, phase) if queue else _bar(x, y - 9, 12, 10, phase))
        shapes.append(text(x + 18, y, MEANINGS[phase]))
        x += width
    return "".join(shapes), y + 8


def _fetch(span: Span, item: str, axis: TimeAxis, y: float, height: float) -> str:
    """A fetch: a bar of its phases, and below it a line for the time in the queue."""
    shapes = []
    if (queued := axis(span.began_s) - axis(span.handed_s)) >= NARROW:
        shapes.append(draw.box(axis(span.handed_s), y + height - 1 - QUEUE_HEIGHT, queued, QUEUE_HEIGHT, "queue"))
    tall = height - 1 - QUEUE_HEIGHT - (0.5 if height > 6 else 0)
    for piece in pieces(span):
        left, right = axis(piece.began_s), axis(piece.ended_s)
        if piece.began_s == span.began_s:
            left = min(right, left + 0.6)  # a hair's breadth after the fetch before
        if right - left >= NARROW:
            shapes.append(_bar(left, y, right - left, tall, piece.phase))
    took = " ".join(f"{MEANINGS[piece.phase]} {time(piece.ended_s - piece.began_s)}," for piece in pieces(span))
    why = f": {span.failure}" if span.failure else ""
    return group("".join(shapes), f"{item}: queued {time(span.queue_s)}, {took} from {time(span.began_s)} on{why}")


def _bar(x: float, y: float, width: float, height: float, phase: str) -> str:
    """A part of a bar; a failed fetch is an outline, crossed out."""
    if phase != "failed":
        return draw.box(x, y, width, height, phase)
    w, h = number(max(width - 1, 0.5)), number(height - 1)
    return draw.element("path", phase, d=f"M{number(x + 0.5)} {number(y + 0.5)}h{w}v{h}h-{w}zl{w} {h}m0 -{h}l-{w} {h}")
