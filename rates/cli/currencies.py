"""`rates currencies [CODE|WORD]…`: codes, names, minor units, and life cycles: first day, end, fixed ratio, peg."""

from __future__ import annotations

from typing import Any

import click

from rates.cli import OK
from rates.cli.options import CODES, LIST, format_from, options
from rates.cli.pager import NO_PAGER, page
from rates.cli.terminal import output_width, put_text
from rates.currencies import COMMON, FRACTIONS, OFFSHORE, Currency, all_currencies, code, digits, name, pegs
from rates.currencies.life_cycles import steps_of
from rates.currencies.market_codes import SIGNS
from rates.errors import UsageError

EPILOG = """\b
Examples:
  rates currencies            all codes in use
  rates currencies hrk aed    two in full: life cycle, peg, publishers
  rates currencies dollar     those with the word in their name
  rates currencies €          those with the sign
  rates currencies --market   codes beside ISO 4217: GBX, JEP, CNH
  rates currencies --ended    those that were replaced
  rates currencies --format json
"""

HEADERS = ("code", "number", "digits", "name", "ended", "successor", "ratio", "began", "fixed_from", "peg", "peg_since")
LISTED, FOUND, LISTED_ENDED = 4, 5, 7  # the columns of a list, of one with ended currencies, and of those alone


@click.command("currencies", epilog=EPILOG)
@click.argument("codes", nargs=-1, metavar="[CODE|WORD]…", type=CODES)
@click.option("--market", is_flag=True, help="Only codes beside ISO 4217: minor units, money at par, CNH.")
@click.option("--ended", is_flag=True, help="Only currencies that were replaced.")
@options(*LIST)
@NO_PAGER
def command(codes: tuple[str, ...], ended: bool, market: bool, **flags: Any) -> int:
    """List currency codes with number and minor units (ISO 4217) and name (CLDR).

    With CODEs: show everything about them, as when each began and ended. With words of a name, or a sign: list the
    currencies that have it.
    """
    fmt = format_from(flags)
    named, words = _sorted_out(codes)
    chosen = [_currency(symbol) for symbol in (*named, *_found(words))]
    if codes and not chosen:
        code(words[0])  # raises the error of an unknown code
    if not codes:
        chosen = _listed(ended, market)
    if codes and fmt == "simple" and (not words or len(chosen) == 1):
        from rates.present.layout import entry

        titles = (f"{currency.code} · {name(currency.code) or 'without a name'}" for currency in chosen)
        blocks = (entry(title, _fields(one), output_width()) for title, one in zip(titles, chosen, strict=True))
        put_text("\n\n".join(blocks))
        return OK
    from rates.present.layout import Column
    from rates.present.tabular import rows

    many = LISTED_ENDED if ended else FOUND if any(one.ended for one in chosen) else LISTED
    many = len(HEADERS) if codes and not words else many
    narrow = {"number": Column("number", drop=1), "digits": Column("digits", drop=2), "name": Column("name", cut=12)}
    columns = [narrow.get(heading, heading) for heading in HEADERS[:many]]
    cells = [_cells(currency)[:many] for currency in chosen]
    page(rows(columns, cells, fmt, output_width()), paged=not flags["no_pager"])
    return OK


def _sorted_out(words: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The codes among the words, and the words that are none."""
    named, others = [], []
    for word in words:
        try:
            named.append(code(word))
        except UsageError:
            others.append(word)
    return named, others


def _found(words: list[str]) -> list[str]:
    """The codes whose name has all of the words, or that are written with the sign; those most traded come first."""
    if not words:
        return []
    if len(words) == 1 and words[0] in SIGNS:
        return list(SIGNS[words[0]])
    known = all_currencies()
    symbols = dict.fromkeys((*COMMON, *sorted(known), *FRACTIONS, *OFFSHORE))
    having = [one for one in symbols if all(word.lower() in name(one).lower() for word in words)]
    return sorted(having, key=lambda symbol: symbol in known and known[symbol].ended is not None)


def _listed(ended: bool, market: bool) -> list[Currency]:
    """The currencies of a list: those in use, those that ended, or the codes beside ISO 4217."""
    if market:
        return [_currency(symbol) for symbol in sorted((*FRACTIONS, *OFFSHORE))]
    known = all_currencies()
    return [known[key] for key in sorted(known) if (known[key].ended is not None) == ended]


def _currency(symbol: str) -> Currency:
    """The facts of a code; of one beside ISO 4217 those that it has."""
    return all_currencies().get(symbol) or Currency(symbol, "", digits(symbol))


def _cells(currency: Currency) -> tuple[Any, ...]:
    """A row of a table."""
    peg = pegs().get(currency.code)
    return (
        currency.code,
        currency.number or None,
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
    fraction = FRACTIONS.get(currency.code)
    cuts = "; ".join(step.sentence() for step in steps_of(currency) if step.old == step.new and step.ratio)
    return {
        "number": currency.number or "none, not a code of ISO 4217",
        "minor units": "none defined" if currency.digits is None else str(currency.digits),
        "worth": f"{fraction.sentence()}; rates are those of {fraction.unit}" if fraction else "",
        "also written": ", ".join(fraction.written) if fraction else "",
        "redenominated": cuts,
        "began": currency.began.isoformat() if currency.began else "",
        "before it": ", ".join(before),
        "ended": f"{currency.ended}, replaced by {currency.successor}" if currency.ended else "",
        "fixed": steps_of(currency)[-1].sentence() if currency.ratio else "at no fixed ratio" if currency.ended else "",
        "pegged": f"{peg.sentence()}, by the {peg.authority}; used only with --pegs" if peg else "",
        **({} if fraction else _publishers(currency)),
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
