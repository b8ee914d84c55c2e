"""`look_up`, `convert`, `convert_many` and `series` for event loops: what is at hand is read in a thread."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

from rates.aio.loop_backend import ready
from rates.offload import in_thread, offload, short_switch_interval
from rates.settings import Settings
from rates.settings.keywords import LookUpKeywords, SeriesKeywords
from rates.store import convert_many as columns
from rates.store import series as ranges
from rates.store.ask import ask, ask_series
from rates.store.at_hand import AtHand, Question
from rates.store.convert import Amount, amount_of, local, result
from rates.store.records import Rate
from rates.store.series_record import Series
from rates.store.session import Day, Place, session_of
from rates.transport.io_loop import LOOP

if TYPE_CHECKING:
    from rates.store.by_rule import Asked


async def look_up(
    base: str,
    symbol: str,
    on: Day = None,
    settings: Settings | None = None,
    *,
    rule: str | None = None,
    store: Place = None,
    **given: Unpack[LookUpKeywords],
) -> Rate:
    """The rate of a pair on a day, as `rates.look_up`; raises the named error."""
    if rule is not None:
        return await _by_rule(await offload(_asked_by, rule, on, settings, given, None), base, symbol, store)
    at_hand, question, rate, likely = await offload(_at_hand, base, symbol, on, settings, store, given)
    if rate is not None:
        return rate
    await ready(at_hand.settings)
    return await ask(LOOP, at_hand, question, likely)


def _asked_by(rule: str, on: Day, settings: Settings | None, given: LookUpKeywords, digits: int | str | None) -> Asked:
    from rates.store.by_rule import asked_by

    return asked_by(rule, on, settings, given, digits)


async def _by_rule(asked: Asked, base: str, symbol: str, store: Place) -> Rate:
    """The rate that a rule of law asks for."""
    if asked.rule.mean:
        from rates.store.by_rule import year_mean

        return asked.checked(year_mean(await series(f"{base}/{symbol}", *asked.year, asked.settings, store=store)))
    at_hand, question, rate, _ = await offload(_at_hand, base, symbol, asked.day, asked.settings, store, {})
    if rate is None:
        await ready(at_hand.settings)
        rate = await ask(LOOP, at_hand, question, None)
    return asked.checked(rate)


def _at_hand(
    base: str, symbol: str, on: Day, settings: Settings | None, store: Place, given: LookUpKeywords
) -> tuple[AtHand, Question, Rate | None, Rate | None]:
    at_hand = session_of(settings, store, given).at_hand
    return at_hand, *local(at_hand, base, symbol, on)


async def convert(
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
    """An amount by the rate of a day, as `rates.convert`; raises the named error."""
    exact = amount_of(amount)
    if rule is not None:
        asked = await offload(_asked_by, rule, on, settings, given, digits)
        return result(exact, await _by_rule(asked, base, symbol, store), digits, asked.rule.rounding)
    return result(exact, await look_up(base, symbol, on, settings, store=store, **given), digits)


async def convert_many(
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
    """A column of amounts, as `rates.convert_many`, in a thread, which fetches what is not at hand."""
    with short_switch_interval():
        return await in_thread(
            columns.convert_many, amounts, base, symbol, on, settings,
            digits=digits, floats=floats, rule=rule, store=store, **given,
        )  # fmt: skip


async def series(
    pair: str,
    start: Day,
    end: Day = None,
    settings: Settings | None = None,
    *,
    store: Place = None,
    **given: Unpack[SeriesKeywords],
) -> Series:
    """The rates of a pair over a range of days, as `rates.series`; raises the named error."""
    at_hand, asked, known = await offload(ranges.locally, pair, start, end, settings, store, given)
    if known is not None:
        return known
    await ready(at_hand.settings)
    return await ask_series(LOOP, at_hand, asked)
