"""`rates convert AMOUNT FROM TO…`: an amount in other currencies, with the rate it was made by."""

from __future__ import annotations

import re
import sys
from decimal import Context, Decimal
from typing import Any

import click

from rates.cli import NOTHING, OK, say
from rates.cli.options import CONVERT, Setting, options, settings_from
from rates.cli.show import codes_in, say_offline
from rates.currencies import all_currencies, code
from rates.errors import UsageError, quoted
from rates.model import RateTable
from rates.parse_settings import MACHINE_FORMATS
from rates.readers import EXACT, MOST_DIGITS, number

EPILOG = """\b
Examples:
  rates convert 100 USD EUR
  rates convert 2500 jpy usd eur --on 2020-03-02
  rates convert 100 USD EUR --format json      the exact product, unrounded

\b
Exit status: 0 converted, 2 wrong usage, 3 no rate could be fetched, 130 interrupted.
"""


@click.command("convert", epilog=EPILOG, context_settings={"ignore_unknown_options": True})
@click.argument("amount", type=click.UNPROCESSED)
@click.argument("base", metavar="FROM", type=click.UNPROCESSED, shell_complete=Setting("bases", "BASE").shell_complete)
@click.argument("symbols", metavar="TO…", nargs=-1, required=True, type=click.UNPROCESSED,
                shell_complete=Setting("bases", "BASE").shell_complete)  # fmt: skip
@options(*CONVERT)
def command(amount: str, base: str, symbols: tuple[str, ...], **flags: Any) -> int:
    """Convert AMOUNT of one currency into others.

    The result is rounded to the minor units of ISO 4217; json, jsonl and csv give it exactly.
    """
    for word in symbols:
        if word.startswith("-"):
            raise click.NoSuchOption(word)
    settings = settings_from(flags)
    sum_of, start, wanted = _amount(amount), code(base), codes_in(symbols)
    from rates.cli.run import run_all

    outcome = run_all([start], settings.with_values(symbols=wanted, strict=True, mode="sequential"))[0]
    if outcome.table is None:
        from rates.present import failures

        say(failures([outcome], settings))
        return NOTHING
    sys.stdout.write(_text(sum_of, outcome.table, wanted, settings))
    if settings.mocked:
        say_offline(settings, outcome.table.day)
    return OK


def _amount(text: str) -> Decimal:
    """The amount typed: a plain decimal number."""
    try:
        amount = number(re.sub(r"(?<=\d)_(?=\d)", "", text, flags=re.ASCII))
    except ValueError:
        hint = "write it like 100 or 99.95, with a point, and without commas or spaces"
        raise UsageError(f"no amount: {quoted(text)}", hint=hint) from None
    return amount if amount else abs(amount)  # nobody owes minus nothing


def rounded(amount: Decimal, symbol: str) -> Decimal:
    """The amount in the currency's minor units, half to even; what would vanish keeps four significant digits."""
    minor = all_currencies()[symbol].digits
    places = 4 if minor is None else minor
    if amount and abs(amount) < Decimal(1).scaleb(-places):
        places = 3 - amount.adjusted()
    return amount.quantize(Decimal(1).scaleb(-places), context=_ROOM)


# Room for any amount of which the reader takes the digits, times any rate.
_ROOM = Context(prec=2 * MOST_DIGITS)


def _text(amount: Decimal, table: RateTable, symbols: tuple[str, ...], settings: Any) -> str:
    """The conversions as lines for people or as rows for programs."""
    from rates.present import caption, rate_text, rows

    products = {symbol: EXACT.multiply(amount, table[symbol]) for symbol in symbols}
    if settings.format in MACHINE_FORMATS:
        headers = ("amount", "base", "result", "symbol", "rate", "how", "provider", "day")
        cells = [
            (amount, table.base, products[s], s, table[s], table.how(s), table.provider, str(table.figures[s].day))
            for s in symbols
        ]
        return rows(headers, cells, settings.format) + "\n"
    lines = [f"{amount:f} {table.base} = {rounded(products[s], s):f} {s}" for s in symbols]
    rates = [f"1 {table.base} = {rate_text(table, s, settings.digits)} {s}" for s in symbols]
    return "\n".join((*lines, "", *rates, caption(table, settings.day()))) + "\n"
