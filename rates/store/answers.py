"""A run beside the store: bases that the store can answer are not asked for, and what came of the others is kept.

An answer serves the same question again until its publisher can have something new (see `calendars`). A question is a
chain of providers, the day asked for, and the symbols that are required. Days of which the store has all that the first
of the chain has published, as after a sync, serve any question. Nothing here imports a network library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain

from rates.conversion import Publisher, strengthened
from rates.defaults import CONSENSUS, OWN, STORE
from rates.errors import Implausible, Stale
from rates.model import Failed, Fetched, Outcome, Quote, RateTable
from rates.settings import SETTINGS, Settings
from rates.store.answer_table import Answered
from rates.store.records import Stored
from rates.store.spans import missing
from rates.store.store import Store
from rates.store.tables import ECB, Facts, from_history, has_own_unit, table_of


def answered(store: Store, bases: Sequence[str], settings: Settings, now: datetime) -> dict[str, Fetched]:
    """The outcomes of the bases of which the store has what a publisher would give now."""
    found = {}
    read: dict[tuple[str, date, date], list[Quote]] = {}  # one document serves many bases
    for base in bases:
        for question in _questions(settings, now):
            row = store.answers.find(question, base)
            if row is None or now >= row.due:
                continue
            of = row.provider, row.first, row.last
            if of not in read:
                read[of] = [one.quote for one in store.between(row.provider, (), row.first, row.last)]
            facts = Facts(row.provider, row.pivot, row.rate_type)
            if (outcome := _outcome(read[of], facts, base, settings, row.asked, row.digest)) is not None:
                found[base] = outcome
                break
    if rest := [base for base in bases if base not in found]:
        found |= _of_known_days(store, rest, settings, now)
    return _strong(found)


def _of_known_days(store: Store, bases: Sequence[str], settings: Settings, now: datetime) -> dict[str, Fetched]:
    """The outcomes from days of which all is at hand that the first provider of the chain has published.

    Those of the default chain are as good as one another, except for all their currencies, of which some have more.
    """
    default = settings.chain == SETTINGS["provider"].default and settings.symbols
    found: dict[str, Fetched] = {}
    for key in settings.chain if default else settings.chain[:1]:
        if key not in (OWN, CONSENSUS):
            found |= _of_provider(store, key, [base for base in bases if base not in found], settings, now)
    return found


def _of_provider(store: Store, key: str, bases: Sequence[str], settings: Settings, now: datetime) -> dict[str, Fetched]:
    """The same of one provider.

    For today and yesterday, whose figures may still change, it must have been asked for its newest ones.
    """
    from rates import providers
    from rates.store.calendars import newest_day

    facts, on, today = providers.load(key).PROVIDER, settings.on, settings.day()
    if facts.periods:
        return {}
    first, last = (on or today) - timedelta(days=facts.gap_days), on or newest_day(facts, today)
    found: dict[str, Fetched] = {}
    read: list[Stored] | None = None
    for base in bases:
        asked = base if facts.per_base else ""
        if (on is None or today - on <= timedelta(days=1)) and not store.attempts.rests(facts.key, asked, now):
            continue
        if missing(max(first, facts.since), on or today, store.attempts.known(facts.key, asked, now)):
            continue
        read = list(store.between(facts.key, (), first, last)) if read is None else read
        kept = [one for one in read if facts.pivot or one.quote.base == base]
        newest = max(kept, key=lambda one: one.quote.day, default=None)
        if newest is not None and newest.fetched is not None:
            quotes = [one.quote for one in kept]
            outcome = _outcome(quotes, facts, base, settings, newest.fetched, newest.digest)
            found |= {base: outcome} if outcome is not None else {}
    if facts.key == ECB.key and on is not None:
        found |= _of_history([base for base in bases if base not in found], settings)
    return found


def keep(store: Store, outcomes: Iterable[Outcome], settings: Settings, now: datetime) -> list[Implausible]:
    """Keeps the published figures of outcomes that came from the network, and when their publishers have new ones.

    Gives a warning for each publisher some of whose figures are far from the last that the store had of it. Such an
    answer, as any with a warning, does not serve the question again.
    """
    from rates.plausible import QUOTED  # which an answer that serves again must not pay for

    doubtful: dict[str, Implausible] = {}
    for outcome in outcomes:
        table = outcome.table
        if table is None or table.source or table.fetched is None or table.provider in (CONSENSUS, OWN):
            continue
        figures = [figure for figure in table.figures.values() if figure.how in QUOTED]
        quotes = tuple(dict.fromkeys(chain.from_iterable(figure.path for figure in figures)))
        if not quotes:
            continue
        if (warning := far_from_kept(store, table.provider, quotes)) is not None:
            doubtful.setdefault(str(warning), warning)
        store.put(table.provider, quotes, table.fetched, table.digest)
        if warning is None and outcome.warning is None and has_own_unit(table.base, settings):
            store.answers.enter(_row(store, table, quotes, settings, now))
    return [*doubtful.values()]


def far_from_kept(store: Store, provider: str, quotes: Sequence[Quote]) -> Implausible | None:
    """A warning if quotes are far from the last that the store has of their publisher, or from one another."""
    from rates.plausible import far_from_before, warning_of

    first = min((quote.day for quote in quotes), default=date.min)
    day = store.nearest(provider, (), first - timedelta(days=1), later=False) if first > date.min else None
    kept = () if day is None else store.between(provider, (), day, day)
    return warning_of(far_from_before(quotes, {one.quote[:2]: one.quote for one in kept}), provider)


def last_known(store: Store, lost: Sequence[Failed], settings: Settings) -> dict[str, Fetched]:
    """For bases whose publishers could not be reached the newest figures of the chain, each with a warning of its age.

    Those are the store's, or those of the history in the package if the chain has the ECB.
    """
    found = {}
    for one in lost:
        for key in settings.chain:
            table = _newest(store, key, one.base, settings)
            if table is not None:
                warning = Stale(_how_old(table, settings), provider=key, hint="is there a network?")
                found[one.base] = Fetched(one.base, table, timing=one.timing, warning=warning)
                break
    return found


def _how_old(table: RateTable, settings: Settings) -> str:
    """The age of the newest rates, or the period for which all of them are valid."""
    ends = {figure.valid_to for figure in table.figures.values() if figure.path}
    if len(ends) == 1 and (end := ends.pop()) is not None:
        return f"no publisher is reached; the newest rates kept are valid from {table.day} to {end}"
    if settings.on is not None:
        return f"no publisher is reached; the newest rates kept up to {settings.on} are of {table.day}"
    days = table.age_days(settings.day())
    aged = f"{days} {'day' if days == 1 else 'days'} old"
    return f"no publisher is reached; the newest rates kept are of {table.day}, {aged}"


def _questions(settings: Settings, now: datetime) -> tuple[str, ...]:
    """The questions whose answers serve these settings: for all symbols, and for those required alone.

    The latest rates of a day that only counts as today are another question.
    """
    pretended = abs(settings.day() - now.date()) > timedelta(days=1)
    day = settings.on or (f"latest on {settings.day()}" if pretended else "latest")
    every = f"{','.join(settings.chain)} {day}{' pegs' * settings.pegs}"
    return (every, f"{every} {','.join(sorted(settings.symbols))}") if settings.strict else (every,)


def _row(store: Store, table: RateTable, quotes: Sequence[Quote], settings: Settings, now: datetime) -> Answered:
    """An answer as it is kept. One with all of a publisher's figures serves any base."""
    from rates import providers
    from rates.store.calendars import NEVER, WEEKS, due, rests

    facts = providers.load(table.provider).PROVIDER
    days = [quote.day for quote in quotes]
    resting = rests(store.attempts.days(facts.key, "", max(days) - timedelta(weeks=WEEKS)))
    past = settings.on is not None and (settings.day() - settings.on).days > facts.gap_days
    return Answered(
        _questions(settings, now)[-1],
        "" if facts.pivot and not settings.strict else table.base,
        facts.key,
        facts.pivot,
        facts.rate_type,
        min(days),
        max(days),
        table.fetched or now,
        NEVER if past else due(facts, table.day, table.fetched or now, resting),
        table.digest,
    )


