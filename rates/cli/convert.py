"""`rates convert AMOUNT FROM TO…`: an amount, or a column of a CSV file, in other currencies, with the rates used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

import click

from rates.cli import NOTHING
from rates.cli.fetching import FAILURES, kept_status
from rates.cli.find_rates import Finder, Found, Pair
from rates.cli.options import CODES, CONVERT, FILE, RULE, Value, options, settings_from
from rates.cli.terminal import output_width, put_text, say
from rates.cli.typed import conversion_words
from rates.currencies import code
from rates.errors import RatesError, UsageError, quoted
from rates.settings import SETTINGS, Settings
from rates.settings.days import Span, span
from rates.settings.parsers import OneOf, whole
from rates.store.records import Rule, Source

if TYPE_CHECKING:
    from rates.cli.by_rule import Asked, Chosen
    from rates.store.lock import LockFile

LOCK = "rates.lock"
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}

EPILOG = """\b
Examples:
  rates convert 100 USD EUR
  rates 100USD to EUR                        the same, `convert` left out
  rates convert 1,000.50 eur/usd --on yesterday
  rates convert 2500 jpy usd eur --on 2020-03-01
  rates convert 100 PLN EUR --on 2020-03-02 --when before
  rates convert 100 USD EUR -q               the figure alone
  rates convert 100 USD EUR --digits 4
  rates convert 100 USD EUR --format json    the exact product, unrounded
  rates convert 5250 GBX EUR                 pence, as exchanges quote shares
  rates convert 100 DEM EUR FRF              ended currencies, by fixed rates
  rates convert 100 EUR AED --pegs           a peg, if no rate is published
  rates convert 100 USD EUR --own contract.csv
  rates convert 100 USD EUR --on 2020-03-02 --lock rates.lock
  rates convert 100 USD EUR --on 2020-03-02 --locked   from that file alone
  rates convert 100 USD GBP --rule uk-vat --on 2026-03-14
  rates convert 100 USD EUR --rule eu-oss --period 2026-Q1

\b
A file of amounts, each line at the rate of its day:
  rates convert --csv invoices.csv --amount-column total
    --from-column currency --to EUR --date-column date -o out.csv

It gets the columns result, symbol, rate, day, age_days, how and provider; nothing else in it changes. Encoding,
delimiter, decimal mark and the order of days are found from the file. A line with an amount or a day that may mean two
things is a bad line. A column is given by its name, or by its number from 1.

An amount may have separators where they are clear, like 1,000.50 and 1.000,50. 1,000 and 1.000 are not clear: each is
a thousand for some and one for others.
GBp is pence and GBP is pounds, as exchanges write them; gbp is pounds.

A rule of tax or customs law (`rates rules` lists them) chooses the publisher, the day or period and the rounding. A
sentence on standard error names them. Each line of a file takes the rate of its own day or period.

A lock file has every figure used: provider, day, value as published, and the SHA-256 of the answer that it came in.
--locked uses nothing else, and fails if a figure is missing, or has another value in the store, the history in the
package or the own rates.

