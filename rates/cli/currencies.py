"""`rates currencies [CODE]…`: codes, names, minor units, and what became of those that ended."""

from __future__ import annotations

import sys
from typing import Any

import click

from rates.cli import OK
from rates.cli.options import LIST, Setting, options, settings_from
from rates.currencies import Currency, all_currencies, code, name

EPILOG = """\b
Examples:
  rates currencies              all codes in use
  rates currencies jpy hrk      two of them, ended ones too
  rates currencies --ended      those that were replaced
  rates currencies --format json
"""


@click.command("currencies", epilog=EPILOG)
@click.argument("codes", nargs=-1, metavar="[CODE]…", type=click.UNPROCESSED,
                shell_complete=Setting("bases", "BASE").shell_complete)  # fmt: skip
@click.option("--ended", is_flag=True, help="Only currencies that were replaced.")
@options(*LIST)
def command(codes: tuple[str, ...], ended: bool, **flags: Any) -> int:
    """List currency codes with number and minor units (ISO 4217) and name (CLDR)."""
    settings = settings_from(flags)
    known = all_currencies()
    if codes:
        chosen = [known[code(word)] for word in codes]
    else:
        chosen = [known[key] for key in sorted(known) if (known[key].ended is not None) == ended]
    from rates.present import rows

    headers = ("code", "number", "digits", "name", "ended", "successor", "ratio")
    shown = any(currency.ended for currency in chosen)
    cells = [_cells(currency)[: 7 if shown else 4] for currency in chosen]
    sys.stdout.write(rows(headers[: 7 if shown else 4], cells, settings.format) + "\n")
    return OK


def _cells(currency: Currency) -> tuple[Any, ...]:
    """One line of the list."""
    return (
        currency.code,
        currency.number,
        currency.digits,
        name(currency.code),
        currency.ended.isoformat() if currency.ended else None,
        currency.successor or None,
        currency.ratio,
    )
