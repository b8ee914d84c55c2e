"""Every figure against a calculation by hand."""

from __future__ import annotations

from math import log

import pytest

from rates.compare.figures import figures, sequential_latency, visible
from rates.compare.results import Quantiles, Variant
from rates.compare.statistics import spread
from tests.compare.clock import AGAIN_SEQUENTIAL, PROCESS, SEQUENTIAL, SUBMIT, THREAD, sample, span

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
    row = figures(TWO, SEQUENTIAL, 16, latency_s=0.5)[1]
    assert row.variant == THREAD
    assert (row.rounds, row.calls, row.failures) == (3, 6, 0)
    assert row.startup is not None
    assert row.startup.median == 0.015  # of 0.01, 0.02 and 0.015
    assert row.wall == spread([1.0, 2.0, 1.5])
    assert row.fetch is not None
    assert row.fetch.p50 == pytest.approx(0.65)  # of 0.5 0.5 0.6 0.7 0.8 0.9
    assert row.per_second == pytest.approx(16 / 1.5)
    assert row.speedup == pytest.approx(10 / 1.5)  # of 8/1, 9/2 and 10/1.5
    assert row.ideal_s == 1.0  # ceil(16 / 8) x 0.5
    assert row.ideal_share == pytest.approx(1 / 1.5)
    assert row.busy == pytest.approx(1.4 / 1.5)  # of 1.2/1, 1.4/2 and 1.4/1.5


def test_phases_by_hand() -> None:
    """Two fetches of 10 s and 20 s: waiting, time on the wire, parsing, and the number of connections."""
    spans = (
        span(0, 1.0, 11.0, handed_s=0.0, turn_s=1.0, connect_s=1.0, wait_s=5.0, read_s=1.0, parse_s=2.0, connections=1),
        span(1, 3.0, 23.0, handed_s=0.0, turn_s=0, connect_s=0.0, wait_s=15.0, read_s=1.0, parse_s=4.0, connections=0),
    )
    row = figures([sample(THREAD, 1, 25.0, spans=spans)], THREAD, 2)[0]
    assert row.queue == Quantiles(2.0, pytest.approx(2.9), pytest.approx(2.98))
    assert row.wire == Quantiles(11.5, pytest.approx(15.55), pytest.approx(15.91))  # of 7 and 16
    assert row.parse == Quantiles(3.0, pytest.approx(3.9), pytest.approx(3.98))
    assert row.turn is not None
    assert row.turn.p50 == 0.5
    assert row.waiting_share == pytest.approx(1 - 6 / 30)
    assert row.connections == 1
    assert row.busy == pytest.approx(30 / 25)


def test_processor_and_memory() -> None:
    """Processor times are medians over the rounds, memory is the greatest; unknown stays unknown."""
    known = [
        sample(PROCESS, n, 1.0, cpu_parent_s=cpu, cpu_children_s=2 * cpu, peak_rss_mb=100.0 + n)
        for n, cpu in ((1, 0.1), (2, 0.5), (3, 0.2))
    ]
    row = figures(known, PROCESS, 1)[0]
    assert (row.cpu_parent_s, row.cpu_children_s, row.peak_rss_mb) == (0.2, 0.4, 103.0)
    assert row.cpu_s == pytest.approx(0.6)
    bare = figures([sample(PROCESS, 1, 1.0)], PROCESS, 1)[0]
    assert (bare.cpu_s, bare.peak_rss_mb, bare.connections, bare.waiting_share) == (None,) * 4


def test_waiting_of_plain_functions() -> None:
    """Without known phases, time in calls that is not processor time counts as waiting."""
    row = figures([sample(THREAD, 1, 1.0, (0.5, 0.5), cpu_parent_s=0.1, cpu_children_s=0.0)], THREAD, 2)[0]
    assert row.waiting_share == pytest.approx(0.9)


