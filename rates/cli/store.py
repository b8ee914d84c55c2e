"""`rates store`: what the store has, whether it is sound, and its figures for other programs."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from rates.cli import OK, SOME_FAILED
from rates.cli.options import FILE, KEYS, STORE, STORE_ALONE, Value, options, settings_from
from rates.cli.terminal import output_width, put_text, say
from rates.errors import UsageError
from rates.settings import MACHINE_FORMATS, Settings, days

if TYPE_CHECKING:
    from rates.store import Store
    from rates.store.care import Holding
    from rates.store.store import Revision

EPILOG = """\b
Examples:
  rates store info              what it has of each provider
  rates store info ecb          days, corrections and failures of one
  rates store verify            is it sound?
  rates store export -o rates.csv
  rates store prune --before 2010
  rates store path

`rates sync` fills the store; --store PATH|URL or RATES_STORE names another one. `rates store COMMAND --help` has more.

Exit status: 0 success, 1 the store has faults, 2 wrong usage, 3 it cannot be read or written.
"""
EXPORTED = ("provider", "base", "symbol", "day", "valid_to", "rate", "revision", "fetched", "digest")
MOST_LISTED = 20  # corrections and failures of one provider, for people


class _Group(click.Group):
    """Takes options before the name of a command, too."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Puts the command first; without one that is info."""
        if args and args[0].startswith("-") and args[0] not in self.get_help_option_names(ctx):
            place = next((place for place, word in enumerate(args) if word in self.commands), None)
            args = ["info", *args] if place is None else [args[place], *args[:place], *args[place + 1 :]]
        return super().parse_args(ctx, args)


