"""`rates.series`: the published rates of a pair over a range of days, also as a column of pandas, polars or Arrow.

    import rates

    series = rates.series("EUR/USD", "2020-03-02", "2020-03-06", offline=True)
    for rate in series:
        print(rate.day, rate.rate)

`series.to_pandas(floats=True)` is a column of floats, without `floats` one of Decimals.
"""

from __future__ import annotations

from typing import Unpack

from rates.currencies import code
from rates.defaults import CONSENSUS
from rates.errors import UsageError, quoted
from rates.settings import Settings, days, refuse_rule
from rates.settings.keywords import SeriesKeywords
from rates.store.at_hand import AtHand
from rates.store.series_record import Range, Series, at_hand_of, no_series
from rates.store.session import Day, Place, session_of

__all__ = ["Series", "series"]


def series(
    pair: str,
    start: Day,
    end: Day = None,
    settings: Settings | None = None,
    *,
    store: Place = None,
    **given: Unpack[SeriesKeywords],
) -> Series:
    """The rates of a pair like "EUR/USD" on each published day from `start` to `end`, both included.

    start, end: days as for `look_up`, or text that names many, like "2024" or "2024-Q4"; without an end today.
    All come from the first provider of the chain that has any; what is not at hand is fetched and stored. Days that
    cannot be fetched, as without a network, are in `missing`. Raises `NoRates` if there is nothing; `UsageError` for
    `when` and `max_age`, which are for a day without a rate.
    """
    at_hand, asked, known = locally(pair, start, end, settings, store, given)
    if known is not None:
        return known
    from rates.store.ask import ask_series
    from rates.transport import THREAD, run_coroutine

    return run_coroutine(ask_series(THREAD, at_hand, asked))


def locally(
    pair: str, start: Day, end: Day, settings: Settings | None, store: Place, given: SeriesKeywords
) -> tuple[AtHand, Range, Series | None]:
    """What there is without a fetch: what is at hand, the question with its arguments checked, and `at_once`."""
    refuse_rule(given, "a series, which has the published days alone")
    at_hand = session_of(settings, store, given).at_hand
    asked = asked_range(pair, start, end, at_hand.settings)
    return at_hand, asked, at_once(at_hand, asked)


def asked_range(pair: str, start: Day, end: Day, settings: Settings) -> Range:
    """The question, with its arguments checked."""
    sides = pair.replace("-", "/").split("/") if isinstance(pair, str) else []
    if len(sides) == 1 and len(pair) == 6:
        sides = [pair[:3], pair[3:]]
    if len(sides) != 2:
        raise UsageError(f'pair = {quoted(pair)} is not a pair like "EUR/USD"')
    base, symbol = code(sides[0]), code(sides[1])
    if base == symbol:
        raise UsageError(f"{base}/{symbol} is 1 on every day", hint="name two currencies")
    today = settings.day()
    first = days.argument("start", start, days.first_day, today)
    last = today if end is None else days.argument("end", end, days.last_day, today)
    if last < first:
        raise UsageError(f"the range ends on {last}, before it starts on {first}")
    return Range(base, symbol, first, last)


def at_once(at_hand: AtHand, asked: Range) -> Series | None:
    """The series without a fetch, from the first provider that has all of it at hand; None if one has to be asked."""
    partial: list[Series] = []
    for key in at_hand.chain:
        if key != CONSENSUS:
            found = at_hand_of(at_hand, key, asked)
            if found.rates and not found.missing:
                return found
            partial += [found] if found.rates else []
        if at_hand.asked_first(key):
            return None
    if any(map(at_hand.can_ask, at_hand.chain)):
        return None
    if not partial:
        raise no_series(at_hand, asked)
    return partial[0]
