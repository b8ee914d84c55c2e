"""What pictures are drawn with: SVG elements as text, their colours, and the scale of an axis. Pure.

A picture is 420 units wide, so that its text is readable on a telephone and in a column of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from math import ceil, floor, log10
from string import Template
from textwrap import wrap

WIDTH, MARGIN = 420, 12
INNER = WIDTH - 2 * MARGIN
BELOW_AXIS = 38.0  # the marks and the title
# The greatest mean width of a character of the text and of a bold one, in the fonts of the style; a line's height.
CHARACTER, BOLD, LINE = 6.2, 7.1, 15.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

# After Okabe and Ito (2008), for people who see fewer colours. Two were made lighter and darker, so that neighbours in
# a bar differ in brightness too, for a printer without colours.
PHASES = {
    "queue": "#9aa4ae", "turn": "#cc79a7", "connect": "#e69f00", "wait": "#7cc5ee", "read": "#009e73",
    "parse": "#b84a00", "call": "#0072b2",
}  # fmt: skip
MODES = {
    "sequential": "#6e7781", "thread": "#0072b2", "process": "#d55e00", "asyncio": "#009e73", "pool": "#e69f00",
    "dummy": "#56b4e9", "interpreter": "#cc79a7", "dask": "#7a5195", "other": "#8c6d1f",
}  # fmt: skip

STYLE = [f"svg .{name} {{ fill: {colour}; }}" for name, colour in PHASES.items()]
STYLE += [f"svg .m-{name} {{ fill: {colour}; stroke: {colour}; }}" for name, colour in MODES.items()]
STYLE += [f"svg .s-{name} {{ fill: none; stroke: {colour}; stroke-width: 2; }}" for name, colour in MODES.items()]


def asset(name: str) -> str:
    """A style sheet or template of this folder."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8").rstrip()


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture, its shapes from (0, 0). key: in file names."""

    key: str
    title: str
    shapes: str
    height: float


def number(value: float) -> str:
    """A coordinate rounded to a hundredth, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, kind: str = "", content: str = "", **attributes: float | str) -> str:
    """An SVG element with its attributes that are not empty; a "_" in their names stands for "-"."""
    written = "".join(
        f' {key.replace("_", "-")}="{value if isinstance(value, str) else number(value)}"'
        for key, value in {"class": kind, **attributes}.items()
        if value != ""
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "") -> str:
    """Words on the baseline y."""
    return element("text", kind, escape(words), x=x, y=y, text_anchor=anchor)


def paragraphs(sentences: Iterable[str], y: float, kind: str = "") -> tuple[str, float]:
    """Sentences in lines that fit the picture, the first on the baseline y; and the baseline of the next line."""
    width = INNER / (BOLD if kind == "head" else CHARACTER)
    lines = [line for sentence in sentences for line in wrap(sentence, int(width))]
    shapes = [text(MARGIN, y + LINE * place, line, kind) for place, line in enumerate(lines)]
    return "".join(shapes), y + LINE * len(lines)


def legend(entries: Sequence[tuple[str, str]], y: float) -> tuple[str, float]:
    """Signs, drawn at (0, 0) and up to 20 wide, with their meanings in as many lines as needed; and y below them."""
    x, shapes = float(MARGIN), []
    for sign, words in entries:
        size = 26 + len(words) * CHARACTER
        if x > MARGIN and x + size > WIDTH - MARGIN:
            x, y = float(MARGIN), y + LINE
        shapes.append(
            f'<g transform="translate({number(x)} {number(y - 4)})">{sign}</g>{text(x + 24, y, words, "dim")}'
        )
        x += size + 8
    return "".join(shapes), y + LINE


def line(x1: float, y1: float, x2: float, y2: float, kind: str, **more: float) -> str:
    """A straight line."""
    return element("line", kind, "", x1=x1, y1=y1, x2=x2, y2=y2, **more)


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    """A filled rectangle."""
    return element("rect", kind, x=x, y=y, width=width, height=height)


