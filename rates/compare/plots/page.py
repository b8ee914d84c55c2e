"""The charts as one SVG, as one HTML page that needs nothing else, and as PNG."""

from __future__ import annotations

from html import escape
from string import Template
from typing import Any

from rates.compare.columns import about, html_table
from rates.compare.plots.charts import charts
from rates.compare.plots.drawing import MARGIN, WIDTH, Chart, asset, box, number, style, text
from rates.compare.results import Comparison
from rates.errors import UsageError

HEAD = 44.0
INSTALL = 'python -m pip install "fetch-rates[plot]"'
ZOOM = 2.0
# Fonts that systems bring; the first that is installed is used.
FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI", "Ubuntu", "Roboto", "Verdana")


def svg(result: Comparison, *, dark: bool = True) -> str:
    """All charts in one picture. dark: with the colours of a dark screen, which not every program understands."""
    lines, found, shapes = about(result), charts(result), [text(MARGIN, 36, "rates compare", "head")]
    shapes += [text(MARGIN, 56 + 17 * place, line, "dim") for place, line in enumerate(lines)]
    y = 56.0 + 17 * len(lines) + 8
    for chart in found:
        shapes.append(text(MARGIN, y + 24, chart.title, "head"))
        shapes.append(f'<g transform="translate(0 {number(y + HEAD)})">{chart.shapes}</g>')
        y += HEAD + chart.height + 16
    colours = style() + (f"\n@media (prefers-color-scheme: dark) {{\n{asset('dark.css')}\n}}" if dark else "")
    described = " ".join(f"{chart.title}: {chart.description}" for chart in found)
    shapes_text = "\n".join([box(0, 0, WIDTH, y, "paper"), *shapes])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{number(y)}" '
        f'viewBox="0 0 {WIDTH} {number(y)}" role="img" aria-labelledby="title about">\n'
        f'<title id="title">rates compare: {escape(lines[0])}</title>\n'
        f'<desc id="about">{escape(described)}</desc>\n<style>\n{colours}\n</style>\n{shapes_text}\n</svg>\n'
    )


def html(result: Comparison) -> str:
    """A page with the verdict, the charts and the figures, for screens, dark screens and paper."""
    facts = list(map(escape, about(result)))
    page = Template(asset("page.html")).substitute(
        title=f"rates compare: {facts[0]}",
        style=f"{asset('page.css')}\n{style()}",
        dark=asset("dark.css"),
        facts="<br>".join(facts),
        verdict="\n".join(f"<p>{escape(sentence)}</p>" for sentence in result.verdict.splitlines()),
        charts="\n".join(_section(place, chart) for place, chart in enumerate(charts(result))),
        table=html_table(result),
    )
    return f"{page}\n"


def _section(place: int, chart: Chart) -> str:
    """One chart of the page, with its name and its description for people who cannot see it."""
    names, whole = f"t{place} d{place}", ' class="whole"' if chart.title != "Timelines" else ""
    return (
        f"<section{whole}>\n<h2>{escape(chart.title)}</h2>\n<figure>\n"
        f'<svg viewBox="{MARGIN} 0 {WIDTH - 2 * MARGIN + 14} {number(chart.height)}" '
        f'role="img" aria-labelledby="{names}">\n'
        f'<title id="t{place}">{escape(chart.title)}</title>\n<desc id="d{place}">{escape(chart.description)}</desc>\n'
        f"{chart.shapes}\n</svg>\n</figure>\n</section>"
    )


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
