"""Numbers and lists as words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence


def time(seconds: float) -> str:
    """A time in two or three digits, in the unit that suits it."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.{1 if seconds < 0.00995 else 0}f} ms"
    return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.0f} s"


def percent(share: float) -> str:
    """A share, with a decimal when it is small."""
    return f"{share * 100:.{1 if abs(share) < 0.0995 else 0}f} %"


def factor(ratio: float) -> str:
    """How many times as fast, or as long."""
    return f"{ratio:.{2 if ratio < 1.995 else 1}f}x"


def probability(p: float) -> str:
    """A p value in three decimals."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def many(number: int, one: str, more: str = "") -> str:
    """The number with its noun, in the singular or the plural."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """The words as in "one, two and three"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
