"""The pictures: wall times with intervals, speed-up against workers, and timelines, as SVG, as HTML page and as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, log2
from string import Template
from typing import Any

from rates.compare.columns import about, shown
from rates.compare.figures import whole_times
from rates.compare.plots import drawing as draw
from rates.compare.plots.drawing import CHARACTER, MARGIN, WIDTH, Chart, TimeAxis, colour, group, line, number, text
from rates.compare.plots.timeline import timelines
from rates.compare.results import AGAIN, Comparison, Figures
from rates.compare.statistics import median_interval
from rates.compare.wording import time
from rates.errors import UsageError

ROW = 26.0
# The plane of the speed-ups, and the pixels between series that would cover one another.
LEFT, RIGHT, TOP, BOTTOM, APART = MARGIN + 44.0, WIDTH - 240.0, 26.0, 326.0, 5.0
# With more workers both axes are logarithmic, or the first few would coincide.
MOST_LINEAR = 16
HEAD = 44.0
INSTALL = 'python -m pip install "fetch-rates[plot]"'
ZOOM = 2.0
# Fonts that systems bring; the first that is installed is used.
FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI", "Ubuntu", "Roboto", "Verdana")


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
    return Chart("times", "Whole times", f"{meaning} {'; '.join(medians)}.", "".join(shapes), bottom + draw.BELOW_AXIS)


class Plane:
    """The positions of speed-ups and numbers of workers, and the marks of the vertical axis."""

    def __init__(self, rows: Sequence[Figures], ideals: Sequence[tuple[int, float]]) -> None:
        ends = [end for row in rows for end in (row.speedup, *(row.speedup_ci95 or ())) if end is not None]
        most = max([*ends, *(value for _, value in ideals)])
        self.workers = sorted({row.variant.workers for row in rows})
        self.linear = self.workers[-1] <= MOST_LINEAR
        low, high = min(-1, int(log2(max(min(ends), 0.01)) - 1)), ceil(log2(max(most, 2)))
        self.marks = draw.ticks(most, 6) if self.linear else [2.0**power for power in range(low, high + 1)]

    def share(self, value: float, low: float, high: float) -> float:
        """How far a value is from `low` to `high`."""
        return (value - low) / (high - low) if self.linear else log2(value / low) / log2(high / low)

    def x(self, workers: float) -> float:
        """The position of a number of workers."""
        return LEFT + 24 + (RIGHT - LEFT - 48) * self.share(workers, 1, self.workers[-1])

    def y(self, speedup: float) -> float:
        """The position of a speed-up."""
        low, high = self.marks[0], self.marks[-1]
        return BOTTOM - (BOTTOM - TOP) * self.share(max(speedup, low), low, high)

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
    return Chart(
        "speed-up", "Speed-up against workers", about, "".join(shapes), max(BOTTOM + 46, TOP + 20 * (len(series) + 3))
    )


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


def svg(result: Comparison, *, dark: bool = True) -> str:
    """All charts in one picture. dark: with the colours of a dark screen, which not every program understands."""
    lines, found, shapes = about(result), charts(result), [text(MARGIN, 36, "rates compare", "head")]
    shapes += [text(MARGIN, 56 + 17 * place, line, "dim") for place, line in enumerate(lines)]
    y = 56.0 + 17 * len(lines) + 8
    for chart in found:
        shapes.append(text(MARGIN, y + 24, chart.title, "head"))
        shapes.append(f'<g transform="translate(0 {number(y + HEAD)})">{chart.shapes}</g>')
        y += HEAD + chart.height + 16
    colours = draw.style() + (f"\n@media (prefers-color-scheme: dark) {{\n{draw.asset('dark.css')}\n}}" if dark else "")
    described = " ".join(f"{chart.title}: {chart.description}" for chart in found)
    content = "\n".join([f"<style>\n{colours}\n</style>", draw.box(0, 0, WIDTH, y, "paper"), *shapes])
    size = {"xmlns": "http://www.w3.org/2000/svg", "width": WIDTH, "height": y}
    view, title = f"0 0 {WIDTH} {number(y)}", f"rates compare: {lines[0]}"
    return f"{_picture('title about', title, described, content, view, **size)}\n"


def _picture(ids: str, title: str, description: str, content: str, view: str, **size: Any) -> str:
    """An SVG with its title, and with its description for people who cannot see it."""
    texts = zip(("title", "desc"), ids.split(), (title, description), strict=True)
    named = "\n".join(draw.element(name, content=escape(words), id=at) for name, at, words in texts)
    return draw.element("svg", content=f"\n{named}\n{content}\n", **size, viewBox=view, role="img", aria_labelledby=ids)


def html(result: Comparison) -> str:
    """A page with the verdict, the charts and the figures, for screens, dark screens and paper."""
    facts = list(map(escape, about(result)))
    page = Template(draw.asset("page.html")).substitute(
        title=f"rates compare: {facts[0]}",
        style=f"{draw.asset('page.css')}\n{draw.style()}",
        dark=draw.asset("dark.css"),
        facts="<br>".join(facts),
        verdict="\n".join(f"<p>{escape(sentence)}</p>" for sentence in result.verdict.splitlines()),
        charts="\n".join(_section(place, chart) for place, chart in enumerate(charts(result))),
        table=_table(result),
    )
    return f"{page}\n"


def _table(result: Comparison) -> str:
    """The first table, for reading and for copying."""
    columns = shown(result)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("variant", *(column.header for column in columns)))
    lines = [
        f'<tr><th scope="row">{escape(row.name)}</th>'
        + "".join(f"<td>{column.cell(row)}</td>" for column in columns)
        + "</tr>"
        for row in result.figures
    ]
    body = "\n".join(lines)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _section(place: int, chart: Chart) -> str:
    """One chart of the page."""
    whole, view = ' class="whole"' if chart.title != "Timelines" else "", f"{MARGIN} 0 {WIDTH - 2 * MARGIN + 14} "
    drawn = _picture(f"t{place} d{place}", chart.title, chart.description, chart.shapes, view + number(chart.height))
    return f"<section{whole}>\n<h2>{escape(chart.title)}</h2>\n<figure>\n{drawn}\n</figure>\n</section>"


def png(result: Comparison) -> bytes:
    """The picture of `svg` on white paper, through resvg, two dots a pixel; UsageError if it cannot be drawn."""
    resvg, font = ready()
    return bytes(resvg.svg_to_bytes(svg_string=svg(result, dark=False), zoom=ZOOM, sans_serif_family=font))


def ready() -> tuple[Any, str]:
    """The library that draws a PNG, and a font; UsageError, with what to do, if one of them is missing."""
    try:
        import resvg_py as resvg
    except ImportError:
        raise UsageError("a PNG needs the package resvg-py, which is not installed", hint=INSTALL) from None
    font = next((font for font in FONTS if _drawn(resvg, "M", font) != _drawn(resvg, "", font)), "")
    if not font:
        raise UsageError("a PNG needs a font, and none of the known ones is installed here",
                         hint="install one, like DejaVu Sans, or take .svg or .html")  # fmt: skip
    return resvg, font


def _drawn(resvg: Any, letters: str, font: str) -> bytes:
    """A picture of the letters, which is empty without the font."""
    words = f'<text y="18" font-family="{font}">{letters}</text>'
    shapes = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{words}</svg>'
    return bytes(resvg.svg_to_bytes(svg_string=shapes))
