"""The rates of conversions that need a publisher's: from what is at hand, else over the network."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

import click

from rates import providers
from rates.cli import NOTHING
from rates.cli.fetching import use_kept
from rates.cli.find_rates import Pair, rate_of_table
from rates.cli.terminal import error_width, put_error, say
from rates.conversion import conversion
from rates.defaults import CONSENSUS, OWN
from rates.errors import NoRates, RatesError, UsageError, telling
from rates.model import Failed, Outcome
from rates.settings import SETTINGS, Settings
from rates.store.at_hand import AtHand, Question
from rates.store.lookup import plan
from rates.store.records import Rate, Rule, When

DAY = timedelta(days=1)
Rates = dict[Pair, Rate | RatesError]


def ask_one(pairs: Collection[Pair], settings: Settings, rule: Rule, *, listed: bool) -> Rates:
    """The rates of pairs of one base and day; if the publishers asked have none, the command ends with the reasons.

    listed: as in `print_outcomes`.
    """
    kept = AtHand(settings)
    found, likely = at_hand(kept, pairs)
    found |= _future(pairs, found, settings)
    if not (rest := [pair for pair in pairs if pair not in found]):
        return found
    if settings.on is None or not (_of_many_days(settings.on, settings, rule) or _all_known(kept, rest)):
        return found | _from_table(rest, settings, rule, listed=listed)
    rates, errors = _fetched(kept, rest)
    if missing := next((pair for pair in rest if pair not in rates and pair not in likely), None):
        *before, last = errors[missing]
        _show([Failed(missing.base, last, tuple(before))], settings, listed=listed)
        raise click.exceptions.Exit(NOTHING)
    if errors:
        use_kept()
    return found | likely | rates


def _of_many_days(on: date, settings: Settings, rule: Rule) -> bool:
    """True if the rule allows other days than a fetch of that day gives: its newest, within a publisher's pause."""
    if CONSENSUS in settings.chain:
        return rule.when in (When.NEXT, When.NEAREST)
    longer = rule.max_age is None or rule.max_age > SETTINGS["max_age"].default
    return rule.when in (When.NEXT, When.NEAREST) or longer or on > settings.day()


def _all_known(kept: AtHand, pairs: Iterable[Pair]) -> bool:
    """True if all is at hand that any of the providers has published on the days that the rule allows."""
    from rates.store.ask import window
    from rates.store.spans import missing

    today = kept.settings.day()
    asked = [key for key in kept.chain if key != OWN]
    if kept.settings.offline or CONSENSUS in asked:  # a table without a network has more to say of what is not there
        return False
    periods = {key: providers.load(key).PROVIDER.periods for key in asked}
    for pair in pairs:
        planned, on, rule, _ = _question(kept, pair)
        units = planned.base.unit, planned.symbol.unit
        if any(missing(*window(rule, on, today, periods=periods[key]), kept.known(key, units)) for key in asked):
            return False
    return True


def ask_many(pairs: Collection[Pair], settings: Settings) -> Rates:
    """The rates of any pairs and days, or the reasons why there are none."""
    kept = AtHand(settings)
    found, likely = at_hand(kept, pairs)
    found |= _future(pairs, found, settings)
    rest = [pair for pair in pairs if pair not in found]
    rates, errors = _fetched(kept, [pair for pair in rest if pair.on is not None])
    reasons = {pair: telling(met) for pair, met in errors.items()}
    if reasons.keys() & likely.keys():
        use_kept()
    return reasons | likely | found | _latest([pair for pair in rest if pair.on is None], settings) | rates


def _future(pairs: Iterable[Pair], found: Rates, settings: Settings) -> Rates:
    """An error for each pair of a day after tomorrow, if only the user's own rates can be at hand for it."""
    today = settings.day()
    late = [pair for pair in pairs if pair not in found and (pair.on or today) > today + DAY]
    if late:
        from rates.providers.groups import known_ahead  # few runs are of the future

        late = [] if known_ahead(settings.chain) else late
    return {pair: UsageError(f"{pair.on} is in the future", hint=f"today is {today}") for pair in late}


