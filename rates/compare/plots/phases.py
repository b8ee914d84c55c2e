"""What a timeline shows of each fetch: pieces of time, each with what was done in it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rates.compare.records import AGAIN, Comparison, Sample, Span, Variant

QUEUE, TURN, CONNECT, WAIT, READ, PARSE, CALL, FAILED = (
    "queue", "turn", "connect", "wait", "read", "parse", "call", "failed",
)  # fmt: skip
# In the order in which they follow one another; `call` is one of which nothing more is known.
MEANINGS = {
    QUEUE: "queued for a worker",
    TURN: "waiting for its turn at the host",
    CONNECT: "connecting",
    WAIT: "waiting for the answer",
    READ: "receiving",
    PARSE: "parsing and the rest",
    CALL: "the call",
    FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """From one moment to another, and what was done."""

    what: str
    began_s: float
    ended_s: float


def pieces(span: Span) -> list[Piece]:
    """A fetch in its worker, without the queue before: what is known of it, in order, without gaps.

    Of a fetch with several requests each phase is the sum of theirs.
    """
    known = ((TURN, span.turn_s), (CONNECT, span.connect_s), (WAIT, span.wait_s), (READ, span.read_s))
    if span.failure:
        return [Piece(FAILED, span.began_s, span.ended_s)]
    if all(time is None for _, time in known):
        return [Piece(CALL, span.began_s, span.ended_s)]
    found, at = [], span.began_s
    for what, time in known:
        until = min(at + (time or 0.0), span.ended_s)
        if until > at:
            found.append(Piece(what, at, until))
        at = until
    return [*found, Piece(PARSE, at, span.ended_s)] if span.ended_s > at else found


def lanes(sample: Sample) -> list[tuple[str, list[Span]]]:
    """The fetches of each worker, in the order in which the workers began; those that no worker began come last."""
    found: dict[str, list[Span]] = {}
    for span in sorted(sample.spans, key=lambda span: (not span.worker, span.began_s)):
        found.setdefault(span.worker, []).append(span)
    return list(found.items())


def shown(result: Comparison) -> list[tuple[Variant, Sample]]:
    """One round of each variant, the one whose whole time is nearest to its median; without the reference's twin.

    A round in which a fetch failed is shown only where there is no other.
    """
    found = []
    for variant in result.variants:
        samples = result.of(variant)
        if variant.label != AGAIN and samples:
            found.append((variant, usual(samples)))
    return found


def usual(samples: Sequence[Sample]) -> Sample:
    """The middle one of those without a failure, or of all."""
    good = [sample for sample in samples if not sample.failures] or list(samples)
    ordered = sorted(good, key=lambda sample: sample.wall_s)
    return ordered[(len(ordered) - 1) // 2]


def longest_s(chosen: Sequence[tuple[Variant, Sample]]) -> float:
    """What the common scale must reach."""
    return max((max([sample.wall_s, *(span.ended_s for span in sample.spans)]) for _, sample in chosen), default=0.0)


def seen(chosen: Sequence[tuple[Variant, Sample]]) -> list[str]:
    """The phases that appear, in their order, for the legend."""
    there = {piece.what for _, sample in chosen for span in sample.spans for piece in pieces(span)}
    queued = any(span.queue_s > 0 for _, sample in chosen for span in sample.spans)
    return [what for what in MEANINGS if what in there or (what == QUEUE and queued)]
