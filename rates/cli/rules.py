"""`rates rules [NAME]…`: the rules of tax and customs law that `rates convert --rule` knows."""

from __future__ import annotations

from typing import Any

import click

from rates.cli import OK
from rates.cli.options import LIST, Value, format_from, options
from rates.cli.pager import NO_PAGER, page
from rates.cli.terminal import output_width
from rates.present.layout import Column, entry
from rates.present.tabular import Cell, rows
from rates.settings import MACHINE_FORMATS
from rates.settings.days import EARLIEST
from rates.store.named_rules import RULES, NamedRule, named
from rates.store.periods import Every

EPILOG = """\b
Examples:
  rates rules                  all of them
  rates rules uk-vat           one in full, with an example
  rates rules --format json
  rates convert 100 USD GBP --rule uk-vat --on 2026-03-14

A rule is applied only where it is named. It names what the law asks for; whether the law is yours, it does not say.

Exit status: 0 listed, 2 wrong usage.
"""

HEADERS = (
    "rule", "publisher", "into", "goes_by", "when", "max_age", "rounding", "since", "about", "uses", "law", "source",
    "note",
)  # fmt: skip
_TIMES = {Every.DAY: "--on 2026-03-13", Every.MONTH: "--period 2026-03", Every.QUARTER: "--period 2026-Q1"}


@click.command("rules", epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]…", type=Value("NAME", offers=lambda typed: RULES))
@options(*LIST)
@NO_PAGER
def command(names: tuple[str, ...], **flags: Any) -> int:
    """List the rules of tax and customs law, or show the NAMEs in full."""
    fmt = format_from(flags)
    chosen = [named(name) for name in dict.fromkeys(names)] or list(RULES.values())
    if fmt in MACHINE_FORMATS:
        text = rows(HEADERS, [_row(rule) for rule in chosen], fmt)
    elif names and fmt == "simple":
        text = "\n\n".join(entry(f"{rule.name} · {rule.about}", _fields(rule), output_width()) for rule in chosen)
    else:
        columns = (Column("rule"), Column("publisher"), Column("into"), Column("goes by"), Column("about", cut=24))
        cells = [(one.name, one.publisher or "yours", one.into or "any", one.unit.value, one.about) for one in chosen]
        text = rows(columns, cells, fmt, output_width())
    page(text, paged=not flags["no_pager"])
    return OK


def _row(rule: NamedRule) -> tuple[Cell, ...]:
    """A rule for programs, under HEADERS; null for what it leaves open."""
    since = rule.since if rule.since != EARLIEST else None
    rounding = rule.rounding.words if rule.rounding else None
    texts = (rule.about, _uses(rule), rule.law, rule.source, rule.note or None)
    when = None if rule.mean else rule.when.value
    return (
        rule.name,
        rule.publisher or None,
        rule.into or None,
        rule.unit.value,
        when,
        rule.max_age,
        rounding,
        since,
        *texts,
    )


def _uses(rule: NamedRule) -> str:
    """Which rate the rule takes, of any time."""
    return rule.uses.format(time=f"the {rule.unit}", publisher="the publisher")


def _fields(rule: NamedRule) -> dict[str, str]:
    """All that is known of a rule, by name."""
    return {
        "takes": _uses(rule),
        "publisher": rule.publisher or "the one that --provider names",
        "converts into": rule.into or "any currency of the publisher",
        "goes by": f"the {rule.unit}; a day stands for its {rule.unit}" if rule.unit is not Every.DAY else "the day",
        "rounds": rule.rounding.words if rule.rounding else "",
        "since": str(rule.since) if rule.since != EARLIEST else "",
        "law": rule.law,
        "source": rule.source,
        "note": rule.note,
        "example": _example(rule),
    }


def _example(rule: NamedRule) -> str:
    """A command line that applies the rule."""
    base, symbol = ("EUR", "USD") if rule.into == "USD" else ("USD", rule.into or "EUR")
    provider = " --provider ecb" if rule.mean else ""
    return f"rates convert 100 {base} {symbol} --rule {rule.name} {_TIMES.get(rule.unit, '--year 2025')}{provider}"
