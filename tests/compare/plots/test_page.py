"""The SVG, the page and the PNG are complete and need nothing else."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from rates.compare import html, png, svg
from rates.compare.plots.drawing import WIDTH
from rates.compare.plots.page import ready
from rates.compare.results import Comparison
from rates.errors import UsageError
from tests.compare.made import comparison, failing, plain

SVG = "{http://www.w3.org/2000/svg}"
RESULTS = {"well": comparison(), "failing": failing(), "plain": plain()}


def shapes(text: str) -> ElementTree.Element:
    """The elements of a picture, which must be valid XML."""
    return ElementTree.fromstring(text)


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_every_picture_is_well_formed(result: Comparison) -> None:
    """SVG and the page's pictures are XML, have a title and a description, and load nothing from elsewhere."""
    root = shapes(svg(result))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    page = html(result)
    for picture in re.findall(r"<svg .*?</svg>", page, re.DOTALL):
        found = ElementTree.fromstring(picture)
        assert found.find("title") is not None
        assert found.get("role") == "img"
    assert page.startswith("<!doctype html>")
    assert not re.search(r"(src|href|@import|url\()", page)
    assert re.findall(r"https?://[^\"]*", page + svg(result)) == ["http://www.w3.org/2000/svg"]
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "prefers-color-scheme" in svg(result)
    assert "prefers-color-scheme" not in svg(result, dark=False)


def test_nothing_measured() -> None:
    """A comparison that ended before its first round still gives a picture and a page."""
    empty = replace(comparison(), samples=(), figures=(), rounds=0)
    shapes(svg(empty))
    assert "<h2>Verdict</h2>" in html(empty)


def test_png(tmp_path: Path) -> None:
    """The PNG is twice as wide as the picture."""
    pytest.importorskip("resvg_py")
    found = png(comparison())
    assert found.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(found[16:20], "big") == 2 * WIDTH


def test_png_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the error names the command that installs it."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match=r'python -m pip install "fetch-rates\[plot\]"'):
        ready()


def test_png_without_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a font the letters would silently be missing, so that is an error."""

    class Blind:
        def svg_to_bytes(self, **_: Any) -> bytes:
            """The same picture for any letters."""
            return b"nothing"

    monkeypatch.setitem(sys.modules, "resvg_py", Blind())
    with pytest.raises(UsageError, match="needs a font"):
        ready()
