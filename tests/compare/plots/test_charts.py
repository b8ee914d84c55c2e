"""The charts show what was measured, at the right place; SVG, page and PNG are complete and need nothing else."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from rates.compare import html, png, svg
from rates.compare.plots.drawing import WIDTH
from rates.compare.plots.png import ready
from rates.compare.results import Comparison, Sample, Variant
from rates.errors import UsageError
from tests.compare.clock import AGAIN_SEQUENTIAL, SEQUENTIAL, THREAD, sample, span
from tests.compare.made import comparison, concluded, failing, in_turn, phased, plain

SVG = "{http://www.w3.org/2000/svg}"
RESULTS = {"well": comparison(), "failing": failing(), "plain": plain()}


def shapes(text: str) -> ElementTree.Element:
    """The elements of a picture, which must be valid XML."""
    return ElementTree.fromstring(text)


def named(root: ElementTree.Element, tag: str, kind: str) -> list[ElementTree.Element]:
    """The elements of a class."""
    return [each for each in root.iter(f"{SVG}{tag}") if each.get("class") == kind]


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_nothing_leaves_the_paper(result: Comparison) -> None:
    """No bar and no text, of characters as wide as usual, begins or ends beyond the paper."""
    for each in shapes(svg(result)).iter(f"{SVG}rect"):
        left, width = float(each.get("x", 0)), float(each.get("width", 0))
        assert 0 <= left <= left + width <= WIDTH
    for each in shapes(svg(result)).iter(f"{SVG}text"):
        x, anchor, size = float(each.get("x", 0)), each.get("text-anchor", "start"), len("".join(each.itertext())) * 6
        begin = {"start": x, "middle": x - size / 2, "end": x - size}[anchor]
        assert 0 <= begin <= begin + size <= WIDTH


def test_bars_by_hand() -> None:
    """Eight fetches in two variants have eight bars of each phase, to one scale, and a queue where they waited."""
    root = shapes(svg(comparison()))
    waits = [float(each.get("width", 0)) for each in named(root, "rect", "wait")]
    assert len(waits) == 8 + 1  # and one in the legend
    assert waits[1:] == pytest.approx([waits[1]] * 8)
    parses = [float(each.get("width", 0)) for each in named(root, "rect", "parse")]
    assert parses[1] / waits[1] == pytest.approx(0.02 / 0.06, rel=0.01)
    assert len(named(root, "rect", "lane")) == 1 + 2
    queues = [float(each.get("width", 0)) for each in named(root, "rect", "queue")][1:]
    assert queues == pytest.approx([waits[1] * 0.1 / 0.06] * 2, rel=0.01)  # the third and fourth waited 0.1 s
    assert "0: queued 0.0 ms, connecting 10 ms, waiting for the answer 60 ms" in svg(comparison())


def test_dots_and_curve_by_hand() -> None:
    """There is a dot for each round and variant, and the ideal from 1 to 2 workers."""
    root = shapes(svg(comparison()))
    dots = [each for each in root.iter(f"{SVG}circle") if each.get("r") == "3"]
    assert len(dots) == 9 + 1  # and one in the legend
    assert "Speed-up over" not in svg(comparison())  # one number of workers a mode makes no line
    eight = [sample(THREAD, number, 0.1, (0.1,) * 4) for number in (1, 2, 3)]
    both = concluded((*comparison().variants, THREAD), [*comparison().samples, *eight], n=4)
    ideal = named(shapes(svg(both)), "polyline", "ideal")[0].get("points", "").split()
    assert len(ideal) == 3
    assert "Speed-up over sequential" in svg(both)


def test_one_chart() -> None:
    """A chart alone has the verdict and its legend too; a chart that the comparison has not is refused."""
    alone = svg(comparison(), chart="times")
    assert "Use thread: 1.99x as fast" in alone
    assert "95 % interval" in alone
    assert "Timelines" not in alone
    assert "Whole times" not in html(comparison(), chart="timelines")
    with pytest.raises(UsageError, match=r"no chart 'speed-up'.*known are times, timelines"):
        svg(comparison(), chart="speed-up")


def test_failures_are_crossed_out() -> None:
    """A failed fetch is drawn as such, with its reason, whose special characters are escaped."""
    broken = (phased(0, 0.0), span(1, 0.0, 0.05, worker="2", failure="refused <&>"))
    only = concluded((THREAD,), [sample(THREAD, 1, 0.1, failures=("x",), spans=broken)], n=2)
    text = svg(only)
    assert named(shapes(text), "path", "failed")
    assert "refused &lt;&amp;&gt;" in text
    assert "1 failed" in text


@pytest.mark.parametrize("workers", [3, 24, 200])
def test_many_workers(workers: int) -> None:
    """With many workers lanes are lower and axes logarithmic; lanes do not overlap."""
    many = Variant("thread", "map", workers)
    spans = tuple(phased(place, 0.0, str(place + 1)) for place in range(workers))
    samples = [each for n in (1, 2, 3) for each in (in_turn(n), sample(many, n, 0.1, spans=spans))]
    root = shapes(svg(concluded((SEQUENTIAL, many), samples, n=max(4, workers))))
    tops = sorted(float(each.get("y", 0)) for each in named(root, "rect", "lane"))
    heights = {float(each.get("height", 0)) for each in named(root, "rect", "lane")}
    assert len(tops) == workers + 1
    assert min(b - a for a, b in pairwise(tops)) >= max(heights)


def test_all_failed() -> None:
    """If every round failed, there are timelines and no wall times."""
    spans = (span(0, 0.0, 0.0, failure="x"),)
    failed: list[Sample] = [sample(SEQUENTIAL, 1, 0.1, failures=("x",), spans=spans)]
    text = svg(concluded((SEQUENTIAL, AGAIN_SEQUENTIAL), failed, n=1))
    assert "Timelines" in text
    assert "Whole times" not in text


def test_lines_are_not_filled() -> None:
    """Every selector is a plain class, which all programs that draw SVG understand, and lines are not filled."""
    picture = svg(comparison())
    style = picture[picture.index("<style>") : picture.index("</style>")]
    assert "[" not in style
    for each in shapes(picture).iter(f"{SVG}polyline"):
        assert re.search(rf"\.{each.get('class')} {{[^}}]*fill: none", style)


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
        assert found.find(f"{SVG}title") is not None
        assert found.get("role") == "img"
    assert page.startswith("<!doctype html>")
    assert not re.search(r"(src|href|@import|url\()", page)
    assert set(re.findall(r"https?://[^\"]*", page + svg(result))) == {"http://www.w3.org/2000/svg"}
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "prefers-color-scheme" in svg(result)
    assert "prefers-color-scheme" not in svg(result, dark=False)


def test_nothing_measured() -> None:
    """A comparison that ended before its first round still gives a picture and a page."""
    empty = replace(comparison(), samples=(), figures=(), rounds=0)
    shapes(svg(empty))
    assert "<h2>Why</h2>" in html(empty)


def test_png(tmp_path: Path) -> None:
    """The PNG has three dots a unit of the picture."""
    pytest.importorskip("resvg_py")
    found = png(comparison())
    assert found.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(found[16:20], "big") == 3 * WIDTH


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
