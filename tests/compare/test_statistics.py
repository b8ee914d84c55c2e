"""Every statistic against numpy or scipy, or a calculation by hand."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from random import Random
from statistics import median

import pytest

from rates.compare import statistics as ours
from rates.compare.results import Quantiles, Spread

SHARES = (0.0, 0.05, 0.5, 0.95, 0.99, 1.0)


def _draws(n: int, seed: int = 1, middle: float = 0.03) -> list[float]:
    random = Random(seed)
    return [random.gauss(middle, 0.04) for _ in range(n)]


def test_spread_by_hand() -> None:
    """Of 1, 2 and 6: median 2, mean 3, and a standard deviation of the root of (4 + 1 + 9) / 2."""
    assert ours.spread([1.0, 2.0, 6.0]) == Spread(2.0, 3.0, pytest.approx(7**0.5), 1.0, 6.0)
    assert ours.spread([4.0]) == Spread(4.0, 4.0, 0.0, 4.0, 4.0)
    assert ours.spread([]) is None


def test_quantiles_by_hand() -> None:
    """Of 1 to 5: the middle is 3; 95 % lies 3.8 steps from the first, 99 % 3.96."""
    assert ours.quantiles([5.0, 1.0, 4.0, 2.0, 3.0]) == Quantiles(3.0, pytest.approx(4.8), pytest.approx(4.96))
    assert ours.quantiles([]) is None


@pytest.mark.parametrize("n", [1, 2, 7, 100])
@pytest.mark.parametrize("share", SHARES)
def test_percentile_is_numpys(n: int, share: float) -> None:
    """Interpolated between the two nearest, as numpy does by default."""
    numpy = pytest.importorskip("numpy")
    drawn = sorted(_draws(n))
    assert ours.percentile(drawn, share) == pytest.approx(float(numpy.quantile(drawn, share)))


def _times(logarithms: Iterable[float]) -> list[float]:
    """The times, or ratios of times, with these logarithms."""
    return [exp(value) for value in logarithms]


@pytest.mark.parametrize("n", [5, 11, 25])
def test_interval_is_scipys_bootstrap(n: int) -> None:
    """The bootstrap of the median agrees with scipy's percentile method up to the chance of the draws."""
    numpy, stats = pytest.importorskip("numpy"), pytest.importorskip("scipy.stats")
    drawn = [1 + value for value in _draws(n)]
    theirs = stats.bootstrap(
        (drawn,), numpy.median, vectorized=True, method="percentile", n_resamples=9999, random_state=1
    ).confidence_interval
    found = ours.median_interval(drawn, seed=3)
    assert found is not None
    assert found[0] <= median(drawn) <= found[1]
    assert found == (pytest.approx(theirs.low, abs=0.012), pytest.approx(theirs.high, abs=0.012))


def test_interval_repeats_with_its_seed() -> None:
    """One seed gives one interval; fewer than three rounds give none."""
    drawn = _draws(9)
    assert ours.median_interval(drawn, 1) == ours.median_interval(drawn, 1)
    assert ours.median_interval(drawn[:2], 1) is None


def test_interval_covers() -> None:
    """In 200 trials of ten rounds the true ratio lies within the interval in about 95 of 100."""
    hits = 0
    for seed in range(200):
        low, high = ours.median_interval(_draws(10, seed, middle=1.0), seed) or (0.0, 0.0)
        hits += low <= 1.0 <= high
    assert 180 <= hits <= 199


def test_outliers_by_hand() -> None:
    """Median 10, absolute deviations 0 0 1 1 30: their median makes a standard deviation 1.48, 3.5 of them 5.2."""
    assert ours.outlying([10.0, 10.0, 11.0, 9.0, 40.0]) == [4]
    assert ours.outlying([10.0, 10.0, 14.9, 9.0, 11.0]) == []
    assert ours.outlying([10.0, 10.0, 40.0]) == []


def test_equal_times_have_no_outliers() -> None:
    """Where most times are equal, a difference below a tenth is no outlier."""
    assert ours.outlying([1.0, 1.0, 1.0, 1.0, 1.09]) == []
    assert ours.outlying([1.0, 1.0, 1.0, 1.0, 1.11]) == [4]


def test_half_width() -> None:
    """Half the interval divided by its middle; infinite without an interval."""
    assert ours.half_width((1.9, 2.1), 2.0) == pytest.approx(0.05)
    assert ours.half_width(None, 2.0) == float("inf")


def test_ratio_interval_is_numpys() -> None:
    """The interval of the ratio is near numpy's, and is repeated by its seed."""
    np = pytest.importorskip("numpy")
    random = Random(4)
    over, under = [random.gauss(2, 0.1) for _ in range(15)], [random.gauss(1, 0.1) for _ in range(12)]
    found = ours.median_interval(over, 1, under)
    assert found == ours.median_interval(over, 1, under)
    assert found is not None
    draw = np.random.default_rng(1)
    theirs = np.median(draw.choice(over, (4000, 15)), axis=1) / np.median(draw.choice(under, (4000, 12)), axis=1)
    assert found == pytest.approx(tuple(np.percentile(theirs, (2.5, 97.5))), rel=0.02)
    assert found[0] < 2 < found[1]
    assert ours.median_interval(over[:2], 1, under) is None
    assert log(found[1]) > 0


