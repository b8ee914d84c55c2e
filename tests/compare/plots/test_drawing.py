"""Axes have round marks, and colours differ in brightness."""

from __future__ import annotations

from itertools import pairwise

import pytest

from rates.compare.plots.drawing import MODES, PHASES, TimeAxis, labels, ticks, unit


@pytest.mark.parametrize(
    ("most", "found"),
    [(1.0, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (380, [0, 100, 200, 300, 400]), (0, [0, 1]), (7, [0, 2, 4, 6, 8])],
)
def test_ticks(most: float, found: list[float]) -> None:
    """Marks are round numbers from zero to just above the most."""
    assert ticks(most) == pytest.approx(found)


def test_scales() -> None:
    """Positions are proportional; units and decimals suit the values."""
    assert TimeAxis(10, 100, 2.0)(1.0) == 60
    assert [unit(time)[0] for time in (5.0, 0.4, 0.0001)] == ["s", "ms", "µs"]
    assert labels([0, 0.5, 1.0]) == ["0.0", "0.5", "1.0"]
    assert labels([0, 2.5, 5]) == ["0.0", "2.5", "5.0"]


def test_colours_differ_in_brightness() -> None:
    """Neighbouring colours in a bar differ in brightness, as in a grey copy."""

    def brightness(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    order = ("turn", "connect", "wait", "read", "parse")
    for first, second in pairwise(order):
        assert abs(brightness(PHASES[first]) - brightness(PHASES[second])) > 15
    assert len(set(PHASES.values())) == len(PHASES)
    assert len(set(MODES.values())) == len(MODES)
