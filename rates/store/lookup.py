"""One rate by day and rule, from what is at hand: nothing here asks the network.

`look_up` takes the first of the providers that has the pair by the rule. Figures of one provider may come from several
sources (the store, and the history in the package); of the same figure, that of the first source counts. A cross is
made only of two legs that one provider has for the same day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from rates import providers as _providers
from rates.conversion import MANY_DIGITS, Conversion, conversion
from rates.currencies import Peg, code, not_begun, peg
from rates.defaults import HISTORY, OWN
from rates.errors import NoRates, RatesError, UsageError
from rates.model import ONE, DerivedRate, Quote
from rates.own_rates import shared_currency
from rates.store.derivation import Origin, Pair, as_quote, figure_between, fraction, marked_own, quotient, rate_of
from rates.store.history_source import ECB, HistorySource
from rates.store.records import Rate, Rule, Source, When
from rates.store.rule import Route, days
from rates.store.sources import having, known_days, nearest
from rates.store.spans import missing

DAY = timedelta(days=1)
STORE = "store"  # the source of figures of a source without a name


class Found(NamedTuple):
    """A rate, and whether it is certain that no day has been published which the rule would prefer."""

    rate: Rate
    certain: bool


class _Hit(NamedTuple):
    """The rate of a pair of units, and where the quotes of its day were found."""

    figure: DerivedRate
    origins: dict[Quote, Origin]


def look_up(
    base: str,
    symbol: str,
    on: date,
    rule: Rule,
    providers: Sequence[str],
    sources: Sequence[Source],
    *,
    pegs: bool = False,
) -> Rate:
    """The rate of the first of the providers that has it by the rule.

    pegs: a currency that a provider lacks is derived from its official peg, and marked.
    Raises `UsageError` for an unknown currency or one that had not begun; `NoRates`, with the nearest days that have
    the rate, if no provider has it.
    """
    planned = plan(base, symbol, on)
    if (fixed := by_ratios(planned, on)) is not None:
        return fixed
    for provider in providers:
        found = search(provider, planned, on, rule, sources, pegs=pegs)
        if found is not None:
            return found.rate
    raise nothing(planned, on, rule, providers, sources)


def plan(base: str, symbol: str, on: date) -> Conversion:
    """The ratios fixed by law that a conversion on that day needs, and the pair of units that a provider must have."""
    base, symbol = code(base), code(symbol)
    for one in (base, symbol):
        if reason := not_begun(one, on):
            raise UsageError(f"no rates of {on}: {reason}")
    return conversion(base, symbol, on)


def by_ratios(planned: Conversion, on: date) -> Rate | None:
    """The rate of a pair that needs no publisher: a currency and itself, or one that it succeeded."""
    if planned.needs_rate:
        return None
    return rate_of(planned, DerivedRate(ONE, on, "fixed" if planned.ratios else "identity", MANY_DIGITS), on, "", {})


def search(
    provider: str,
    planned: Conversion,
    on: date,
    rule: Rule,
    sources: Sequence[Source],
    *,
    pegs: bool = False,
    latest: bool = False,
) -> Found | None:
    """The rate of one provider by the rule; None if the sources do not have it.

    The history in the package answers for no day after its end, whose rates it lacks; with `latest` its last one does.
    """
    mine = having(sources, provider)
    if not mine:
        return None
    pair = planned.base.unit, planned.symbol.unit
    hit = _hit(provider, mine, pair, on, rule)
    if hit is None and pegs:
        hit = _by_pegs(provider, mine, pair, on, rule)
    if hit is None:
        return None
    rate = rate_of(planned, hit.figure, on, provider if hit.origins else "", hit.origins)
    certain = not hit.origins or _certain(mine, provider, pair, rate, rule)
    if not certain and rate.source == HISTORY and not latest:
        return None
    return Found(rate, certain)


def on_each_day(
    provider: str,
    sources: Sequence[Source],
    base: str,
    symbol: str,
    units: Sequence[str],
    first: date,
    last: date,
    *,
    pegs: bool = False,
) -> Iterator[Rate]:
    """The rates of a pair on each day from `first` to `last` on which the provider has published it, oldest first.

    units: the currencies that the pair goes by on any of these days. pegs: as in `look_up`. A rate valid for a period
    comes once, on the first of its days.
    """
    anchors = {held.anchor for unit in units for day in (first, last) if pegs and (held := peg(unit, day)) is not None}
    for pivot in _pivots(provider, sources, last):
        found = _each_day(provider, sources, {*units, *anchors, pivot} - {""}, first, last)
        for day, origins in found:
            try:
                planned = plan(base, symbol, day)
            except RatesError:  # one had not begun, or no ratio leads to its successor
                continue
            pair = planned.base.unit, planned.symbol.unit
            figure = figure_between(origins, pair, pivot, day) if planned.needs_rate else None
            if figure is None and anchors and planned.needs_rate:
                ends, between = _anchored(pair, day)
                anchored = figure_between(origins, between, pivot, day)
                if anchored is not None and anchored.how != "identity":  # by both pegs it is fixed, and never published
                    figure = _pegged(anchored, pair, ends)
            if figure is not None:
                yield rate_of(planned, marked_own(figure) if provider == OWN else figure, day, provider, origins)
        if found:
            return


def _each_day(
    provider: str, sources: Sequence[Source], codes: set[str], first: date, last: date
) -> list[tuple[date, dict[Quote, Origin]]]:
    """The quotes by the day on which they begin, with the periods that hold on it, oldest first.

    Of a quote that two sources have, the first source's counts.
    """
    found: dict[date, dict[Pair, tuple[Quote, Origin]]] = {}
    periods: list[tuple[Quote, Origin]] = []
    for source in sources:
        name = getattr(source, "name", STORE)
        for stored in source.between(provider, codes, first, last):
            quote = stored.quote
            one = quote, Origin(stored, name)
            found.setdefault(max(quote.day, first), {}).setdefault((quote.base, quote.symbol), one)
            if quote.valid_to is not None:
                periods.append(one)
    for day, quotes in found.items():
        for quote, origin in periods:
            if quote.holds_on(day):
                quotes.setdefault((quote.base, quote.symbol), (quote, origin))
    return [(day, dict(found[day].values())) for day in sorted(found)]


# --- the day ---------------------------------------------------------------------------------------------------------


def _hit(provider: str, sources: Sequence[Source], pair: Pair, on: date, rule: Rule) -> _Hit | None:
    """The rate of the pair on the first day that the rule allows and that has it."""
    nearest_day = partial(nearest, sources, provider)
    for pivot in _pivots(provider, sources, on):
        for day in days(rule, on, _routes(pair, pivot), nearest_day):
            origins = _usable(provider, sources, {*pair, pivot}, day, on, rule)
            figure = figure_between(origins, pair, pivot, on)
            if figure is not None:
                return _Hit(marked_own(figure) if provider == OWN else figure, origins)
    return None


def _pivots(provider: str, sources: Sequence[Source], on: date) -> Iterator[str]:
    """The currencies over which the provider's quotes may be crossed; "" for none, if it quotes pairs of any kind.

    Where a provider has no pivot, that is the one that all its quotes of the nearest day share.
    """
    pivot = _pivot(provider)
    yield pivot
    if pivot:
        return
    for quotes in _near(provider, sources, on):
        if shared := shared_currency(quotes):
            yield shared
            return


def _near(provider: str, sources: Sequence[Source], on: date) -> Iterator[list[Quote]]:
    """All quotes of the nearest day before, then of the nearest after, source by source."""
    for later in (False, True):
        for source in sources:
            if (day := source.nearest(provider, (), on, later=later)) is not None:
                yield [stored.quote for stored in source.between(provider, (), day, day)]


def _pivot(provider: str) -> str:
    """The provider's pivot; "" also for a provider that is not installed any more."""
    try:
        return _providers.load(provider).PROVIDER.pivot
    except RatesError:
        return ""


