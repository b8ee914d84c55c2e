"""Asks the network for a rate that is not at hand, and puts the answer into the store.

The question is one range of days: those that the rule allows, so that one answer settles it. Written once for threads
and event loops, over an `Io`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import monotonic

from rates import history
from rates import providers as _providers
from rates.defaults import CONSENSUS, HISTORY
from rates.errors import UNREACHABLE, NoRates, RatesError, StoreError, Unsupported, UsageError, WrongDay, telling
from rates.fetch import core
from rates.fetch.single_flight import Answer
from rates.model import Provider
from rates.plausible import far_from_before, warning_of
from rates.providers.groups import known_ahead
from rates.settings import Settings
from rates.store.answer_source import AnswerSource
from rates.store.at_hand import AtHand, Question
from rates.store.derivation import rate_of
from rates.store.history_source import ECB
from rates.store.lookup import nothing
from rates.store.records import Rate, Rule, When
from rates.store.series_record import Range, Series, at_hand_of, gaps_of, no_series, units_of
from rates.store.spans import Span, missing
from rates.transport import SLOW, Io

LOG = logging.getLogger("rates.store")
ANY_AGE = 31  # days to ask for where the rule has no limit: no publisher here rests longer
DAY = timedelta(days=1)


async def ask(io: Io, at_hand: AtHand, question: Question, likely: Rate | None) -> Rate:
    """The rate from the first provider of the chain that has it, or of one that is at hand and may not be the newest.

    likely: what is at hand. It answers where no provider can, as without a network. Raises `UsageError` for a day in
    the future, `NoRates` if the providers have nothing by the rule, else the last one's error that is telling.
    """
    settings, on = at_hand.settings, question.on
    if on > settings.day() + DAY and not known_ahead(at_hand.chain):
        raise UsageError(f"{on} is in the future", hint=f"today is {settings.day()}")
    errors: list[RatesError] = []
    asking = [key for key in at_hand.chain if at_hand.can_ask(key)]
    ends = monotonic() + settings.deadline
    for place, key in enumerate(asking):
        if (known := at_hand.search(key, question, at_hand.sources())) is not None and known.certain:
            return known.rate  # of a provider that follows on one which was asked first
        left = max(0.001, ends - monotonic()) / (len(asking) - place)
        try:
            rate = await _from_provider(io, at_hand, question, key, settings.with_values(deadline=left))
        except UsageError:
            raise
        except RatesError as error:
            errors.append(error)
            if isinstance(error, UNREACHABLE):
                at_hand.lose(key, error)
        else:
            if rate is not None:
                return rate
    if likely is not None:
        return likely
    if all(isinstance(error, (NoRates, WrongDay)) for error in errors):
        stated = (error for error in errors if isinstance(error, NoRates) and error.provider != CONSENSUS)
        raise next(stated, None) or nothing(question.planned, on, question.rule, at_hand.chain, at_hand.sources())
    raise telling(errors)


async def _from_provider(io: Io, at_hand: AtHand, question: Question, key: str, settings: Settings) -> Rate | None:
    """The rate from one provider's answers; None if they have no day that the rule allows.

    Of rates valid for periods the publisher's statement is raised, which names the day on which a period is due.
    """
    if key == CONSENSUS:
        return await _consensus(io, question, settings)
    if (lost := at_hand.lost(key)) is not None:
        raise lost
    facts = _providers.load(key).PROVIDER
    base = question.planned.base.unit
    error: RatesError | None = None
    stated: NoRates | None = None
    known = at_hand.known(key, (base, question.planned.symbol.unit))
    for span in _spans(facts, question, settings.day()):
        if not missing(*(span or (question.on, question.on)), known):
            continue  # a moment ago it had nothing
        answer = await core.fetch_answer(io, key, base, span, settings)
        if isinstance(answer, NoRates):  # the publisher's own statement
            stated, answer = answer, Answer()
        if isinstance(answer, RatesError):
            error = error or answer
            continue
        settled = span_of(span or (question.on, question.on), answer)
        await io.compute(SLOW, keep, at_hand, key, base, settled, answer)
        found = at_hand.search(key, question, at_hand.sources())
        if found is not None:
            return found.rate
    if error is not None:
        raise error
    if stated is not None and facts.periods:
        raise stated
    return None


def _spans(facts: Provider, question: Question, today: date) -> Iterator[Span | None]:
    """The days to ask for, one question after the other until one is answered; None stands for the latest rates."""
    on, when = question.on, question.rule.when
    most = ANY_AGE if question.rule.max_age is None else min(question.rule.max_age, ANY_AGE)
    first, last = window(Rule(when, most), on, today, periods=facts.periods)
    first = max(first, facts.since)
    if first > last:
        raise Unsupported(f"has no rates of {on}", provider=facts.key, hint=f"its first are of {facts.since}")
    if on >= today and when is When.PREVIOUS and "latest" in facts.answers:
        yield None
    if "range" in facts.answers:
        yield first, last
    elif "day" not in facts.answers:
        if on < today:
            raise Unsupported(f"has no rates of {on}", provider=facts.key, hint="it answers for the latest rates only")
    elif when in (When.NEXT, When.NEAREST):
        days = [first + DAY * count for count in range((last - first).days + 1)]
        yield from ((day, day) for day in sorted(days, key=lambda day: (abs((day - on).days), day)))
    else:  # a publisher that answers for one day gives the newest before it, too
        yield last, last


def window(rule: Rule, on: date, today: date, *, periods: bool = False) -> Span:
    """The first and the last day that the rule allows.

    periods: of rates valid for periods, which are known ahead, and are not carried past their end: the day itself.
    """
    if periods and rule.when in (When.EXACT, When.PREVIOUS):
        return on, on
    age = timedelta(days=ANY_AGE if rule.max_age is None else min(rule.max_age, (on - date.min).days))
    first = on - age if rule.when in (When.PREVIOUS, When.BEFORE, When.NEAREST) else on
    last = on + age if rule.when in (When.NEXT, When.NEAREST) else on - DAY if rule.when is When.BEFORE else on
    return first, min(last, today + DAY)


def span_of(span: Span, answer: Answer) -> Span:
    """The days that an answer settles: if one was asked for, nothing is between the newest rates and that day."""
    first, last = span
    if first == last:
        first = min(first, max((quote.day for quote in answer.quotes if quote.day <= last), default=first))
    return first, last


def keep(at_hand: AtHand, key: str, base: str, span: Span, answer: Answer) -> None:
    """Keeps an answer about some days at hand, and what came from the network in the store.

    base: the currency that was asked for.
    """
    asked = base if _providers.load(key).PROVIDER.per_base else ""
    at_hand.add(source_of(key, asked, [(span, answer)]))
    put(at_hand, key, asked, span, answer)


def source_of(key: str, asked: str, answers: Sequence[tuple[Span, Answer]]) -> AnswerSource:
    """The answers of one provider as a source. asked: their base; "" where a document has all."""
    source = AnswerSource(key, base=asked, name=answers[0][1].source)
    for span, answer in answers:
        quotes = answer.quotes
        if answer.source == HISTORY and key != ECB:  # a simulated service has computed its figures from the ECB's
            quotes = history.quotes(frozenset(quote.day for quote in quotes))
        source.add(quotes, *span, answer.fetched, answer.digest)
    return source


def put(at_hand: AtHand, key: str, asked: str, span: Span, answer: Answer) -> None:
    """Puts what came from the network into the store, and the days that it settles; warns of doubtful figures.

    An answer up to the present serves until the publisher can have something new.
    """
    _warn(at_hand, key, answer)
    store = at_hand.store_to_write()
    if store is None or answer.source:
        return
    from rates.store.attempts import Visit
    from rates.store.calendars import next_due, settle

    facts, now = _providers.load(key).PROVIDER, answer.fetched or datetime.now(UTC)
    try:
        store.put(key, answer.quotes, answer.fetched, answer.digest)
        settle(store.attempts, facts, asked, span, at_hand.settings.day())
        if span[1] >= now.date():
            store.attempts.look(Visit(key, asked, span[0], now, next_due(store.attempts, facts, asked, now)))
    except StoreError as error:  # a store that cannot be written must not stop a conversion
        LOG.debug("%s: the answer is not stored: %s", key, error)


def _warn(at_hand: AtHand, key: str, answer: Answer) -> None:
    """Logs a warning of figures far from those before them in the answer, or from the last of the store."""
    if answer.source:
        return
    from rates.store.answers import far_from_kept

    doubtful = None
    try:
        if (store := at_hand.store_to_write()) is not None:
            doubtful = far_from_kept(store, key, answer.quotes)
        else:
            doubtful = warning_of(far_from_before(answer.quotes, {}), key)
    except StoreError as error:
        LOG.debug("%s: its figures are not held against the store's: %s", key, error)
    if doubtful is not None:
        LOG.warning("warning: %s: %s", doubtful.name, doubtful)


async def fill(io: Io, at_hand: AtHand, key: str, base: str, gaps: Sequence[Span]) -> None:
    """Fetches one provider's days that are not at hand; raises its error."""
    facts, settings = _providers.load(key).PROVIDER, at_hand.settings
    for first, last in gaps:
        first, last = max(first, facts.since), min(last, settings.day() + DAY)
        if first > last:
            continue
        answer = await core.fetch_answer(io, key, base, (first, last), settings)
        if isinstance(answer, NoRates):
            answer = Answer()
        if isinstance(answer, RatesError):
            raise answer
        await io.compute(SLOW, keep, at_hand, key, base, (first, last), answer)