Exit status: 0 converted, 1 some lines of the file were bad, or kept rates had to do without a network, 2 wrong usage,
3 nothing could be converted, 130 interrupted.
"""


_places = whole(0, 28)
_mark = OneOf((".", ","))


def _delimiter(value: object) -> str:
    """The delimiter of a word, or of the mark itself."""
    return str(value) if value in DELIMITERS.values() else DELIMITERS[OneOf(tuple(DELIMITERS))(value)]


_COLUMN = Value("COLUMN")
_CSV = (
    click.option("--csv", "csv_file", type=FILE, help='Convert the amounts of this file; "-" for standard input.'),
    click.option("--amount-column", type=_COLUMN, help="With --csv: the column of the amounts."),
    click.option("--from-column", type=_COLUMN, help="With --csv: the column of their currencies."),
    click.option("--base", type=CODES, help="With --csv: the currency of all amounts, in place of a column."),
    click.option("--to", type=CODES, help="With --csv: the currency to convert into."),
    click.option("--to-column", type=_COLUMN, help="With --csv: the column of the currencies to convert into."),
    click.option("--date-column", type=_COLUMN, help="With --csv: the column of the days; without it, see --on."),
    click.option("-o", "--output", type=FILE, help="With --csv: the file to write; by default standard output."),
    click.option("--bad", type=click.Choice(("skip", "keep", "stop")),
                 help="With --csv: leave bad lines out (skip, as by default), keep them without a result, or stop."),
    click.option("--decimal", type=Value("MARK", _mark, (".", ",")),
                 help="With --csv: the decimal mark of the amounts, . or ,"),
    click.option("--date-order", type=click.Choice(("dmy", "mdy")), help="With --csv: the order of 03/04/2024."),
    click.option("--delimiter", type=Value("WORD", _delimiter, tuple(DELIMITERS)),
                 help=f"With --csv: what separates cells: {', '.join(DELIMITERS)}."),
    click.option("--encoding", type=Value("NAME"), help="With --csv: like utf-8 or windows-1252."),
    click.option("--no-header", is_flag=True, default=None, help="With --csv: the first line has amounts too."),
    click.option("--prefix", type=Value("TEXT"), help="With --csv: what the names of the added columns begin with."),
)  # fmt: skip


def _rules(typed: str) -> Iterable[str]:
    """The names of the rules, for completion."""
    from rates.store.named_rules import RULES

    return RULES


def _period(value: object) -> Span:
    """A month, a quarter or a year, or a day."""
    return span(str(value))


def _year(value: object) -> Span:
    """A year."""
    found = span(str(value))
    if found.unit != "year":
        raise ValueError("must be a year like 2025")
    return found


_RULE = (
    click.option("--rule", type=Value("NAME", offers=_rules),
                 help="Convert by a rule of tax or customs law; `rates rules` lists them."),
    click.option("--period", type=Value("PERIOD", _period),
                 help="With --rule: the month, quarter or year, like 2026-03, 2026-Q1 or 2025."),
    click.option("--year", type=Value("YEAR", _year), help="With --rule: the year, like 2025."),
)  # fmt: skip
_LOCK = (
    click.option("--lock", type=FILE, help="Keep every figure used in this file, for --locked."),
    click.option("--locked", is_flag=True, help="Use the lock file alone, rates.lock if --lock names no other."),
)
_FILE_FLAGS = (
    "csv_file", "amount_column", "from_column", "base", "to", "to_column", "date_column", "output", "bad", "decimal",
    "date_order", "delimiter", "encoding", "no_header", "prefix",
)  # fmt: skip
_CODES = ("base", "to")
_DIGITS = click.option(
    "--digits", "decimals", type=Value("N", _places),
    help="Decimals of the results, 0 to 28, rounded half-even; by default those of ISO 4217.",
)  # fmt: skip


@click.command("convert", epilog=EPILOG, context_settings={"ignore_unknown_options": True})
@click.argument("words", metavar="AMOUNT FROM TO…", nargs=-1, type=CODES)
@FAILURES
@options(_DIGITS, *RULE, *_RULE, *_LOCK, *_CSV, *CONVERT)
def command(words: tuple[str, ...], lock: str | None, locked: bool, decimals: int | None, **flags: Any) -> int:
    """Convert AMOUNT of one currency into others, or a column of a file.

    The result is rounded to the decimals of ISO 4217, halves to even; json, jsonl and csv give it unrounded. An ended
    currency is converted at the rate fixed at its end: an irrevocable euro rate, or the ratio of a redenomination; then
    halves are rounded up.
    """
    for word in words:
        if re.match(r"--?[^\W\d]", word):
            raise click.NoSuchOption(word, ctx=click.get_current_context())
    listed = flags.pop("listed")
    file = {name: flags.pop(name) for name in _FILE_FLAGS}
    asked = _rule_asked(flags, locks=bool(lock or locked))
    settings = settings_from(flags)
    _check(words, file, settings)
    chosen = None
    if asked is not None:
        from rates.cli.by_rule import settled

        settings, chosen = settled(asked, settings, by_line=file["date_column"] is not None)
    kept = _lock_file(lock or LOCK, locked=locked) if lock or locked else None
    many = file["csv_file"] is not None
    finder = Finder(
        settings,
        lambda pairs, rule: _asked(pairs, rule, settings, many=many, listed=listed, chosen=chosen),
        lock=kept,
        locked=locked,
        sources=_sources(settings) if locked else (),
    )
    if many:
        if file["date_column"] is not None and flags["on"] is None:
            settings = settings.with_values(on=None)  # that of the environment or the settings file
        return _convert_file(file, finder, settings, decimals, chosen, quiet=flags["quiet"], listed=listed)
    words = (*words, *filter(None, [file["to"]]))
    return _convert_words(words, finder, settings, decimals, chosen, quiet=flags["quiet"])


def _rule_asked(flags: dict[str, Any], *, locks: bool) -> Asked | None:
    """The rule of law that the flags name, without those of it; None if they name none."""
    if flags["rule"] is not None:
        from rates.cli.by_rule import rule_asked

        return rule_asked(flags, locks=locks)
    for name in ("period", "year"):
        if flags[name] is not None:
            raise UsageError(f"--{name} is for a rule", hint="name it with --rule, like --rule eu-oss")
    for name in ("rule", "period", "year"):
        del flags[name]
    return None


def _lock_file(path: str, *, locked: bool) -> LockFile:
    from rates.store.lock import LockFile

    return LockFile.read(path, must_exist=locked)


def _check(words: tuple[str, ...], file: dict[str, Any], settings: Settings) -> None:
    """Refuses flags of the two forms of the command together."""
    if file["csv_file"] is None:
        given = [name for name, value in file.items() if value is not None and name != "to"]
        if given:
            raise UsageError(f"--{given[0].replace('_', '-')} is for a file", hint="name it with --csv FILE")
    elif words:
        raise UsageError(f"--csv converts a file, and {quoted(' '.join(words))} is not one of its options")
    elif settings.format != SETTINGS["format"].default:
        raise UsageError("--csv writes CSV", hint="leave out --format")


def _convert_words(
    words: tuple[str, ...],
    finder: Finder,
    settings: Settings,
    decimals: int | None,
    chosen: Chosen | None,
    *,
    quiet: bool,
) -> int:
    """Converts one amount, and gives the exit status."""
    from rates.present.conversions import Converted, conversion_text, figures

    amount, base, symbols = conversion_words(words)
    pairs = [Pair(base, symbol, settings.on) for symbol in symbols]
    found = chosen.find(finder, pairs) if chosen is not None else finder.find(pairs)
    conversions = []
    for rate in map(found.__getitem__, pairs):
        if isinstance(rate, RatesError):
            raise rate
        conversions.append(Converted(amount, rate, decimals, chosen.rule if chosen is not None else None))
    moved = finder.save()
    if quiet:
        put_text(figures(conversions))
    else:
        put_text(conversion_text(conversions, settings, output_width(), lock=finder.locked_in))
    say("\n".join(moved))
    if chosen is not None:
        say(chosen.sentence([one.rate for one in conversions]))
    return kept_status()


def _convert_file(
    file: dict[str, Any],
    finder: Finder,
    settings: Settings,
    decimals: int | None,
    chosen: Chosen | None,
    *,
    quiet: bool,
    listed: bool,
) -> int:
    """Converts a file, and gives the exit status."""
    from rates.cli.convert_csv import CsvOptions, convert_csv

    given = {name: value for name, value in file.items() if value is not None}
    names = {"csv_file": "file", "to": "symbol"}
    asked = CsvOptions(
        **{names.get(name, name): value for name, value in given.items() if name not in ("no_header", *_CODES)},
        **{names.get(name, name): code(given[name]) for name in _CODES if name in given},
        header="no_header" not in given,
        on=settings.on,
        digits=decimals,
        rounding=chosen.rule.rounding if chosen is not None else None,
        quiet=quiet,
        listed=listed,
    )
    find = finder.find if chosen is None else lambda pairs: chosen.find(finder, pairs)
    status = convert_csv(asked, find, lambda: say("\n".join(finder.save())))
    if chosen is not None and status != NOTHING:
        say(chosen.sentence())
    return status or kept_status()


def _asked(
    pairs: Collection[Pair], rule: Rule, settings: Settings, *, many: bool, listed: bool, chosen: Chosen | None
) -> Found:
    """The rates of pairs that are in no lock file."""
    if chosen is not None and chosen.rule.mean:
        return chosen.means(pairs)
    from rates.cli.ask_rates import ask_many, ask_one

    found = ask_many(pairs, settings) if many else ask_one(pairs, settings, rule, listed=listed)
    return found if chosen is None else chosen.asked(found)


def _sources(settings: Settings) -> list[Source]:
    """What locked figures are compared with."""
    from rates.store.at_hand import AtHand

    return AtHand(settings).sources()
