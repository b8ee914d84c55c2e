"""The pictures: whole times with intervals, speed-up against workers, timelines; as SVG, as HTML page and as PNG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import ceil

from rates.compare.columns import about, ms, shown
from rates.compare.figures import whole_times
from rates.compare.plots import drawing as draw
from rates.compare.plots import timeline
from rates.compare.plots.drawing import CHARACTER, LINE, MARGIN, WIDTH, Chart, TimeAxis, colour, group, number
from rates.compare.plots.png import raster
from rates.compare.results import AGAIN, Comparison, Figures, Span
from rates.compare.statistics import median_interval
from rates.compare.wording import time
from rates.errors import UsageError

ROW, HIGH = 22.0, 180.0  # a variant among the whole times; the plane of the speed-ups
LEFT, RIGHT, APART = MARGIN + 34.0, WIDTH - MARGIN - 4.0, 4.0
# Heights of a lane, each with the greatest number of lanes that it is used for.
HEIGHTS = ((13.0, 90), (8.0, 220), (5.0, 10**9))
LEAST_LABELLED, QUEUE_HEIGHT, LANE_LEFT = 13.0, 2.0, MARGIN + 18.0
NARROW = 0.1  # bars narrower than this part of a pixel are not drawn
HEAD = 30.0


def charts(result: Comparison) -> list[Chart]:
    """The charts for which there is something to draw."""
    return [chart for chart in (wall_times(result), speedups(result), timelines(result)) if chart is not None]


def wall_times(result: Comparison) -> Chart | None:
    """A dot a round, a mark for the median, a bar for its 95 % interval; None without a wall time."""
    order = [*result.ranked, *(row for row in result.figures if row.wall is not None and row.variant.label == AGAIN)]
    if not order:
        return None
    left = MARGIN + max(len(row.name) for row in order) * CHARACTER + 6
    axis = TimeAxis(left, WIDTH - MARGIN - 9 * CHARACTER - left, max(row.wall.high for row in order if row.wall))
    signs = (
        (_dot(10, 0, "m-other"), "a round"),
        (draw.line(10, -6, 10, 6, "m-other", stroke_width=2.5), "median"),
        (_interval(0, 20, 0, "m-other"), "its 95 % interval"),
    )
    keys, top = draw.legend(signs, 10)
    bottom = top + ROW * len(order)
    shapes = [keys, axis.drawn(top - 6, bottom, "whole time")]
    shapes += [_walls(result, row, axis, top + ROW * (place + 0.5) - 4) for place, row in enumerate(order)]
    return Chart("times", "Whole times", "".join(shapes), bottom + draw.BELOW_AXIS)


def _walls(result: Comparison, row: Figures, axis: TimeAxis, y: float) -> str:
    """One variant's name, rounds, interval and median."""
    fill, times, middle = colour(row.variant.mode), whole_times(result.samples, row.variant), row.median_s()
    parts, label = [], f"{row.name}: median {time(middle)}"
    if ends := median_interval(list(times.values()), result.seed):
        parts.append(_interval(axis(ends[0]), axis(ends[1]), y, fill))
        label += f", 95 % {time(ends[0])} to {time(ends[1])}"
    parts += [group(_dot(axis(at_s), y, fill), f"round {number}: {time(at_s)}") for number, at_s in times.items()]
    parts.append(draw.line(axis(middle), y - 7, axis(middle), y + 7, fill, stroke_width=2.5))
    words = draw.text(axis.start - 6, y + 4, row.name, anchor="end")
    words += draw.text(WIDTH - MARGIN, y + 4, f"{ms(middle)} ms", "bold", "end")
    return words + group("".join(parts), label)


def _dot(x: float, y: float, fill: str) -> str:
    return draw.element("circle", fill, cx=x, cy=y, r=3, fill_opacity=0.6, stroke_width=0)


def _interval(low: float, high: float, y: float, fill: str) -> str:
    return draw.line(low, y, max(high, low + 1), y, fill, stroke_width=6, stroke_opacity=0.35)


