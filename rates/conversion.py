"""One publisher's quotes as rates of any base, and amounts converted by them.

A rate is the published one if there is one, else an inverse, else a cross over the pivot. Published rates keep their
direction and digits; derived ones are divided to 28 digits, and nothing is rounded. One exception: a rate with fewer
than four significant digits is replaced by the inverse of the reverse rate if that has more (IDR to USD at 0.000055 is
up to 0.9 % off, USD to IDR at 18148.15 is not). `DerivedRate.instead_of` keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Protocol

from rates.currencies import FixedRatio, current_unit, ratio_to
from rates.currencies import digits as minor_digits
from rates.errors import MissingSymbols, Unsupported
from rates.model import ONE, DerivedRate, How, Outcome, Quote, RateTable
from rates.readers import EXACT, MOST_DIGITS

if TYPE_CHECKING:
    from rates.model import Provider, Query

MANY_DIGITS = 28  # the significant digits of an exact rate (an identity)
STRONG_DIGITS = 4  # a rate with fewer is off by up to half a percent, more than publishers differ by
WIDE = Context(prec=2 * MOST_DIGITS)  # enough digits for the product of any two rates
_WIDEST = Context(prec=4 * MOST_DIGITS)  # enough digits for the product of an amount, a rate and a ratio


def digits(rate: Decimal) -> int:
    """Significant digits as published: 1.10 has three, 0.0050 has two."""
    text = str(rate)
    if "E" in text:
        return len(rate.as_tuple().digits) if rate else 0
    # Takes a third of the time of as_tuple(), and an answer has hundreds of rates.
    text = text.lstrip("-0.")
    return len(text) - ("." in text)


class Publisher(Protocol):
    """What a table needs to know of a provider: see `Provider`."""

    @property
    def key(self) -> str:
        """Its key."""

    @property
    def pivot(self) -> str:
        """The currency that all its quotes share; "" if it answers per base."""

    @property
    def rate_type(self) -> str:
        """The kind of its rates."""


def rebase(quotes: Iterable[Quote], base: str, provider: Publisher, *, asked: date | None = None) -> RateTable:
    """The quotes of one publisher as rates of one unit of `base`.

    Of several quotes for one pair the newest is used. `Unsupported` if no quote has `base`.
    """
    pairs = newest(quotes)
    figures = _figures(pairs, base, provider.pivot)
    if len(figures) == 1 and not any(base in pair for pair in pairs):
        known = ", ".join(sorted({code for pair in pairs for code in pair}))
        raise Unsupported(f"publishes no {base}", provider=provider.key, hint=f"it has {known}" if known else "")
    days = [figure.day for figure in figures.values()] if len(figures) > 1 else [quote.day for quote in pairs.values()]
    figures[base] = DerivedRate(ONE, max(days, default=date.min), "identity", MANY_DIGITS)
    return RateTable(base, provider.key, figures, asked=asked, rate_type=provider.rate_type)


def figure_of(quotes: Iterable[Quote], base: str, symbol: str, pivot: str) -> DerivedRate | None:
    """The rate of one pair, as `rebase` derives it from one publisher's quotes; None if they do not have it."""
    return _figures(newest(quotes), base, pivot).get(symbol)


def _figures(pairs: Mapping[tuple[str, str], Quote], base: str, pivot: str) -> dict[str, DerivedRate]:
    """All rates of the base that the quotes have, and its own."""
    figures = {base: DerivedRate(ONE, date.min, "identity", MANY_DIGITS)}
    figures.update(_direct(pairs, base))
    if pivot != base and pivot in figures:
        _cross(pairs, pivot, figures)
    return figures


def newest(quotes: Iterable[Quote]) -> dict[tuple[str, str], Quote]:
    """The newest quote of each pair; of periods that overlap the one that ends first, since it is the narrower."""
    pairs: dict[tuple[str, str], Quote] = {}
    for quote in quotes:
        pair = quote[:2]
        known = pairs.setdefault(pair, quote)
        if known is not quote and _follows(quote, known):
            pairs[pair] = quote
    return pairs


def _follows(quote: Quote, known: Quote) -> bool:
    """True if a quote replaces another one of its pair."""
    end, other = quote.valid_to, known.valid_to
    if end is not None and other is not None and end != other and quote.day <= other and known.day <= end:
        return end < other
    return quote.day >= known.day


def _direct(pairs: Mapping[tuple[str, str], Quote], base: str) -> dict[str, DerivedRate]:
    """Rates that need one quote: as published, or the inverse if only the reverse is published."""
    figures: dict[str, DerivedRate] = {}
    for quote in pairs.values():
        left, right, rate, day, _ = quote
        if left == right:
            continue
        if left == base:
            figure = DerivedRate(rate, day, "published", digits(rate), (quote,))
            figures[right] = figure if figure.digits >= STRONG_DIGITS else _from_reverse(figure, pairs)
        elif right == base and (base, left) not in pairs:
            inverse = EXACT.divide(ONE, rate)
            figures[left] = DerivedRate(inverse, day, "inverse", digits(rate), (quote,))
    return figures


