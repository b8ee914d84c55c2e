"""The few shapes that pictures are made of, as SVG text; and their colours. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WIDTH = 960
MARGIN = 24
# Room that one character of the small text takes, at the most, in the fonts that are asked for.
CHARACTER = 6.6

# After Okabe and Ito (2008), which people who see fewer colours can tell apart. Two were made lighter and darker, so
# that what stands side by side in a bar differs in brightness too, for a printer without colours.
PHASES = {
    "queue": "#9aa4ae", "turn": "#cc79a7", "connect": "#e69f00", "wait": "#7cc5ee", "read": "#009e73",
    "parse": "#b84a00", "call": "#0072b2",
}  # fmt: skip
MODES = {
    "sequential": "#6e7781", "thread": "#0072b2", "process": "#d55e00", "asyncio": "#009e73", "pool": "#e69f00",
    "dummy": "#56b4e9", "interpreter": "#cc79a7", "dask": "#7a5195", "other": "#8c6d1f",
}  # fmt: skip

STYLE = "\n".join((
    "svg text { font: 12px system-ui, 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif; fill: #1f2328; }",
    "svg .paper { fill: #ffffff; }",
    "svg .dim { fill: #59636e; }",
    "svg text.head { font-size: 16px; font-weight: 600; }",
    "svg .bold { font-weight: 600; }",
    "svg .grid { stroke: #d8dee4; stroke-width: 1; }",
    "svg .axis { stroke: #59636e; stroke-width: 1; fill: none; }",
    "svg .ideal { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 5 4; fill: none; }",
    "svg .lane { fill: #e4e8ec; fill-opacity: 0.55; }",
    "svg .failed { fill: #ffffff; stroke: #1f2328; stroke-width: 1; }",
    *(f"svg .{name} {{ fill: {colour}; }}" for name, colour in PHASES.items()),
    *(f"svg .m-{name} {{ fill: {colour}; stroke: {colour}; }}" for name, colour in MODES.items()),
    *(f"svg .s-{name} {{ fill: none; stroke: {colour}; stroke-width: 2; }}" for name, colour in MODES.items()),
    "svg .hollow { fill: #ffffff; }",
))  # fmt: skip
# What is different on a dark screen; paper stays white.
DARK = "\n".join((
    "svg text { fill: #e6edf3; }",
    "svg .paper, svg .failed, svg .hollow { fill: #0d1117; }",
    "svg .dim { fill: #9198a1; }",
    "svg .grid { stroke: #2a313a; }",
    "svg .axis, svg .ideal { stroke: #9198a1; }",
    "svg .lane { fill: #21262d; }",
    "svg .failed { stroke: #e6edf3; }",
    "svg .queue { fill: #7d8590; }",
    "svg .m-thread { fill: #4aa3df; } svg .m-thread, svg .s-thread { stroke: #4aa3df; }",
    "svg .m-sequential { fill: #9198a1; } svg .m-sequential, svg .s-sequential { stroke: #9198a1; }",
    "svg .m-dask { fill: #b48ad6; } svg .m-dask, svg .s-dask { stroke: #b48ad6; }",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One picture: what it is, said for who cannot see it too, its shapes from (0, 0) on, and its height."""

    title: str
    description: str
    shapes: str
    height: float


def number(value: float) -> str:
    """A coordinate to a hundredth, without zeros at the end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Words whose line stands at y."""
    css = f' class="{kind}"' if kind else ""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{number(x)}" y="{number(y)}"{css}{side}>{escape(words)}</text>'


def heading(x: float, y: float, words: str, more: str) -> str:
    """Words in bold and, after them, more in a weaker colour; whatever draws it knows how wide the first are."""
    parts = f'<tspan class="bold">{escape(words)}</tspan><tspan class="dim" dx="12">{escape(more)}</tspan>'
    return f'<text x="{number(x)}" y="{number(y)}">{parts}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str, more: str = "") -> str:
    """A straight line."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} class="{kind}"{more}/>'


def box(x: float, y: float, width: float, height: float, kind: str) -> str:
    """A filled rectangle."""
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" class="{kind}"/>'


def group(shapes: str, title: str) -> str:
    """Shapes that belong together, with words that show when pointed at."""
    return f"<g><title>{escape(title)}</title>{shapes}</g>"


def dot(x: float, y: float, radius: float, kind: str, more: str = "") -> str:
    """A filled circle."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" class="{kind}"{more}/>'


def diamond(x: float, y: float, radius: float, kind: str) -> str:
    """A square that stands on a corner."""
    r, middle = number(radius), f"{number(x)} {number(y - radius)}"
    return f'<path d="M{middle}l{r} {r}l-{r} {r}l-{r} -{r}z" class="{kind}"/>'


def path(points: list[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    return f'<polyline points="{" ".join(f"{number(x)},{number(y)}" for x, y in points)}" class="{kind}"/>'


def of_mode(mode: str) -> str:
    """The class of what is filled with the mode's colour."""
    return f"m-{mode if mode in MODES else 'other'}"


def line_of(mode: str) -> str:
    """The class of what is drawn in it, with nothing inside."""
    return f"s-{mode if mode in MODES else 'other'}"


def room(words: list[str]) -> float:
    """The width that holds each of these texts."""
    return max(map(len, words), default=0) * CHARACTER
