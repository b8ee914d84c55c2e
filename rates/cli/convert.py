"""`rates convert AMOUNT FROM TO…`: an amount in other currencies, with the rates used."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import click

from rates.cli import NOTHING, OK
from rates.cli.fetching import FAILURES
from rates.cli.options import CODES, CONVERT, options, settings_from
from rates.cli.terminal import error_width, output_width, put_error, put_text, say
from rates.cli.typed import conversion_words
from rates.conversion import Conversion, conversion, minor_units
from rates.currencies import not_begun, redenominated
from rates.errors import UsageError
from rates.model import ONE, RateTable
from rates.settings import MACHINE_FORMATS, Settings

EPILOG = """\b
Examples:
  rates convert 100 USD EUR
  rates 100USD to EUR                        the same, `convert` left out
  rates convert 1,000.50 eur/usd --on yesterday
  rates convert 2500 jpy usd eur --on 2020-03-02
  rates convert 100 USD EUR -q               the figure alone
  rates convert 100 USD EUR --format json    the exact product, unrounded
  rates convert 5250 GBX EUR                 pence, as exchanges quote shares
  rates convert 100 DEM EUR FRF              ended currencies, by fixed rates
  rates convert 100 EUR AED --pegs           a peg, if no rate is published

An amount may have separators where they are clear, like 1,000.50 and 1.000,50. 1,000 and 1.000 are not clear: each is
a thousand for some and one for others.
GBp is pence and GBP is pounds, as exchanges write them; gbp is pounds.

Exit status: 0 converted, 2 wrong usage, 3 no rate could be fetched, 130 interrupted.
"""


@click.command("convert", epilog=EPILOG, context_settings={"ignore_unknown_options": True})
@click.argument("words", metavar="AMOUNT FROM TO…", nargs=-1, type=CODES)
@FAILURES
@options(*CONVERT)
def command(words: tuple[str, ...], listed: bool, **flags: Any) -> int:
    """Convert AMOUNT of one currency into others.

    The result is rounded to the minor units of ISO 4217; json, jsonl and csv give it unrounded. An ended currency is
    converted at the rate fixed at its end: an irrevocable euro rate, or the ratio of a redenomination.
    """
    for word in words:
        if re.match(r"--?[^\W\d]", word):
            raise click.NoSuchOption(word, ctx=click.get_current_context())
    settings = settings_from(flags)
    sum_of, start, wanted = conversion_words(words)
    planned = {symbol: conversion(start, symbol, settings.on or settings.day()) for symbol in wanted}
    _check_begun((start, *wanted), settings)
    table = None
    if any(one.needs_rate for one in planned.values()):
        table = _fetched(planned, settings, listed=listed)
        if table is None:
            return NOTHING
        planned = {
            symbol: replace(one, figure=table.figures[one.symbol.unit]) if one.needs_rate else one
            for symbol, one in planned.items()
        }
    if flags["quiet"]:
        put_text("\n".join(f"{_rounded(sum_of, symbol, one):f}" for symbol, one in planned.items()))
    else:
        put_text(_text(sum_of, start, planned, table, settings))
    return OK


def _check_begun(symbols: tuple[str, ...], settings: Settings) -> None:
    """Refuses a currency on a day before it began: some publishers would answer with old money under its code."""
    for symbol in symbols:
        if settings.on is not None and (reason := not_begun(symbol, settings.on)):
            raise UsageError(f"no rates of {settings.on}: {reason}")


def _fetched(planned: dict[str, Conversion], settings: Settings, *, listed: bool) -> RateTable | None:
    """The table with the rates needed; None if no publisher has it, with the reasons on stderr."""
    from rates.cli.fetching import fetch_bases

    asking = [one for one in planned.values() if one.needs_rate]
    units = tuple(dict.fromkeys(one.symbol.unit for one in asking))
    outcome = fetch_bases([asking[0].base.unit], settings.with_values(symbols=units, strict=True, mode="sequential"))[0]
    from rates.present.errors import failures, passed_over_why, warnings

    say(passed_over_why([outcome]))
    say(warnings([outcome]))
    put_error(failures([outcome], settings, error_width(), listed=listed))
    return outcome.table


def _rounded(amount: Decimal, symbol: str, one: Conversion) -> Decimal:
    """The result in minor units. The euro's regulation rounds a half up (Regulation (EC) 1103/97, Article 5)."""
    return minor_units(one.result(amount), symbol, ROUND_HALF_UP if one.ratios else ROUND_HALF_EVEN)


def _text(
    amount: Decimal, base: str, planned: dict[str, Conversion], table: RateTable | None, settings: Settings
) -> str:
    """The conversions as rows for programs or as lines for people."""
    if settings.format in MACHINE_FORMATS:
        return _rows(amount, base, planned, table, settings)
    from rates.present.layout import folded

    lines = [f"{amount:f} {base} = {_rounded(amount, symbol, one):f} {symbol}" for symbol, one in planned.items()]
    return folded("\n".join((*lines, "", *_reasons(planned, table, settings))), output_width())


def _reasons(planned: dict[str, Conversion], table: RateTable | None, settings: Settings) -> list[str]:
    """The rates used: fixed ratios first, then published rates and pegs, and their source."""
    from rates.present import caption, network_note, pegged, rate_text

    on = settings.on or settings.day()
    old = [redenominated(one, on) for one in dict.fromkeys(one for two in planned.values() for one in two.codes)]
    ratios = dict.fromkeys([*(sentence for one in planned.values() for sentence in one.ratios), *filter(None, old)])
    same = [f"1 {symbol} = 1 {symbol}" for symbol, one in planned.items() if not one.needs_rate and not one.ratios]
    if table is None:
        return [*ratios, *same]
    units = dict.fromkeys(one.symbol.unit for one in planned.values() if one.needs_rate)
    rates = [f"1 {table.base} = {rate_text(table, unit, settings.digits)}{_of_day(table, unit)}" for unit in units]
    pegs = [f"pegged: {peg}" for peg in pegged(table.figures[unit] for unit in units)]
    return [*ratios, *same, *rates, *pegs, *caption(table, settings.day()), *network_note(settings)]


def _of_day(table: RateTable, unit: str) -> str:
    """The day of a rate that is older than others of the table, whose day the caption has."""
    day = table.figures[unit].day
    return "" if day == table.day else f", of {day}"


def _rows(
    amount: Decimal, base: str, planned: dict[str, Conversion], table: RateTable | None, settings: Settings
) -> str:
    """A row for each conversion.

    how: "fixed" if no publisher was needed. fixed, pegged: the ratios used, as sentences. offline, source, simulated:
    as in the exports of `rates show`.
    """
    from rates.present import pegged, rows, simulated_network

    headers = (
        "amount", "base", "result", "symbol", "rate", "how", "provider", "day", "fixed", "pegged",
        "offline", "source", "simulated",
    )  # fmt: skip
    cells = []
    for symbol, one in planned.items():
        provider = table.provider if table is not None and one.figure else None
        day = one.figure.day if one.figure else None
        pegs = "; ".join(pegged([one.figure])) if one.figure else ""
        ratios = ("; ".join(one.ratios) or None, pegs or None)
        source = table.source if table is not None and one.figure else ""
        origin = (bool(source), source or None, simulated_network(settings) or None)
        rate = (one.result(ONE), one.how, provider, day)
        cells.append((amount, base, one.result(amount), symbol, *rate, *ratios, *origin))
    return rows(headers, cells, settings.format)