def path(points: Sequence[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    return element("polyline", kind, points=" ".join(f"{number(x)},{number(y)}" for x, y in points))


def group(shapes: str, title: str) -> str:
    """Shapes that belong together, with a text that a browser shows under the pointer."""
    return f"<g><title>{escape(title)}</title>{shapes}</g>"


def colour(mode: str, *, line: bool = False) -> str:
    """The class of shapes filled with the mode's colour, or of lines in it."""
    return f"{'s' if line else 'm'}-{mode if mode in MODES else 'other'}"


def document(title: str, about: str, shapes: str, height: float, *, dark: bool = True) -> str:
    """A picture as an SVG file. title, about: for readers without it. dark: with the colours of a dark screen too."""
    colours = f"\n@media screen and (prefers-color-scheme: dark) {{\n{asset('dark.css')}\n}}" if dark else ""
    content = "\n".join([
        element("title", content=escape(title), id="title"),
        element("desc", content=escape(about), id="about"),
        "\n".join(["<style>", *STYLE, asset("light.css") + colours, "</style>"]),
        box(0, 0, WIDTH, height, "paper"),
        shapes,
    ])  # fmt: skip
    names = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {number(height)}", "role": "img"}
    size = {"width": number(WIDTH), "height": number(height), "aria_labelledby": "title about"}
    return element("svg", "", f"\n{content}\n", **names, **size) + "\n"


def page(title: str, picture: str, sections: Mapping[str, str]) -> str:
    """An HTML page with the picture and, below it, sections of HTML under their headings."""
    texts = (f"<section>\n<h2>{escape(name)}</h2>\n{text}\n</section>" for name, text in sections.items())
    filled = {"title": escape(title), "style": asset("page.css"), "picture": picture, "sections": "\n".join(texts)}
    return f"{Template(asset('page.html')).substitute(filled)}\n"


def ticks(most: float, about: int = 6) -> list[float]:
    """Round numbers from 0 to `most` or just above, about that many."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / about
    power = 10.0 ** floor(log10(rough))
    step = next(power * step for step in STEPS if power * step >= rough * 0.999)
    return [step * place for place in range(ceil(most / step * 0.9999) + 1)]


def labels(values: Sequence[float]) -> list[str]:
    """The numbers with as many decimals as are needed to write them."""
    for places in range(4):
        texts = [f"{value:.{places}f}" for value in values]
        if all(abs(float(text) - value) <= abs(value) * 1e-6 for text, value in zip(texts, values, strict=True)):
            break
    return texts


def unit(most_s: float) -> tuple[str, float]:
    """The unit in which an axis up to that time has the fewest digits, and how many of it make a second."""
    return ("s", 1.0) if most_s >= 2 else ("ms", 1e3) if most_s >= 0.002 else ("µs", 1e6)


class TimeAxis:
    """A horizontal axis of times from 0 to `most_s` or just above, in the unit that suits it."""

    def __init__(self, start: float, length: float, most_s: float) -> None:
        self.start, self.length = start, length
        self.unit, self.factor = unit(most_s)
        self.marks = ticks(most_s * self.factor, 5)

    def __call__(self, seconds: float) -> float:
        """The position of a time."""
        return self.start + self.length * seconds * self.factor / self.marks[-1]

    def drawn(self, top: float, bottom: float, title: str) -> str:
        """A vertical line at each mark, and below them the axis with the marks and a title."""
        end = self.start + self.length
        shapes = [line(self.start, bottom, end, bottom, "axis")]
        shapes.append(text((self.start + end) / 2, bottom + 30, f"{title}, {self.unit}", "dim", "middle"))
        for mark, words in zip(self.marks, labels(self.marks), strict=True):
            x = self(mark / self.factor)
            shapes.append(line(x, top, x, bottom, "grid") + text(x, bottom + 15, words, "dim", "middle"))
        return "".join(shapes)