def _from_reverse(figure: DerivedRate, pairs: Mapping[tuple[str, str], Quote]) -> DerivedRate:
    """A published rate of few digits, or the inverse of the same day's reverse quote if that has more."""
    (quote,) = figure.path
    reverse = pairs.get((quote.symbol, quote.base))
    if reverse is None or reverse.day != quote.day or digits(reverse.rate) <= figure.digits:
        return figure
    inverse = EXACT.divide(ONE, reverse.rate)
    return DerivedRate(inverse, reverse.day, "inverse", digits(reverse.rate), (reverse,), quote.rate)


def strengthened(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of one run, with rates of few digits replaced by the inverse from the other base's table.

    Only a table of the same provider and a rate of the same day with more digits is used. Publishers that answer per
    base round each answer by itself: Frankfurter has IDR to USD at six decimals, 0.000055.
    """
    tables = {(one.table.provider, one.base): one.table for one in outcomes if one.table is not None}
    return [derive_weak(one, tables) for one in outcomes]


def derive_weak(outcome: Outcome, tables: Mapping[tuple[str, str], RateTable]) -> Outcome:
    """The outcome with its weak figures derived from tables, by provider and base, that have the reverse."""
    if not outcome.ok:
        return outcome
    table = outcome.table
    taken: dict[str, DerivedRate] = {}
    for symbol in weak_symbols(outcome):
        figure, other = table.figures[symbol], tables.get((table.provider, symbol))
        reverse = other.figures.get(table.base) if other is not None else None
        if reverse is None or reverse.day != figure.day or reverse.digits <= figure.digits:
            continue
        how: How = "inverse" if reverse.how == "published" else "cross"
        inverse = EXACT.divide(ONE, reverse.rate)
        taken[symbol] = DerivedRate(inverse, reverse.day, how, reverse.digits, reverse.path, figure.rate)
    return replace(outcome, table=replace(table, figures={**table.figures, **taken})) if taken else outcome


def weak_symbols(outcome: Outcome) -> tuple[str, ...]:
    """The symbols of an outcome's weak figures: the bases whose tables may have the strong side."""
    figures = {} if outcome.table is None else outcome.table.figures
    return tuple(symbol for symbol, figure in figures.items() if figure.digits < STRONG_DIGITS)


def _cross(pairs: Mapping[tuple[str, str], Quote], pivot: str, figures: dict[str, DerivedRate]) -> None:
    """Adds the rates that need two quotes, over the pivot.

    The second quote is the one that the pivot's own table would use: from the pivot if that is published.
    """
    leg = figures[pivot].path[0]
    for symbol, figure in _direct(pairs, pivot).items():
        if symbol in figures:
            continue
        quote = figure.path[0]
        figures[symbol] = DerivedRate(
            _chain(leg, quote, pivot),
            min(leg.day, quote.day),
            "cross",
            min(digits(leg.rate), digits(quote.rate)),
            (leg, quote),
        )


def _chain(leg: Quote, quote: Quote, pivot: str) -> Decimal:
    """base->pivot times pivot->symbol in one correctly rounded operation."""
    to_pivot = leg.symbol == pivot  # else the leg is pivot->base: a divisor
    from_pivot = quote.base == pivot  # else the quote is symbol->pivot: a divisor
    if to_pivot and from_pivot:
        return EXACT.multiply(leg.rate, quote.rate)
    if to_pivot:
        return EXACT.divide(leg.rate, quote.rate)
    if from_pivot:
        return EXACT.divide(quote.rate, leg.rate)
    return EXACT.divide(ONE, WIDE.multiply(leg.rate, quote.rate))


def select(table: RateTable, symbols: Iterable[str]) -> RateTable:
    """The table with only these symbols, in this order; `MissingSymbols` if it lacks one."""
    wanted = tuple(dict.fromkeys(symbols))
    missing = tuple(symbol for symbol in wanted if symbol not in table)
    if missing:
        error = MissingSymbols(f"has no {', '.join(missing)} for {table.base} on {table.day}", provider=table.provider)
        error.symbols = missing
        raise error
    return replace(table, figures={symbol: table.figures[symbol] for symbol in wanted})


def effective(quotes: Sequence[Quote], provider: Provider, query: Query) -> Sequence[Quote]:
    """The quotes in force on the day asked for; for the latest, those of the newest day, at most tomorrow.

    For a day: the newest on or before it, at most `gap_days` back, since publishers pause on Sundays and holidays; but
    a day after today gets no earlier quotes. If an answer mixes days (`mixed_days`), the newest quote of each pair.
    Of rates valid for a period, those whose period has the day: never a neighbour's. The latest are those valid today;
    where none is, as of means, which come after their period, those of the period that ended last.
    """
    if quotes and quotes[0].valid_to is not None:
        holding = [quote for quote in quotes if quote.holds_on(query.end or query.today)]
        return holding if holding or query.end else _ended_last(quotes, query.today)
    last = query.end or query.today + timedelta(days=1)
    days = {quote.day for quote in quotes}
    if not (past := [day for day in days if day <= last]):
        return []
    newest_day = max(past)
    gap = timedelta(days=0 if query.end and last > query.today else provider.gap_days)
    first = (last if query.end else newest_day) - gap
    if newest_day < first:
        return []
    if days == {newest_day}:
        return quotes
    if provider.mixed_days:
        return list(newest([quote for quote in quotes if first <= quote.day <= last]).values())
    return [quote for quote in quotes if quote.day == newest_day]


def _ended_last(quotes: Sequence[Quote], today: date) -> list[Quote]:
    """The quotes of the newest period that has ended."""
    ends = [quote.valid_to for quote in quotes if quote.valid_to is not None and quote.valid_to < today]
    return [quote for quote in quotes if ends and quote.valid_to == max(ends)]


@dataclass(frozen=True, slots=True)
class Conversion:
    """How an amount of one currency becomes one of another on a day, by ratios fixed by law and at most one rate.

    100 DEM in USD are 100 / 1.95583 EUR at the day's rate of the euro; 100 DEM in FRF need no publisher.
    base, symbol: both currencies, in terms of their current units. figure: the rate between the units; None if they are
    the same, or before it is fetched.
    """

    base: FixedRatio
    symbol: FixedRatio
    figure: DerivedRate | None = None

    @property
    def needs_rate(self) -> bool:
        """True if a publisher must be asked."""
        return self.base.unit != self.symbol.unit

    @property
    def codes(self) -> tuple[str, str]:
        """The codes of both currencies."""
        return self.base.symbol, self.symbol.symbol

    @property
    def ratios(self) -> list[str]:
        """The fixed ratios used, as sentences."""
        return [*self.base.sentences(), *self.symbol.sentences()]

    @property
    def how(self) -> str:
        """How the rate was derived: "cross" over a ratio fixed by law, "fixed" if only such ratios are used."""
        if self.figure is not None:
            return "cross" if self.ratios else self.figure.how
        return "fixed" if self.ratios else "identity"

    def result(self, amount: Decimal) -> Decimal:
        """The amount in the other currency: exact products, and one division at the end."""
        rate = self.figure.rate if self.figure else ONE
        product = _WIDEST.multiply(_WIDEST.multiply(amount, rate), self.symbol.ratio)
        return EXACT.divide(product, self.base.ratio) if self.base.ratio != ONE else EXACT.plus(product)


def conversion(base: str, symbol: str, on: date) -> Conversion:
    """The conversion on that day, without its rate; by ratios alone if one currency succeeded the other."""
    if (down := ratio_to(base, symbol, on)) is not None:
        return Conversion(down, FixedRatio(symbol, symbol, ONE))
    if (up := ratio_to(symbol, base, on)) is not None:
        return Conversion(FixedRatio(base, base, ONE), up)
    return Conversion(current_unit(base, on), current_unit(symbol, on))


def rounded(amount: Decimal, symbol: str, places: int | None, *, fixed: bool = False, small: bool = True) -> Decimal:
    """The amount with so many decimals, by default those of ISO 4217, rounded half-even.

    fixed: by a ratio fixed by law; then a half is rounded up, as Regulation (EC) 1103/97, Article 5, demands for the
    euro. small: an amount of less than one minor unit keeps four significant digits.
    """
    rounding = ROUND_HALF_UP if fixed else ROUND_HALF_EVEN
    if places is None and small:
        return minor_units(amount, symbol, rounding)
    if places is None:
        digits = minor_digits(symbol)
        places = 4 if digits is None else digits
    return amount.quantize(Decimal(1).scaleb(-places), rounding, context=WIDE)


def minor_units(amount: Decimal, symbol: str, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """The amount in the currency's minor units; one of less than a unit keeps four significant digits."""
    digits_of = minor_digits(symbol)
    places = 4 if digits_of is None else digits_of
    if amount and abs(amount) < Decimal(1).scaleb(-places):
        places = 3 - amount.adjusted()
    return amount.quantize(Decimal(1).scaleb(-places), rounding, context=WIDE)
