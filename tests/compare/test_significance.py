"""Every test against scipy, or a calculation by hand."""

from __future__ import annotations

from random import Random

import pytest

from rates.compare import significance as ours


def _draws(n: int, seed: int = 1, middle: float = 0.03) -> list[float]:
    random = Random(seed)
    return [random.gauss(middle, 0.04) for _ in range(n)]


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
    assert ours.trimmed_p(drawn) == pytest.approx(float(stats.ttest_1samp(drawn, 0.0).pvalue), rel=1e-9)


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
    assert ours.trimmed_p(drawn) == pytest.approx(2 * float(stats.t.sf(abs(t), left - 1)), rel=1e-9)


def test_outliers_hide_nothing() -> None:
    """Two rounds distorted by a neighbour do not hide a difference that the other ten show."""
    clean = [0.05 + step / 1000 for step in range(10)]
    assert ours.trimmed_p([*clean, -2.0, 2.0]) < 0.001
    assert pytest.importorskip("scipy.stats").ttest_1samp([*clean, -2.0, 2.0], 0.0).pvalue > 0.5


def test_no_spread() -> None:
    """Equal values are certainly not zero, or certainly zero; one value proves nothing."""
    assert ours.trimmed_p([0.5, 0.5, 0.5]) == 0.0
    assert ours.trimmed_p([0.0, 0.0, 0.0]) == 1.0
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
        assert ours.trimmed_p(first, second) == pytest.approx(
            stats.ttest_ind(first, second, equal_var=False, trim=trim).pvalue
        )


def test_two_samples_of_too_few_and_of_equal() -> None:
    """One value proves nothing; values without any spread certainly differ, or not at all."""
    assert ours.trimmed_p([1.0], [2.0, 3.0]) == 1.0
    assert ours.trimmed_p([1.0, 1.0], [1.0, 1.0]) == 1.0
    assert ours.trimmed_p([1.0, 1.0], [2.0, 2.0]) == 0.0
