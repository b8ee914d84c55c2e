"""What a named rule of law asks for: the question that it makes of a call or a command, and a calendar year's mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from rates import providers
from rates.errors import NoRates, UsageError, quoted
from rates.settings import Settings, days, resolve
from rates.settings.days import FromToday, Span
from rates.settings.keywords import LookUpKeywords
from rates.store.named_rules import NamedRule, checked, checked_into, day_of, named
from rates.store.periods import exact, mean
from rates.store.records import Rate
from rates.store.series_record import Series
from rates.store.session import Day

# Keywords that a rule decides, so that a call must not.
DECIDED = ("provider", "when", "max_age", "pegs", "own")


class Asked(NamedTuple):
    """What to look up: the day, or the mean of the year that ends on it, with the settings that the rule decides."""

    rule: NamedRule
    day: date
    settings: Settings

    @property
    def year(self) -> tuple[date, date]:
        """The first and the last day of the year of a mean."""
        return self.day.replace(month=1, day=1), self.day

    def checked(self, rate: Rate) -> Rate:
        """The rate, if it is what the rule asks for."""
        checked_into(self.rule, rate.symbol)
        return checked(self.rule, rate, self.settings.day())


def asked_by(
    name: str, on: Day, settings: Settings | None, given: LookUpKeywords, digits: int | str | None = None
) -> Asked:
    """What a rule asks for.

    on: a day, or a time of the length that the rule goes by, like "2026-Q1". given: keywords as for `look_up`, without
    those that the rule decides; a rule without a publisher needs `provider`. digits: refused if the rule rounds.
    """
    return on_day(*settings_of(name, settings, given, digits), on)


def settings_of(
    name: str, settings: Settings | None, given: LookUpKeywords, digits: int | str | None
) -> tuple[NamedRule, Settings]:
    """The rule of that name, and the settings with what it decides; the arguments are those of `asked_by`."""
    rule = named(name)
    for key in DECIDED:
        if key in given and not (rule.mean and key == "provider"):
            raise UsageError(f"the rule {rule.name} decides {key}", hint=f"leave out {key} or the rule")
    if rule.rounding is not None and digits is not None:
        raise UsageError(f"the rule {rule.name} rounds {rule.rounding.words}", hint="leave out digits or the rule")
    if rule.mean and "provider" not in given:
        raise UsageError(f"the rule {rule.name} needs a publisher", hint='name one, like provider="ecb"')
    return rule, deciding(rule, resolve(settings, given))


def on_day(rule: NamedRule, settings: Settings, on: Day) -> Asked:
    """What a rule asks for on a day, under the settings that it decides."""
    today = settings.day()
    return Asked(rule, day_of(rule, _time(rule, on, today), today), settings)


def deciding(rule: NamedRule, settings: Settings) -> Settings:
    """The settings with the publisher and the rule for days without a rate that the rule of law decides."""
    chain = settings.provider if rule.mean else (rule.publisher,)
    return settings.with_values(provider=chain, when=rule.when, max_age=rule.max_age, pegs=False)


def _time(rule: NamedRule, on: Day, today: date) -> Span:
    """The time that the argument `on` names; a rule never takes the latest rate."""
    if on is None:
        raise UsageError(f"the rule {rule.name} needs a day", hint=f'give on="2026-03-14", or a {rule.unit}')
    try:
        if isinstance(on, datetime):
            on = on.date()
        if isinstance(on, date):
            return Span(on, on)
        day = days.first_day(on)
        if isinstance(day, FromToday):
            return Span(day.counted(today), day.counted(today))
        return days.span(on)
    except ValueError as error:
        raise UsageError(f"on = {quoted(on)}: {error}") from error


def year_mean(found: Series) -> Rate:
    """The mean of all rates that a publisher has published in a year, as one rate for that year.

    `NoRates` if it lacks the beginning or the end of the year, or a day that it has published is not known.
    """
    rates, first, last = list(found), found.first, found.last
    if found.missing or not _covers(rates, first, last):
        raise NoRates(
            f"has not all rates of {found.pair} of {first.year}",
            provider=found.provider,
            hint=f"it has them from {rates[0].day} to {rates[-1].valid_to or rates[-1].day}",
        )
    total = sum(map(exact, rates), Fraction()) / len(rates)
    return rates[-1]._replace(
        rate=mean(rates),
        asked=last,
        day=first,
        valid_to=last,
        how="average",
        path=(),
        exact=(Decimal(total.numerator), Decimal(total.denominator)),
        digits=max(rate.digits for rate in rates),
        instead_of=None,
    )


def _covers(rates: Sequence[Rate], first: date, last: date) -> bool:
    """True if the rates reach from the beginning of the year to its end, and none is of days outside it."""
    begin, end = rates[0], rates[-1]
    if any(rate.valid_to is not None for rate in rates):
        return begin.day == first and end.valid_to == last
    pause = timedelta(days=providers.load(end.provider).PROVIDER.gap_days)
    return begin.day - first <= pause and last - end.day <= pause