def at_hand(kept: AtHand, pairs: Iterable[Pair]) -> tuple[Rates, dict[Pair, Rate]]:
    """The rates that the sources have for certain, and those in whose place a publisher may have better ones.

    Of the latest rates only own ones are at hand, if own is the first to ask.
    """
    certain: Rates = {}
    likely: dict[Pair, Rate] = {}
    for pair in pairs:
        question = _question(kept, pair)
        if pair.on is not None:
            rate, maybe = kept.find(question)
        else:
            own = kept.search(OWN, question, kept.sources()) if kept.chain[0] == OWN else None
            rate = maybe = own.rate if own is not None else None
        if rate is None and kept.settings.mocked:
            rate = maybe
        if rate is not None:
            certain[pair] = rate
        elif maybe is not None:
            likely[pair] = maybe
    return certain, likely


def _question(kept: AtHand, pair: Pair) -> Question:
    on = pair.on or kept.settings.day()
    return Question(plan(pair.base, pair.symbol, on), on, kept.rule, latest=pair.on is None)


# --- over the network ------------------------------------------------------------------------------------------------


def _from_table(pairs: Sequence[Pair], settings: Settings, rule: Rule, *, listed: bool) -> Rates:
    """The rates of one base as one fetch gives them: of the latest day, or the newest up to a day."""
    units, base = _units(pairs, settings)
    from rates.cli.fetching import fetch_bases

    before = settings.on is not None and rule.when is When.BEFORE
    asked = settings.with_values(on=settings.on - DAY) if before and settings.on else settings
    outcome = fetch_bases([base], asked.with_values(symbols=units, strict=True, mode="sequential"))[0]
    _show([outcome], settings, listed=listed)
    if outcome.table is None:
        raise click.exceptions.Exit(NOTHING)
    rates = {pair: rate_of_table(pair, outcome.table, settings.day()) for pair in pairs}
    return {pair: _allowed(rate, pair, rule) for pair, rate in rates.items()}


def _show(outcomes: Sequence[Outcome], settings: Settings, *, listed: bool) -> None:
    """Prints on stderr what failed or was passed over, and warnings."""
    from rates.present.errors import failures, passed_over_why, warnings

    say(passed_over_why(outcomes))
    say(warnings(outcomes))
    put_error(failures(outcomes, settings, error_width(), listed=listed))


def _units(pairs: Sequence[Pair], settings: Settings) -> tuple[tuple[str, ...], str]:
    """The units that the pairs of one base are converted into, and the unit of the base."""
    planned = [conversion(pair.base, pair.symbol, pair.on or settings.day()) for pair in pairs]
    return tuple(dict.fromkeys(one.symbol.unit for one in planned)), planned[0].base.unit


def _allowed(rate: Rate, pair: Pair, rule: Rule) -> Rate | RatesError:
    """The rate, or an error if it is of a day that the rule does not allow."""
    if pair.on is None or rate.age_days == 0:
        return rate
    if rule.when is When.EXACT or (rule.max_age is not None and rate.age_days > rule.max_age):
        most = "" if rule.when is When.EXACT else f" and --max-age {rule.max_age}"
        detail = f"has no {pair.base}/{pair.symbol} for {pair.on} by --when {rule.when}{most}"
        return NoRates(detail, provider=rate.provider, hint=f"the nearest it has is of {rate.day}")
    return rate


def _latest(pairs: Sequence[Pair], settings: Settings) -> Rates:
    """The latest rates: for each target one run over the bases, which share their downloads."""
    from rates.cli.fetching import fetch_bases

    found: Rates = {}
    planned = {pair: conversion(pair.base, pair.symbol, settings.day()) for pair in pairs}
    for unit in dict.fromkeys(one.symbol.unit for one in planned.values()):
        mine = [pair for pair, one in planned.items() if one.symbol.unit == unit]
        bases = tuple(dict.fromkeys(planned[pair].base.unit for pair in mine))
        outcomes = {one.base: one for one in fetch_bases(bases, settings.with_values(symbols=(unit,), strict=True))}
        for pair in mine:
            outcome = outcomes[planned[pair].base.unit]
            found[pair] = rate_of_table(pair, outcome.table, settings.day()) if outcome.ok else outcome.error
    return found


def _fetched(kept: AtHand, pairs: Sequence[Pair]) -> tuple[dict[Pair, Rate], dict[Pair, list[RatesError]]]:
    """The rates of days over the network; of the pairs without one the error of each publisher, in the order asked."""
    if not pairs:
        return {}, {}
    from rates.store import ask_many as over_network

    questions = {pair: _question(kept, pair) for pair in pairs}
    rates, errors = over_network.ask_many(kept, questions.values())
    return (
        {pair: rates[one] for pair, one in questions.items() if one in rates},
        {pair: errors[one] for pair, one in questions.items() if one in errors},
    )
