from __future__ import annotations

from math import log
from random import Random

import pytest

from rates.compare.unpaired import ratio_interval, welch_p


@pytest.mark.parametrize(("n", "m"), [(3, 3), (5, 8), (9, 30), (10, 10), (25, 14)])
def test_welch_is_scipy_s(n: int, m: int) -> None:
    """The probability is scipy's, of Welch's test, and from ten values on of Yuen's, trimmed by a fifth."""
    stats = pytest.importorskip("scipy.stats")
    random = Random(n)
    for shift in (0.0, 0.3, 1.5):
        first = [random.gauss(0, 1) for _ in range(n)]
        second = [random.gauss(shift, 2) for _ in range(m)]
        trim = 0.2 if min(n, m) >= 10 else 0.0
        assert welch_p(first, second) == pytest.approx(
            stats.ttest_ind(first, second, equal_var=False, trim=trim).pvalue
        )


def test_welch_of_too_few_and_of_equal() -> None:
    """One value proves nothing; values without any spread differ for certain, or not at all."""
    assert welch_p([1.0], [2.0, 3.0]) == 1.0
    assert welch_p([1.0, 1.0], [1.0, 1.0]) == 1.0
    assert welch_p([1.0, 1.0], [2.0, 2.0]) == 0.0


def test_interval_is_numpy_s() -> None:
    """The interval of the ratio is near the one that numpy draws, and is repeated by its seed."""
    np = pytest.importorskip("numpy")
    random = Random(4)
    over, under = [random.gauss(2, 0.1) for _ in range(15)], [random.gauss(1, 0.1) for _ in range(12)]
    found = ratio_interval(over, under, 1)
    assert found == ratio_interval(over, under, 1)
    assert found is not None
    draw = np.random.default_rng(1)
    theirs = np.median(draw.choice(over, (4000, 15)), axis=1) / np.median(draw.choice(under, (4000, 12)), axis=1)
    assert found == pytest.approx(tuple(np.percentile(theirs, (2.5, 97.5))), rel=0.02)
    assert found[0] < 2 < found[1]
    assert ratio_interval(over[:2], under, 1) is None
    assert log(found[1]) > 0