def speedups(result: Comparison) -> Chart | None:
    """A line for each mode and way of dispatching, and the ideal; None if no mode has several numbers of workers."""
    rows = [row for row in result.figures if row.speedup is not None and row.variant.label != AGAIN]
    workers, n = sorted({row.variant.workers for row in rows}), len(result.plan.items)
    series: dict[tuple[str, str], list[Figures]] = {}
    for row in sorted(rows, key=lambda row: row.variant.workers):
        series.setdefault((row.variant.mode, row.variant.via), []).append(row)
    if not any(len(each) > 1 for each in series.values()):
        return None
    turns = ceil(n / result.reference.workers) if result.plan.latency_s is not None else 0
    ideal = {count: turns / ceil(n / count) for count in workers} if turns else {}
    ends = [end for row in rows for end in (row.speedup, *(row.speedup_ci95 or ())) if end is not None]
    marks = draw.ticks(max(*ends, *ideal.values()), 5)
    signs = [
        (draw.path([(0, 0), (20, 0)], colour(mode, line=True)) + _sign(10, 0, mode, via), f"{mode} by {via}")
        for mode, via in series
    ]
    signs += [(draw.line(0, 0, 20, 0, "ideal"), "ideal: equal calls in turns")] if ideal else []
    keys, top = draw.legend(signs, 10)
    bottom = top + HIGH

    def at(count: int, speedup: float) -> tuple[float, float]:
        """The position of a speed-up; the numbers of workers are equally far apart."""
        x = LEFT + 14 + (RIGHT - LEFT - 28) * workers.index(count) / (len(workers) - 1)
        return x, bottom - HIGH * speedup / marks[-1]

    shapes = [keys, draw.text((LEFT + RIGHT) / 2, bottom + 30, "workers", "dim", "middle")]
    for mark, words in zip(marks, draw.labels(marks), strict=True):
        y = at(workers[0], mark)[1]
        shapes.append(draw.line(LEFT, y, RIGHT, y, "grid") + draw.text(LEFT - 5, y + 4, f"{words}x", "dim", "end"))
    shapes.append(draw.line(LEFT, bottom, RIGHT, bottom, "axis"))
    shapes += [draw.text(at(count, 0)[0], bottom + 15, str(count), "dim", "middle") for count in workers]
    if ideal:
        shapes.append(draw.path([at(count, value) for count, value in ideal.items()], "ideal"))
    for place, each in enumerate(series.values()):
        shift = APART * (place - (len(series) - 1) / 2) / max(1, len(series) / 4)  # they would cover one another
        shapes.append(_series(each, at, shift))
    title = f"Speed-up over {next(row.name for row in result.figures if row.variant == result.reference)}"
    return Chart("speed-up", title, "".join(shapes), bottom + draw.BELOW_AXIS)


def _series(rows: Sequence[Figures], at: Callable[[int, float], tuple[float, float]], shift: float) -> str:
    """One mode by one way of dispatching: a line, and at each point its interval and its sign. at: a position."""
    mode, places = rows[0].variant.mode, [at(row.variant.workers, row.speedup or 0.0) for row in rows]
    points = [(x + shift, y) for x, y in places]
    shapes = [draw.path(points, colour(mode, line=True))] if len(points) > 1 else []
    for row, (x, y) in zip(rows, points, strict=True):
        sign, label = _sign(x, y, mode, row.variant.via), f"{row.name}: {row.speedup:.2f}x"
        if ends := row.speedup_ci95:
            low, high = (at(row.variant.workers, end)[1] for end in ends)
            sign = draw.line(x, low, x, high, colour(mode), stroke_width=1.5) + sign
            label += f" (95 %: {ends[0]:.2f} to {ends[1]:.2f})"
        shapes.append(group(sign, label))
    return "".join(shapes)


def _sign(x: float, y: float, mode: str, via: str) -> str:
    """A filled circle for map, a hollow diamond for submit."""
    if via == "map":
        return draw.element("circle", colour(mode), cx=x, cy=y, r=3.5)
    return draw.element("path", f"{colour(mode, line=True)} hollow", d=f"M{number(x)} {number(y - 4)}l4 4l-4 4l-4 -4z")


def timelines(result: Comparison) -> Chart | None:
    """One round of each variant, one below the other, to one scale; None if nothing was measured."""
    chosen = timeline.shown(result)
    if not chosen:
        return None
    many = sum(len(timeline.lanes(sample)) for _, sample in chosen)
    height = next(height for height, most in HEIGHTS if many <= most)
    signs = [(_bar(4, -5, 14, 10, phase), timeline.MEANINGS[phase]) for phase in timeline.phases(chosen)]
    keys, top = draw.legend(signs, 10)
    axis = TimeAxis(LANE_LEFT, WIDTH - MARGIN - LANE_LEFT, timeline.longest_s(chosen))
    shapes, y = [], top
    for name, sample in chosen:
        title = draw.element("tspan", "bold", escape(name))
        title += draw.element("tspan", "dim", escape(timeline.remark(sample)), dx=8)
        shapes.append(draw.element("text", content=title, x=MARGIN, y=y + LINE - 3))
        y += LINE + 2
        for worker, spans in timeline.lanes(sample):
            shapes.append(draw.box(axis.start, y, axis.length, height - 1, "lane"))
            if height >= LEAST_LABELLED:
                shapes.append(draw.text(axis.start - 4, y + height - 2, worker or "?", "dim", "end"))
            shapes += [_fetch(span, result.plan.items[span.index], axis, y, height) for span in spans]
            y += height
        y += 6
    shapes = [keys, axis.drawn(top, y, "since the first fetch was handed out"), *shapes]
    return Chart("timelines", "Timelines: the round nearest to the median", "".join(shapes), y + draw.BELOW_AXIS)


