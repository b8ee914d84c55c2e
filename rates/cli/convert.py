"""`rates convert AMOUNT FROM TO…`: an amount in other currencies, with the rates used."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any

import click

from rates.cli import NOTHING, OK, put_text, say
from rates.cli.fixed import Way, way
from rates.cli.options import CONVERT, options, settings_from
from rates.cli.parameters import CODES
from rates.cli.show import codes_in, say_offline
from rates.currencies import all_currencies, code, unborn
from rates.errors import UsageError, quoted
from rates.model import ONE, RateTable
from rates.readers import MOST_DIGITS, number
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
    ways = {symbol: way(start, symbol, settings.on or settings.day()) for symbol in wanted}
    _check_euro((start, *wanted), settings)
    table = None
    if any(one.asks for one in ways.values()):
        table = _fetched(ways, settings)
        if table is None:
            return NOTHING
        ways = {s: replace(one, figure=table.figures[one.symbol.head]) if one.asks else one for s, one in ways.items()}
    put_text(_text(sum_of, start, ways, table, settings), settings.format)
    if settings.mocked and table is not None:
        say_offline(settings, table.day)
    return OK


def _check_euro(symbols: tuple[str, ...], settings: Settings) -> None:
    """Refuses the euro on a day before it began: no publisher can have it, and some would answer with the ECU."""
    if settings.on is not None and "EUR" in symbols and (reason := unborn("EUR", settings.on)):
        raise UsageError(f"no rates of {settings.on}: {reason}")


def _fetched(ways: dict[str, Way], settings: Settings) -> RateTable | None:
    """The table with the rates needed; None if no publisher has it, with the reasons on stderr."""
    from rates.cli.run import run_all

    asking = [one for one in ways.values() if one.asks]
    heads = tuple(dict.fromkeys(one.symbol.head for one in asking))
    outcome = run_all([asking[0].base.head], settings.with_values(symbols=heads, strict=True, mode="sequential"))[0]
    from rates.present.errors import failures, passed_over_why, warnings

    for message in (passed_over_why([outcome]), warnings([outcome]), failures([outcome], settings)):
        if message:
            say(message)
    return outcome.table


def _amount(text: str) -> Decimal:
    """The amount as typed: a plain decimal number, with _ allowed between digits."""
    try:
        amount = number(re.sub(r"(?<=\d)_(?=\d)", "", text, flags=re.ASCII))
    except ValueError:
        hint = "write it like 100 or 99.95, with a point, and without commas or spaces"
        raise UsageError(f"not an amount: {quoted(text)}", hint=hint) from None
    return amount if amount else abs(amount)  # -0 is shown as 0


def rounded(amount: Decimal, symbol: str, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """The amount in the currency's minor units; one that would round to 0 keeps four significant digits."""
    minor = all_currencies()[symbol].digits
    places = 4 if minor is None else minor
    if amount and abs(amount) < Decimal(1).scaleb(-places):
        places = 3 - amount.adjusted()
    return amount.quantize(Decimal(1).scaleb(-places), rounding, context=_ROOM)


# Enough digits for the product of any amount and any rate that the readers accept.
_ROOM = Context(prec=2 * MOST_DIGITS)


def _text(amount: Decimal, base: str, ways: dict[str, Way], table: RateTable | None, settings: Settings) -> str:
    """The conversions as rows for programs or as lines for people."""
    if settings.format in MACHINE_FORMATS:
        return _rows(amount, base, ways, table, settings.format)
    lines = []
    for symbol, one in ways.items():
        # The euro's regulation rounds a half up (Regulation (EC) 1103/97, Article 5).
        rounding = ROUND_HALF_UP if one.fixed else ROUND_HALF_EVEN
        lines.append(f"{amount:f} {base} = {rounded(one.of(amount), symbol, rounding):f} {symbol}")
    return "\n".join((*lines, "", *_reasons(ways, table, settings))) + "\n"


def _reasons(ways: dict[str, Way], table: RateTable | None, settings: Settings) -> list[str]:
    """The rates used: fixed ratios first, then published rates and pegs, and their source."""
    from rates.present import caption, pegged, rate_text

    fixed = dict.fromkeys(sentence for one in ways.values() for sentence in one.fixed)
    if table is None:
        return [*fixed, *(f"1 {s} = 1 {s}" for s, one in ways.items() if not one.fixed)]
    heads = dict.fromkeys(one.symbol.head for one in ways.values() if one.asks)
    same = [f"1 {s} = 1 {s}" for s, one in ways.items() if not one.asks and not one.fixed]
    rates = [f"1 {table.base} = {rate_text(table, head, settings.digits)} {head}" for head in heads]
    pegs = [f"pegged: {peg}" for peg in pegged(table.figures[head] for head in heads)]
    return [*fixed, *same, *rates, *pegs, caption(table, settings.day())]


def _rows(amount: Decimal, base: str, ways: dict[str, Way], table: RateTable | None, fmt: str) -> str:
    """A row for each conversion.

    how: "fixed" if no publisher was needed. fixed, pegged: the ratios used, as sentences.
    """
    from rates.present import pegged, rows

    headers = ("amount", "base", "result", "symbol", "rate", "how", "provider", "day", "fixed", "pegged")
    cells = []
    for symbol, one in ways.items():
        provider = table.provider if table is not None and one.figure else None
        day = str(one.figure.day) if one.figure else None
        pegs = "; ".join(pegged([one.figure])) if one.figure else ""
        ratios = ("; ".join(one.fixed) or None, pegs or None)
        cells.append((amount, base, one.of(amount), symbol, one.of(ONE), one.how, provider, day, *ratios))
    return rows(headers, cells, fmt) + "\n"
