"""The verdict claims what the rounds show, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from rates.compare.figures import figures, reference
from rates.compare.rounds import Sample, Variant
from rates.compare.verdict import verdict
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD


def _said(walls: dict[Variant, Sequence[float]], startup_s: dict[Variant, float] | None = None) -> str:
    """The verdict on these whole times."""
    startups = startup_s or {}
    samples = [
        Sample(variant, number, startups.get(variant, 0.0), wall, (wall,))
        for variant, times in walls.items()
        for number, wall in enumerate(times, start=1)
    ]
    return verdict(figures(samples, 8), reference(list(walls)))


def test_winner() -> None:
    """One that is clear of the noise is named, with how much faster than sequential it was."""
    assert _said({SEQUENTIAL: (6.0, 6.1, 6.2), THREAD: (1.0, 1.0, 1.0)}) == "thread by map was fastest: 6.1x sequential"


def test_sequential_wins() -> None:
    """The reference is not said to be once as fast as itself."""
    assert _said({SEQUENTIAL: (1.0, 1.0, 1.0), THREAD: (6.0, 6.0, 6.0)}) == "sequential by map was fastest"


def test_no_difference() -> None:
    """Medians as near as their spreads are no difference."""
    assert _said({THREAD: (1.0, 1.1, 1.2), Variant("thread", "submit", 8): (1.2, 1.2, 1.3)}) == (
        "no measurable difference between thread by map and thread by submit"
    )


def test_just_beyond_the_spreads() -> None:
    """The border: medians 0.25 apart with spreads of 0.125 each are no difference, a little further they are."""
    other = Variant("thread", "submit", 8)
    assert "no measurable" in _said({THREAD: (0.875, 1.0, 1.125), other: (1.125, 1.25, 1.375)})
    assert "thread by map was fastest" in _said({THREAD: (0.875, 1.0, 1.125), other: (1.1875, 1.3125, 1.4375)})


def test_leaders_among_more() -> None:
    """Several that cannot be told apart, ahead of the rest; and what start-up adds where their modes differ."""
    said = _said(
        {SEQUENTIAL: (8.0, 8.0, 8.0), THREAD: (1.0, 1.1, 1.2), PROCESS: (1.0, 1.0, 1.2)}, {THREAD: 0.0, PROCESS: 0.5}
    )
    assert said == (
        "no measurable difference between process by map and thread by map, the fastest: 7.3x to 8.0x sequential; "
        "with start-up thread takes 1100 ms and process takes 1500 ms"
    )


def test_start_up_turns_the_choice() -> None:
    """A mode that is fastest only without its start-up is not left to stand alone."""
    said = _said({THREAD: (1.0, 1.0, 1.0), PROCESS: (0.8, 0.8, 0.8)}, {PROCESS: 0.4})
    assert said == (
        "process by map was fastest: 1.2x thread by map; with start-up thread takes 1000 ms and process takes 1200 ms"
    )


def test_too_few_rounds() -> None:
    """Two rounds show no noise, so nothing is claimed from them."""
    assert _said({SEQUENTIAL: (8.0, 8.0), THREAD: (1.0, 1.0)}).startswith("too few rounds")


def test_one_variant() -> None:
    """One alone is no comparison."""
    assert _said({THREAD: (1.0, 1.0, 1.0)}) == "only thread by map has been measured: nothing to compare it with"


def test_all_failed() -> None:
    """Without a whole time there is nothing to say but that."""
    rows = figures([Sample(THREAD, 1, 0.0, 1.0, (), ("USD: x",))], 1)
    assert verdict(rows, THREAD) == "nothing to compare: no round without a failure"
