"""What is answered: quotes, rates with their pedigree, the table of a base, and the outcome of a fetch.

Quotes and derived rates, of which an answer has hundreds, are named tuples: made in less than half of a frozen
dataclass's time, and pickled in less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from rates.defaults import HISTORY, STORE
from rates.errors import RatesError, UsageError

if TYPE_CHECKING:
    import pandas

How = Literal["published", "inverse", "cross", "identity", "fixed", "pegged", "median", "average", "own"]

ONE = Decimal(1)
PUBLISHED_DIGITS = 9  # the most that any central bank here publishes; more come from a division


class Quote(NamedTuple):
    """One unit of `base` costs `rate` units of `symbol` on `day`, in the publisher's direction and digits.

    valid_to: the last day of a rate that is valid for a period, which begins on `day`; both days are included.
    `date.max` means until further notice. None for the rate of one day.
    """

    base: str
    symbol: str
    rate: Decimal
    day: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """True if it is the rate of that day, or of a period with that day."""
        return self.day <= day <= (self.valid_to or self.day)


class DerivedRate(NamedTuple):
    """One rate and its pedigree.

    how: published, the inverse of a published rate, a cross of two (or of one and a fixed ratio), a currency against
    itself (identity), fixed by law or definition, derived from a peg, the median of several publishers, or from the
    user's own rates (own).
    digits: the fewest significant digits of the published rates used. path: the published quotes used; for a pegged
    rate also the pegs, as quotes of their first day.
    instead_of: the published rate that a derived one replaces, because it has fewer than four digits.
    """

    rate: Decimal
    day: date
    how: How
    digits: int
    path: tuple[Quote, ...] = ()
    instead_of: Decimal | None = None

    @property
    def valid_to(self) -> date | None:
        """The last day of a rate that is valid for a period; see `Quote.valid_to`."""
        return min((quote.valid_to for quote in self.path if quote.valid_to is not None), default=None)

    def text(self, digits: int = 6) -> str:
        """The rate as a person reads it, in full if it is published with at most nine digits.

        Others are rounded half-even to `digits` significant digits, a derived one to no more than are behind it.
        """
        if self.how == "identity":
            return "1"
        exact = self.how in ("published", "fixed") or (self.how == "own" and self.rate == self.path[0].rate)
        if exact and len(self.rate.as_tuple().digits) <= PUBLISHED_DIGITS:
            return f"{self.rate:f}"
        most = digits if exact else min(digits, self.digits)
        return f"{Context(prec=most, rounding=ROUND_HALF_EVEN).plus(self.rate):f}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RateTable(Mapping[str, Decimal]):
    """Rates of one base, with the pedigree of each.

    A mapping of symbol to the units of it that one unit of `base` costs. `day` is the newest effective day among its
    figures, `asked` the day that was asked for (None: the latest), `rate_type` the publisher's kind of rate.
    A symbol is found in any case.
    source: "" for the network, "ecb-history" for the ECB's history in this package, "recording" for a replay, "own" for
    the user's own rates, "store" for what was fetched before and kept.
    fetched: when the answer came, in UTC; None where several answers made the table. digest: the SHA-256 of the
    answer's bodies, in hex.
    Two tables are equal if rates and pedigree are, not where they are from; a table equals another mapping if the
    rates are.
    """

    base: str
    provider: str
    figures: Mapping[str, DerivedRate]
    asked: date | None = None
    rate_type: str = ""
    source: str = ""
    fetched: datetime | None = None
    digest: str = ""
    day: date = field(init=False)

    def __post_init__(self) -> None:
        days = [figure.day for figure in self.figures.values() if figure.how != "identity"]
        days = days or [figure.day for figure in self.figures.values()]
        object.__setattr__(self, "figures", MappingProxyType(dict(self.figures)))
        object.__setattr__(self, "day", max(days, default=date.min))

    def __getitem__(self, symbol: str) -> Decimal:
        figure = self.figures.get(symbol)
        return (self.figures[_as_code(symbol)] if figure is None else figure).rate

    def __iter__(self) -> Iterator[str]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def __eq__(self, other: object) -> bool:
        return self._all() == other._all() if isinstance(other, RateTable) else Mapping.__eq__(self, other)

    def __hash__(self) -> int:
        return hash((self.base, self.provider, self.asked, frozenset(self.figures.items())))

    def _all(self) -> tuple[object, ...]:
        return self.base, self.provider, dict(self.figures), self.asked, self.rate_type

    def __repr__(self) -> str:
        return f"<RateTable {self.base} {self.provider} {self.day} {len(self)} rates>"

    def __reduce__(self) -> tuple[object, ...]:
        return RateTable, (*self._all(), self.source, self.fetched, self.digest)

    @property
    def offline(self) -> bool:
        """True for rates that are not from the network, now or before."""
        return self.source not in ("", STORE)

    @property
    def simulated(self) -> bool:
        """True if the ECB's history answered in the place of another publisher."""
        return self.source == HISTORY and self.provider != "ecb"

    def __str__(self) -> str:
        """A line about the table, and one for each rate, rounded to be read."""
        width = max(map(len, self.figures), default=0)
        lines = (f"{symbol:{width}}  {figure.text()}" for symbol, figure in self.figures.items())
        return "\n".join((self._caption(), *lines))

    def _repr_html_(self) -> str:
        """The same as a table of a notebook."""
        from html import escape  # 1 ms, which only a notebook needs

        rows = "".join(
            f"<tr><th>{escape(symbol)}</th><td>{escape(figure.text())}</td><td>{figure.day}</td>"
            f"<td>{escape(figure.how)}</td></tr>"
            for symbol, figure in self.figures.items()
        )
        head = "<tr><th>symbol</th><th>rate</th><th>day</th><th>how</th></tr>"
        caption = escape(self._caption())
        return f"<table><caption>{caption}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"

    def _caption(self) -> str:
        source = "simulated from ECB reference rates" if self.simulated else self.source
        return " · ".join(filter(None, (f"1 {self.base}", self.provider, self.rate_type, source, str(self.day))))

    @property
    def valid_to(self) -> date | None:
        """The last day of the newest period, if the rates are valid for periods; None for rates of a day."""
        return max((figure.valid_to for figure in self.figures.values() if figure.valid_to is not None), default=None)

    def how(self, symbol: str) -> How:
        """How the rate was derived: published, inverse, cross, identity, pegged or median."""
        return (self.figures.get(symbol) or self.figures[_as_code(symbol)]).how

    def days(self) -> Mapping[str, date]:
        """The effective day of each symbol; they differ if a publisher has daily and weekly tables."""
        return {symbol: figure.day for symbol, figure in self.figures.items()}

    def age_days(self, today: date | None = None) -> int:
        """Days from the effective day to `today`, by default the day in UTC; negative for tomorrow's rates.

        Rates that are valid for a period are 0 days old while it lasts; after it their age counts from its end.
        """
        today, end = datetime.now(UTC).date() if today is None else today, self.valid_to
        return (today - (self.day if end is None else max(self.day, min(end, today)))).days

    def to_dict(self) -> dict[str, Any]:
        """The table as a dict: its facts, the rates by symbol, and of each rate the day and how it was derived."""
        return {
            "base": self.base,
            "provider": self.provider,
            "rate_type": self.rate_type,
            "day": self.day,
            "asked": self.asked,
            "source": self.source,
            "rates": dict(self),
            "figures": {
                symbol: {"day": figure.day, "how": figure.how, "digits": figure.digits}
                for symbol, figure in self.figures.items()
            },
        }

    def to_series(self) -> pandas.Series[Any]:
        """The rates as a pandas Series of Decimal by symbol, named after the base; `attrs` has provider and day.

        `.astype(float)` makes floats of them. Raises `UsageError` without pandas.
        """
        try:
            import pandas
        except ImportError as error:
            raise UsageError("a Series needs pandas", hint="pip install 'fetch-rates[pandas]'") from error
        series = pandas.Series(dict(self), dtype=object, name=self.base)
        series.attrs = {"provider": self.provider, "day": self.day}
        return series


