"""A variant has one name in its comparison."""

from __future__ import annotations

from rates.compare.results import Variant, names
from tests.compare.clock import AGAIN_SEQUENTIAL, SEQUENTIAL, SUBMIT, THREAD


def test_names() -> None:
    """The shortest name that distinguishes the variant from the others; alone, its full name."""
    assert names([SEQUENTIAL, THREAD])[THREAD] == "thread"
    assert names([SEQUENTIAL, THREAD, SUBMIT])[THREAD] == "thread by map"
    assert names([THREAD, Variant("thread", "map", 2)])[THREAD] == "thread×8"
    assert names([SEQUENTIAL, AGAIN_SEQUENTIAL])[AGAIN_SEQUENTIAL] == "sequential (again)"
    assert str(THREAD) == "thread×8 by map"
