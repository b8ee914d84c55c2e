"""Pictures of a comparison: pure functions from the record to SVG, to one HTML page, and to lines of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rates.compare.plots.page import html, svg
    from rates.compare.plots.raster import png
    from rates.compare.plots.text import timeline

_HOMES = {"html": "page", "svg": "page", "png": "raster", "timeline": "text"}

__all__ = ["html", "png", "svg", "timeline"]


def __getattr__(name: str) -> object:
    """The function, from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value
