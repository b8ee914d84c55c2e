"""The rates of conversions that need a publisher's: from what is at hand, else over the network."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from rates.cli import NOTHING
from rates.cli.fetching import use_kept
from rates.cli.find_rates import Pair, rate_of_table
from rates.cli.terminal import error_width, put_error, say
from rates.conversion import conversion
from rates.currencies import current_unit
from rates.defaults import CONSENSUS, OWN
from rates.errors import NoRates, RatesError, Unsupported, UsageError, telling
from rates.model import Failed, Outcome
from rates.settings import SETTINGS, Settings
from rates.store.lookup import Found, look_up, plan, search
from rates.store.records import Rate, Rule, Source, When

if TYPE_CHECKING:
    from rates.fetch import Answer
    from rates.run import Part

DAY = timedelta(days=1)
Rates = dict[Pair, Rate | RatesError]


def ask_one(
    pairs: Collection[Pair], settings: Settings, rule: Rule, sources: Sequence[Source], *, listed: bool
) -> Rates:
    """The rates of pairs of one base and day; if the publishers asked have none, the command ends with the reasons.

    sources: what is at hand without a network. listed: as in `print_outcomes`.
    """
    found, likely = at_hand(pairs, settings, rule, sources)
    found |= _future(pairs, found, settings)
    if not (rest := [pair for pair in pairs if pair not in found]):
        return found
    if settings.on is None or not _of_many_days(settings.on, settings, rule):
        return found | _from_table(rest, settings, rule, listed=listed)
    rates, errors = _fetched(rest, settings, rule)
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


def ask_many(pairs: Collection[Pair], settings: Settings, rule: Rule, sources: Sequence[Source]) -> Rates:
    """The rates of any pairs and days, or the reasons why there are none."""
    found, likely = at_hand(pairs, settings, rule, sources)
    found |= _future(pairs, found, settings)
    rest = [pair for pair in pairs if pair not in found]
    rates, errors = _fetched([pair for pair in rest if pair.on is not None], settings, rule)
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


def sources_at_hand(settings: Settings) -> tuple[Source, ...]:
    """What can be read without a network: the own rates, the store, and the ECB's history in the package.

    Recordings, a simulated network and the recorder take the network's place: with them there are the own rates alone.
    """
    from rates.store import Store
    from rates.store.history_source import HistorySource
    from rates.store.own import OwnSource

    own: list[Source] = [OwnSource(settings.own)] if settings.own else []
    if settings.replay or settings.record or settings.latency or settings.jitter or settings.fail:
        return tuple(own)
    store = Store.open(settings.store)
    # Without a database its driver need not be loaded.
    there = not settings.no_store and ("://" in store.place or os.path.exists(store.place))
    return (*own, *([store] if there else []), HistorySource())


def at_hand(
    pairs: Iterable[Pair], settings: Settings, rule: Rule, sources: Sequence[Source]
) -> tuple[Rates, dict[Pair, Rate]]:
    """The rates that the sources have for certain, and those in whose place a publisher may have better ones."""
    certain: Rates = {}
    likely: dict[Pair, Rate] = {}
    for pair in pairs:
        if (found := _at_hand(pair, settings, rule, sources)) is not None:
            (certain if found.certain or settings.mocked else likely)[pair] = found.rate
    return certain, likely


def _at_hand(pair: Pair, settings: Settings, rule: Rule, sources: Sequence[Source]) -> Found | None:
    """The rate of the first provider of the chain that the sources have it of.

    A provider that the user has named, and of which the sources have nothing, is asked first. Of the latest rates only
    own ones are at hand, if own is the first to ask.
    """
    on = pair.on or settings.day()
    named = tuple(key for key in settings.provider if key != OWN) != SETTINGS["provider"].default
    planned = plan(pair.base, pair.symbol, on)
    for key in settings.chain:
        if pair.on is None and key != OWN:
            return None
        found = search(key, planned, on, rule, sources, pegs=settings.pegs)
        if found is not None or (named and key != OWN and not settings.mocked):
            return found
    return None


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


def _fetched(
    pairs: Sequence[Pair], settings: Settings, rule: Rule
) -> tuple[dict[Pair, Rate], dict[Pair, list[RatesError]]]:
    """The rates of days, from the publishers of the chain in turn, each asked for all days that are still missing.

    Of the pairs without a rate the error of each publisher, in the order asked.
    """
    from rates.cli.fetched_days import FetchedDays, fetch_days

    rates: dict[Pair, Rate] = {}
    errors: dict[Pair, list[RatesError]] = {pair: [] for pair in pairs}
    for key in settings.chain:
        rest = [pair for pair in pairs if pair not in rates]
        if not rest or key == OWN:
            continue
        if key == CONSENSUS:
            why = Unsupported("answers for one day at a time", provider=key, hint="name a publisher for many days")
            errors = {pair: [*met, why] for pair, met in errors.items()}
            continue
        answers, failed = FetchedDays(key), []
        days = {pair.on for pair in rest if pair.on is not None}
        bases = sorted({current_unit(pair.base, pair.on or settings.day()).unit for pair in rest})
        for part, answer in fetch_days(key, bases, days, rule, settings):
            if isinstance(answer, RatesError):
                failed.append((part, answer))
            else:
                answers.add(answer)
                _keep(part, answer, settings)
        for pair in rest:
            try:
                rates[pair] = _looked_up(pair, rule, key, answers, settings)
            except RatesError as error:
                errors[pair].append(next((why for part, why in failed if _concerns(part, pair, rule, settings)), error))
    for pair in pairs:
        if not errors[pair] and pair not in rates:
            errors[pair].append(NoRates(f"no provider has {pair.base}/{pair.symbol} for {pair.on}"))
    return rates, {pair: met for pair, met in errors.items() if pair not in rates}


def _keep(part: Part, answer: Answer, settings: Settings) -> None:
    """Puts an answer of the network into the store, and which days it settles."""
    if settings.no_store or part.span is None:
        return
    from rates.store.ask import keep
    from rates.store.at_hand import AtHand

    keep(AtHand(settings), part.key, part.base, part.span, answer)


def _concerns(part: Part, pair: Pair, rule: Rule, settings: Settings) -> bool:
    """True if the days of a request may have the pair's."""
    from rates.cli.fetched_days import needed

    assert pair.on is not None
    assert part.span is not None
    first, last = needed([pair.on], rule, settings.day())[0]
    base = current_unit(pair.base, pair.on).unit
    return part.base in ("", base) and part.span[0] <= last and first <= part.span[1]


def _looked_up(pair: Pair, rule: Rule, key: str, source: Source, settings: Settings) -> Rate:
    assert pair.on is not None
    return look_up(pair.base, pair.symbol, pair.on, rule, (key,), (source,), pegs=settings.pegs)
