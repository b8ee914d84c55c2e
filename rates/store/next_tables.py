"""Tables of the next publication after a day, or of the nearest one: what the rules `next` and `nearest` ask for.

A table has the figures of one day, on which the provider has published any of the base. As in look-ups, days that are
not at hand are fetched and stored, and the table is that of the first provider of the chain that has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from rates import providers
from rates.defaults import CONSENSUS, HISTORY, OWN, STORE
from rates.errors import NoRates, RatesError, Unsupported, UsageError, WrongDay
from rates.model import Failed, Fetched, Outcome, Provider
from rates.settings import Settings
from rates.store.ask import window
from rates.store.at_hand import AtHand, Question
from rates.store.lookup import plan
from rates.store.records import Source, When
from rates.store.rule import Nearest, days
from rates.store.sources import having, known_days, nearest
from rates.store.spans import missing
from rates.store.tables import ECB, has_own_unit, table_of

DAY = timedelta(days=1)


def next_tables(bases: Sequence[str], on: date, settings: Settings) -> list[Outcome]:
    """The outcome of each base by the settings' rule, which is `next` or `nearest`, in the order of the bases."""
    if OWN in settings.chain:
        raise UsageError(f"a table of own rates has none by --when {settings.when}", hint="rates convert has the rule")
    at_hand = AtHand(settings)
    return [_outcome(at_hand, base, on) for base in bases]


def _outcome(at_hand: AtHand, base: str, on: date) -> Outcome:
    errors: list[RatesError] = []
    for key in at_hand.chain:
        try:
            return _of_provider(at_hand, key, base, on, errors)
        except UsageError:
            raise
        except RatesError as error:
            error.provider = error.provider or key
            errors.append(error)
    *before, last = errors
    return Failed(base, last, tuple(before))


def _of_provider(at_hand: AtHand, key: str, base: str, on: date, passed_over: Sequence[RatesError]) -> Fetched:
    """The table of one provider; raises the named error if it has none, or cannot be asked for the days needed."""
    settings, rule = at_hand.settings, at_hand.rule
    if key == CONSENSUS:
        raise Unsupported(f"has no tables by --when {rule.when}", provider=key, hint="rates convert has the rule")
    if not has_own_unit(base, settings):
        raise Unsupported(f"has no table of {base} by --when {rule.when}", provider=key, hint=f"rates convert 1 {base}")
    facts = providers.load(key).PROVIDER
    failed = _fetch(at_hand, key, base, on)
    sources = having(at_hand.sources(), key)
    nearest_day = partial(nearest, sources, key)
    leg = frozenset((base, facts.pivot) if facts.pivot and facts.pivot != base else ())
    for day in days(rule, on, [(leg,)], nearest_day):
        found = _table(sources, facts, base, day, settings)
        if found is not None:
            away = abs(day - on)
            first = on - away + DAY if rule.when is When.NEAREST else on
            if failed is not None and missing(first, max(day, on), known_days(sources, key, (base,))):
                raise failed
            return replace(found, passed_over=tuple(passed_over))
    if failed is not None:
        raise failed
    most = "" if rule.max_age is None else f" and --max-age {rule.max_age}"
    what = f"{base}/{','.join(settings.symbols)}" if settings.strict else f"rates of {base}"
    raise NoRates(f"has no {what} for {on} by --when {rule.when}{most}", provider=key, hint=_beside(nearest_day, on))


def _beside(nearest_day: Nearest, on: date) -> str:
    """The days before and after this one on which the provider is known to have published anything."""
    found = [day for later in (False, True) if (day := nearest_day(frozenset(), on, later)) is not None]
    return f"it has those of {' and '.join(map(str, dict.fromkeys(found)))}" if found else ""


def _fetch(at_hand: AtHand, key: str, base: str, on: date) -> RatesError | None:
    """Fetches the days of the rule that are not at hand; gives the error of the first that fails.

    That nothing was published is no failure.
    """
    facts = providers.load(key).PROVIDER
    first, last = window(at_hand.rule, on, at_hand.settings.day())
    if not at_hand.can_ask(key) or not missing(max(first, facts.since), last, at_hand.known(key, (base,))):
        return None
    from rates.store.ask_many import fetch_days

    other = next(symbol for symbol in (facts.pivot, "EUR", "USD") if symbol not in ("", base))
    failures = fetch_days(at_hand, key, [Question(plan(base, other, on), on, at_hand.rule)])
    return next((why for _, why in failures if not isinstance(why, (NoRates, WrongDay))), None)


def _table(sources: Sequence[Source], facts: Provider, base: str, day: date, settings: Settings) -> Fetched | None:
    """The table of one day, from the first source that has its figures; None if there is none."""
    for source in sources:
        name = getattr(source, "name", STORE)
        of = ECB if name == HISTORY else facts  # a simulated service has the ECB's figures
        kept = [one for one in source.between(facts.key, (), day, day) if of.pivot or one.quote.base == base]
        table = table_of([one.quote for one in kept], base, of, settings)
        if table is not None and table.keys() - {base}:
            newest = max(kept, key=lambda one: one.quote.day)
            table = replace(table, provider=facts.key, source=name, fetched=newest.fetched, digest=newest.digest)
            return Fetched(base, table)
    return None
