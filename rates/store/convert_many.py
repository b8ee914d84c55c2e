"""`rates.convert_many`: a column of amounts at once, as exact as one by one.

    from decimal import Decimal
    import rates

    amounts = [Decimal("19.90"), 250, "1200.00"]
    print(rates.convert_many(amounts, "USD", "EUR", on="2020-03-02", digits="iso", offline=True))
    print(rates.convert_many(amounts, ["USD", "GBP", "JPY"], "EUR", on="2020-03-03", offline=True))

Each pair and day is looked up once, and the amounts are computed in two passes over the column.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException, localcontext
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from rates.currencies import code
from rates.errors import RatesError, UsageError, quoted
from rates.model import ONE
from rates.readers.values import EXACT
from rates.settings import Settings
from rates.settings.keywords import LookUpKeywords
from rates.store.convert import amount_of, found, local, look_up_by, places_of
from rates.store.records import WIDEST, ZERO
from rates.store.session import MANY, Day, Place, Session, session_of

if TYPE_CHECKING:
    from rates.store.by_rule import Asked

PIECE = 2**12  # amounts that are computed at once: the products in between stay in the processor's cache
FLOATS = "give Decimals, whole numbers or text, or floats=True for a result of floats"


class _Column(NamedTuple):
    """The values of a column, and how to make another of its kind from the results."""

    values: Sequence[Any]
    like: Callable[[list[Any]], Any]
    floats: bool = False


class _Fraction(NamedTuple):
    """A rate: the symbol, and the exact rate as numerator and denominator."""

    symbol: str
    numerator: Decimal
    denominator: Decimal


class _Piece(NamedTuple):
    """The rates of some rows; whether any has another numerator than 1, and whether another denominator."""

    rates: list[_Fraction]
    multiplies: bool
    divides: bool


class _Rates(dict[Any, Any]):
    """The rates of one pair by day, each looked up when it is first needed; or such tables by currency."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __missing__(self, key: Any) -> Any:
        made = self[key] = self._make(key)
        return made


def convert_many(
    amounts: Iterable[Any],
    base: str | Iterable[str],
    symbol: str | Iterable[str],
    on: Day | Iterable[Day] = None,
    settings: Settings | None = None,
    *,
    digits: int | str | None = None,
    floats: bool = False,
    rule: str | None = None,
    store: Place = None,
    **given: Unpack[LookUpKeywords],
) -> Any:
    """The amounts, each as `convert` gives it; base, symbol and on are one for all, or a column as long as the amounts.

    A list, tuple, numpy array or pandas Series gives one of its kind, with Decimals (numpy and pandas: of dtype object,
    a Series with its index and name); any other iterable gives a list. Days may be a column of datetimes.
    Amounts are as for `convert`. Floats are refused, as there, unless `floats` is True: then they may be floats, with
    NaN for a missing one, and the results are floats, too, correct to 15 digits.
    An error names the row, from 0. digits, rule: as for `convert`; a rule that rounds gives no floats.
    """
    column = _column(amounts, "amounts")
    if floats and digits is not None:
        raise UsageError("digits are for exact results", hint="leave out floats=True, or round the floats")
    if column.floats and not floats:
        raise UsageError("amounts are floats, which are rarely exact: 0.1 is not", hint=FLOATS)
    compute = _as_floats if floats else _exact if digits is None else partial(_rounded, digits=digits)
    count, asked_on = len(column.values), None
    if rule is None:
        session = session_of(settings, store, given)
        if count > MANY:
            session.prepare()
    else:
        from rates.store.by_rule import on_day, settings_of

        law, chosen = settings_of(rule, settings, given, digits)
        if law.rounding is not None:
            if floats:
                raise UsageError(f"the rule {law.name} rounds {law.rounding.words}", hint="leave out floats=True")
            compute = partial(_by_law, round=law.rounding.round)
        session, asked_on = session_of(chosen, store, {}), partial(on_day, law, chosen)
    rates, results = _rates(session, asked_on, count, base, symbol, on), list[Any]()
    for begin in range(0, count, PIECE):
        piece = column.values[begin : begin + PIECE]
        if not floats and not _all_finite(piece):
            piece = [amount_of(value, f"amounts[{begin + place}]") for place, value in enumerate(piece)]
        try:
            results += compute(piece, rates(begin, begin + len(piece)))
        except DecimalException:
            raise UsageError(f"an amount from row {begin} on is too large") from None
    return column.like(results)


def _all_finite(values: Sequence[Any]) -> bool:
    """True if all are finite Decimals, or all are whole numbers: the quickest test of both type and value."""
    try:
        return all(map(Decimal.is_finite, values))
    except TypeError:
        return {*map(type, values)} == {int}


# --- columns ---------------------------------------------------------------------------------------------------------


