"""The rule for days without a rate in tables: what is asked for a day, and which rates of the answer it allows.

A table comes from one publication: up to a day, or by the rules that look ahead the next or nearest one. Those are not
for groups of publishers, which are asked for one day at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from rates.errors import NoRates, UsageError
from rates.model import DerivedRate, Failed, Fetched, Outcome
from rates.settings import Settings

AHEAD = ("next", "nearest")
_ALWAYS = ("identity", "fixed")  # rates that hold on any day


def to_ask(settings: Settings) -> Settings:
    """The settings under which publishers are asked: by `before`, for the day before the one asked for."""
    if settings.on is None:
        return settings
    if settings.when in AHEAD:
        hint = "give --when exact, previous or before, or one --provider in place of --from and --consensus"
        raise UsageError(
            f"many publishers are asked for rates up to a day, and none by --when {settings.when}", hint=hint
        )
    if settings.when == "before" and settings.on > date.min:
        return settings.with_values(on=settings.on - timedelta(days=1))
    return settings


def allowed(outcomes: Iterable[Outcome], settings: Settings) -> list[Outcome]:
    """The outcomes with the rates that the rule allows; one that is left without, or lacks a symbol, is `NoRates`."""
    on = settings.on
    return [one if on is None or not one.ok else _allowed(one, settings, on) for one in outcomes]


def _allowed(outcome: Fetched, settings: Settings, on: date) -> Outcome:
    table = outcome.table
    figures = {symbol: figure for symbol, figure in table.figures.items() if _allows(settings, on, figure)}
    lost = table.figures.keys() - figures.keys()
    left = any(figure.how != "identity" for figure in figures.values())
    if lost and (not left or (settings.strict and not lost.isdisjoint(settings.symbols))):
        what = f"{table.base}/{','.join(sorted(lost))}" if settings.strict else f"rates of {table.base}"
        newest = max((table.figures[symbol] for symbol in lost), key=lambda figure: figure.day)
        hint = f"it has those of {newest.day}"
        if settings.when != "exact" and newest.valid_to is None:
            hint += f"; allow them with --max-age {(on - newest.day).days}"
        error = NoRates(f"has no {what} for {on} by {_named(settings)}", provider=table.provider, hint=hint)
        return Failed(outcome.base, error, outcome.passed_over, outcome.timing, outcome.provider)
    return replace(outcome, table=replace(table, figures=figures, asked=on))


def _allows(settings: Settings, on: date, figure: DerivedRate) -> bool:
    if figure.how in _ALWAYS or figure.day <= on <= (figure.valid_to or figure.day):
        return True
    if settings.when == "exact" or figure.valid_to is not None:  # no rate is carried past its period
        return False
    return settings.max_age is None or (on - figure.day).days <= settings.max_age


def _named(settings: Settings) -> str:
    age = "" if settings.when == "exact" or settings.max_age is None else f" and --max-age {settings.max_age}"
    return f"--when {settings.when}{age}"
