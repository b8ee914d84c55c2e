"""The timelines: a lane for each worker, a bar for each fetch; in characters for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from rates.compare.plots import drawing as draw
from rates.compare.results import AGAIN, Comparison, Sample, Span, names
from rates.compare.wording import time

# The phases of a fetch in their order, with their meanings. `call` is a call of which no phases are known.
MEANINGS = {
    "queue": "queued for a worker",
    "turn": "waiting for its turn at the host",
    "connect": "connecting",
    "wait": "waiting for the answer",
    "read": "receiving",
    "parse": "parsing and the rest",
    "call": "the call",
    "failed": "failed",
}
SIGNS = dict(zip(MEANINGS, "·…+─▒█■x", strict=True))
BEGIN = "├"  # the first cell of a fetch, which may follow another without a gap
MOST_LANES, LEAST_WIDTH = 32, 40


@dataclass(frozen=True, slots=True)
class Piece:
    """One phase of a fetch, from one moment to another."""

    phase: str
    began_s: float
    ended_s: float


def pieces(span: Span) -> list[Piece]:
    """The known phases of a fetch in its worker, in order and without gaps; without the queue before.

    In a fetch with several requests each phase is the sum of theirs.
    """
    known = {"turn": span.turn_s, "connect": span.connect_s, "wait": span.wait_s, "read": span.read_s}
    if span.failure:
        return [Piece("failed", span.began_s, span.ended_s)]
    if all(time is None for time in known.values()):
        return [Piece("call", span.began_s, span.ended_s)]
    found, at = [], span.began_s
    for phase, took_s in known.items():
        until = min(at + (took_s or 0.0), span.ended_s)
        if until > at:
            found.append(Piece(phase, at, until))
        at = until
    return [*found, Piece("parse", at, span.ended_s)] if span.ended_s > at else found


def lanes(sample: Sample) -> list[tuple[str, list[Span]]]:
    """The fetches of each worker, in the order in which the workers began; those that no worker began come last."""
    found: dict[str, list[Span]] = {}
    for span in sorted(sample.spans, key=lambda span: (not span.worker, span.began_s)):
        found.setdefault(span.worker, []).append(span)
    return list(found.items())


def shown(result: Comparison) -> list[tuple[str, Sample]]:
    """One round of each variant, by its name: the round nearest to its median; without the reference's twin.

    A round in which a fetch failed is shown only if all have a failure.
    """
    found = []
    for variant, name in names(result.variants).items():
        samples = result.of(variant)
        if variant.label != AGAIN and samples:
            good = [sample for sample in samples if not sample.failures] or samples
            found.append((name, sorted(good, key=lambda sample: sample.wall_s)[(len(good) - 1) // 2]))
    return found


def remark(sample: Sample) -> str:
    """What is said of a round beside its variant's name."""
    failed = f", {len(sample.failures)} failed" if sample.failures else ""
    return f"{time(sample.wall_s)} (round {sample.number}{failed})"


def longest_s(chosen: Sequence[tuple[str, Sample]]) -> float:
    """The time up to which the common scale must reach."""
    return max((max([sample.wall_s, *(span.ended_s for span in sample.spans)]) for _, sample in chosen), default=0.0)


def phases(chosen: Sequence[tuple[str, Sample]]) -> list[str]:
    """The phases that appear, in their order, for the legend."""
    spans = [span for _, sample in chosen for span in sample.spans]
    there = {piece.phase for span in spans for piece in pieces(span)}
    there |= {"queue"} if any(span.queue_s > 0 for span in spans) else set()
    return [phase for phase in MEANINGS if phase in there]


def timeline(result: Comparison, width: int) -> str:
    """The lanes of each variant to one scale, one below the other, under a legend; no final line end.

    The sign in a cell shows what took most of its time; the first cell of a fetch is BEGIN. "" if nothing was measured.
    """
    chosen = shown(result)
    if not chosen:
        return ""
    width = max(width, LEAST_WIDTH)
    label = max(2, *(len(name) for _, sample in chosen for name, _ in lanes(sample)))
    scale = Cells(width - label - 1, longest_s(chosen) or 1.0)
    legend = [f"{SIGNS[phase]} {MEANINGS[phase]}" for phase in phases(chosen)]
    # A meaning stays whole, since `wrap` does not break a no-break space.
    joined = "   ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in (*legend, f"{BEGIN} a fetch begins"))
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in wrap(joined, width, break_long_words=False)]
    for variant, sample in chosen:
        lines += ["", f"{variant}: {remark(sample)}"[:width]]
        found = lanes(sample)
        lines += [f"{name or '?':>{label}} {scale.lane(spans)}".rstrip() for name, spans in found[:MOST_LANES]]
        if len(found) > MOST_LANES:
            lines.append(f"{' ' * label} and {len(found) - MOST_LANES} more workers")
    return "\n".join([*lines, "", *scale.axis(label)])


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of `count` characters that stands for the time from 0 to `most_s`."""

    count: int
    most_s: float

    def place(self, at_s: float) -> int:
        """The cell of a moment."""
        cell = int(at_s / self.most_s * self.count + 1e-9)  # 0.3 is the third tenth of 1, not the second
        return min(self.count - 1, max(0, cell))

    def between(self, began_s: float, ended_s: float) -> range:
        """The cells that a time touches; none for an empty one."""
        return range(self.place(began_s), self.place(ended_s) + 1) if ended_s > began_s else range(0)

    def lane(self, spans: Sequence[Span]) -> str:
        """One worker's line: dots while its fetches are queued, then the fetches."""
        row, took = [" "] * self.count, [0.0] * self.count
        for span in spans:
            for cell in self.between(span.handed_s, span.began_s):
                row[cell] = SIGNS["queue"]
        for piece in (piece for span in spans for piece in pieces(span)):
            for cell in self.between(piece.began_s, piece.ended_s):
                low, high = cell * self.most_s / self.count, (cell + 1) * self.most_s / self.count
                share = min(high, piece.ended_s) - max(low, piece.began_s)
                if share > took[cell]:
                    row[cell], took[cell] = SIGNS[piece.phase], share
        for span in spans:
            if int(span.ended_s / self.most_s * self.count + 1e-9) > (cell := self.place(span.began_s)):
                row[cell] = BEGIN
        return "".join(row)

    def axis(self, label: int) -> tuple[str, str]:
        """The line with the marks and the line with their times, after so many characters for the lanes' names."""
        name, factor = draw.unit(self.most_s)
        values = [value for value in draw.ticks(self.most_s * factor, 5) if value <= self.most_s * factor * 1.0001]
        line, below = ["─"] * self.count, [" "] * (self.count + label + 1)
        for value, words in zip(values, draw.labels(values), strict=True):
            cell, written = self.place(value / factor), f"{words} {name}"
            line[cell] = "┬"
            start = min(max(0, cell + label + 1 - len(written) // 2), len(below) - len(written))
            below[start : start + len(written)] = written
        return f"{' ' * label} {''.join(line)}", "".join(below).rstrip()
