"""The nouns of a look-up: a kept figure, a source of figures, the rule for days without a rate, and the answer.

Frozen and picklable. Nothing here imports a database or a network library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Context, Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from rates.model import ONE, DerivedRate, How, Quote
from rates.readers.values import EXACT, MOST_DIGITS

# Enough digits for the exact product of an amount, two rates and two ratios fixed by law.
WIDEST = Context(prec=8 * MOST_DIGITS)
# Added to a figure, it changes 1E+2 into 100, and no value.
ZERO = Decimal(0)


class Stored(NamedTuple):
    """One figure as kept.

    quote: exactly as published, never inverted. fetched: when the answer came, in UTC; None for the history in the
    package and for the user's own rates. digest: the SHA-256 of the answer that it came from, in hex; "" if none.
    """

    provider: str
    quote: Quote
    fetched: datetime | None = None
    digest: str = ""


class Source(Protocol):
    """What a look-up reads from: the store, the history in the package, the user's own rates, a list in a test.

    codes: the quotes meant are those whose base and symbol are both among them; () means all.
    """

    def providers(self) -> Collection[str]:
        """The keys of the providers that it has any figures of."""

    def between(self, provider: str, codes: Collection[str], first: date, last: date) -> Iterator[Stored]:
        """The newest revision of every quote whose day or period touches first…last; by day, oldest first."""

    def nearest(self, provider: str, codes: Collection[str], day: date, *, later: bool) -> date | None:
        """The newest day on or before `day` with any such quote; with `later`, the oldest on or after it."""


class When(StrEnum):
    """Which day's rate answers for a day without one.

    exact: none but that day's. previous: the newest on or before it. next: the oldest on or after it. before: the
    newest strictly before it, even if it has a rate. nearest: the fewest days away; of two as near, the earlier.
    A rate that is valid for a period with the day answers for it by every rule, and for no day outside its period.
    """

    EXACT = "exact"
    PREVIOUS = "previous"
    NEXT = "next"
    BEFORE = "before"
    NEAREST = "nearest"


class Rule(NamedTuple):
    """The rule for days without a rate. max_age: the most days from the day asked, back or ahead; None for any."""

    when: When = When.PREVIOUS
    max_age: int | None = 7


class Rounding(NamedTuple):
    """How a rule rounds the result. mode: of `decimal`; words: the same as text."""

    places: int
    mode: str
    words: str

    def round(self, amount: Decimal) -> Decimal:
        """The rounded amount."""
        return amount.quantize(Decimal(1).scaleb(-self.places), self.mode, context=WIDEST)


class Rate(NamedTuple):
    """One rate by the rule, with its pedigree: one unit of `base` costs `rate` units of `symbol`.

    rate: with 28 significant digits if it is derived. exact: the same as numerator and denominator, unrounded.
    asked: the day asked for. day: the day used, or the first of the period; of a cross over two periods the later one.
    valid_to: the last day of the period; None for the rate of one day.
    how, digits, path, instead_of: as of a `DerivedRate`. ratios: the ratios fixed by law that it uses, as sentences.
    provider: whose figures these are; "" if fixed ratios alone were used. fetched, digest: of the oldest answer used.
    source: "" for the network, "store", "ecb-history" for the history in the package, or "own".
    """

    base: str
    symbol: str
    rate: Decimal
    asked: date
    day: date
    valid_to: date | None
    how: How
    provider: str
    digits: int
    path: tuple[Quote, ...] = ()
    fetched: datetime | None = None
    digest: str = ""
    source: str = ""
    exact: tuple[Decimal, Decimal] = (ONE, ONE)
    ratios: tuple[str, ...] = ()
    instead_of: Decimal | None = None

    @property
    def age_days(self) -> int:
        """Days from the day used to the day asked: 0 within a period, negative for a later day."""
        if self.valid_to is not None and self.day <= self.asked <= self.valid_to:
            return 0
        return (self.asked - self.day).days

    @property
    def figure(self) -> DerivedRate:
        """The rate without pair and provider, as in a table."""
        return DerivedRate(self.rate, self.day, self.how, self.digits, self.path, self.instead_of)

    def text(self, digits: int = 6) -> str:
        """The rate as a person reads it, as `DerivedRate.text` gives it."""
        return self.figure.text(digits)

    def __str__(self) -> str:
        """The rate in a line, with the day used, its age, and how it was had."""
        age = f" for {self.asked}" if self.age_days else ""
        until = f" to {self.valid_to}" if self.valid_to not in (None, date.max) else ""
        parts = (f"1 {self.base} = {self.text()} {self.symbol}", self.provider, f"{self.day}{until}{age}", self.how)
        return " · ".join(filter(None, parts))

    def convert(self, amount: Decimal) -> Decimal:
        """The amount in the other currency: exact products, and one division to 28 significant digits at the end.

        0 is Decimal("0"), and a whole number has no exponent.
        """
        numerator, denominator = self.exact
        product = WIDEST.multiply(amount, numerator)
        exact = EXACT.plus(product) if denominator == ONE else EXACT.divide(product, denominator)
        return WIDEST.add(exact, ZERO) or ZERO
