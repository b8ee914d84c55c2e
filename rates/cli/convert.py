"""`rates convert AMOUNT FROM TO…`: an amount in other currencies, with the rates used."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import click

from rates.cli import NOTHING, OK
from rates.cli.options import CODES, CONVERT, options, settings_from
from rates.cli.show import codes_in
from rates.cli.terminal import error_width, output_width, put_error, put_text, say
from rates.conversion import Conversion, conversion, minor_units
from rates.currencies import code, not_begun
from rates.errors import UsageError, quoted
from rates.model import ONE, RateTable
from rates.readers import number
from rates.settings import MACHINE_FORMATS, Settings

EPILOG = """\b
Examples:
  rates convert 100 USD EUR
  rates convert 2500 jpy usd eur --on 2020-03-02
  rates convert 100 USD EUR --format json    the exact product, unrounded
  rates convert 100 DEM EUR FRF              ended currencies, by fixed rates
  rates convert 100 EUR AED --pegs           a peg, if no rate is published

Exit status: 0 converted, 2 wrong usage, 3 no rate could be fetched, 130 interrupted.
"""


@click.command("convert", epilog=EPILOG, context_settings={"ignore_unknown_options": True})
@click.argument("amount", type=click.UNPROCESSED)
@click.argument("base", metavar="FROM", type=CODES)
@click.argument("symbols", metavar="TO…", nargs=-1, required=True, type=CODES)
@options(*CONVERT)
def command(amount: str, base: str, symbols: tuple[str, ...], **flags: Any) -> int:
    """Convert AMOUNT of one currency into others.

    The result is rounded to the minor units of ISO 4217; json, jsonl and csv give it unrounded. An ended currency is
    converted at the rate fixed at its end: an irrevocable euro rate, or the ratio of a redenomination.
    """
    for word in symbols:
        if word.startswith("-"):
            raise click.NoSuchOption(word)
    settings = settings_from(flags)
    sum_of, start, wanted = _amount(amount), code(base), codes_in(symbols)
    planned = {symbol: conversion(start, symbol, settings.on or settings.day()) for symbol in wanted}
    _check_euro((start, *wanted), settings)
    table = None
    if any(one.needs_rate for one in planned.values()):
        table = _fetched(planned, settings)
        if table is None:
            return NOTHING
        planned = {
            symbol: replace(one, figure=table.figures[one.symbol.unit]) if one.needs_rate else one
            for symbol, one in planned.items()
        }
    put_text(_text(sum_of, start, planned, table, settings))
    return OK


def _check_euro(symbols: tuple[str, ...], settings: Settings) -> None:
    """Refuses the euro on a day before it began: no publisher can have it, and some would answer with the ECU."""
    if settings.on is not None and "EUR" in symbols and (reason := not_begun("EUR", settings.on)):
        raise UsageError(f"no rates of {settings.on}: {reason}")


def _fetched(planned: dict[str, Conversion], settings: Settings) -> RateTable | None:
    """The table with the rates needed; None if no publisher has it, with the reasons on stderr."""
    from rates.cli.fetching import fetch_bases

    asking = [one for one in planned.values() if one.needs_rate]
    units = tuple(dict.fromkeys(one.symbol.unit for one in asking))
    outcome = fetch_bases([asking[0].base.unit], settings.with_values(symbols=units, strict=True, mode="sequential"))[0]
    from rates.present.errors import failures, passed_over_why, warnings

    say(passed_over_why([outcome]))
    say(warnings([outcome]))
    put_error(failures([outcome], settings, error_width()))
    return outcome.table


def _amount(text: str) -> Decimal:
    """The amount as typed: a plain decimal number, with _ allowed between digits."""
    try:
        amount = number(re.sub(r"(?<=\d)_(?=\d)", "", text, flags=re.ASCII))
    except ValueError:
        hint = "write it like 100 or 99.95, with a point, and without commas or spaces"
        raise UsageError(f"not an amount: {quoted(text)}", hint=hint) from None
    return amount if amount else abs(amount)  # -0 is shown as 0


def _text(
    amount: Decimal, base: str, planned: dict[str, Conversion], table: RateTable | None, settings: Settings
) -> str:
    """The conversions as rows for programs or as lines for people."""
    if settings.format in MACHINE_FORMATS:
        return _rows(amount, base, planned, table, settings.format)
    from rates.present.layout import folded

    lines = []
    for symbol, one in planned.items():
        # The euro's regulation rounds a half up (Regulation (EC) 1103/97, Article 5).
        rounding = ROUND_HALF_UP if one.ratios else ROUND_HALF_EVEN
        lines.append(f"{amount:f} {base} = {minor_units(one.result(amount), symbol, rounding):f} {symbol}")
    return folded("\n".join((*lines, "", *_reasons(planned, table, settings))), output_width())


def _reasons(planned: dict[str, Conversion], table: RateTable | None, settings: Settings) -> list[str]:
    """The rates used: fixed ratios first, then published rates and pegs, and their source."""
    from rates.present import caption, network_note, pegged, rate_text

    ratios = dict.fromkeys(sentence for one in planned.values() for sentence in one.ratios)
    same = [f"1 {symbol} = 1 {symbol}" for symbol, one in planned.items() if not one.needs_rate and not one.ratios]
    if table is None:
        return [*ratios, *same]
    units = dict.fromkeys(one.symbol.unit for one in planned.values() if one.needs_rate)
    rates = [f"1 {table.base} = {rate_text(table, unit, settings.digits)} {unit}" for unit in units]
    pegs = [f"pegged: {peg}" for peg in pegged(table.figures[unit] for unit in units)]
    return [*ratios, *same, *rates, *pegs, *caption(table, settings.day()), *network_note(settings)]


def _rows(amount: Decimal, base: str, planned: dict[str, Conversion], table: RateTable | None, fmt: str) -> str:
    """A row for each conversion.

    how: "fixed" if no publisher was needed. fixed, pegged: the ratios used, as sentences.
    """
    from rates.present import pegged, rows

    headers = ("amount", "base", "result", "symbol", "rate", "how", "provider", "day", "fixed", "pegged")
    cells = []
    for symbol, one in planned.items():
        provider = table.provider if table is not None and one.figure else None
        day = one.figure.day if one.figure else None
        pegs = "; ".join(pegged([one.figure])) if one.figure else ""
        ratios = ("; ".join(one.ratios) or None, pegs or None)
        cells.append((amount, base, one.result(amount), symbol, one.result(ONE), one.how, provider, day, *ratios))
    return rows(headers, cells, fmt)