def _routes(pair: Pair, pivot: str) -> list[Route]:
    """The legs that make a rate of the pair: of a publisher with a pivot, every quote has it on one side."""
    if not pivot or pivot in pair:
        return [(frozenset(pair),)]
    return [tuple(frozenset((side, pivot)) for side in pair)]


def _usable(
    provider: str, sources: Sequence[Source], codes: set[str], day: date, on: date, rule: Rule
) -> dict[Quote, Origin]:
    """The quotes of a day that may answer for the day asked; of one that two sources have, the first source's."""
    found: dict[tuple[str, str, date], tuple[Quote, Origin]] = {}
    for source in sources:
        for stored in source.between(provider, codes, day, day):
            quote = stored.quote
            if quote.valid_to is None:
                usable = quote.day == day and (day != on or rule.when is not When.BEFORE)
            else:
                usable = quote.holds_on(on)
            if usable:
                origin = Origin(stored, getattr(source, "name", STORE))
                found.setdefault((quote.base, quote.symbol, quote.day), (quote, origin))
    return dict(found.values())


def _certain(sources: Sequence[Source], provider: str, pair: Pair, rate: Rate, rule: Rule) -> bool:
    """True if no day is unknown that the rule would prefer to the one used."""
    asked, used = rate.asked, rate.day
    if rate.age_days == 0:
        return True
    first, last = (used + DAY, asked) if used < asked else (asked, used - DAY)
    if rule.when is When.BEFORE:
        last = asked - DAY
    elif rule.when is When.NEAREST:  # of two days as near the earlier is preferred
        away = abs(rate.age_days)
        first, last = asked - timedelta(days=away - (used < asked)), asked + timedelta(days=away - 1)
    if first > last:
        return True
    return not missing(first, last, known_days(sources, provider, pair))


