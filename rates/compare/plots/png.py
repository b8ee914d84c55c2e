"""SVG pictures as PNG, through resvg, an extra."""

from __future__ import annotations

from typing import Any

from rates.errors import UsageError

INSTALL = 'python -m pip install "fetch-rates[plot]"'
ZOOM = 3.0  # dots a pixel
# Fonts that systems bring; the first that is installed is used.
FONTS = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI", "Ubuntu", "Roboto", "Verdana")


def raster(svg: str) -> bytes:
    """The picture as a PNG, three dots a pixel; UsageError if it cannot be drawn."""
    resvg, font = ready()
    return bytes(resvg.svg_to_bytes(svg_string=svg, zoom=ZOOM, sans_serif_family=font))


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
