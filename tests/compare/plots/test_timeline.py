from __future__ import annotations

from dataclasses import replace

import pytest

from rates.compare import timeline
from rates.compare.plots.timeline import Piece, lanes, pieces, shown
from rates.compare.results import Variant
from tests.compare.clock import SEQUENTIAL, sample, span
from tests.compare.made import TWO_THREADS, by_two, comparison, concluded, failing, in_turn, phased, plain


def test_exact() -> None:
    """Ten cells are a fetch of 0.1 s: one connecting, six waiting, one receiving, two parsing; a queue is dots."""
    samples = [replace(in_turn(2), wall_s=0.4), replace(by_two(2), wall_s=0.2)]
    result = concluded((SEQUENTIAL, TWO_THREADS), samples, n=4)
    assert timeline(result, 43) == (
        "· queued for a worker   + connecting\n"
        "─ waiting for the answer   ▒ receiving\n"
        "█ parsing and the rest   ├ a fetch begins\n"
        "\n"
        "sequential: 0.40 s (round 2)\n"
        " 1 ├──────▒██├──────▒██├──────▒██├──────▒██\n"
        "\n"
        "thread: 0.20 s (round 2)\n"
        " 1 ├──────▒██├──────▒██\n"
        " 2 ├──────▒██├──────▒██\n"
        "\n"
        "   ┬─────────┬─────────┬─────────┬────────┬\n"
        " 0 ms     100 ms    200 ms    300 ms 400 ms"
    )


def test_queues_and_failures() -> None:
    """Queued time shows before the first fetch, and a failed fetch has its own sign."""
    waiting = concluded(
        (Variant("thread", "map", 1),), [sample(Variant("thread", "map", 1), 1, 0.2, spans=(phased(0, 0.1),))], n=1
    )
    assert " 1 ····" in timeline(waiting, 40)
    assert "■ the call" in timeline(plain(), 60)
    only = concluded((failing().variants[1],), [failing().samples[3]], n=4)
    assert "xxx" in timeline(only, 60)
    assert "1 failed" in timeline(only, 60)


@pytest.mark.parametrize("width", [1, 40, 41, 79, 80, 133])
def test_width(width: int) -> None:
    """No line is wider than the terminal, down to forty characters."""
    assert max(map(len, timeline(comparison(), width).splitlines())) <= max(width, 40)


def test_many_workers() -> None:
    """With more than 32 workers the first are shown, and the number of the others."""
    variant = Variant("thread", "map", 40)
    spans = tuple(phased(place, 0.0, str(place + 1)) for place in range(40))
    found = timeline(concluded((variant,), [sample(variant, 1, 0.1, spans=spans)], n=40), 60)
    assert "and 8 more workers" in found
    assert "\n32 ├" in found
    assert "\n33 ├" not in found


def test_pieces_follow_one_another() -> None:
    """A fetch is divided into its known phases, in order and without gaps, without the queue."""
    assert pieces(phased(0, 1.0)) == [
        Piece("connect", 1.0, 1.01), Piece("wait", 1.01, pytest.approx(1.07)),
        Piece("read", pytest.approx(1.07), pytest.approx(1.08)), Piece("parse", pytest.approx(1.08), 1.1),
    ]  # fmt: skip
    assert pieces(span(0, 1.0, 2.0)) == [Piece("call", 1.0, 2.0)]
    assert pieces(span(0, 1.0, 2.0, failure="x", wait_s=1.0)) == [Piece("failed", 1.0, 2.0)]
    assert pieces(span(0, 1.0, 2.0, wait_s=5.0)) == [Piece("wait", 1.0, 2.0)]  # no longer than the fetch itself


def test_the_usual_round_is_shown() -> None:
    """The round in the middle is shown for each variant, without failures if possible; the twin is not shown."""
    assert [(name, each.number) for name, each in shown(comparison())] == [("sequential", 2), ("thread", 2)]
    assert [each.number for _, each in shown(failing())] == [1, 1]
    assert [name for name, _ in lanes(comparison().samples[1])] == ["1", "2"]
