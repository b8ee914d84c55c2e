"""A series: the published rates of one pair over a range of days, and as a column of pandas, polars or Arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from rates.currencies import peg
from rates.errors import NoRates, RatesError, UsageError
from rates.store.at_hand import AtHand
from rates.store.lookup import on_each_day, plan, search
from rates.store.records import Rate, Rule, When
from rates.store.sources import having
from rates.store.spans import Span, missing

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

MOST_DIGITS = 38  # of a decimal in 128 bits, the widest of polars
SHOWN = 20  # rows in a notebook


@dataclass(frozen=True, slots=True, repr=False)
class Series(Sequence[Rate]):
    """The published rates of one pair from one provider, oldest first; a day without a publication has none.

    first, last: the range that was asked for. missing: the days of it that could not be fetched.
    """

    base: str
    symbol: str
    first: date
    last: date
    rates: tuple[Rate, ...]
    missing: tuple[Span, ...] = ()

    @property
    def pair(self) -> str:
        """The pair as in EUR/USD."""
        return f"{self.base}/{self.symbol}"

    @property
    def provider(self) -> str:
        """Whose rates these are."""
        return self.rates[0].provider if self.rates else ""

    def __len__(self) -> int:
        return len(self.rates)

    @overload
    def __getitem__(self, place: int) -> Rate: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Rate, ...]: ...

    def __getitem__(self, place: int | slice) -> Rate | tuple[Rate, ...]:
        return self.rates[place]

    def __iter__(self) -> Iterator[Rate]:
        return iter(self.rates)

    def __repr__(self) -> str:
        return f"<Series {self.pair} {self.provider} {self.first} to {self.last}, {len(self)} rates>"

    def __str__(self) -> str:
        return "\n".join((self._caption(), *(f"{rate.day}  {rate.text()}" for rate in self.rates)))

    def _repr_html_(self) -> str:
        """The same as a table of a notebook, of a long series its ends."""
        from html import escape

        shown = self.rates if len(self) <= SHOWN else (*self.rates[: SHOWN // 2], None, *self.rates[-SHOWN // 2 :])
        rows = "".join(
            "<tr><td>…</td><td></td><td></td></tr>"
            if rate is None
            else f"<tr><td>{rate.day}</td><td>{escape(rate.text())}</td><td>{escape(rate.how)}</td></tr>"
            for rate in shown
        )
        head = "<tr><th>day</th><th>rate</th><th>how</th></tr>"
        return f"<table><caption>{escape(self._caption())}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"

    def _caption(self) -> str:
        gaps = ", ".join(f"{first} to {last}" for first, last in self.missing)
        source = self.rates[-1].source if self.rates else ""
        parts = (self.pair, self.provider, source, f"{len(self)} rates", f"not fetched: {gaps}" if gaps else "")
        return " · ".join(filter(None, parts))

    def to_pandas(self, *, floats: bool = False) -> pandas.Series[Any]:
        """A pandas Series by day: of Decimals, or with `floats` of float64; `attrs` has the provider."""
        try:
            import pandas
        except ImportError as error:
            raise _lacks("pandas") from error
        values = [rate.rate for rate in self.rates]
        index = pandas.DatetimeIndex([rate.day for rate in self.rates], name="day")
        kind: Any = "float64" if floats else object
        series = pandas.Series(list(map(float, values)) if floats else values, index=index, dtype=kind, name=self.pair)
        series.attrs = {"provider": self.provider}
        return series

    def to_polars(self, *, floats: bool = False) -> polars.DataFrame:
        """A polars DataFrame with the columns day and rate: Decimal of 38 digits, or with `floats` Float64.

        Of a rate that does not fit, the last digits are rounded half-even.
        """
        try:
            import polars
        except ImportError as error:
            raise _lacks("polars") from error
        days = polars.Series("day", [rate.day for rate in self.rates], dtype=polars.Date)
        if floats:
            rates = polars.Series("rate", [float(rate.rate) for rate in self.rates], dtype=polars.Float64)
        else:
            values, scale = self._fixed_point()
            rates = polars.Series("rate", values, dtype=polars.Decimal(MOST_DIGITS, scale))
        return polars.DataFrame([days, rates])

    def to_arrow(self, *, floats: bool = False) -> pyarrow.Table:
        """An Arrow table with the columns day and rate: decimal128 of 38 digits, or with `floats` double.

        Of a rate that does not fit, the last digits are rounded half-even.
        """
        try:
            import pyarrow
        except ImportError as error:
            raise _lacks("pyarrow", "parquet") from error
        days = pyarrow.array([rate.day for rate in self.rates], pyarrow.date32())
        if floats:
            rates = pyarrow.array([float(rate.rate) for rate in self.rates], pyarrow.float64())
        else:
            values, scale = self._fixed_point()
            rates = pyarrow.array(values, pyarrow.decimal128(MOST_DIGITS, scale))
        kept = {"pair": self.pair, "provider": self.provider}
        return pyarrow.table({"day": days, "rate": rates}, metadata=kept)

    def _fixed_point(self) -> tuple[list[Decimal], int]:
        """The rates with equally many decimal places, and how many: as many as all need, if 38 digits have room."""
        values = [rate.rate for rate in self.rates]
        whole = max((value.adjusted() + 1 for value in values), default=1)
        places = max((-int(value.as_tuple().exponent) for value in values), default=0)
        scale = max(0, min(places, MOST_DIGITS - max(whole, 1)))
        wide = Context(prec=2 * MOST_DIGITS, rounding=ROUND_HALF_EVEN)
        return [value.quantize(Decimal(1).scaleb(-scale), context=wide) for value in values], scale


def _lacks(library: str, extra: str = "") -> UsageError:
    return UsageError(f"this needs {library}", hint=f"pip install 'fetch-rates[{extra or library}]'")


class Range(NamedTuple):
    """What a series is asked for: a pair, from the first to the last day."""

    base: str
    symbol: str
    first: date
    last: date


def at_hand_of(at_hand: AtHand, key: str, asked: Range) -> Series:
    """What is at hand of one provider."""
    base, symbol, first, last = asked
    sources = having(at_hand.sources(), key)
    pegs, units = at_hand.settings.pegs, units_of(asked)
    rates = tuple(on_each_day(key, sources, base, symbol, units, first, last, pegs=pegs))
    return Series(base, symbol, first, last, rates, tuple(gaps_of(at_hand, key, asked)))


def gaps_of(at_hand: AtHand, key: str, asked: Range) -> list[Span]:
    """The days up to today of which the provider may have more than is at hand."""
    return missing(asked.first, min(asked.last, at_hand.settings.day()), at_hand.known(key, units_of(asked)))


def units_of(asked: Range) -> tuple[str, ...]:
    """The currencies that a provider must have: the units of both sides, at the begin and at the end of the range."""
    found: list[str] = []
    for day in (asked.first, asked.last):
        try:
            planned = plan(asked.base, asked.symbol, day)
        except RatesError:  # one had not begun, or has no ratio to its successor
            found += (asked.base, asked.symbol)
        else:
            found += (planned.base.unit, planned.symbol.unit)
    return tuple(dict.fromkeys(found))


def no_series(at_hand: AtHand, asked: Range) -> NoRates:
    """The error of a range in which nothing was published, with the nearest days that have the rate."""
    keys = ", ".join(at_hand.chain)
    detail = f"{keys}: no rates of {asked.base}/{asked.symbol} from {asked.first} to {asked.last}"
    hints = [f"{key} has it on {days}" for key in at_hand.chain if (days := _beside(at_hand, key, asked))]
    if not hints and not at_hand.settings.pegs:
        held = [peg(unit, asked.last) for unit in units_of(asked)]
        hints += [f"--pegs derives it: {one.sentence()}" for one in held if one is not None]
    return NoRates(detail, hint="; ".join(hints))


def _beside(at_hand: AtHand, key: str, asked: Range) -> str:
    """The nearest days before and after a range that have the rate; "" without any."""
    found = set[date]()
    for day, when in ((asked.first, When.BEFORE), (asked.last, When.NEXT)):
        try:
            planned = plan(asked.base, asked.symbol, day)
        except RatesError:
            continue
        hit = search(key, planned, day, Rule(when, None), at_hand.sources(), pegs=at_hand.settings.pegs, latest=True)
        if hit is not None and hit.rate.provider:
            found.add(hit.rate.day)
    return " and ".join(map(str, sorted(found)))
