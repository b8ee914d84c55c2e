"""The pictures as PNG, through resvg: one wheel without dependencies, which draws SVG as browsers do."""

from __future__ import annotations

from typing import Any

from rates.compare.plots.page import svg
from rates.compare.records import Comparison
from rates.errors import UsageError

INSTALL = 'python -m pip install "fetch-rates[plot]"'
ZOOM = 2.0
# Those that systems bring; the first that is there is drawn with.
FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI", "Ubuntu", "Roboto", "Verdana")


def png(result: Comparison) -> bytes:
    """The picture of `svg` on white paper, two dots a pixel. Raises UsageError where it cannot be drawn."""
    resvg, font = ready()
    return bytes(resvg.svg_to_bytes(svg_string=svg(result, dark=False), zoom=ZOOM, sans_serif_family=font))


def ready() -> tuple[Any, str]:
    """The library that draws, and a font; UsageError, with what to do, where one of them is missing."""
    try:
        import resvg_py as resvg
    except ImportError:
        raise UsageError("a PNG needs the package resvg-py, which is not installed", hint=INSTALL) from None
    font = next((font for font in FONTS if _drawn(resvg, "M", font) != _drawn(resvg, "", font)), "")
    if not font:
        raise UsageError("a PNG needs a font, and none that is known is installed here",
                         hint="install one, like DejaVu Sans, or take .svg or .html")  # fmt: skip
    return resvg, font


def _drawn(resvg: Any, letters: str, font: str) -> bytes:
    """A picture of the letters, which is empty where the font is not there."""
    words = f'<text y="18" font-family="{font}">{letters}</text>'
    shapes = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{words}</svg>'
    return bytes(resvg.svg_to_bytes(svg_string=shapes))
