"""Numbers, lists and variants read as in a sentence."""

from __future__ import annotations

import pytest

from rates.compare import wording


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.00123, "1.2 ms"), (0.0123, "12 ms"), (0.0996, "0.10 s"), (1.234, "1.23 s"), (61.0, "61 s")]
)
def test_times_in_words(seconds: float, said: str) -> None:
    """Two or three digits, in the unit that suits them."""
    assert wording.time(seconds) == said


def test_lists_and_shares_in_words() -> None:
    """Lists, shares and factors read as in a sentence."""
    assert [wording.listed(["a", "b", "c"][:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert [wording.percent(share) for share in (0.976, 0.024, 1.0)] == ["98 %", "2.4 %", "100 %"]
    assert [wording.factor(ratio) for ratio in (0.834, 1.01, 7.26)] == ["0.83x", "1.01x", "7.3x"]
