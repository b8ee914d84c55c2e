"""Asks the publishers for many pairs and days that are not at hand, in few requests made at the same time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date, timedelta
from itertools import takewhile

from rates import providers as _providers
from rates.defaults import CONSENSUS, OWN
from rates.errors import UNREACHABLE, NoRates, RatesError, Unsupported, WrongDay
from rates.fetch import Answer
from rates.model import Provider
from rates.run import Part, fetch_parts
from rates.store.ask import put, source_of, span_of, window
from rates.store.at_hand import AtHand, Question
from rates.store.lookup import nothing
from rates.store.records import Rate, Rule, When
from rates.store.spans import Span, missing, pieces, united

NEAR = timedelta(days=14)  # spans that are this near are asked for as one, since a request costs more than days
ALWAYS = (date.min, date.max)
Failures = list[tuple[Part, RatesError]]


def ask_many(
    at_hand: AtHand, questions: Collection[Question]
) -> tuple[dict[Question, Rate], dict[Question, list[RatesError]]]:
    """The rates from the providers of the chain in turn, each asked for all that is still missing.

    Of the questions without a rate the error of each provider, in the order asked. The answers are then at hand.
    """
    rates: dict[Question, Rate] = {}
    errors: dict[Question, list[RatesError]] = {one: [] for one in questions}
    for key in at_hand.chain:
        rest = [one for one in errors if one not in rates]
        if not rest or key == OWN:
            continue
        if key == CONSENSUS:
            why = Unsupported("answers for one day at a time", provider=key, hint="name a publisher for many days")
            for one in rest:
                errors[one].append(why)
            continue
        failures = fetch_days(at_hand, key, rest)
        sources = at_hand.sources()
        for one in rest:
            found = at_hand.search(key, one, sources)
            failed = _failed(failures, one, _providers.load(key).PROVIDER, at_hand.settings.day())
            if found is not None and (failed is None or found.certain):
                rates[one] = found.rate
            else:
                if failed is None or isinstance(failed, WrongDay):  # it has other days, which the error then names
                    failed = nothing(one.planned, one.on, one.rule, (key,), sources)
                errors[one].append(failed)
    for one, met in errors.items():
        if not met and one not in rates:
            met.append(nothing(one.planned, one.on, one.rule, at_hand.chain, at_hand.sources()))
    return rates, {one: met for one, met in errors.items() if one not in rates}


def fetch_days(at_hand: AtHand, key: str, questions: Sequence[Question]) -> Failures:
    """Fetches from one provider the days that the questions need and that are not at hand; gives what failed.

    If it cannot be reached before it has answered, the rest is not asked.
    """
    if not at_hand.can_ask(key):
        return []
    lost, settings = at_hand.lost(key), at_hand.settings
    if lost is not None:
        return [(Part(key, "", ALWAYS), lost)]
    if not (wanted := _parts(at_hand, key, questions)):
        return []
    failures: Failures = []
    answers: dict[tuple[str, str], list[tuple[Span, Answer]]] = {}
    until_lost = takewhile(lambda _: lost is None, wanted)
    with closing(fetch_parts(until_lost, (key,), settings, settings.workers)) as fetched:
        for part, answer in fetched:
            if isinstance(answer, RatesError):
                failures.append((part, answer))
                if isinstance(answer, UNREACHABLE) and not answers:
                    lost = answer
                if not isinstance(answer, NoRates):
                    continue
                answer = Answer()  # the publisher's own statement
            assert part.span is not None
            span = span_of(part.span, answer)
            answers.setdefault((part.base, answer.source), []).append((span, answer))
            put(at_hand, key, part.base, span, answer)
    for (base, _), mine in answers.items():
        at_hand.add(source_of(key, base, mine))
    if lost is not None:
        at_hand.lose(key, lost)
        failures.append((Part(key, "", ALWAYS), lost))
    return failures


def _parts(at_hand: AtHand, key: str, questions: Sequence[Question]) -> list[Part]:
    """The requests for what is not at hand."""
    facts = _providers.load(key).PROVIDER
    groups = dict[str, list[Question]]()
    for one in questions:
        groups.setdefault(one.planned.base.unit if facts.per_base else "", []).append(one)
    units = {
        base: {unit for one in mine for unit in (one.planned.base.unit, one.planned.symbol.unit)}
        for base, mine in groups.items()
    }
    known = {base: at_hand.known(key, codes) for base, codes in units.items()}
    days = {base: {one.on for one in groups[base]} for base in sorted(groups)}
    return parts(facts, days, at_hand.rule, at_hand.settings.day(), known)


def parts(
    facts: Provider,
    days: Mapping[str, Collection[date]],
    rule: Rule,
    today: date,
    known: Mapping[str, Sequence[Span]],
) -> list[Part]:
    """The requests for the days that the rule may use for these, without those known; the days are by base.

    A publisher that answers for one day alone gives the newest rates up to it, so that earlier days need no request.
    """
    alone, most = "range" not in facts.answers, facts.max_days if "range" in facts.answers else 1
    found = []
    for base, mine in days.items():
        covered = known.get(base, ())
        if alone and rule.when not in (When.NEXT, When.NEAREST):
            newest = {window(rule, day, today, periods=facts.periods)[1] for day in mine}
            spans = [(day, day) for day in sorted(newest) if missing(day, day, covered)]
        else:
            gaps = _near(
                gap for span in needed(mine, rule, today, periods=facts.periods) for gap in missing(*span, covered)
            )
            spans = [piece for gap in gaps for piece in pieces(*gap, most)]
        found += [Part(facts.key, base, span) for span in spans]
    return found


def needed(days: Iterable[date], rule: Rule, today: date, *, periods: bool = False) -> list[Span]:
    """The days that the rule may use for these days, oldest first; spans near each other are one."""
    windows = (window(rule, day, today, periods=periods) for day in days)
    return _near((first, last) for first, last in windows if first <= last)


def _near(spans: Iterable[Span]) -> list[Span]:
    """The spans in few, with the days between those near each other."""
    return [(first, last - NEAR) for first, last in united((first, last + NEAR) for first, last in spans)]


def _failed(failures: Failures, question: Question, facts: Provider, today: date) -> RatesError | None:
    """Why the first of the requests failed whose days may have the one that the question needs."""
    first, last = window(question.rule, question.on, today, periods=facts.periods)
    bases = "", question.planned.base.unit
    for (_, base, span), why in failures:
        if base in bases and span is not None and span[0] <= last and first <= span[1]:
            return why
    return None
