"""Currency codes of ISO 4217 with their lives: in use, ended, redenominated, not yet born, pegged.

`iso` has the codes, `lives` what became of each, `pegs` those that are held at a fixed rate to another.
"""

from __future__ import annotations

from rates.currencies.iso import COMMON, Currency, all_currencies, code, codes, name
from rates.currencies.lives import Fixed, between, ended, in_force, unborn
from rates.currencies.pegs import Peg, peg, pegs
from rates.currencies.words import suggest

__all__ = [
    "COMMON",
    "Currency",
    "Fixed",
    "Peg",
    "all_currencies",
    "between",
    "code",
    "codes",
    "ended",
    "in_force",
    "name",
    "peg",
    "pegs",
    "suggest",
    "unborn",
]