async def _consensus(io: Io, question: Question, settings: Settings) -> Rate:
    """The median of the official publishers on the day asked for, each of which gives its rate in force on that day."""
    planned, on, rule, latest = question
    if rule.when not in (When.PREVIOUS, When.EXACT):
        raise Unsupported(f"has no rate by the rule {rule.when}", provider=CONSENSUS, hint="leave it at previous")
    unit = planned.symbol.unit
    asked = settings.with_values(
        provider=CONSENSUS, on=None if latest else on, symbols=(unit,), strict=True, bases=(planned.base.unit,)
    )
    _, table = core.pair(await core.attempt(io, planned.base.unit, asked))
    rate = rate_of(planned, table.figures[unit], on, CONSENSUS, {})._replace(source=table.source, fetched=table.fetched)
    if rate.day > on or (rate.age_days > 0 and rule.when is When.EXACT):
        raise NoRates(f"has none of {on}", provider=CONSENSUS, hint=f"its newest is of {rate.day}")
    return rate


async def ask_series(io: Io, at_hand: AtHand, asked: Range) -> Series:
    """The series of the first provider of the chain that has any rate; what is not at hand of it is fetched.

    Of the default chain the provider comes first of which the fewest days are missing. Days that cannot be fetched are
    listed in the series as missing. Raises the last error that is telling.
    """
    errors: list[RatesError] = [no_series(at_hand, asked)]
    for key in await io.compute(SLOW, _in_turn, at_hand, asked):
        if key == CONSENSUS:
            errors.append(Unsupported("answers for no range of days", provider=key, hint="name one provider"))
            continue
        found = await io.compute(SLOW, at_hand_of, at_hand, key, asked)
        if found.missing and at_hand.can_ask(key):
            try:
                await fill(io, at_hand, key, units_of(asked)[0], found.missing)
            except RatesError as error:
                errors.append(error)
            else:
                found = replace(await io.compute(SLOW, at_hand_of, at_hand, key, asked), missing=())
        if found.rates:
            return found
        if not found.missing:
            errors.append(no_series(at_hand, asked))
    raise telling(errors)


def _in_turn(at_hand: AtHand, asked: Range) -> Sequence[str]:
    """The providers in the order in which they are asked for a series."""
    if any(map(at_hand.asked_first, at_hand.chain)):
        return at_hand.chain

    def missing_days(key: str) -> int:
        return sum((last - first).days + 1 for first, last in gaps_of(at_hand, key, asked))

    return sorted(at_hand.chain, key=missing_days)