def _outcome(
    kept: Sequence[Quote], facts: Publisher, base: str, settings: Settings, fetched: datetime, digest: str
) -> Fetched | None:
    """The outcome that quotes of the store give for a base; None if they do not have all that is asked for."""
    if not has_own_unit(base, settings):
        return None
    table = table_of([one for one in kept if facts.pivot or one.base == base], base, facts, settings)
    return None if table is None else Fetched(base, replace(table, source=STORE, fetched=fetched, digest=digest))


def _of_history(bases: Sequence[str], settings: Settings) -> dict[str, Fetched]:
    """The outcomes that the ECB's history in the package gives in place of the ECB."""
    here = {"offline": True, "provider": ECB.key, "mode": SETTINGS["mode"].default}
    return from_history(bases, settings.with_values(**here))


def _newest(store: Store, key: str, base: str, settings: Settings) -> RateTable | None:
    """The newest figures of a provider up to the day asked for, as rates of a base; None if there are none."""
    on = settings.on or settings.day()
    embedded = _of_history([base], settings) if key == ECB.key else {}
    day = store.nearest(key, (), on, later=False)
    if base in embedded and (day is None or day <= embedded[base].table.day):
        return embedded[base].table
    if day is None:
        return None
    from rates import providers

    facts = providers.load(key).PROVIDER
    kept = [one for one in store.between(key, (), day, on) if facts.pivot or one.quote.base == base]
    table = table_of([one.quote for one in kept], base, facts, settings)
    oldest = min((one.fetched for one in kept if one.fetched is not None), default=None)
    return None if table is None else replace(table, source=STORE, fetched=oldest)


def _strong(found: dict[str, Fetched]) -> dict[str, Fetched]:
    """The outcomes with weak rates derived from their reverse, as in a run."""
    return {one.base: one for one in strengthened(tuple(found.values())) if one.ok}
