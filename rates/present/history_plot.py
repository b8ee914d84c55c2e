"""The history of pairs as a picture: a panel a pair, with values on the left and days below; SVG, HTML page or PNG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

from rates.compare.plots import drawing as draw
from rates.compare.plots.drawing import BELOW_AXIS, CHARACTER, MARGIN, WIDTH, group, number
from rates.compare.plots.png import raster
from rates.present.chart import Axis
from rates.present.history import History, PairHistory, caption, history_text
from rates.settings import Settings
from rates.store.periods import PeriodRate

HIGH, HEAD, DAYS = 150.0, 30.0, 4
LINE, DOT = draw.colour("thread", line=True), draw.colour("thread")
MOST_DOTS = 60  # more points are a line alone


def picture(history: History, settings: Settings, kind: str) -> bytes:
    """The picture as a file of that kind: svg, html or png; `UsageError` if a PNG cannot be drawn here."""
    if kind == "png":
        return raster(svg(history, settings, dark=False))
    made = html(history, settings) if kind == "html" else svg(history, settings)
    return made.encode()


def svg(history: History, settings: Settings, *, dark: bool = True) -> str:
    """All panels in one picture under the caption. dark: with the colours of a dark screen too."""
    facts = caption(history, settings)
    head, y = draw.paragraphs(facts, 22, "dim")
    shapes = [head]
    for pair in history.pairs:
        shapes.append(draw.text(MARGIN, y + 12, pair.pair, "head"))
        shapes.append(f'<g transform="translate(0 {number(y + HEAD - 8)})">{_panel(pair)}</g>')
        y += HEAD + HIGH + BELOW_AXIS - 14
    names = ", ".join(pair.pair for pair in history.pairs)
    return draw.document(names, " ".join(facts), "\n".join(shapes), y, dark=dark)


def html(history: History, settings: Settings) -> str:
    """A page with the picture and the figures, for any screen and for paper."""
    names = ", ".join(pair.pair for pair in history.pairs)
    table = history_text(history, settings.with_values(format="html"), None)
    return draw.page(names, svg(history, settings), {"Figures": f'<div class="wide">{table}</div>'})


def _panel(pair: PairHistory) -> str:
    """One pair: its line, its axes, and a dot for each of a few figures."""
    rates = [float(figure.rate) for figure in pair.figures]
    axis = Axis.of(min(rates), max(rates))
    marks = axis.marks()
    left = MARGIN + max(map(len, marks.values())) * CHARACTER + 4
    first, last = _day(pair.figures[0]), _day(pair.figures[-1])

    def at(day: date, rate: float) -> tuple[float, float]:
        """The position of a rate on a day."""
        share = (day - first).days / ((last - first).days or 1)
        return left + (WIDTH - MARGIN - left) * share, HIGH * (1 - (rate - axis.low) / axis.step / axis.steps)

    points = [at(_day(figure), rate) for figure, rate in zip(pair.figures, rates, strict=True)]
    shapes = [_grid(axis, marks, left), _days(pair.figures, at), draw.path(points, LINE)]
    if len(points) <= MOST_DOTS:
        shapes += [_dot(x, y, figure) for (x, y), figure in zip(points, pair.figures, strict=True)]
    return "".join(shapes)


def _day(figure: PeriodRate) -> date:
    """Where a figure stands: on its day, a mean in the middle of its period."""
    first, last, _ = figure.span
    return figure.day or first + (last - first) // 2


def _grid(axis: Axis, marks: dict[int, str], left: float) -> str:
    """A line at each mark of the values, the lowest as the axis."""
    shapes = []
    for row, words in marks.items():
        y = HIGH * (1 - row / (axis.rows - 1))
        shapes.append(draw.line(left, y, WIDTH - MARGIN, y, "grid" if row else "axis"))
        shapes.append(draw.text(left - 4, y + 4, words, "dim", "end"))
    return "".join(shapes)


def _days(figures: Sequence[PeriodRate], at: Callable[[date, float], tuple[float, float]]) -> str:
    """The names of a few days or periods below the axis, the first and the last among them."""
    count = min(DAYS, len(figures))
    shapes = []
    for place in range(count):
        figure = figures[(len(figures) - 1) * place // max(1, count - 1)]
        anchor = "start" if place == 0 else "end" if place == count - 1 else "middle"
        shapes.append(draw.text(at(_day(figure), 0.0)[0], HIGH + 15, figure.period, "dim", anchor))
    return "".join(shapes)


def _dot(x: float, y: float, figure: PeriodRate) -> str:
    words = f"{figure.period}: {figure.rate:f}"
    return group(draw.element("circle", DOT, cx=x, cy=y, r=2), escape(words, quote=False))