def test_speedup_is_paired() -> None:
    """Speed-up is the median of the rounds' ratios, not the ratio of the medians: a slow round slows both."""
    slow = [sample(SEQUENTIAL, n, wall) for n, wall in ((1, 4.0), (2, 40.0), (3, 4.0), (4, 40.0), (5, 6.0))]
    fast = [sample(THREAD, n, wall) for n, wall in ((1, 2.0), (2, 20.0), (3, 2.0), (4, 20.0), (5, 12.0))]
    row = figures([*slow, *fast], SEQUENTIAL, 1)[1]
    assert row.speedup == 2.0
    assert row.speedup_ci95 == (0.5, 2.0)


def test_reference_has_speedup_one() -> None:
    """The reference has a speed-up of 1, and neither an interval nor a p."""
    row = figures(TWO, SEQUENTIAL, 16)[0]
    assert (row.speedup, row.speedup_ci95, row.p) == (1.0, None, None)


def test_p_is_corrected_without_the_twin() -> None:
    """Two comparisons: the lesser p is doubled (Holm). The twin is the yardstick and does not count."""
    stats = pytest.importorskip("scipy.stats")
    walls = {SEQUENTIAL: (1.0, 1.1, 1.2), THREAD: (0.5, 0.6, 0.6), SUBMIT: (0.9, 1.2, 1.1), AGAIN_SEQUENTIAL: (1, 1, 1)}
    samples = [sample(variant, n, wall) for variant, times in walls.items() for n, wall in enumerate(times, start=1)]
    rows = {row.variant: row for row in figures(samples, SEQUENTIAL, 1)}

    def alone(variant: Variant) -> float:
        ratios = [log(a / b) for a, b in zip(walls[SEQUENTIAL], walls[variant], strict=True)]
        return float(stats.ttest_1samp(ratios, 0.0).pvalue)

    assert rows[THREAD].p == pytest.approx(2 * alone(THREAD))
    assert rows[SUBMIT].p == pytest.approx(max(2 * alone(THREAD), alone(SUBMIT)))
    assert rows[AGAIN_SEQUENTIAL].p == pytest.approx(alone(AGAIN_SEQUENTIAL))


def test_visible_by_hand() -> None:
    """Half the range of ratios from 0.96 to 1.02 is 3 %. If their median is off by 5 %, the result is 5 %."""
    pairs = enumerate((0.96, 0.98, 1.0, 1.01, 1.02), start=1)
    samples = [each for n, wall in pairs for each in (sample(SEQUENTIAL, n, wall), sample(AGAIN_SEQUENTIAL, n, 1.0))]
    assert visible(samples, SEQUENTIAL) == pytest.approx(0.03)
    off = [each for n in (1, 2, 3) for each in (sample(SEQUENTIAL, n, 1.05), sample(AGAIN_SEQUENTIAL, n, 1.0))]
    assert visible(off, SEQUENTIAL) == pytest.approx(0.05)
    assert visible(samples[:4], SEQUENTIAL) is None


def test_ideal_counts_full_turns() -> None:
    """Seventeen calls on eight workers take three turns, not two and an eighth."""
    assert figures([sample(THREAD, 1, 6.0)], THREAD, 17, latency_s=1.0)[0].ideal_s == 3.0


def test_ideal_unknown_without_latency() -> None:
    """Without a latency the ideal is unknown and not wrong."""
    row = figures(TWO, SEQUENTIAL, 16)[0]
    assert row.ideal_s is None
    assert row.ideal_share is None


def test_failed_round_has_no_whole_time() -> None:
    """A round in which a call failed adds its failure, and nothing to wall time, throughput or speed-up."""
    samples = [
        sample(SEQUENTIAL, 1, 8.0, (1.0,) * 8),
        sample(THREAD, 1, 2.0, (1.0,) * 8),
        sample(SEQUENTIAL, 2, 8.0, (1.0,) * 8),
        sample(THREAD, 2, 0.1, (0.01,) * 7, ("USD: refused",)),
    ]
    row = figures(samples, SEQUENTIAL, 8)[1]
    assert (row.rounds, row.calls, row.failures) == (1, 16, 1)
    assert row.wall == spread([2.0])
    assert row.speedup == 4.0
    assert row.per_second == 4.0


