"""`rates.look_up` and `rates.convert`: the rate of a pair on a day, and an amount by it.

    from datetime import date
    from decimal import Decimal
    import rates

    rate = rates.look_up("USD", "EUR", "2020-03-01", offline=True)
    print(rate.rate, rate.day, rate.age_days, rate.how, rate.provider)

    print(rates.convert(Decimal("99.95"), "USD", "EUR", on=date(2020, 3, 2), digits="iso", offline=True))
    print(rates.convert("1500", "DEM", "JPY", on="2020-03-02", when="next", offline=True))

Days on which the history in this package or the store has the rate need no network. Settings are those of file and
environment, or the ones given; keywords set single ones on top.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException
from functools import cached_property
from operator import index
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

from rates.currencies import digits as minor_digits
from rates.errors import UsageError, quoted
from rates.readers import number
from rates.readers.values import EXACT
from rates.settings import Settings, days, resolve
from rates.settings.keywords import LookUpKeywords
from rates.store.at_hand import AtHand, Question
from rates.store.lookup import by_ratios, nothing, plan
from rates.store.records import WIDEST, Rate, Rule, When
from rates.store.written import WRITTEN

if TYPE_CHECKING:
    from rates.store.store import Store

# A path or URL of a store, or an open one.
Place: TypeAlias = "Store | str | os.PathLike[str] | None"
Day = date | str | None
Amount = Decimal | int | str

MOST_PLACES = 28
_multiply: Callable[..., Decimal] = WIDEST.multiply
_divide: Callable[..., Decimal] = EXACT.divide


def look_up(
    base: str,
    symbol: str,
    on: Day = None,
    settings: Settings | None = None,
    *,
    store: Place = None,
    **given: Unpack[LookUpKeywords],
) -> Rate:
    """What one unit of `base` costs in `symbol`, by the rule for days without a rate, with the pedigree of the figure.

    on: a date, the date of a datetime, or text like "2020-03-02"; None for the latest. when, max_age: the rule, as
    described in `rates.When`; by default the newest rate on or before the day, at most 7 days old.
    provider: whose rates; the first of several that has it. store: the place of the store, or an open one.
    Raises `NoRates` with the nearest days that have a rate, and `UsageError` that names a wrong argument.
    """
    return found(session_of(settings, store, given).at_hand, base, symbol, on)


def convert(
    amount: Amount,
    base: str,
    symbol: str,
    on: Day = None,
    settings: Settings | None = None,
    *,
    digits: int | str | None = None,
    store: Place = None,
    **given: Unpack[LookUpKeywords],
) -> Decimal:
    """An amount of `base` in `symbol`, by the rate that `look_up` gives: exact, and rounded once, to 28 digits.

    amount: a Decimal, an int or numeric text; a float is refused, since 0.1 is not exactly 0.1 as a float.
    digits: the decimal places of the result, or "iso" for the minor units of ISO 4217; rounded half-even.
    """
    session, kind = _recent.session, type(amount)
    # A table serves most of a program's conversions. What must hold is tested here, since a call takes as long as all.
    if (
        digits is None
        and session.given == given
        and session.settings is settings
        and session.store is store
        and (kind is Decimal or kind is int)
        and (settings is not None or session.environ == _ENVIRON)
        and session.written == WRITTEN.count
        and session.trusted_until > monotonic()
    ):
        try:
            place = session.places[on]
            product = _multiply(amount, session.columns[symbol][place])
            converted = _divide(product, session.columns[base][place])
        except (KeyError, TypeError, DecimalException):
            pass  # a day or currency that is not in the table, or an amount that is not one
        else:
            if converted.is_finite():
                return converted
    exact = amount_of(amount)
    session = session_of(settings, store, given)
    rate = found(session.at_hand, base, symbol, on)
    session.looked_up(on, rate)
    try:
        return rounded(rate.convert(exact), rate.symbol, digits)
    except DecimalException:
        raise UsageError(f"amount = {quoted(amount)} is too large") from None


def amount_of(value: object, name: str = "amount") -> Decimal:
    """The amount as an exact number; a `UsageError` names what is none."""
    if isinstance(value, Decimal):
        if value.is_finite():
            return value
        raise UsageError(f"{name} = {value} is not an amount")
    if isinstance(value, float):
        hint = 'give Decimal("0.1"), or text like "0.1"'
        raise UsageError(f"{name} = {value!r} is a float, which is rarely exact: 0.1 is not", hint=hint)
    if isinstance(value, str):
        try:
            return number(value)
        except ValueError:
            raise UsageError(f"{name} = {quoted(value)} is not an amount", hint="write it like 1234.50") from None
    if not isinstance(value, bool):
        try:
            return Decimal(index(value))  # type: ignore[arg-type]  # an int, also one of numpy
        except TypeError:
            pass
    raise UsageError(f"{name} must be a Decimal, an int or text, not {quoted(value)}")


def rounded(amount: Decimal, symbol: str, digits: int | str | None) -> Decimal:
    """The amount with so many decimal places, half-even; "iso": with those of its currency, if it has any."""
    if digits is None:
        return amount
    places = minor_digits(symbol) if digits == "iso" else digits
    if places is None:
        return amount
    if not isinstance(places, int) or isinstance(places, bool) or not 0 <= places <= MOST_PLACES:
        raise UsageError(f'digits must be 0 to {MOST_PLACES}, or "iso", not {quoted(digits)}')
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, context=WIDEST)


# --- one question ----------------------------------------------------------------------------------------------------


def found(at_hand: AtHand, base: str, symbol: str, on: Day) -> Rate:
    """The rate, at hand or from the network."""
    question, rate, likely = local(at_hand, base, symbol, on)
    if rate is not None:
        return rate
    from rates.store.ask import ask
    from rates.transport import THREAD, run_coroutine

    return run_coroutine(ask(THREAD, at_hand, question, likely))


def local(at_hand: AtHand, base: str, symbol: str, on: Day) -> tuple[Question, Rate | None, Rate | None]:
    """The question; the rate that surely answers it, if that is at hand; and one that may not be the newest."""
    settings, rule, latest = at_hand.settings, at_hand.rule, on is None
    day = settings.day() if on is None else days.argument("on", on, days.day, settings.day())
    if latest:  # offline the newest there is, however old
        rule = Rule(When.PREVIOUS, None if settings.history_only else rule.max_age)
    question = Question(plan(base, symbol, day), day, rule, latest)
    if (fixed := by_ratios(question.planned, day)) is not None:
        return question, fixed, None
    rate, likely = at_hand.find(question)
    if rate is None and not any(map(at_hand.can_ask, at_hand.chain)):
        if likely is None:
            raise nothing(question.planned, day, rule, at_hand.chain, at_hand.sources())
        rate = likely
    return question, rate, likely


# --- what calls with the same settings share -------------------------------------------------------------------------

# After so many look-ups under the same settings the table of the history is made: it takes as long as 500 of them.
MANY = 50
# For so long it is not noticed if another process has changed the store.
TRUSTED_S = 1.0
KEPT = 8  # sessions
# The process's own environment, as it is kept: 40 variables are compared in 0.2 µs, and `os.environ` takes 40.
_ENVIRON: Mapping[Any, Any] = getattr(os.environ, "_data", os.environ)


class _Session:
    """Calls with the same arguments: what they have at hand, and after many of them the table of the history.

    places: the row of the history that answers for a day; empty at first. columns: the rates by currency and row. They
    hold until `trusted_until`, as long as no store of this process is written to: `written` counts that.
    """

    def __init__(self, settings: Settings | None, store: Place, given: LookUpKeywords) -> None:
        self.settings, self.store, self.given = settings, store, given
        self.environ = None if settings is not None else dict(_ENVIRON)
        self.places: dict[Any, int] = {}
        self.columns: Mapping[str, Sequence[Any]] = {}
        self.trusted_until, self.written = 0.0, -1
        self._many, self._limit = 0, date.min

    @cached_property
    def at_hand(self) -> AtHand:
        """The chain, the rule and the sources."""
        chosen, store = resolve(self.settings, self.given), self.store
        if store is None or isinstance(store, (str, os.PathLike)):
            return AtHand(chosen if store is None else chosen.with_values(store=store), None, self.distrust)
        return AtHand(chosen, store, self.distrust)

    def distrust(self) -> None:
        """Has the table checked before it is used again."""
        self.trusted_until = 0.0

    def is_for(self, settings: Settings | None, store: Place, given: LookUpKeywords) -> bool:
        """True if it was made for these arguments, in this environment."""
        return (
            self.settings is settings
            and self.store is store
            and self.given == given
            and (settings is not None or self.environ == _ENVIRON)
        )

    def looked_up(self, on: Day, rate: Rate) -> None:
        """Counts a look-up that the table did not have; makes the table after many, and sees whether it still holds."""
        self._many += 1
        if self._many < MANY:
            return
        if self.written != WRITTEN.count or self.trusted_until <= monotonic():
            self._prepare()
        if type(on) is str and rate.asked in self.places:
            self.places[on] = self.places[rate.asked]

    def _prepare(self) -> None:
        from rates.store import history_table  # few programs convert so often

        written, limit = WRITTEN.count, self.at_hand.history_until()
        if limit != self._limit:
            self._limit, self.columns = limit, history_table.columns()
            self.places = dict(history_table.places(self.at_hand.rule, limit))
        self.written, self.trusted_until = written, monotonic() + TRUSTED_S


class _Recent:
    """The sessions of the last calls: a program mostly calls with the same arguments again."""

    def __init__(self) -> None:
        self.session = _Session(None, None, {})
        self.others: tuple[_Session, ...] = ()

    def of(self, settings: Settings | None, store: Place, given: LookUpKeywords) -> _Session:
        """The session for these arguments."""
        last = self.session
        if last.is_for(settings, store, given):
            return last
        known = next((one for one in self.others if one.is_for(settings, store, given)), None)
        session = known or _Session(settings, store, given)
        self.session, self.others = session, (last, *(one for one in self.others if one is not session))[:KEPT]
        return session


_recent = _Recent()


def session_of(settings: Settings | None, store: Place, given: LookUpKeywords) -> _Session:
    """What calls with these arguments share."""
    return _recent.of(settings, store, given)
