"""Every figure against a calculation by hand."""

from __future__ import annotations

import pytest

from rates.compare.figures import figures, reference, sequential_latency, spread
from rates.compare.rounds import Sample, Variant
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD, sample

TWO = (
    sample(SEQUENTIAL, 1, 8.0, (0.5, 0.5)),
    sample(THREAD, 1, 1.0, (0.5, 0.7)),
    sample(SEQUENTIAL, 2, 9.0, (0.4, 0.6)),
    sample(THREAD, 2, 2.0, (0.6, 0.8)),
    sample(SEQUENTIAL, 3, 10.0, (0.5, 0.5)),
    sample(THREAD, 3, 1.5, (0.5, 0.9)),
)


def test_hand_calculation() -> None:
    """Sixteen fetches of 0.5 s on eight threads, in 1, 2 and 1.5 s beside sequential's 8, 9 and 10 s."""
    row = figures(TWO, 16, 0.5)[1]
    assert row.variant == THREAD
    assert (row.rounds, row.calls, row.failures) == (3, 6, 0)
    assert row.startup_s == 0.015  # the median of 0.01, 0.02 and 0.015
    assert row.wall is not None
    assert (row.wall.median, row.wall.low, row.wall.high, row.wall.half) == (1.5, 1.0, 2.0, 0.5)
    assert row.fetch_s == pytest.approx(0.65)  # of 0.5 0.5 0.6 0.7 0.8 0.9
    assert row.per_second == pytest.approx(16 / 1.5)
    assert row.speedup == pytest.approx(10 / 1.5)  # of 8/1, 9/2 and 10/1.5
    assert row.ideal_s == 1.0  # ceil(16 / 8) x 0.5
    assert row.ideal_share == pytest.approx(1 / 1.5)


def test_speedup_is_paired() -> None:
    """Speed-up is the median of the rounds' ratios, not the ratio of the medians: a slow round slows both."""
    slow = [sample(SEQUENTIAL, n, wall) for n, wall in ((1, 4.0), (2, 40.0), (3, 4.0), (4, 40.0), (5, 6.0))]
    fast = [sample(THREAD, n, wall) for n, wall in ((1, 2.0), (2, 20.0), (3, 2.0), (4, 20.0), (5, 12.0))]
    assert figures([*slow, *fast], 1)[1].speedup == 2.0


def test_reference_has_speedup_one() -> None:
    """What the others are compared with is once as fast as itself."""
    assert figures(TWO, 16)[0].speedup == 1.0


def test_ideal_counts_full_turns() -> None:
    """Seventeen calls on eight workers take three turns, not two and an eighth."""
    assert figures([sample(THREAD, 1, 6.0)], 17, 1.0)[0].ideal_s == 3.0


def test_ideal_unknown_without_latency() -> None:
    """Without a latency there is no ideal, rather than a wrong one."""
    row = figures(TWO, 16)[0]
    assert row.ideal_s is None
    assert row.ideal_share is None


def test_failed_round_has_no_whole_time() -> None:
    """A round in which a call failed counts its failure and nothing else of whole time, throughput or speed-up."""
    samples = [
        sample(SEQUENTIAL, 1, 8.0, (1.0,) * 8),
        sample(THREAD, 1, 2.0, (1.0,) * 8),
        sample(SEQUENTIAL, 2, 8.0, (1.0,) * 8),
        sample(THREAD, 2, 0.1, (0.01,) * 7, ("USD: refused",)),
    ]
    row = figures(samples, 8)[1]
    assert (row.rounds, row.calls, row.failures) == (1, 16, 1)
    assert row.wall == spread([2.0])
    assert row.speedup == 4.0
    assert row.per_second == 4.0


def test_failed_reference_round_is_no_pair() -> None:
    """A ratio needs both sides: a round that failed in the reference gives none."""
    samples = [
        sample(SEQUENTIAL, 1, 0.1, (), ("USD: refused",)),
        sample(THREAD, 1, 2.0, (1.0,)),
        sample(SEQUENTIAL, 2, 8.0, (1.0,)),
        sample(THREAD, 2, 4.0, (1.0,)),
    ]
    assert figures(samples, 1)[1].speedup == 2.0


def test_everything_failed() -> None:
    """When all calls failed there are counts and a start-up, and no other figure."""
    row = figures([Sample(THREAD, 1, 0.25, 9.0, (), ("USD: x", "EUR: y"))], 2, 1.0)[0]
    assert (row.rounds, row.calls, row.failures, row.startup_s) == (0, 2, 2, 0.25)
    assert (row.wall, row.fetch_s, row.per_second, row.speedup, row.ideal_share) == (None,) * 5


def test_nothing_measured() -> None:
    """Of no samples there are no figures, and no error."""
    assert figures([], 16, 0.5) == ()


def test_zero_time() -> None:
    """A clock too coarse to see a round divides nothing by zero."""
    row = figures([sample(SEQUENTIAL, 1, 0.0), sample(THREAD, 1, 0.0)], 16, 0.5)[1]
    assert (row.per_second, row.speedup, row.ideal_share) == (None, None, None)


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ([THREAD, Variant("sequential", "submit", 1), SEQUENTIAL], SEQUENTIAL),
        ([THREAD, Variant("sequential", "submit", 1)], Variant("sequential", "submit", 1)),
        ([PROCESS, THREAD], PROCESS),
    ],
)
def test_reference(measured: list[Variant], expected: Variant) -> None:
    """Sequential by map, else sequential, else the variant named first."""
    assert reference(measured) == expected


def test_latency_from_sequential() -> None:
    """The latency is the median of all sequential calls; without that mode there is none."""
    assert sequential_latency(TWO) == 0.5
    assert sequential_latency([each for each in TWO if each.variant == THREAD]) is None
