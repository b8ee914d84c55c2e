"""`rates show`, the default command: tables of rates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import click

from rates.cli import COMMANDS, NOTHING, SOME_FAILED
from rates.cli.fetching import FAILURES, FROM, fetch_bases, fetch_group, group_status, groups_of, kept_status
from rates.cli.options import CODES, RULE, SHOW, options, settings_from
from rates.cli.table_rule import AHEAD, allowed, to_ask
from rates.cli.terminal import check_binary, error_width, output_width, put_bytes, put_error, put_text, say
from rates.cli.typed import begins_amount, codes_in, table_words
from rates.errors import UsageError, quoted, suggest
from rates.model import Outcome
from rates.settings import MACHINE_FORMATS, PRICE_FORMATS, Settings

EPILOG = """\b
Examples:
  rates                                the bases of the settings, as a matrix
  rates usd eur --symbols JPY,CHF      codes in upper or lower case
  rates EUR/USD                        one pair; also EURUSD, EUR in USD
  rates EUR/USD -q                     its figure alone
  rates EUR --symbols all --format csv     everything the publisher has
  rates USD --provider ecb --on 2020-03-02
  rates EUR/USD --format beancount     also ledger, hledger, gnucash, parquet
  rates USD --on yesterday             or -3d, for three days ago
  rates USD --on 2024-03-02 --when next    exact: of that day or none
  rates USD --provider boc,ecb         ecb if boc fails, is stale or lacks one
  rates USD --from all --deadline 6s   every publisher at once, in 6 seconds
  rates USD EUR --from central-banks,-fred --format csv
  rates EUR --from europe --consensus      and how far they agree
  rates USD EUR GBP --mode process --workers 3
  rates --offline --latency 120ms --fail 5% USD EUR
  rates --record tape USD && rates --replay tape USD