@click.group(
    "store", cls=_Group, epilog=EPILOG, invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
@click.pass_context
def command(context: click.Context) -> Any:
    """Show, check, export or prune the store of fetched rates; alone it is `rates store info`."""
    return context.invoke(info) if context.invoked_subcommand is None else None


@contextmanager
def _opened(settings: Settings) -> Iterator[Store]:
    from rates.store import Store

    with Store.open(settings.store) as store:
        yield store


def _keys(words: Sequence[str], store: Store, others: Collection[str] = ()) -> tuple[str, ...]:
    """The providers that are named, or all; `UsageError` for one of which the store has nothing.

    others: providers without figures that may be named too.
    """
    there = tuple(sorted({*store.providers(), *others}))
    named = tuple(dict.fromkeys(word.lower() for part in words for word in part.split(",") if word))
    for key in named:
        if key not in there:
            from rates.errors import quoted, suggest

            raise UsageError(
                f"the store has nothing of {quoted(key)}",
                hint=suggest(key, there, f"it has {', '.join(there)}" if there else "it is empty; fill it: rates sync"),
            )
    return named or there


# --- path ------------------------------------------------------------------------------------------------------------

PATH = """\b
Examples:
  rates store path
  sqlite3 "$(rates store path)" .tables
"""


@command.command("path", short_help="Print where the store is.", epilog=PATH)
@options(*STORE)
def path(**flags: Any) -> int:
    """Print where the store is: a path, or a URL without its password."""
    with _opened(settings_from(flags)) as store:
        put_text(store.place)
    return OK


# --- info ------------------------------------------------------------------------------------------------------------

INFO = """\b
Examples:
  rates store info
  rates store info ecb nbp
  rates store info --format json
"""


@command.command("info", short_help="Show what it has of each provider.", epilog=INFO)
@click.argument("keys", nargs=-1, metavar="[PROVIDER]…", type=KEYS)
@options(*STORE)
def info(keys: tuple[str, ...], **flags: Any) -> int:
    """Show what the store has of each provider; of the PROVIDERs named also corrections and failures."""
    settings = settings_from(flags)
    from rates.present.layout import Column
    from rates.present.tabular import notes, rows, stacked

    columns = ("provider", Column("pairs", "right", drop=2), Column("figures", "right"),
               Column("corrected", "right", drop=3), "first", "last", Column("failed", "right"),
               Column("fetched", drop=1))  # fmt: skip
    fmt, width = settings.format, output_width()
    programs = fmt in MACHINE_FORMATS
    with _opened(settings) as store:
        failed = Counter(one.provider for one in store.attempts.failures())
        named = _keys(keys, store, failed)
        held = {one.provider: one for one in store.info()}
        cells = [_cells(key, held.get(key), failed[key], programs=programs) for key in named]
        table = rows(columns, cells, fmt, width) if cells or programs else "it is empty; `rates sync` fills it"
        if programs:
            put_text(table)
            return OK
        head = notes([f"{store.place} · {_size(store.size())}"], fmt, width)
        details = [notes(lines, fmt, width) for key in named if keys and (lines := _details(store, key))]
    if failed and not keys:
        details = [
            notes([f"failed days are asked for again; `rates store info {next(iter(failed))}` lists them"], fmt, width)
        ]
    put_text(stacked([head, table, *details]))
    return OK


def _cells(key: str, held: Holding | None, failed: int, *, programs: bool) -> tuple[str | int | date | None, ...]:
    """The row of one provider; None if it has no figures. failed: how many spans of days could not be fetched."""
    if held is None:
        return key, 0, 0, 0, None, None, failed, None
    fetched = held.fetched
    moment = None if fetched is None else fetched.isoformat() if programs else f"{fetched:%Y-%m-%d %H:%M} UTC"
    return key, held.pairs, held.quotes, held.corrected, held.first, held.last, failed, moment


def _details(store: Store, key: str) -> list[str]:
    """What was corrected, what failed, and when there can be something new."""
    lines = []
    for before, after in pairwise(store.revisions(key)):
        if after.number:
            old, new = before.stored.quote, after.stored.quote
            lines.append(f"corrected: 1 {new.base} = {old.rate} {new.symbol} of {new.day} to {new.rate}")
    lines += [
        f"failed: {one.first} to {one.last}{f' ({one.base})' if one.base else ''}: {one.reason}"
        for one in store.attempts.failures(key)
    ]
    if len(lines) > MOST_LISTED:
        lines = [
            *lines[:MOST_LISTED],
            f"and {len(lines) - MOST_LISTED} more; `rates store export {key}` has all values",
        ]
    asked = list(store.attempts.visits(key).values())
    if asked:
        last = max(visit.asked for visit in asked)
        lines.append(f"last asked by `rates sync` at {last:%Y-%m-%d %H:%M} UTC, for the days since {asked[0].since}")
    return [f"{key}:", *lines] if lines else []


def _size(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{count / 2**10:.0f} kB"


# --- verify ----------------------------------------------------------------------------------------------------------

VERIFY = """\b
Examples:
  rates store verify
  rates store verify && cp "$(rates store path)" backup.db
"""


@command.command("verify", short_help="Read all of it, and name what is wrong.", epilog=VERIFY)
@options(*STORE)
def verify(**flags: Any) -> int:
    """Read all of the store, and name what is wrong with it."""
    with _opened(settings_from(flags)) as store:
        faults = store.verify()
        held = store.info() if not faults else ()
        place = store.place
    if not faults:
        count, keys = sum(one.quotes + one.corrected for one in held), [one.provider for one in held]
        put_text(f"sound: {count} figures of {', '.join(keys) or 'no provider'} in {place}")
        return OK
    put_text("\n".join(faults))
    say(
        f"rates: the store {place} has {len(faults)} faults; save its figures with `rates store export`, move it away, "
        "and `rates sync` fetches them again"
    )
    return SOME_FAILED


# --- export ----------------------------------------------------------------------------------------------------------

EXPORT = """\b
Examples:
  rates store export -o rates.csv
  rates store export ecb --since 2024 --until 2024-06 > half-year.csv
  rates store export --format jsonl | gzip > rates.jsonl.gz

Columns: provider, base, symbol, day, valid_to (the last day of a rate for a period), rate (1 base costs so many symbol,
exactly as published), revision (0; 1 and more for corrections, the last of which counts), fetched, digest (SHA-256 of
the answer).
"""


@command.command("export", short_help="Write its figures as csv, jsonl or json.", epilog=EXPORT)
@click.argument("keys", nargs=-1, metavar="[PROVIDER]…", type=KEYS)
@click.option("--since", type=Value("DAY", days.first_day), help="First day, like 2024-03-01, 2024-03 or 2024.")
@click.option("--until", type=Value("DAY", days.last_day), help="Last day.")
@click.option("-o", "--output", type=FILE, help="File to write, whole or not at all; without it standard output.")
@click.option("--format", type=Value("FORMAT", offers=MACHINE_FORMATS), help="csv (as by default), jsonl or json.")
@options(*STORE_ALONE)
def export(keys: tuple[str, ...], since: Any, until: Any, output: str | None, **flags: Any) -> int:
    """Write all figures, with their corrections and answers, as csv (the default), jsonl or json."""
    asked = (flags["format"] or "csv").lower()
    if asked not in MACHINE_FORMATS:
        raise UsageError(f"the export has no format {asked}", hint="take csv, jsonl or json")
    settings = settings_from(flags)
    if settings.format not in ("simple", *MACHINE_FORMATS):
        raise UsageError(f"the export has no format {settings.format}", hint="take csv, jsonl or json")
    first = days.counted(since, settings.day()) or date.min
    last = days.counted(until, settings.day()) or date.max
    if first > last:
        raise UsageError(f"--since {first} is after --until {last}")
    lines = _json_lines if settings.format in ("json", "jsonl") else _csv_lines
    with _opened(settings) as store:
        named = _keys(keys, store)
        values = (one for key in named for one in store.export(key, first, last))
        text = lines(values, settings.format)
        if output is None:
            sys.stdout.writelines(text)
            return OK
        from rates.store.atomic_write import atomic_write

        with atomic_write(os.path.expanduser(output)) as file:
            file.writelines(line.encode() for line in text)
    return OK


def _row(value: Revision) -> tuple[str | int | None, ...]:
    """The cells of one value."""
    provider, (base, symbol, rate, day, valid_to), fetched, digest = value.stored
    end = None if valid_to is None else valid_to.isoformat()
    moment = None if fetched is None else fetched.isoformat()
    return provider, base, symbol, day.isoformat(), end, f"{rate:f}", value.number, moment, digest


def _csv_lines(values: Iterator[Revision], fmt: str) -> Iterator[str]:
    """The lines of a CSV file; no cell needs quotes."""
    yield ",".join(EXPORTED) + "\n"
    for value in values:
        yield ",".join("" if cell is None else str(cell) for cell in _row(value)) + "\n"


def _json_lines(values: Iterator[Revision], fmt: str) -> Iterator[str]:
    """An object a line; as a list for json. The rate is text, since many programs read a number as a float."""
    import json

    between = "\n" if fmt == "jsonl" else ",\n"
    yield "" if fmt == "jsonl" else "[\n"
    for place, value in enumerate(values):
        yield (between if place else "") + json.dumps(dict(zip(EXPORTED, _row(value), strict=True)))
    yield "\n" if fmt == "jsonl" else "\n]\n"


# --- prune -----------------------------------------------------------------------------------------------------------

PRUNE = """\b
Examples:
  rates store prune --before 2010
  rates store prune nbp --before 2020-07
  rates store prune floatrates --yes   all of one provider, without a question

A sync does not fetch old days that were pruned again, unless --since asks for it.
"""


@command.command("prune", short_help="Delete old figures, or those of a provider.", epilog=PRUNE)
@click.argument("keys", nargs=-1, metavar="[PROVIDER]…", type=KEYS)
@click.option("--before", type=Value("DAY", days.first_day), help="Delete only figures of days before this one.")
@click.option("--yes", is_flag=True, help="Delete without a question.")
@options(*STORE)
def prune(keys: tuple[str, ...], before: Any, yes: bool, **flags: Any) -> int:
    """Delete old figures, or all of the PROVIDERs named, and shrink the file."""
    settings = settings_from(flags)
    day = days.counted(before, settings.day())
    if day is None and not keys:
        raise UsageError("nothing to delete is named", hint="like: rates store prune --before 2010")
    with _opened(settings) as store:
        named = _keys(keys, store)
        what = f"the figures of {', '.join(named)}" + (f" before {day}" if day else "")
        if named and not yes:
            _confirm(what, store.place)
        count = store.prune(named, day) if named else 0
        put_text(f"deleted {count} figures; the store has {_size(store.size())}")
    return OK


def _confirm(what: str, place: str) -> None:
    """Asks before figures are deleted; `UsageError` if the answer is no, or without a terminal."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"this deletes {what}, and there is no terminal to ask at", hint="--yes deletes them")
    if not click.confirm(f"This deletes {what} from {place}. Go on?", err=True):
        raise UsageError("nothing was deleted")
