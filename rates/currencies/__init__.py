"""Currency codes of ISO 4217, with their life cycles and pegs.

`iso` has the codes, `life_cycles` when each began, ended and was replaced, `pegs` the official pegs.
"""

from __future__ import annotations

from rates.currencies.iso import COMMON, Currency, all_currencies, code, codes, name
from rates.currencies.life_cycles import FixedRatio, current_unit, ended, not_begun, ratio_to
from rates.currencies.pegs import Peg, peg, pegs

__all__ = [
    "COMMON",
    "Currency",
    "FixedRatio",
    "Peg",
    "all_currencies",
    "code",
    "codes",
    "current_unit",
    "ended",
    "name",
    "not_begun",
    "peg",
    "pegs",
    "ratio_to",
]
