"""The timelines as a picture: a lane for each worker, a bar for each fetch, all variants to one scale. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.plots.axis import Scale, labels, ticks, unit
from rates.compare.plots.draw import CHARACTER, MARGIN, WIDTH, Part, box, group, heading, line, number, text
from rates.compare.plots.phases import FAILED, MEANINGS, QUEUE, lanes, longest_s, pieces, seen, shown
from rates.compare.records import Comparison, Sample, Span, Variant
from rates.compare.words import time

# Heights of a lane, the greatest with which all lanes stay within the limit.
HEIGHTS = ((14.0, 90), (9.0, 220), (5.0, 10**9))
LEAST_LABELLED = 9.0
QUEUE_HEIGHT = 2.0
GAP = 22.0
AXIS = 44.0
NARROW = 0.15  # of a pixel: less is not drawn


def timelines(result: Comparison) -> Part | None:
    """The usual round of each variant, one under the other; None when nothing was measured."""
    chosen = shown(result)
    if not chosen:
        return None
    height = _lane_height(sum(len(lanes(sample)) for _, sample in chosen))
    legend, top = _legend(seen(chosen))
    name, factor = unit(longest_s(chosen))
    marks = ticks(longest_s(chosen) * factor, 8)
    scale = Scale(MARGIN + 28, WIDTH - 2 * MARGIN - 28, marks[-1] / factor)
    bodies, y = [], top
    for variant, sample in chosen:
        body, y = _variant(variant, sample, result, scale, y, height)
        bodies.append(body)
    grid = "".join(line(scale(mark / factor), top + 8, scale(mark / factor), y, "grid") for mark in marks)
    axis = line(scale.start, y, scale.start + scale.length, y, "axis") + "".join(
        text(scale(mark / factor), y + 16, words, "dim", "middle")
        for mark, words in zip(marks, labels(marks), strict=True)
    )
    axis += text(
        scale.start + scale.length / 2, y + 34, f"{name} since the first fetch was handed out", "dim", "middle"
    )
    told = "; ".join(f"{variant}: {time(sample.wall_s)}" for variant, sample in chosen)
    return Part(
        "Timelines",
        f"One lane a worker, one bar a fetch, each variant's round nearest to its median. {told}.",
        legend + grid + "".join(bodies) + axis,
        y + AXIS,
    )


def _lane_height(many: int) -> float:
    return next(height for height, most in HEIGHTS if many <= most)


def _legend(phases: Sequence[str]) -> tuple[str, float]:
    """What the colours mean, in as many lines as it takes; and where what follows begins."""
    x, y, shapes = float(MARGIN), 14.0, []
    for what in phases:
        words = MEANINGS[what]
        width = 18 + len(words) * CHARACTER + 16
        if x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 20
        mark = box(x, y - 5, 12, QUEUE_HEIGHT, what) if what == QUEUE else _bar(x, y - 9, 12, 10, what)
        shapes.append(mark + text(x + 18, y, words))
        x += width
    return "".join(shapes), y + 8


def _variant(
    variant: Variant, sample: Sample, result: Comparison, scale: Scale, y: float, height: float
) -> tuple[str, float]:
    """One variant's heading and lanes; and where the next begins."""
    failed = f", {len(sample.failures)} failed" if sample.failures else ""
    said = f"{time(sample.wall_s)}, round {sample.number}{failed}"
    shapes = [heading(MARGIN, y + GAP - 2, str(variant), said)]
    y += GAP + 4
    for name, spans in lanes(sample):
        shapes.append(box(scale.start, y, scale.length, height - 1, "lane"))
        if height >= LEAST_LABELLED:
            shapes.append(text(scale.start - 6, y + height - 3, name or "?", "dim", "end"))
        shapes += [_fetch(span, result.plan.items[span.index], scale, y, height) for span in spans]
        y += height
    return "".join(shapes), y + 6


def _fetch(span: Span, item: str, scale: Scale, y: float, height: float) -> str:
    """A fetch: its pieces as a bar, and below it a line for as long as it was queued."""
    shapes = []
    if span.queue_s > 0 and scale(span.queue_s) - scale(0) >= NARROW:
        queued = scale(span.began_s) - scale(span.handed_s)
        shapes.append(box(scale(span.handed_s), y + height - 1 - QUEUE_HEIGHT, queued, QUEUE_HEIGHT, QUEUE))
    tall = height - 1 - QUEUE_HEIGHT - (0.5 if height > 6 else 0)
    for piece in pieces(span):
        left, right = scale(piece.began_s), scale(piece.ended_s)
        if piece.began_s == span.began_s:
            left = min(right, left + 0.6)  # a hair's breadth after the fetch before
        if right - left >= NARROW:
            shapes.append(_bar(left, y, right - left, tall, piece.what))
    took = " ".join(f"{MEANINGS[piece.what]} {time(piece.ended_s - piece.began_s)}," for piece in pieces(span))
    why = f": {span.failure}" if span.failure else ""
    return group("".join(shapes), f"{item}: queued {time(span.queue_s)}, {took} from {time(span.began_s)} on{why}")


def _bar(x: float, y: float, width: float, height: float, what: str) -> str:
    """A piece of a bar; a failed fetch is an outline, struck out."""
    if what != FAILED:
        return box(x, y, width, height, what)
    w, h = number(max(width - 1, 0.5)), number(height - 1)
    return f'<path d="M{number(x + 0.5)} {number(y + 0.5)}h{w}v{h}h-{w}zl{w} {h}m0 -{h}l-{w} {h}" class="{FAILED}"/>'
