"""Archives that carry the code of new money for the old: which publisher, which code, up to which day.

Such a quote gets the code of the predecessor if its own size proves that it is of the old money: it is nearer to the
publisher's figure in new money divided by the ratio of the redenomination than to that figure itself. A series that
was restated in new money is not touched here, and has no code before the new money began; `believed` leaves it out.

Not in the table, since no figure proves them, and so left out: BYR before 2000 (lb, cba), and in the bulletins of cbar
TMT before 2009 and BYN before 2016.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from rates.currencies.iso import Currency, all_currencies
from rates.model import ONE, Quote

# Provider, code, the first day on which the publisher uses it for new money, what it gives for one new unit in its own
# currency, and the evidence. A day: its figures on both sides of the switch, as the client Frankfurter has documented
# them. "recorded": that of a recorded list of a later day, which is near enough to tell one unit from a thousand.
_TABLE = """
lb   TMT 2009-01-01 0.8677     8.677 LTL for 10 on 2009-01-01; 1.7354 for 10000 on 2008-12-31
lb   AZN 2006-01-09 3.15       0.00063 LTL on 2005-12-30, of which 5000 became one; the old money runs on for a week
lb   PLN 1995-01-01 0.81013    recorded, 2014-12-29
lb   RUB 1998-01-01 0.051039   recorded, 2014-12-29
lb   BGN 1999-07-05 1.7652     recorded, 2014-12-29
lb   RON 2005-07-01 0.77226    recorded, 2014-12-29
lb   MZN 2006-07-01 0.083004   recorded, 2014-12-29
sarb ZMW 2013-01-01 1.616      0.6188 for one rand on 2013-01-02; 612.34 on 2012-12-31
rb   RUB 1998-01-01 1.326      1.326 SEK on 1998-01-02; 0.0013 on 1997-12-30
cbu  RUB 1998-01-06 13.48      13.48 UZS on 1998-01-06; 13.46 for 1000 on 1997-12-30
bcch BRL 1994-07-01 418.34     418.34 CLP on 1994-07-01; 0.16 on 1994-06-30
cbr  TJS 2000-10-30 12.65      12.65 RUB on 2000-11-01; 13.54 for 1000 on 2000-10-01
nbu  TJS 2002-12-02 1.81       1.81 UAH on 2002-12-02; 2.78 for 1000 on 2000-09-01
bdi  AFN 2004-04-01 0.0132416  recorded, 2026-02-09: 75.5197 for one euro
nbk  BYN 2016-07-04 161.63     recorded, 2026-04-01
cba  BYN 2016-07-01 127.52     recorded, 2026-03-18
cba  TJS 2000-10-30 39.296     recorded, 2026-03-18
"""


class Relabelled(NamedTuple):
    """A code that a publisher uses for old money before a day. worth: its figure for one unit of the new money."""

    code: str
    before: date
    worth: Decimal
    old: Currency


@cache
def relabelled() -> dict[str, tuple[Relabelled, ...]]:
    """The codes that each of these publishers uses for old money, by provider."""
    found: dict[str, tuple[Relabelled, ...]] = {}
    for line in _TABLE.strip().splitlines():
        provider, code, day, worth, _ = line.split(None, 4)
        one = Relabelled(code, date.fromisoformat(day), Decimal(worth), predecessor(code))
        found[provider] = (*found.get(provider, ()), one)
    return found


def predecessor(code: str) -> Currency:
    """The only currency that this one replaced; ValueError if there is another number of them."""
    (only,) = [one for one in all_currencies().values() if one.successor == code]
    return only


def with_old_codes(quotes: tuple[Quote, ...], provider: str) -> tuple[Quote, ...]:
    """The quotes, those of old money under its own code where their size proves it; the same object if none is."""
    known = relabelled().get(provider)
    if known is None:
        return quotes
    oldest = min((quote.day for quote in quotes), default=date.max)
    codes = {one.code: one for one in known if oldest < one.before}
    if not codes:
        return quotes
    changed = tuple(_restored(quote, codes) for quote in quotes)
    return quotes if changed == quotes else changed


def _restored(quote: Quote, codes: Mapping[str, Relabelled]) -> Quote:
    """The quote with the old code on the side that needs it."""
    if (old := _old_code(codes.get(quote.base), quote.rate, quote.day)) is not None:
        return quote._replace(base=old)
    if (old := _old_code(codes.get(quote.symbol), ONE / quote.rate, quote.day)) is not None:
        return quote._replace(symbol=old)
    return quote


def _old_code(one: Relabelled | None, figure: Decimal, day: date) -> str | None:
    """The old code if the figure, of one unit of that currency, is of the old money."""
    return one.old.code if one is not None and day < one.before and _is_old(figure / one.worth, one.old) else None


def _is_old(share: Decimal, old: Currency) -> bool:
    """True if a figure, as a share of the worth of the new unit, is that of the old one.

    It is nearer to the share of one old unit than to 1, and not as far below it.
    """
    ratio = old.ratio
    return ratio is not None and share * share * ratio < 1 and share * share * ratio**3 > 1
