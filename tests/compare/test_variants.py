"""The reference is what a reader expects."""

from __future__ import annotations

import pytest

from rates.compare.results import Variant
from rates.compare.variants import reference
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD


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
