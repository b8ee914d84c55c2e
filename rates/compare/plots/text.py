"""The timelines in characters: a lane for each worker, at the width of a terminal. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.plots.axis import labels, ticks, unit
from rates.compare.plots.phases import (
    CALL,
    CONNECT,
    FAILED,
    MEANINGS,
    PARSE,
    QUEUE,
    READ,
    TURN,
    WAIT,
    lanes,
    longest_s,
    pieces,
    seen,
    shown,
)
from rates.compare.records import Comparison, Sample, Span, Variant
from rates.compare.words import time

SIGNS = {QUEUE: "·", TURN: "…", CONNECT: "+", WAIT: "─", READ: "▒", PARSE: "█", CALL: "■", FAILED: "x"}
# Begins a fetch where it follows another without a gap, so that the two can be told apart.
BEGIN = "├"
MOST_LANES = 32
LEAST_WIDTH = 40


def timeline(result: Comparison, width: int) -> str:
    """The lanes of each variant to one scale, one under the other, below a legend; no final line end.

    Of each cell the sign says what took most of it; a fetch's first cell is a bar. "" when nothing was measured.
    """
    chosen = shown(result)
    if not chosen:
        return ""
    width = max(width, LEAST_WIDTH)
    label = max(2, *(len(name) for _, sample in chosen for name, _ in lanes(sample)))
    most_s = longest_s(chosen)
    cells = width - label - 1
    lines = _wrapped([f"{SIGNS[what]} {MEANINGS[what]}" for what in seen(chosen)] + [f"{BEGIN} a fetch begins"], width)
    for variant, sample in chosen:
        lines += ["", _heading(variant, sample, width)]
        lines += _lanes(sample, label, cells, most_s)
    return "\n".join([*lines, *_axis(label, cells, most_s)])


def _heading(variant: Variant, sample: Sample, width: int) -> str:
    """The variant and its time, and which round it is where there is room for that."""
    failed = f", {len(sample.failures)} failed" if sample.failures else ""
    said, more = f"{variant}: {time(sample.wall_s)}", f" (round {sample.number}{failed})"
    return said + more if len(said + more) <= width else said[:width]


def _wrapped(parts: Sequence[str], width: int) -> list[str]:
    """The legend in as few lines as hold it."""
    lines = [""]
    for part in parts:
        joined = f"{lines[-1]}   {part}" if lines[-1] else part
        if len(joined) > width and lines[-1]:
            lines.append(part)
        else:
            lines[-1] = joined
    return lines


def _lanes(sample: Sample, label: int, cells: int, most_s: float) -> list[str]:
    """A line for each worker, and a word on those that there is no room for."""
    all_of_them = lanes(sample)
    lines = [
        f"{(name or '?').rjust(label)} {_lane(spans, cells, most_s)}".rstrip()
        for name, spans in all_of_them[:MOST_LANES]
    ]
    rest = len(all_of_them) - MOST_LANES
    return [*lines, f"{' ' * label} and {rest} more workers"] if rest > 0 else lines


def _lane(spans: Sequence[Span], cells: int, most_s: float) -> str:
    """One worker's line: dots while something is queued for it, then its fetches."""
    row = [" "] * cells
    if most_s <= 0:
        return "".join(row)
    took = [0.0] * cells
    for span in spans:
        for cell in _between(span.handed_s, span.began_s, cells, most_s):
            row[cell] = SIGNS[QUEUE]
    for span in spans:
        for piece in pieces(span):
            for cell in _between(piece.began_s, piece.ended_s, cells, most_s):
                low, high = cell * most_s / cells, (cell + 1) * most_s / cells
                share = min(high, piece.ended_s) - max(low, piece.began_s)
                if share > took[cell]:
                    row[cell], took[cell] = SIGNS[piece.what], share
    for span in spans:
        if int(span.ended_s / most_s * cells + 1e-9) > (cell := _cell(span.began_s, cells, most_s)):
            row[cell] = BEGIN
    return "".join(row)


def _cell(at_s: float, cells: int, most_s: float) -> int:
    return min(cells - 1, max(0, int(at_s / most_s * cells + 1e-9)))  # 0.3 is the third tenth of 1, not the second


def _between(began_s: float, ended_s: float, cells: int, most_s: float) -> range:
    """The cells that a time touches; none when there is none."""
    if ended_s <= began_s:
        return range(0)
    return range(_cell(began_s, cells, most_s), _cell(ended_s, cells, most_s) + 1)


def _axis(label: int, cells: int, most_s: float) -> list[str]:
    """The common scale: marks, and their times below."""
    name, factor = unit(most_s)
    values = [value for value in ticks(most_s * factor, 5) if value <= most_s * factor * 1.0001]
    line, below = ["─"] * cells, [" "] * (cells + label + 1)
    for value, text in zip(values, labels(values), strict=True):
        cell = _cell(value / factor, cells, most_s)
        line[cell] = "┬"
        written = f"{text} {name}"
        start = min(max(0, cell + label + 1 - len(written) // 2), len(below) - len(written))
        below[start : start + len(written)] = written
    return ["", f"{' ' * label} {''.join(line)}", "".join(below).rstrip()]