def _column(given: Any, name: str) -> _Column:
    """A column of any library as plain values."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise UsageError(f"{name} must be a column, like a list, not {quoted(given)}")
    if pandas is not None and isinstance(given, pandas.Series | pandas.Index):
        series = given if isinstance(given, pandas.Series) else given.to_series()

        def as_series(results: list[Any]) -> Any:
            kind = "float64" if results and type(results[0]) is float else object
            return pandas.Series(results, index=series.index, name=series.name, dtype=kind)

        dates = pandas.api.types.is_datetime64_any_dtype(series.dtype)
        values = series.dt.date.tolist() if dates else series.tolist()
        return _Column(values, as_series, pandas.api.types.is_float_dtype(series.dtype))
    if numpy is not None and isinstance(given, numpy.ndarray):
        if given.ndim != 1:
            raise UsageError(f"{name} must have one dimension, not {given.ndim}")

        def as_array(results: list[Any]) -> Any:
            return numpy.array(results, dtype=float if results and type(results[0]) is float else object)

        array = given.astype("datetime64[D]") if given.dtype.kind == "M" else given
        return _Column(array.tolist(), as_array, given.dtype.kind == "f")
    values = given if isinstance(given, list | tuple) else list(given)
    return _Column(values, tuple if isinstance(given, tuple) else list, float in set(map(type, values)))


# --- rates -----------------------------------------------------------------------------------------------------------

# What a rule of law asks for on a day, as `on_day`.
AskedOn = Callable[[Any], "Asked"]
# The rates of the rows from one to another; one rate alone if it is the same for all rows.
RatesOf = Callable[[int, int], _Fraction | _Piece]


def _rates(session: Session, asked_on: AskedOn | None, count: int, base: Any, symbol: Any, on: Any) -> RatesOf:
    """What gives the rates of a piece of the rows."""
    columns = [
        value if _is_one(value) else _column(value, name).values
        for name, value in (("base", base), ("symbol", symbol), ("on", on))
    ]
    for name, column in zip(("base", "symbol", "on"), columns, strict=True):
        if not _is_one(column) and len(column) != count:
            raise UsageError(f"{name} has {len(column)} rows, and amounts {count}")
    if all(map(_is_one, columns)):
        one = _Finder(session, asked_on).find(base, symbol, on) if count else _Fraction("", ONE, ONE)
        return lambda begin, end: one
    finder = _Finder(session, asked_on, lambda: _keys(columns, count))
    table = _Rates(lambda base: _Rates(lambda symbol: _Rates(lambda on: finder.find(base, symbol, on))))

    def of(begin: int, end: int) -> _Piece:
        rates = listed(begin, end)
        return _Piece(rates, finder.multiplies, finder.divides)

    def listed(begin: int, end: int) -> list[_Fraction]:
        bases, symbols, days = ([one] * (end - begin) if _is_one(one) else one[begin:end] for one in columns)
        try:
            if _is_one(symbol):
                if _is_one(base):
                    return list(map(table[base][symbol].__getitem__, days))
                by_day = {one: table[one][symbol] for one in set(bases)}
                return [by_day[one][day] for one, day in zip(bases, days, strict=True)]
            return [table[one][other][day] for one, other, day in zip(bases, symbols, days, strict=True)]
        except (RatesError, TypeError):
            for row in range(begin, end):
                _check(finder, row, *(one if _is_one(one) else one[row] for one in columns))
            raise

    return of


def _keys(columns: Sequence[Any], count: int) -> set[tuple[Any, Any, Any]]:
    """The different pairs and days of the rows; none if one of them is wrong, which its own look-up names."""
    try:
        return set(zip(*(repeat(one, count) if _is_one(one) else one for one in columns), strict=True))
    except TypeError:
        return set()


def _check(finder: _Finder, row: int, base: Any, symbol: Any, on: Any) -> None:
    """Raises the error of a row, with its number."""
    try:
        finder.find(base, symbol, on)
    except RatesError as error:
        error.detail = f"row {row}: {error.detail}"
        raise


def _is_one(value: object) -> bool:
    """True for one code or day; for a wrong one too, which the look-up names."""
    return isinstance(value, str | bytes | date) or not isinstance(value, Iterable)


class _Finder:
    """Finds rates; when one is not at hand for the first time, the days of all rows are fetched in few requests.

    asked_on: what a rule of law asks for on a day; None without one. keys: gives the different pairs and days of the
    rows.
    """

    def __init__(
        self,
        session: Session,
        asked_on: AskedOn | None,
        keys: Callable[[], Iterable[tuple[Any, Any, Any]]] = tuple,
    ) -> None:
        self._session, self._asked_on, self._keys = session, asked_on, keys
        self._ahead = self.multiplies = self.divides = False

    def find(self, base: str, symbol: str, on: Any) -> _Fraction:
        """The rate of a pair on a day."""
        made = self._found(base, symbol, on)
        self.multiplies = self.multiplies or made.numerator != ONE
        self.divides = self.divides or made.denominator != ONE
        return made

    def _found(self, base: str, symbol: str, on: Any) -> _Fraction:
        """The same, from the table of the history if that has it."""
        session = self._session
        if self._asked_on is not None:
            return self._found_by(self._asked_on(on), base, symbol)
        try:
            place = session.places[on.date() if isinstance(on, datetime) else on] if session.trusted() else None
            numerator, denominator = session.columns[symbol][place], session.columns[base][place]  # type: ignore[index]
            if numerator is not None and denominator is not None:
                return _Fraction(symbol, numerator, denominator)
        except (KeyError, TypeError):
            pass
        _, rate, _ = local(session.at_hand, base, symbol, on)
        if rate is None:
            self._fetch_ahead()
            rate = found(session.at_hand, base, symbol, on)
        return _Fraction(rate.symbol, *rate.exact)

    def _found_by(self, asked: Asked, base: str, symbol: str) -> _Fraction:
        """The same by a rule of law."""
        from rates.store.named_rules import checked_into

        session = self._session
        checked_into(asked.rule, code(symbol))  # before a publisher is asked for what the rule does not have
        if not asked.rule.mean and local(session.at_hand, base, symbol, asked.day)[1] is None:
            self._fetch_ahead()
        rate = look_up_by(asked, base, symbol, session.store)
        return _Fraction(rate.symbol, *rate.exact)

    def _fetch_ahead(self) -> None:
        if self._ahead:
            return
        self._ahead, at_hand, lacking = True, self._session.at_hand, []
        for base, symbol, on in self._keys():
            try:
                day = on if self._asked_on is None else self._asked_on(on).day
                question, rate, _ = local(at_hand, base, symbol, day)
            except RatesError:
                continue
            lacking += [question] if rate is None else []
        if len(lacking) > 1:
            from rates.store.ask_many import ask_many

            ask_many(at_hand, lacking)  # the answers are then at hand


# --- arithmetic ------------------------------------------------------------------------------------------------------


# Of a piece of the amounts; operators in a context are twice as fast as the methods of a context.


def _exact(values: Sequence[Any], rates: _Fraction | _Piece) -> list[Decimal]:
    """The exact products, each divided once and rounded to 28 digits; 0 and whole numbers have no exponent."""
    results = _exact_rows(values, *rates) if isinstance(rates, _Piece) else _quotients(values, rates)
    with localcontext(WIDEST):
        return [result + ZERO or ZERO for result in results]


def _quotients(values: Sequence[Any], rates: _Fraction) -> list[Decimal]:
    """The products by one rate, each divided once."""
    _, numerator, denominator = rates
    if denominator == ONE:
        with localcontext(EXACT):
            return [value * numerator for value in values]
    with localcontext(WIDEST):
        products = values if numerator == ONE else [value * numerator for value in values]
    with localcontext(EXACT):
        return [product / denominator for product in products]


def _exact_rows(values: Sequence[Any], rates: list[_Fraction], multiplies: bool, divides: bool) -> list[Decimal]:
    """The same, each row by its own rate."""
    if not divides:
        with localcontext(EXACT):
            return [value * rate[1] for value, rate in zip(values, rates, strict=True)]
    products = values
    if multiplies:
        with localcontext(WIDEST):
            products = [value * rate[1] for value, rate in zip(values, rates, strict=True)]
    with localcontext(EXACT):
        return [product / rate[2] for product, rate in zip(products, rates, strict=True)]


def _rounded(values: Sequence[Any], rates: _Fraction | _Piece, *, digits: int | str) -> list[Decimal]:
    """The same with the decimal places that are asked for, half-even."""
    each = rates.rates if isinstance(rates, _Piece) else [rates] * len(values)
    steps = {symbol: _step(symbol, digits) for symbol in {rate.symbol for rate in each}}
    results = zip(_exact(values, rates), each, strict=True)
    with localcontext(WIDEST):
        return [
            result if (step := steps[rate.symbol]) is None else result.quantize(step, ROUND_HALF_EVEN)
            for result, rate in results
        ]


def _by_law(values: Sequence[Any], rates: _Fraction | _Piece, *, round: Callable[[Decimal], Decimal]) -> list[Decimal]:
    """The same rounded as a rule of law asks."""
    return [round(one) for one in _exact(values, rates)]


def _step(symbol: str, digits: int | str) -> Decimal | None:
    """The least amount of a currency with so many decimal places."""
    places = places_of(symbol, digits)
    return None if places is None else Decimal(1).scaleb(-places)


def _as_floats(values: Sequence[Any], rates: _Fraction | _Piece) -> list[float]:
    """The amounts times the rate, as floats."""
    each = rates.rates if isinstance(rates, _Piece) else [rates] * len(values)
    return [
        (value if type(value) is float else float(amount_of(value))) * (float(rate.numerator) / float(rate.denominator))
        for value, rate in zip(values, each, strict=True)
    ]
