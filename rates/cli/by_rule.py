"""`rates convert --rule NAME`: a rule of tax or customs law chooses the publisher, the day and the rounding."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import click
from click.core import ParameterSource

from rates.cli.fetching import kept_status
from rates.cli.find_rates import Finder, Found, Pair
from rates.defaults import STORE
from rates.errors import NoRates, RatesError, UsageError
from rates.settings import Settings
from rates.settings.days import FromToday, Span
from rates.store.by_rule import deciding, year_mean
from rates.store.named_rules import NamedRule, checked, checked_into, day_of, named
from rates.store.periods import Every
from rates.store.records import Rate
from rates.store.series import series

# What a rule decides, and a flag must not.
_DECIDED = ("provider", "when", "max_age", "pegs", "own", "decimals")
_NAMES = {"max_age": "max-age", "decimals": "digits"}
Time = Span | FromToday | None


class Asked(NamedTuple):
    """A rule, and the time that the command line gives for it, if any."""

    rule: NamedRule
    time: Time


def rule_asked(flags: dict[str, Any], *, locks: bool) -> Asked:
    """Takes the flags of a rule out of those of the command.

    locks: True if the command writes or reads a lock file.
    `UsageError` for flags that contradict the rule or one another.
    """
    period, year = flags.pop("period"), flags.pop("year")
    rule, context = named(flags.pop("rule")), click.get_current_context()
    for flag in _DECIDED:
        free = (rule.mean and flag == "provider") or (rule.rounding is None and flag == "decimals")
        if not free and context.get_parameter_source(flag) is ParameterSource.COMMANDLINE:
            raise UsageError(f"the rule {rule.name} decides --{_NAMES.get(flag, flag)}", hint="leave out one of them")
    if rule.mean and context.get_parameter_source("provider") is not ParameterSource.COMMANDLINE:
        raise UsageError(f"the rule {rule.name} needs a publisher", hint="name one with --provider, like ecb")
    if rule.mean and locks:
        raise UsageError("a lock file has published figures, and no mean of them", hint="leave out --lock")
    on, flags["on"] = flags["on"], None  # a rule may go by a month that is to come, which `--on` alone may not
    given = [time for time in (Span(on, on) if on and not isinstance(on, FromToday) else on, period, year) if time]
    if len(given) > 1:
        raise UsageError("--on, --period and --year contradict one another", hint="give one of them")
    return Asked(rule, given[0] if given else None)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A rule at work. settings: with what the rule decides. time: None if each line of a file has its own day."""

    rule: NamedRule
    settings: Settings
    time: Span | None

    def find(self, finder: Finder, pairs: Iterable[Pair]) -> dict[Pair, Rate | RatesError]:
        """The rate of each pair on the day that the rule chooses for it, or the reason why there is none."""
        found: dict[Pair, Rate | RatesError] = {}
        moved: dict[Pair, Pair] = {}
        for pair in pairs:
            try:
                moved[pair] = self._on_its_day(pair)
            except RatesError as error:
                found[pair] = error
        rates = finder.find(moved.values())
        return found | {pair: rates[moved[pair]] for pair in moved}

    def _on_its_day(self, pair: Pair) -> Pair:
        """The pair, to be looked up on the day that the rule chooses."""
        checked_into(self.rule, pair.symbol)
        time = self.time or (Span(pair.on, pair.on) if pair.on else None)
        assert time is not None  # `settled` has seen to it
        return pair._replace(on=day_of(self.rule, time, self.settings.day()))

    def asked(self, found: Found) -> dict[Pair, Rate | RatesError]:
        """What was looked up, with an error in the place of each rate that is not the one that the rule asks for."""
        return {pair: self._checked(rate) for pair, rate in found.items()}

    def _checked(self, rate: Rate | RatesError) -> Rate | RatesError:
        if isinstance(rate, RatesError):
            return rate
        if rate.source == STORE and rate.age_days and kept_status():
            hint = f"the newest kept is of {rate.day}; the rule {self.rule.name} may ask for a newer one"
            return NoRates(f"has not answered about {rate.asked}", provider=rate.provider, hint=hint)
        try:
            return checked(self.rule, rate, self.settings.day())
        except RatesError as error:
            return error

    def means(self, pairs: Collection[Pair]) -> dict[Pair, Rate | RatesError]:
        """The mean of each pair over the year that ends on its day."""
        found: dict[Pair, Rate | RatesError] = {}
        for pair in pairs:
            assert pair.on is not None
            try:
                first = pair.on.replace(month=1, day=1)
                found[pair] = year_mean(series(f"{pair.base}/{pair.symbol}", first, pair.on, self.settings))
            except RatesError as error:
                found[pair] = error
        return found

    def sentence(self, rates: Collection[Rate] = ()) -> str:
        """What was applied, and where the rule stands; with the day or period of these rates."""
        time = self.rule.time(self.time) if self.time else f"the {self.rule.unit} of each line"
        publisher = " or ".join(dict.fromkeys(rate.provider for rate in rates if rate.provider) or self.settings.chain)
        days = dict.fromkeys(_days(rate) for rate in rates if rate.provider)
        return self.rule.sentence(time, publisher, ", ".join(days))


def settled(asked: Asked, settings: Settings, *, by_line: bool) -> tuple[Settings, Chosen]:
    """The settings with what the rule decides, and the rule with its time. by_line: each line of a file has a day."""
    rule, time, today = asked.rule, asked.time, settings.day()
    if isinstance(time, FromToday):
        day = time.counted(today)
        time = Span(day, day)
    if by_line and time is not None:
        raise UsageError("--date-column has the days", hint="leave out --on, --period and --year")
    if not by_line and time is None:
        if settings.on is None:  # which the environment or the settings file may have
            more = "" if rule.unit is Every.DAY else f", or a {rule.unit} with --period"
            raise UsageError(f"the rule {rule.name} needs a day", hint=f"give one with --on{more}")
        time = Span(settings.on, settings.on)
    on = day_of(rule, time, today) if time is not None else None
    chosen = deciding(rule, settings).with_values(on=on)
    return chosen, Chosen(rule, chosen, time)


def _days(rate: Rate) -> str:
    """The day or period of a rate."""
    return str(rate.day) if rate.valid_to in (None, rate.day) else f"{rate.day} to {rate.valid_to}"
