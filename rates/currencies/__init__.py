"""Currency codes of ISO 4217, with their life cycles and pegs, and the codes of markets.

`iso` has the codes, `life_cycles` when each began, ended and was replaced, `pegs` the official pegs, `market_codes`
minor units (GBX, written GBp), money at par with a currency (JEP) and the offshore yuan (CNH).

    from datetime import date
    from rates.currencies import current_unit, ended, peg

    print(ended("HRK", date(2023, 1, 1)))
    print(current_unit("DEM", date(2026, 11, 23)).sentences())
    print(peg("AED", date(2026, 11, 23)))

An amount in an ended currency is divided by the published ratio, never multiplied by an inverse, and halves are rounded
up, as Regulation (EC) 1103/97 demands. A publisher's quotes are checked against the life of each currency, and an error
names the day on which a currency began or ended and the publishers that have it. A peg is used only with `--pegs`,
never before its first day, and is marked: ‡ in tables, "how": "pegged" in JSON. `rates currencies hrk` shows all that
is known of a currency; `rates convert 100 DEM USD` converts ended ones.
"""

from __future__ import annotations

from rates.currencies.iso import COMMON, Currency, all_currencies, code, codes, digits, name
from rates.currencies.life_cycles import FixedRatio, current_unit, ended, not_begun, ratio_to, redenominated
from rates.currencies.market_codes import FRACTIONS, OFFSHORE
from rates.currencies.pegs import Peg, peg, pegs

__all__ = [
    "COMMON",
    "FRACTIONS",
    "OFFSHORE",
    "Currency",
    "FixedRatio",
    "Peg",
    "all_currencies",
    "code",
    "codes",
    "current_unit",
    "digits",
    "ended",
    "name",
    "not_begun",
    "peg",
    "pegs",
    "ratio_to",
    "redenominated",
]