@pytest.mark.parametrize(("t", "freedom"), [(0.1, 1), (12.706, 1), (2.776, 4), (-3.0, 19), (60.0, 3), (0.0, 5)])
def test_student_is_scipys(t: float, freedom: int) -> None:
    """Student's t, two-sided."""
    stats = pytest.importorskip("scipy.stats")
    assert ours.two_sided(t, freedom) == pytest.approx(2 * float(stats.t.sf(abs(t), freedom)), rel=1e-9)


@pytest.mark.parametrize("a", [0.5, 2.0, 10.0, 50.0])
@pytest.mark.parametrize("x", [0.0, 1e-9, 0.3, 0.99999, 1.0])
def test_beta_is_scipys(a: float, x: float) -> None:
    """The incomplete beta function at both ends and between."""
    special = pytest.importorskip("scipy.special")
    assert ours.beta_share(a, 0.5, x) == pytest.approx(float(special.betainc(a, 0.5, x)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("n", [2, 5, 9])
def test_few_values_are_students(n: int) -> None:
    """Below ten values nothing is trimmed, and the test is scipy's of one sample."""
    stats = pytest.importorskip("scipy.stats")
    drawn = _draws(n)
    assert ours.trimmed_p(_times(drawn)) == pytest.approx(float(stats.ttest_1samp(drawn, 0.0).pvalue), rel=1e-9)


@pytest.mark.parametrize("n", [10, 23])
def test_many_values_are_yuens(n: int) -> None:
    """From ten on it is Yuen's test, put together here from scipy's trimmed mean and winsorised variance."""
    numpy, stats = pytest.importorskip("numpy"), pytest.importorskip("scipy.stats")
    mstats = pytest.importorskip("scipy.stats.mstats")
    drawn = _draws(n)
    cut = int(0.2 * n)
    left = n - 2 * cut
    pulled_in = mstats.winsorize(numpy.array(sorted(drawn)), limits=(cut / n, cut / n))
    error = (float(pulled_in.var(ddof=0)) * n / (left * (left - 1))) ** 0.5
    t = float(stats.trim_mean(drawn, 0.2)) / error
    assert ours.trimmed_p(_times(drawn)) == pytest.approx(2 * float(stats.t.sf(abs(t), left - 1)), rel=1e-9)


def test_outliers_hide_nothing() -> None:
    """Two rounds distorted by a neighbour do not hide a difference that the other ten show."""
    clean = [0.05 + step / 1000 for step in range(10)]
    assert ours.trimmed_p(_times([*clean, -2.0, 2.0])) < 0.001
    assert pytest.importorskip("scipy.stats").ttest_1samp([*clean, -2.0, 2.0], 0.0).pvalue > 0.5


def test_no_spread() -> None:
    """Equal ratios are certainly not 1, or certainly 1; one value proves nothing."""
    assert ours.trimmed_p([0.5, 0.5, 0.5]) == 0.0
    assert ours.trimmed_p([1.0, 1.0, 1.0]) == 1.0
    assert ours.trimmed_p([0.5]) == 1.0


def test_holm_by_hand() -> None:
    """0.01, 0.04, 0.03 of three: 3 x 0.01, then 2 x 0.03, then 0.04, which may not be below 0.06."""
    assert ours.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert ours.holm([0.9, 0.8]) == [1.0, 1.0]
    assert ours.holm([]) == []


@pytest.mark.parametrize(("n", "m"), [(3, 3), (5, 8), (9, 30), (10, 10), (25, 14)])
def test_two_samples_are_welchs(n: int, m: int) -> None:
    """The p is that of scipy's Welch test, and from ten values on of Yuen's, trimmed by a fifth."""
    stats = pytest.importorskip("scipy.stats")
    random = Random(n)
    for shift in (0.0, 0.3, 1.5):
        first = [random.gauss(0, 1) for _ in range(n)]
        second = [random.gauss(shift, 2) for _ in range(m)]
        trim = 0.2 if min(n, m) >= 10 else 0.0
        assert ours.trimmed_p(_times(first), _times(second)) == pytest.approx(
            stats.ttest_ind(first, second, equal_var=False, trim=trim).pvalue
        )


def test_two_samples_of_too_few_and_of_equal() -> None:
    """One value proves nothing; values without any spread certainly differ, or not at all."""
    assert ours.trimmed_p([1.0], [2.0, 3.0]) == 1.0
    assert ours.trimmed_p([1.0, 1.0], [1.0, 1.0]) == 1.0
    assert ours.trimmed_p([1.0, 1.0], [2.0, 2.0]) == 0.0
