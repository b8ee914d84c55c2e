"""Scales: even marks, and times in one unit along an axis. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def ticks(most: float, about: int = 6) -> list[float]:
    """Round numbers from 0 to `most` or just beyond, some `about` of them."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / about
    power = 10.0 ** floor(log10(rough))
    step = next(power * step for step in STEPS if power * step >= rough * 0.999)
    return [step * place for place in range(ceil(most / step * 0.9999) + 1)]


@dataclass(frozen=True, slots=True)
class Scale:
    """From a value to a place: 0 at `start`, `most` at `start + length`."""

    start: float
    length: float
    most: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        return self.start + self.length * value / self.most if self.most > 0 else self.start


def unit(most_s: float) -> tuple[str, float]:
    """The unit in which an axis to that time has the fewest digits, and how many of it a second has."""
    return ("s", 1.0) if most_s >= 2 else ("ms", 1e3) if most_s >= 0.002 else ("µs", 1e6)


def labels(values: Sequence[float]) -> list[str]:
    """The numbers with as many decimals as tell them apart."""
    for places in range(4):
        texts = [f"{value:.{places}f}" for value in values]
        if all(abs(float(text) - value) <= abs(value) * 1e-6 for text, value in zip(texts, values, strict=True)):
            break
    return texts
