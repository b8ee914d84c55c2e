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

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException
from operator import index
from time import monotonic
from typing import TYPE_CHECKING, Unpack

from rates.currencies import digits as minor_digits
from rates.errors import UsageError, quoted
from rates.readers import number
from rates.readers.values import EXACT
from rates.settings import SETTINGS, Settings, days
from rates.settings.keywords import LookUpKeywords
from rates.store.at_hand import AtHand, Question
from rates.store.lookup import by_ratios, nothing, plan
from rates.store.records import WIDEST, ZERO, Rate, Rounding, Rule, When
from rates.store.session import ENVIRON, RECENT, Day, Place, Session, session_of
from rates.store.written import WRITTEN

if TYPE_CHECKING:
    from rates.store.by_rule import Asked

Amount = Decimal | int | str

MOST_PLACES = 28
_multiply: Callable[..., Decimal] = WIDEST.multiply
_divide: Callable[..., Decimal] = EXACT.divide
_add: Callable[..., Decimal] = WIDEST.add


def look_up(
    base: str,
    symbol: str,
    on: Day = None,
    settings: Settings | None = None,
    *,
    rule: str | None = None,
    store: Place = None,
    **given: Unpack[LookUpKeywords],
) -> Rate:
    """What one unit of `base` costs in `symbol`, by the rule for days without a rate, with the pedigree of the figure.

    on: a date, the date of a datetime, or text like "2020-03-02"; None for the latest. when, max_age: the rule, as
    described in `rates.When`; by default the newest rate on or before the day, at most 7 days old.
    provider: whose rates; the first of several that has it. store: the place of the store, or an open one.
    rule: the name of a rule of law, which decides all these; see `rates.store.named_rules`. Then `on` may be a period.
    Raises `NoRates` with the nearest days that have a rate, and `UsageError` that names a wrong argument.
    """
    if rule is not None:
        from rates.store.by_rule import asked_by

        return look_up_by(asked_by(rule, on, settings, given), base, symbol, store)
    return _looked_up(session_of(settings, store, given), base, symbol, on)


def convert(
    amount: Amount,
    base: str,
    symbol: str,
    on: Day = None,
    settings: Settings | None = None,
    *,
    digits: int | str | None = None,
    rule: str | None = None,
    store: Place = None,
    **given: Unpack[LookUpKeywords],
) -> Decimal:
    """An amount of `base` in `symbol`, by the rate that `look_up` gives: exact, and rounded once, to 28 digits.

    amount: a Decimal, an int or numeric text; a float is refused, since 0.1 is not exactly 0.1 as a float.
    digits: the decimal places of the result, or "iso" for the minor units of ISO 4217; rounded half-even.
    rule: as for `look_up`; if the rule rounds, the result is rounded by it, and `digits` is refused.
    """
    if rule is not None:
        from rates.store.by_rule import asked_by

        exact, asked = amount_of(amount), asked_by(rule, on, settings, given, digits)
        return result(exact, look_up_by(asked, base, symbol, store), digits, asked.rule.rounding)
    session, kind = RECENT.session, type(amount)
    # A table serves most of a program's conversions. What must hold is tested here, since a call takes as long as all.
    if (
        session.given == given
        and session.settings is settings
        and session.store == store
        and (kind is Decimal or kind is int)
        and (settings is not None or session.environ == ENVIRON)
        and session.written == WRITTEN.count
        and session.trusted_until > monotonic()
    ):
        try:
            place = session.places[on]
            product = _multiply(amount, session.columns[symbol][place])
            converted = _add(_divide(product, session.columns[base][place]), ZERO) or ZERO
        except (KeyError, TypeError, DecimalException):
            pass  # a day or currency that is not in the table, or an amount that is not one
        else:
            if kind is int or converted.is_finite():
                return converted if digits is None else rounded(converted, symbol, digits)
    exact = amount_of(amount)
    return result(exact, _looked_up(session_of(settings, store, given), base, symbol, on), digits)


def result(amount: Decimal, rate: Rate, digits: int | str | None, rounding: Rounding | None = None) -> Decimal:
    """The amount by a rate, with so many decimal places, or rounded as a rule of law asks."""
    try:
        exact = rate.convert(amount)
        return rounded(exact, rate.symbol, digits) if rounding is None else rounding.round(exact)
    except DecimalException:
        raise UsageError(f"amount = {quoted(amount)} is too large") from None


def look_up_by(asked: Asked, base: str, symbol: str, store: Place) -> Rate:
    """The rate that a rule of law asks for."""
    from rates.store.by_rule import year_mean
    from rates.store.series import series

    if asked.rule.mean:
        return asked.checked(year_mean(series(f"{base}/{symbol}", *asked.year, asked.settings, store=store)))
    at_hand = session_of(asked.settings, store, {}).at_hand
    return asked.checked(found(at_hand, base, symbol, asked.day, sure=True))


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
    places = None if digits is None else places_of(symbol, digits)
    if places is None:
        return amount
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, context=WIDEST)


def places_of(symbol: str, digits: int | str) -> int | None:
    """The decimal places that `digits` means for a currency; None if ISO 4217 defines no minor units of it."""
    places = minor_digits(symbol) if digits == "iso" else digits
    if places is None:
        return None
    if not isinstance(places, int) or isinstance(places, bool) or not 0 <= places <= MOST_PLACES:
        raise UsageError(f'digits must be 0 to {MOST_PLACES}, or "iso", not {quoted(digits)}')
    return places


def _looked_up(session: Session, base: str, symbol: str, on: Day) -> Rate:
    """The rate, as the session remembers it, or looked up."""
    rate = session.remembered(base, symbol, on)
    if rate is None:
        rate = found(session.at_hand, base, symbol, on)
        session.looked_up(base, symbol, on, rate)
    return rate


# --- one question ----------------------------------------------------------------------------------------------------


def found(at_hand: AtHand, base: str, symbol: str, on: Day, *, sure: bool = False) -> Rate:
    """The rate, at hand or from the network. sure: without a network, refuses a rate that may not be the newest."""
    question, rate, likely = local(at_hand, base, symbol, on)
    if rate is not None:
        return rate
    from rates.store.ask import ask
    from rates.transport import THREAD, run_coroutine

    return run_coroutine(ask(THREAD, at_hand, question, None if sure else likely))


def local(at_hand: AtHand, base: str, symbol: str, on: Day) -> tuple[Question, Rate | None, Rate | None]:
    """The question; the rate that surely answers it, if that is at hand; and one that may not be the newest."""
    settings, rule, latest = at_hand.settings, at_hand.rule, on is None
    day = settings.day() if on is None else days.argument("on", on, days.day, settings.day())
    if latest:  # offline the newest there is, however old, as `fetch_rates` gives it
        any_age = settings.history_only and rule.max_age == SETTINGS["max_age"].default
        rule = Rule(When.PREVIOUS, None if any_age else rule.max_age)
    question = Question(plan(base, symbol, day), day, rule, latest)
    if (fixed := by_ratios(question.planned, day)) is not None:
        return question, fixed, None
    rate, likely = at_hand.find(question)
    if rate is None and not any(map(at_hand.can_ask, at_hand.chain)):
        if likely is None:
            raise nothing(question.planned, day, rule, at_hand.chain, at_hand.sources())
        rate = likely
    return question, rate, likely