def test_failed_reference_round_is_no_pair() -> None:
    """A round in which the reference failed gives no ratio."""
    samples = [
        sample(SEQUENTIAL, 1, 0.1, (), ("USD: refused",)),
        sample(THREAD, 1, 2.0, (1.0,)),
        sample(SEQUENTIAL, 2, 8.0, (1.0,)),
        sample(THREAD, 2, 4.0, (1.0,)),
    ]
    assert figures(samples, SEQUENTIAL, 1)[1].speedup == 2.0


def test_everything_failed() -> None:
    """If all calls failed, there are counts and a start-up, and no other figure."""
    failed = sample(THREAD, 1, 9.0, (), ("USD: x", "EUR: y"), startup_s=0.25)
    row = figures([failed], THREAD, 2, latency_s=1.0)[0]
    assert (row.rounds, row.calls, row.failures, row.startup) == (0, 2, 2, spread([0.25]))
    assert (row.wall, row.fetch, row.per_second, row.speedup, row.ideal_share, row.busy) == (None,) * 6


def test_warm_pools_start_once() -> None:
    """In a warm pool the start-up is that of the round that opened it; the zeros of the others do not count."""
    warm = [sample(THREAD, n, 1.0, startup_s=0.5 if n == 1 else 0.0) for n in (1, 2, 3)]
    assert figures(warm, THREAD, 1)[0].startup == spread([0.5])


def test_nothing_measured() -> None:
    """Without samples there are no figures, and no error."""
    assert figures([], SEQUENTIAL, 16, latency_s=0.5) == ()


def test_zero_time() -> None:
    """A clock too coarse for a round does not cause a division by zero."""
    row = figures([sample(SEQUENTIAL, 1, 0.0), sample(THREAD, 1, 0.0)], SEQUENTIAL, 16, latency_s=0.5)[1]
    assert (row.per_second, row.speedup, row.ideal_share) == (None, None, None)


def test_latency_from_sequential() -> None:
    """The latency is the median of all sequential calls; without that mode there is none."""
    assert sequential_latency(TWO, SEQUENTIAL) == 0.5
    assert sequential_latency(TWO, THREAD) is None


@pytest.mark.parametrize(("number", "wall_s"), [(2, 3.0), (1, 3.0), (2, 0.2)])
def test_outliers_are_counted(number: int, wall_s: float) -> None:
    """A wall time far from the others, slower or faster, is an outlier by its round, and stays in."""
    samples = [sample(THREAD, n, wall_s if n == number else 1.0 + n / 1000, (0.9,)) for n in range(1, 7)]
    row = figures(samples, THREAD, 1)[0]
    assert row.outliers == (number,)
    assert row.rounds == 6


def test_names_and_distances_to_the_fastest() -> None:
    """Each row has the shortest name that distinguishes it, and how far it is behind the fastest, paired by round."""
    walls = {SEQUENTIAL: (8.0, 8.2, 8.1, 8.0), THREAD: (1.0, 1.1, 1.0, 1.0), SUBMIT: (1.0, 1.0, 1.1, 1.01)}
    samples = [sample(variant, n, wall) for variant, times in walls.items() for n, wall in enumerate(times, start=1)]
    alone, fastest, other = figures(samples, SEQUENTIAL, 1)
    assert [row.name for row in (alone, fastest, other)] == ["sequential", "thread by map", "thread by submit"]
    assert fastest.behind is None
    assert alone.behind is not None
    assert (alone.behind.ratio, alone.behind.plain, alone.behind.differs) == (8.0, True, True)
    assert other.behind is not None
    assert not other.behind.differs
