"""Conversions for people and for programs: the results, and the rates used with their days, ages and origin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from rates.conversion import rounded
from rates.currencies import digits as minor_digits
from rates.currencies import redenominated
from rates.defaults import HISTORY, STORE
from rates.present.layout import Column, folded
from rates.present.rounding import plain, shown, weak
from rates.present.tables import (
    WEAK_MEANS,
    age,
    ago,
    dated,
    is_peg,
    network_note,
    offline_notes,
    pegged,
    period,
    weekday,
)
from rates.present.tables import simulated_network as simulation
from rates.present.tabular import Cell, notes, rows, stacked
from rates.providers import load_each
from rates.settings import MACHINE_FORMATS, Settings
from rates.store.records import Rate

if TYPE_CHECKING:
    from rates.store.named_rules import NamedRule

HEADERS = (
    "amount", "base", "result", "symbol", "rate", "how", "provider", "day", "valid_to", "asked", "when", "age_days",
    "fixed", "pegged", "offline", "source", "simulated",
)  # fmt: skip
# Of the tables for people.
COLUMNS = (
    Column("amount", "decimal"), "from", Column("result", "decimal"), "to", Column("rate", "decimal"), "how",
    "publisher", "day",
)  # fmt: skip
# Why the day used is another than the one asked for.
_BY_RULE = {
    "previous": "these are the newest rates up to then",
    "next": "these are the first rates from then on",
    "before": "these are the newest rates before that day",
    "nearest": "these are the rates of the nearest day",
}


class Converted(NamedTuple):
    """An amount of `rate.base`, and the rate to convert it by.

    digits: the decimals of the result; None for those of ISO 4217. rule: the rule of law that chose the rate, if any.
    """

    amount: Decimal
    rate: Rate
    digits: int | None = None
    rule: NamedRule | None = None

    @property
    def exact(self) -> Decimal:
        """The result with 28 significant digits."""
        return self.rate.convert(self.amount)

    @property
    def rounded(self) -> Decimal:
        """The result as people read it."""
        if self.rule is not None and self.rule.rounding is not None:
            return self.rule.rounding.round(self.exact)
        return rounded(self.exact, self.rate.symbol, self.digits, fixed=bool(self.rate.ratios))


def figures(conversions: Sequence[Converted]) -> str:
    """The rounded results alone, one a line."""
    return "\n".join(plain(one.rounded) for one in conversions)


def conversion_text(conversions: Sequence[Converted], settings: Settings, width: int | None, *, lock: str = "") -> str:
    """The conversions as rows for programs, as lines for people, or as a table in the format asked for.

    lock: the file that the rates are from, if any.
    """
    rule = conversions[0].rule
    if settings.format in MACHINE_FORMATS:
        headers, more = (HEADERS, ()) if rule is None else ((*HEADERS, "rule"), (rule.name,))
        return rows(headers, [(*_row(one, settings), *more) for one in conversions], settings.format)
    reasons = _reasons([one.rate for one in conversions], settings, rule.name if rule is not None else "")
    locked = [f"locked: the rates are those of {lock}"] if lock else []
    remarks = [*reasons, *locked, _rounding(conversions)]
    if settings.format != "simple":
        table = rows(COLUMNS, [_cells(one, settings.digits) for one in conversions], settings.format, width)
        return stacked([table, notes(remarks, settings.format, width)])
    results = [f"{one.amount:f} {one.rate.base} = {one.rounded:f} {one.rate.symbol}" for one in conversions]
    return folded("\n".join([*results, "", *remarks]), width)


def _cells(one: Converted, digits: int) -> tuple[Cell, ...]:
    """A conversion in a table for people, under COLUMNS; without publisher and day if no publisher was needed."""
    rate = one.rate
    day = f"{rate.day} to {rate.valid_to}" if rate.valid_to not in (None, rate.day, date.max) else rate.day
    used = (rate.provider, day) if rate.provider else (None, None)
    return one.amount, rate.base, one.rounded, rate.symbol, shown(rate.figure, digits), rate.how, *used


def _rounding(conversions: Sequence[Converted]) -> str:
    """How the results are rounded, once for all."""
    digits, rule = conversions[0].digits, conversions[0].rule
    if rule is not None and rule.rounding is not None:
        return f"rounded {rule.rounding.words}, as the rule asks"
    decimals = _of_iso(conversions) if digits is None else f"{digits} {'decimal' if digits == 1 else 'decimals'}"
    up = [bool(one.rate.ratios) for one in conversions]
    halves = "half-up" if all(up) else "half-even, half-up by fixed ratios" if any(up) else "half-even"
    return f"rounded to {decimals}, {halves}"


def _of_iso(conversions: Sequence[Converted]) -> str:
    """The decimals of ISO 4217, and where others are printed: for lack of them, or since the amount is smaller."""
    lacking, small = list[str](), False
    for symbol, result in ((one.rate.symbol, one.rounded) for one in conversions):
        places = minor_digits(symbol)
        if places is None:
            lacking.append(symbol)
        elif -int(result.as_tuple().exponent) > places:
            small = True
    notes = [
        *([f"4 for {', '.join(dict.fromkeys(lacking))}, of which it defines none"] if lacking else []),
        *(["four digits of a smaller amount"] if small else []),
    ]
    return " ".join(["ISO 4217 decimals", *([f"({'; '.join(notes)})"] if notes else [])])


def _reasons(used: Sequence[Rate], settings: Settings, rule: str) -> list[str]:
    """The rates used: fixed ratios first, then the others by their publisher, each with its day and origin.

    rule: the name of the rule of law that chose the day; "" if the user did.
    """
    on = settings.on or settings.day()
    old = [
        redenominated(code, on) for code in dict.fromkeys(code for rate in used for code in (rate.base, rate.symbol))
    ]
    ratios = dict.fromkeys([*(sentence for rate in used for sentence in rate.ratios), *filter(None, old)])
    alone = [rate for rate in used if not rate.provider]  # without a publisher: one currency, or pegged ones
    same = [f"1 {rate.symbol} = 1 {rate.symbol}" for rate in alone if not rate.ratios and not rate.path]
    held = dict.fromkeys(line for rate in alone if rate.path for line in _lines(rate, rate, settings.digits))
    published: dict[tuple[str, str], list[Rate]] = {}
    for rate in used:
        if rate.provider:
            published.setdefault((rate.provider, rate.source), []).append(rate)
    blocks = [line for rates in published.values() for line in _block(rates, settings, rule)]
    sources = dict.fromkeys(rate.source for rate in used if rate.source != STORE)
    return [
        *ratios,
        *same,
        *held,
        *_pegs(alone),
        *blocks,
        *offline_notes(sources, settings.day()),
        *network_note(settings),
    ]


def _block(rates: Sequence[Rate], settings: Settings, rule: str) -> list[str]:
    """The rates of one publisher, their caption, and the day asked for if it is another."""
    newest = max(rates, key=lambda rate: rate.day)
    lines = dict.fromkeys(line for rate in rates for line in _lines(rate, newest, settings.digits))
    kept = [f"from the store, fetched {ago(newest.fetched)}"] if newest.source == STORE and newest.fetched else []
    return [*lines, *_pegs(rates), _caption(newest, settings, rule), *_asked(newest, settings, rule), *kept]


def _pegs(rates: Iterable[Rate]) -> list[str]:
    """The pegs that the rates are derived from, each once."""
    return [f"pegged: {peg}" for peg in pegged(rate.figure for rate in rates)]


def _lines(rate: Rate, newest: Rate, digits: int) -> list[str]:
    """A rate and how it was had; over a ratio fixed by law, the published figures that it uses."""
    of_day = "" if rate.day == newest.day else f", of {rate.day}"
    if rate.ratios:
        quotes = [quote for quote in rate.path if not is_peg(quote)] if rate.how == "pegged" else rate.path
        return [f"1 {quote.base} = {quote.rate:f} {quote.symbol}, published{of_day}" for quote in quotes]
    few = f" ({WEAK_MEANS})" if weak(rate.figure) else ""
    return [f"1 {rate.base} = {shown(rate.figure, digits)} {rate.symbol}{few}, {rate.how}{of_day}"]


def _caption(rate: Rate, settings: Settings, rule: str) -> str:
    """`ecb · reference · Fri 2020-02-28 (2 days earlier)`: who published the rates, their day or period, their age."""
    simulated = rate.source == HISTORY and rate.provider != "ecb"
    modules, _ = load_each((rate.provider,))
    kind = "simulated from ECB reference rates" if simulated else modules[0].PROVIDER.rate_type if modules else ""
    if rate.how == "average":
        when = f"mean of {rate.day} to {rate.valid_to}"
    elif rate.valid_to is not None:
        when = period(rate.day, rate.valid_to)
    elif settings.on is not None:
        when = f"{dated(rate.day)} ({_distance(rate.age_days, rule)})"
    else:
        when = dated(rate.day) + ("" if simulated else f" ({age(rate.day, settings.day())})")
    return " · ".join(part for part in (rate.provider, kind, when) if part)


def _distance(days: int, rule: str) -> str:
    """How far the day used is from the one asked for."""
    if days == 0:
        return f"the day of {rule}" if rule else "the day asked for"
    return f"{abs(days)} {'day' if abs(days) == 1 else 'days'} {'earlier' if days > 0 else 'later'}"


def _asked(rate: Rate, settings: Settings, rule: str) -> list[str]:
    """A line that names the day asked for and the rule, if the rate is of another day."""
    if settings.on is None or (rate.age_days == 0 and (rule or rate.valid_to is None)):
        return []
    asked = f"{f'{rule} asks' if rule else 'asked'} for {settings.on}, a {weekday(settings.on)}"
    if rate.valid_to is not None:
        return [f"{asked} of that period"]
    return [f"{asked}: {_BY_RULE[settings.when]}"]


def _row(one: Converted, settings: Settings) -> tuple[Cell, ...]:
    """A conversion for programs, under HEADERS.

    result: unrounded, unless decimals were asked for, or a rule of law rounds. how: "fixed" if no publisher was needed.
    day, valid_to: the day used, or the period. asked, when: null for the latest rates; age_days: from the day asked
    for, or today. fixed, pegged: the ratios used, as sentences. offline, source, simulated: as in the exports of
    `rates show`.
    """
    rate, asked = one.rate, settings.on
    by_law = one.rule is not None and one.rule.rounding is not None
    result = one.rounded if by_law or one.digits is not None else one.exact
    used: tuple[Cell, ...] = (rate.provider, rate.day, rate.valid_to, asked, asked and settings.when, rate.age_days)
    sentences = ("; ".join(rate.ratios) or None, "; ".join(pegged([rate.figure])) or None)
    source = (bool(rate.source), rate.source or None, simulation(settings) or None)
    figure = (one.amount, rate.base, result, rate.symbol, rate.rate, rate.how)
    return (*figure, *(used if rate.provider else (None,) * len(used)), *sentences, *source)
