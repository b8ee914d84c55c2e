"""How many digits of a rate a person sees. Pure; the formats for programs never round (see `exports`).

The rule:

- A published figure is shown as published, trailing zeros and all, when it has at most nine significant digits.
- A figure with more digits was computed by its service, and is rounded like a derived one (inverse, cross, pegged,
  median): half-even to `digits` significant digits, but to no more than the weakest published figure behind it has.
  1 / 1.1172 is 0.89509, since five digits lead to five; more would be those of the division. Pegs are exact.
- A rate fixed by law is shown as published ones are. An identity is `1`.
- No rate is shown in scientific notation, and no small one becomes 0.00.
- A figure with fewer than four significant digits behind it is weak, and is marked.

Four, because the ECB's IDR to USD, 0.0000551019, is 0.000055 at six decimals: 0.19 % off.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

from rates.model import DerivedRate

LEAST_DIGITS = 4


def plain(rate: Decimal) -> str:
    """The exact decimal text, never in scientific notation."""
    return format(rate, "f")


def rounded(rate: Decimal, digits: int) -> Decimal:
    """The rate rounded half-even to that many significant digits; untouched when it has no more."""
    return Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(rate)


def shown(figure: DerivedRate, digits: int) -> str:
    """The figure as a person reads it; `digits` is the setting, the most that a derived one shows."""
    return figure.text(max(digits, LEAST_DIGITS))


def weak(figure: DerivedRate) -> bool:
    """True when the figure has fewer than four significant digits behind it."""
    return figure.how != "identity" and figure.digits < LEAST_DIGITS
