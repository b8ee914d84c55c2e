"""`rates show`, which is also what `rates` without a command does: tables of rates."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from rates.cli import COMMANDS, NOTHING, OK, SOME_FAILED, say
from rates.cli.options import SHOW, Setting, options, settings_from
from rates.currencies import code, suggest
from rates.errors import UsageError
from rates.model import Outcome
from rates.parse_settings import MACHINE_FORMATS
from rates.settings import Settings

EPILOG = """\b
Examples:
  rates                                    the configured bases, each against the others
  rates usd eur --symbols JPY,CHF          codes in any case
  rates EUR --symbols all --format csv     everything the publisher has
  rates USD --provider ecb --on 2020-03-02
  rates USD --provider boc,ecb             the second when the first fails
  rates USD EUR GBP --mode process --workers 3
  rates --offline --latency 120ms --fail 5% USD EUR
  rates --record tape USD && rates --replay tape USD

\b
Exit status: 0 all well, 1 some bases failed, 2 wrong usage, 3 nothing could be fetched, 130 interrupted.
"""


@click.command("show", epilog=EPILOG)
@click.argument("bases", nargs=-1, metavar="[BASE]…", type=click.UNPROCESSED,
                shell_complete=Setting("bases", "BASE").shell_complete)  # fmt: skip
@options(*SHOW)
def command(bases: tuple[str, ...], **flags: Any) -> int:
    """Print the rates of one unit of each BASE, with publisher, day and age.

    One BASE gives a table, several give a matrix; without any, the bases of the settings are shown.
    """
    settings = settings_from(flags)
    wanted = bases_of(bases) or settings.bases
    from rates.cli.run import run_all

    return print_outcomes(run_all(wanted, settings), settings)


def bases_of(given: Sequence[str]) -> tuple[str, ...]:
    """The codes meant by what was typed, doubles dropped; a command in the wrong place is told as such."""
    for word in given:
        if word in COMMANDS:
            raise UsageError(f"{word!r} is a command", hint=f"commands come first: rates {word} …")
        if word == "help":
            raise UsageError("'help' is no currency and no command", hint="try rates --help")
    try:
        return codes_in(given)
    except UsageError as error:
        meant = suggest(given[0].lower(), COMMANDS)
        error.hint = f"{meant} (a command)" if meant and len(given[0]) != 3 else error.hint
        raise


def codes_in(given: Sequence[str]) -> tuple[str, ...]:
    """The codes in what was typed, with commas or without, doubles dropped; an empty word is no code."""
    parts = (part for word in given for part in word.rstrip(",").split(","))
    return tuple(dict.fromkeys(code(part) for part in parts))


def print_outcomes(outcomes: Sequence[Outcome], settings: Settings) -> int:
    """Prints the tables on stdout and what is to be known of them on stderr; gives the exit status."""
    from rates.present import failures, show

    text = show(outcomes, settings, today=settings.day())
    sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
    sys.stdout.flush()
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if failed and settings.format in MACHINE_FORMATS:
        say(failures(outcomes, settings))
    answered = [outcome.table.day for outcome in outcomes if outcome.table is not None]
    if settings.mocked and answered:
        say_offline(settings, max(answered))
    return OK if not failed else SOME_FAILED if answered else NOTHING


def say_offline(settings: Settings, day: date) -> None:
    """Says on stderr what day the offline rates are of, and where they come from."""
    if settings.replay:
        say(f"offline: recordings in {settings.replay}, rates of {day}")
    else:
        from rates.offline import history

        say(f"offline: ECB reference rates of {day}, from the history in this package (to {history.last_day()})")
