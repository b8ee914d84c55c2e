"""`rates currencies [CODE]…`: codes, names, minor units, and life cycles: first day, end, fixed ratio, peg."""

from __future__ import annotations

from typing import Any

import click

from rates.cli import OK
from rates.cli.options import CODES, LIST, format_from, options
from rates.cli.terminal import output_width, put_text
from rates.currencies import Currency, all_currencies, code, name, pegs
from rates.currencies.life_cycles import steps_of

EPILOG = """\b
Examples:
  rates currencies            all codes in use
  rates currencies hrk aed    two in full: life cycle, peg, publishers
  rates currencies --ended    those that were replaced
  rates currencies --format json
"""

HEADERS = ("code", "number", "digits", "name", "ended", "successor", "ratio", "began", "fixed_from", "peg", "peg_since")
LISTED, LISTED_ENDED = 4, 7  # the columns of a list, and of a list of ended currencies


@click.command("currencies", epilog=EPILOG)
@click.argument("codes", nargs=-1, metavar="[CODE]…", type=CODES)
@click.option("--ended", is_flag=True, help="Only currencies that were replaced.")
@options(*LIST)
def command(codes: tuple[str, ...], ended: bool, **flags: Any) -> int:
    """List currency codes with number and minor units (ISO 4217) and name (CLDR).

    With CODEs: show everything about them, as when each began and ended.
    """
    fmt = format_from(flags)
    known = all_currencies()
    if codes:
        chosen = [known[code(word)] for word in codes]
    else:
        chosen = [known[key] for key in sorted(known) if (known[key].ended is not None) == ended]
    if codes and fmt == "simple":
        from rates.present.layout import entry

        titles = (f"{currency.code} · {name(currency.code) or 'without a name'}" for currency in chosen)
        blocks = (entry(title, _fields(one), output_width()) for title, one in zip(titles, chosen, strict=True))
        put_text("\n\n".join(blocks))
        return OK
    from rates.present.layout import Column
    from rates.present.tabular import rows

    many = len(HEADERS) if codes else LISTED_ENDED if ended else LISTED
    narrow = {"number": Column("number", drop=1), "digits": Column("digits", drop=2), "name": Column("name", cut=12)}
    columns = [narrow.get(heading, heading) for heading in HEADERS[:many]]
    put_text(rows(columns, [_cells(currency)[:many] for currency in chosen], fmt, output_width()))
    return OK


def _cells(currency: Currency) -> tuple[Any, ...]:
    """A row of a table."""
    peg = pegs().get(currency.code)
    return (
        currency.code,
        currency.number,
        currency.digits,
        name(currency.code),
        currency.ended,
        currency.successor or None,
        currency.ratio,
        currency.began,
        currency.fixed,
        f"{peg.rate} for 1 {peg.anchor}" if peg else None,
        peg.since if peg else None,
    )


def _fields(currency: Currency) -> dict[str, str]:
    """Everything about one currency, for people, by name; "" where there is nothing."""
    peg = pegs().get(currency.code)
    before = sorted(old.code for old in all_currencies().values() if old.successor == currency.code)
    digits = "none defined" if currency.digits is None else str(currency.digits)
    return {
        "number": currency.number,
        "minor units": digits,
        "began": currency.began.isoformat() if currency.began else "",
        "before it": ", ".join(before),
        "ended": f"{currency.ended}, replaced by {currency.successor}" if currency.ended else "",
        "fixed": steps_of(currency)[-1].sentence() if currency.ratio else "at no fixed ratio" if currency.ended else "",
        "pegged": f"{peg.sentence()}, by the {peg.authority}; used only with --pegs" if peg else "",
        **_publishers(currency),
    }


def _publishers(currency: Currency) -> dict[str, str]:
    """The publishers that have it, which of them need a key, and where it ended or paused."""
    from rates import providers
    from rates.providers import published

    found = [providers.load(key).PROVIDER for key in published.publishers(currency.code)]
    lines = {"published by": ", ".join(f"{one.key} (key)" if one.key_env else one.key for one in found)}
    for key in providers.own_keys():
        spells = published.spells(key, currency.code)
        if any(spell.last for spell in spells):
            since = providers.load(key).PROVIDER.since
            lines[f"at {key}"] = ", ".join(f"{spell.first or since} to {spell.last or 'now'}" for spell in spells)
    return lines