def _as_code(symbol: str) -> str:
    """A symbol in capitals, but GBp and its like as they are: exchanges write hundredths with a small last letter."""
    return symbol.upper() if isinstance(symbol, str) and (symbol.islower() or symbol.istitle()) else symbol


@dataclass(frozen=True, slots=True)
class Timing:
    """When one fetch began and ended, and where its time went. All in seconds; `began_s` since the epoch.

    wire_s: the time in requests, of which there were `requests`, over `connections` new connections: waiting for the
    rate limit, connecting, waiting for the answer's head, reading. turn_s: waiting for the rate limit, or for a
    download that another fetch makes. The rest of took_s is parsing, checking and rebasing.
    """

    began_s: float
    took_s: float
    wire_s: float
    requests: int
    turn_s: float = 0.0
    connect_s: float = 0.0
    wait_s: float = 0.0
    read_s: float = 0.0
    connections: int = 0

    @property
    def parse_s(self) -> float:
        """The time that is neither waiting nor on the wire."""
        return max(0.0, self.took_s - self.turn_s - self.connect_s - self.wait_s - self.read_s)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The rates of one base.

    passed_over: the errors of the providers that were asked before the one that answered.
    provider: the only provider asked; "" if a chain was asked. warning: a reservation about the table.
    Two are equal whatever their timings.
    """

    ok: ClassVar[Literal[True]] = True
    error: ClassVar[None] = None

    base: str
    table: RateTable
    passed_over: tuple[RatesError, ...] = ()
    timing: Timing | None = field(default=None, compare=False)
    provider: str = ""
    warning: RatesError | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The error of one base: that of the provider that was asked last. The other fields are those of `Fetched`."""

    ok: ClassVar[Literal[False]] = False
    table: ClassVar[None] = None
    warning: ClassVar[None] = None

    base: str
    error: RatesError
    passed_over: tuple[RatesError, ...] = ()
    timing: Timing | None = field(default=None, compare=False)
    provider: str = ""


# The result for one base: a table or an error, never both. Type checkers narrow it: mypy by `if outcome.ok`, pyright by
# `outcome.ok is True` or `outcome.table is not None`.
Outcome = Fetched | Failed