def _fetch(span: Span, item: str, axis: TimeAxis, y: float, height: float) -> str:
    """A fetch: a bar of its phases, and below it a line for the time in the queue."""
    shapes, parts = [], timeline.pieces(span)
    for piece in (timeline.Piece("queue", span.handed_s, span.began_s), *parts):
        left, right = axis(piece.began_s), axis(piece.ended_s)
        if piece.began_s == span.began_s:
            left = min(right, left + 0.5)  # a hair's breadth after the fetch before
        if right - left >= NARROW:
            shapes.append(_bar(left, y, right - left, height - 1.5 - QUEUE_HEIGHT, piece.phase))
    took = " ".join(f"{timeline.MEANINGS[each.phase]} {time(each.ended_s - each.began_s)}," for each in parts)
    why = f": {span.failure}" if span.failure else ""
    return group("".join(shapes), f"{item}: queued {time(span.queue_s)}, {took} from {time(span.began_s)} on{why}")


def _bar(x: float, y: float, width: float, height: float, phase: str) -> str:
    """A part of a bar; the queue is a line below it, a failed fetch an outline, crossed out."""
    if phase == "queue":
        return draw.box(x, y + height, width, QUEUE_HEIGHT, phase)
    if phase != "failed":
        return draw.box(x, y, width, height, phase)
    w, h = number(max(width - 1, 0.5)), number(height - 1)
    return draw.element("path", phase, d=f"M{number(x + 0.5)} {number(y + 0.5)}h{w}v{h}h-{w}zl{w} {h}m0 -{h}l-{w} {h}")


def svg(result: Comparison, *, chart: str = "", dark: bool = True) -> str:
    """All charts in one picture under the verdict, or the one with that key: "times", "speed-up", "timelines".

    dark: with the colours of a dark screen, which not every program understands.
    """
    found = [each for each in charts(result) if chart in ("", each.key)]
    if chart and not found:
        known = ", ".join(each.key for each in charts(result)) or "none"
        raise UsageError(f"there is no chart {chart!r} of this comparison", hint=f"known are {known}")
    head, y = draw.paragraphs(result.advice, 22, "head")
    facts, y = draw.paragraphs(about(result)[:2], y + 2, "dim")
    shapes, y = [head, facts], y - 6
    for each in found:
        shapes.append(draw.text(MARGIN, y + 18, each.title, "head"))
        shapes.append(f'<g transform="translate(0 {number(y + HEAD)})">{each.shapes}</g>')
        y += HEAD + each.height + 8
    medians = "; ".join(f"{row.name}: median {time(row.median_s())}" for row in result.ranked)
    return draw.document(" ".join(result.advice), f"{medians}.", "\n".join(shapes), y, dark=dark)


def html(result: Comparison, *, chart: str = "") -> str:
    """A page with the picture, the reasons and the figures, for any screen and for paper; chart: as for `svg`."""
    reasons = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in result.reasons)
    facts = "<br>".join(map(escape, about(result)))
    figures = f'<p class="dim">{facts}</p>\n<div class="wide">{_table(result)}</div>'
    title = f"rates compare: {' '.join(result.advice)}"
    return draw.page(title, svg(result, chart=chart), {"Why": reasons, "Figures": figures})


def _table(result: Comparison) -> str:
    """The first table, for reading and for copying."""
    columns = shown(result)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("variant", *(column.header for column in columns)))
    cells = (f"<th>{escape(row.name)}</th>" + "".join(f"<td>{each.cell(row)}</td>" for each in columns)
             for row in result.figures)  # fmt: skip
    body = "\n".join(f"<tr>{each}</tr>" for each in cells)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def png(result: Comparison, *, chart: str = "") -> bytes:
    """The picture of `svg` on white paper; UsageError if it cannot be drawn."""
    return raster(svg(result, chart=chart, dark=False))