# --- the answer ------------------------------------------------------------------------------------------------------


def _by_pegs(provider: str, sources: Sequence[Source], pair: Pair, on: date, rule: Rule) -> _Hit | None:
    """The rate between the anchors of one or both pegged currencies, with the pegs in its path."""
    ends, between = _anchored(pair, on)
    if not any(ends):
        return None
    if between[0] == between[1]:
        hit: _Hit | None = _Hit(DerivedRate(ONE, on, "identity", MANY_DIGITS), {})
    else:
        hit = _hit(provider, sources, between, on, rule)
    return None if hit is None else _Hit(_pegged(hit.figure, pair, ends), hit.origins)


def _anchored(pair: Pair, on: date) -> tuple[list[Peg | None], Pair]:
    """The pegs of both currencies on a day, and the pair of their anchors; a currency without a peg stands itself."""
    ends = [peg(unit, on) for unit in pair]
    base, symbol = (held.anchor if held else unit for held, unit in zip(ends, pair, strict=True))
    return ends, (base, symbol)


def _pegged(figure: DerivedRate, pair: Pair, ends: Sequence[Peg | None]) -> DerivedRate:
    """The rate of a pair from that between its anchors."""
    before, after = (() if held is None else (as_quote(held),) for held in ends)
    path = (*before, *figure.path, *after)
    return figure._replace(rate=quotient(fraction(pair[0], path)), how="pegged", path=path)


# --- no answer -------------------------------------------------------------------------------------------------------


def nothing(planned: Conversion, on: date, rule: Rule, providers: Sequence[str], sources: Sequence[Source]) -> NoRates:
    """The error of a rate that no provider has by the rule: what there is instead, and what to do."""
    pair = f"{planned.base.symbol}/{planned.symbol.symbol}"
    hints = [hint for provider in providers if (hint := _instead(provider, planned, on, rule, sources))]
    ends = [one.ends(on) for one in sources if isinstance(one, HistorySource) and ECB in providers]
    hints += [sentence for sentence in ends if sentence]
    if not hints:
        from rates.providers import published  # only this message needs it

        units = planned.base.unit, planned.symbol.unit
        notes = (published.absence(provider, unit, on) for provider in providers for unit in units)
        hints = [note for note in dict.fromkeys(notes) if note]
    one = providers[0] if len(providers) == 1 else ""
    others = "" if one else f" from {', '.join(providers)}"
    return NoRates(f"no rate of {pair}{others} {_words(on, rule)}", provider=one, hint="; ".join(hints))


def _words(on: date, rule: Rule) -> str:
    """The days that the rule allows, in words."""
    if rule.when is When.EXACT:
        return f"on {on}"
    if rule.max_age is None:
        return {When.PREVIOUS: f"on or before {on}", When.NEXT: f"on or after {on}", When.BEFORE: f"before {on}"}.get(
            rule.when, "on any day"
        )
    count = f"{rule.max_age} day{'s' if rule.max_age != 1 else ''}"
    if rule.when is When.NEAREST:
        return f"within {count} of {on}"
    if rule.when is When.BEFORE:
        return f"in the {count} before {on}"
    return f"on {on} or in the {count} {'before' if rule.when is When.PREVIOUS else 'after'} it"


def _instead(provider: str, planned: Conversion, on: date, rule: Rule, sources: Sequence[Source]) -> str:
    """The nearest days on which the provider has the rate, and the options that would use them; "" if it has none."""
    found = {when: search(provider, planned, on, Rule(when, None), sources, latest=True)
             for when in (When.EXACT, When.BEFORE, When.NEXT)}  # fmt: skip
    day = {when: one.rate.day for when, one in found.items() if one is not None}
    if not day:
        return ""
    listed = " and ".join(dict.fromkeys(str(one) for one in sorted(day.values())))
    options = _options({when: day[when] for when, one in found.items() if one is not None and one.certain}, on, rule)
    return f"{provider} has it on {listed}{options and ': '}{options}"


def _options(day: Mapping[When, date], on: date, rule: Rule) -> str:
    """The options that give the rate of the nearest earlier day, or the nearest later one."""
    options = []
    for when, allowed in ((When.BEFORE, (When.PREVIOUS, When.BEFORE)), (When.NEXT, (When.NEXT,))):
        if when not in day:
            continue
        words = [] if rule.when in (*allowed, When.NEAREST) else [f"--when {allowed[0]}"]
        away = abs((day[when] - on).days)
        if rule.max_age is not None and away > rule.max_age:
            words.append(f"--max-age {away}")
        if words:
            options.append(" ".join(words))
    return " or ".join(options)