Exit status: 0 success, 1 some bases failed, or kept rates had to do without a
network, 2 wrong usage, 3 nothing could be fetched, 130 interrupted.
"""


@click.command("show", epilog=EPILOG)
@click.argument("bases", nargs=-1, metavar="[BASE]…", type=CODES)
@FROM
@click.option(
    "--consensus", is_flag=True, help="With --from (all by default): median, spread and outliers of each rate."
)
@FAILURES
@options(*RULE, *SHOW)
def command(bases: tuple[str, ...], group: str | None, consensus: bool, listed: bool, **flags: Any) -> int:
    """Print the rates of one unit of each BASE, with publisher, day and age.

    One BASE gives a table, several give a matrix; without any, the bases of the settings are shown.
    """
    left, right = table_words(bases)
    wanted = bases_of(left)
    if right:
        if flags.get("symbols") is not None:
            raise UsageError("a pair names its symbol already", hint="leave out --symbols")
        flags["symbols"] = codes_in(right)
    settings = settings_from(flags)
    check_binary(settings.format)
    wanted = wanted or settings.bases
    if group is not None or consensus:
        if flags["quiet"]:
            raise UsageError("--quiet prints one figure for each rate", hint="leave it out, or --from and --consensus")
        if settings.format in PRICE_FORMATS:
            raise UsageError(f"{settings.format} takes the rates of one publisher", hint="give --provider, or take csv")
        return _show_many(wanted, group, consensus, settings, flags | {"listed": listed})
    outcomes = allowed(_fetched(wanted, settings), settings)
    return print_outcomes(outcomes, settings, quiet=flags["quiet"], listed=listed)


def _fetched(bases: Sequence[str], settings: Settings) -> Sequence[Outcome]:
    """The outcome of each base by the rule for days without a rate."""
    if settings.on is not None and settings.when in AHEAD:
        from rates.store.next_tables import next_tables

        return next_tables(bases, settings.on, settings)
    return fetch_bases(bases, to_ask(settings))


def _show_many(
    bases: Sequence[str], group: str | None, consensus: bool, settings: Settings, flags: dict[str, Any]
) -> int:
    """Asks all publishers of a group, prints a row for each, and gives the exit status."""
    outcomes = allowed(fetch_group(bases, group, to_ask(settings), flags), settings)
    from rates.present import show_by_provider
    from rates.present.errors import group_failures
    from rates.present.tabular import stacked

    blocks = [_consensus(bases, outcomes, settings)] if consensus else []
    programs = settings.format in MACHINE_FORMATS
    if not consensus if programs else any(outcome.ok for outcome in outcomes):
        blocks.insert(0, show_by_provider(outcomes, settings, today=settings.day(), width=output_width()))
    put_text(stacked(blocks))
    put_error(group_failures(outcomes, settings, error_width(), listed=flags["listed"]))
    return group_status(outcomes, group)


def _put_parquet(outcomes: Sequence[Outcome], settings: Settings) -> None:
    """Writes the lines of csv as Parquet."""
    from rates.present.exports import flat
    from rates.present.parquet import parquet

    put_bytes(parquet(*flat(outcomes, settings)))


def _consensus(bases: Sequence[str], outcomes: Sequence[Outcome], settings: Settings) -> str:
    """For programs every opinion on each pair, for people a summary of each pair; "" without any."""
    from rates.present.consensus import show_consensus, show_summaries
    from rates.present.tables import shown_symbols

    tables = [one.table for one in outcomes if one.table is not None]
    pairs = [(base, symbol) for base in bases for symbol in shown_symbols(tables, base, settings.symbols)]
    groups = groups_of(outcomes, pairs, to_ask(settings))
    if settings.format in MACHINE_FORMATS:
        return show_consensus(groups, settings, today=settings.day())
    return show_summaries(groups, settings, width=output_width()) if groups else ""


def bases_of(given: Sequence[str]) -> tuple[str, ...]:
    """The currency codes in the arguments, each once; `UsageError` for other words, also for a misplaced command."""
    for word in given:
        if word in COMMANDS:
            raise UsageError(f"{word!r} is a command", hint=f"commands come first: rates {word} …")
        if word == "help":
            raise UsageError("'help' is neither a currency nor a command", hint="try rates --help")
        if re.fullmatch(r"\d{4}-\S+|today|yesterday|-\d+[dwmy]", word):
            raise UsageError(f"{quoted(word)} is not a currency", hint=f"a day is given by --on {word}")
        if begins_amount(word):
            raise UsageError(f"{quoted(word)} is not a currency", hint=f"an amount comes first: rates convert {word} …")
    try:
        return codes_in(given)
    except UsageError as error:
        meant = suggest(given[0].lower(), COMMANDS)
        error.hint = f"{meant} (a command)" if meant and len(given[0]) != 3 else error.hint
        raise


def print_outcomes(
    outcomes: Sequence[Outcome], settings: Settings, *, quiet: bool = False, listed: bool = False
) -> int:
    """Prints the tables on stdout, failures and warnings on stderr, and gives the exit status.

    quiet: prints only the figures, one a line. listed: lists any number of failures.
    """
    from rates.present import failures, show
    from rates.present.errors import own_lacks, passed_over_why, warnings

    if quiet:
        put_text(_figures(outcomes, settings))
    elif settings.format == "parquet":
        _put_parquet(outcomes, settings)
    else:
        put_text(show(outcomes, settings, today=settings.day(), width=output_width()))
    programs = quiet or settings.format in (*MACHINE_FORMATS, *PRICE_FORMATS)  # people have warnings under their table
    put_error(failures(outcomes, settings, error_width(), listed=listed))
    say(passed_over_why(outcomes))
    say(own_lacks(outcomes, settings))
    say(warnings(outcomes) if programs else "")
    return _status(outcomes)


def _figures(outcomes: Sequence[Outcome], settings: Settings) -> str:
    """The rates alone, as the table would show them, in the order of bases and symbols."""
    from rates.present.rounding import shown

    tables = [one.table for one in outcomes if one.table is not None]
    rates = [
        table.figures[symbol]
        for table in tables
        for symbol in settings.symbols or sorted(table)
        if symbol in table and symbol != table.base
    ]
    return "\n".join(shown(rate, settings.digits) for rate in rates)


def _status(outcomes: Sequence[Outcome]) -> int:
    """The exit status."""
    answered = sum(outcome.ok for outcome in outcomes)
    return kept_status() if answered == len(outcomes) else SOME_FAILED if answered else NOTHING
