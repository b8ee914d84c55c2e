"""`rates sync [PROVIDER]…`: fetches into the store what is missing there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import click

from rates.cli import NOTHING, OK, SOME_FAILED
from rates.cli.options import KEYS, SYNC, Value, options, settings_from, value_of
from rates.cli.terminal import output_width, progress, put_text, say
from rates.defaults import OWN
from rates.errors import UsageError
from rates.settings import MACHINE_FORMATS, SETTINGS, Settings, days

if TYPE_CHECKING:
    from rates.store import Store
    from rates.store.attempts import Visit
    from rates.store.sync import Synced

EPILOG = """\b
Examples:
  rates sync                       those of the settings that have history
  rates sync ecb nbp --since 2020  two, from a day, month, quarter or year on
  rates sync central-banks,-fred   a group, as of `rates USD --from`
  rates sync ecb --offline         the ECB's history in this package
  rates sync ecb --since 2026-10 --fresh   again, for corrections
  rates sync -q                    for cron: prints only what failed

A first sync fetches all that a publisher gives in 150 requests, and of a service, which is asked for each base of the
settings, two years; --since asks for more, or for less. Later ones ask only for what can be new by the publisher's
calendar, and for what failed before: without either nothing is sent. A day on which nothing was published is known as
such; one that could not be fetched is asked for again.

Exit status: 0 success, 1 some days failed, 2 wrong usage, 3 nothing could be fetched, 130 interrupted.
"""

# Of a whole history in one answer: the slowest publishers take a minute.
DEADLINE_S = 300.0
LAST_YEAR = 9998  # of the calendar of a publisher that has ended
MOST_CORRECTED = 10  # lines; all are in the store
HEADERS = ("provider", "base", "new", "same", "corrected", "asked", "failed", "since", "newest", "due")


@click.command("sync", epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[PROVIDER]…", type=KEYS)
@click.option("--since", type=Value("DAY", days.first_day), help="First day to have, like 2020-03-02, 2020-03 or 2020.")
@click.option("-q", "--quiet", is_flag=True, help="Print only what failed, for cron.")
@click.option(
    "--deadline",
    type=value_of(SETTINGS["deadline"]),
    default=DEADLINE_S,
    help="Longest time for one answer, all tries included (default: 5m).",
)
@options(*SYNC)
def command(keys: tuple[str, ...], since: Any, quiet: bool, **flags: Any) -> int:
    """Fetch into the store what is missing there, and show what came.

    Without a PROVIDER: those of the settings that have history.
    """
    settings = settings_from(flags)
    first, now = days.counted(since, settings.day()), _now(settings)
    if first is not None and first > settings.day():
        raise UsageError(f"{first} is in the future", hint=f"today is {settings.day()}")
    visits = None if settings.fresh or settings.format in MACHINE_FORMATS else _resting(keys, settings, first, now)
    if visits is not None:
        put_text("" if quiet else _nothing_new([(visit.provider, visit.due) for visit in visits]))
        return OK
    from rates.store import Store
    from rates.store.sync import sync

    with Store.open(settings.store) as store, ExitStack() as shown:

        def started(total: int) -> Callable[[], None]:
            return shown.enter_context(progress(total, settings))

        chosen = _chosen(keys, settings, store, now)
        found = sync(store, chosen, settings, since=first, now=now, started=started, waiting=_say_waiting)
        place = store.place
    if not quiet:
        put_text(_text(found, place, settings))
    excused = _excused(keys, found)
    failed = [one for one in found if one.errors and one.key not in excused]
    say("\n".join([*_doubtful(found), *_reasons(failed)]))
    if excused and not quiet:
        say(f"not asked further, since they want a key or cannot answer for days: {', '.join(excused)}")
    if not failed:
        return OK
    return SOME_FAILED if any(one.asked > len(one.errors) or not one.planned for one in found) else NOTHING


def _resting(words: Sequence[str], settings: Settings, since: date | None, now: datetime) -> list[Visit] | None:
    """The last visits, if nothing can be new; None where that is not known without loading providers and figures.

    An hourly sync with nothing new then takes little longer than the start of Python.
    """
    from rates.store.attempts import Attempts
    from rates.store.connections import Connections
    from rates.store.database import location

    named = [key for word in words for key in word.lower().split(",") if key]
    keys = named or [key for key in settings.chain if key != OWN]
    connections = Connections(location(settings.store))
    try:
        flags = {"named": bool(named), "offline": settings.mocked}
        return Attempts(connections).resting(keys, settings.bases, since, now, **flags) or None
    finally:
        connections.close()


def _chosen(words: Sequence[str], settings: Settings, store: Store, now: datetime) -> tuple[str, ...]:
    """The keys of the providers; `UsageError` where only the ECB's history would answer for another."""
    from rates.providers.groups import chosen

    keys = chosen(",".join(words)) if words else _with_history(settings, store, now)
    if OWN in keys:
        raise UsageError("your own rates are in your file already", hint="leave out own")
    if not keys:
        raise UsageError("no provider of the settings has history", hint="name one, like: rates sync ecb")
    if settings.history_only and keys != ("ecb",):
        raise UsageError("offline only the ECB's history answers", hint="like: rates sync ecb --offline")
    return keys


def _with_history(settings: Settings, store: Store, now: datetime) -> tuple[str, ...]:
    """The providers of the settings that have history; the others are noted, so that `_resting` passes over them."""
    from rates import providers
    from rates.providers.groups import expand
    from rates.store.attempts import NO_HISTORY, Visit
    from rates.store.calendars import NEVER

    keys = [key for key in expand(settings.chain) if key != OWN]
    having = tuple(key for key in keys if "range" in providers.load(key).PROVIDER.answers)
    for key in keys if having else ():
        if key not in having and not store.attempts.visits(key):
            store.attempts.visit(Visit(key, "", NO_HISTORY, now, NEVER))
    return having


def _now(settings: Settings) -> datetime:
    """The moment; the end of today where that is another day than the clock's."""
    now = datetime.now(UTC)
    return now if settings.day() == now.date() else datetime.combine(settings.day(), time(23, 59), UTC)


def _say_waiting() -> None:
    say("rates: another `rates sync` is filling this store; waiting until it is done")


def _text(found: Sequence[Synced], place: str, settings: Settings) -> str:
    """What came: a row for each provider, then corrections and notes; one line if nothing can be new."""
    if settings.format in MACHINE_FORMATS:
        return _rows(found, settings.format)
    if not any(one.asked for one in found):
        return _nothing_new([(one.key, one.due) for one in found])
    from rates.present.layout import Column
    from rates.present.tabular import notes, rows, stacked

    keys = tuple(dict.fromkeys(one.key for one in found))
    columns = ("provider", Column("new", "right"), Column("corrected", "right"), Column("since", drop=2), "newest",
               Column("next", drop=1))  # fmt: skip
    cells = [_cells([one for one in found if one.key == key], offline=settings.mocked) for key in keys]
    table = rows(columns, cells, settings.format, output_width())
    remarks = [*_corrected(found), *_shortened(found), f"store: {place}"]
    return stacked([table, notes(remarks, settings.format, output_width())])


def _rows(found: Sequence[Synced], fmt: str) -> str:
    """A row for each provider and base, for programs."""
    from rates.present.tabular import rows

    cells = [
        (one.key, one.base or None, one.change.new, one.change.same, len(one.change.corrected), one.asked,
         len(one.errors), one.since, one.newest, _iso(one.due))
        for one in found
    ]  # fmt: skip
    return rows(HEADERS, cells, fmt)


def _cells(found: Sequence[Synced], *, offline: bool) -> tuple[str | int | date | None, ...]:
    """The row of one provider, of all its bases together."""
    new, corrected = sum(one.change.new for one in found), sum(len(one.change.corrected) for one in found)
    since, newest = min(one.since for one in found), max((one.newest for one in found if one.newest), default=None)
    return found[0].key, new, corrected, since, newest, _next(found, offline=offline)


def _next(found: Sequence[Synced], *, offline: bool) -> str:
    """When there can be something new; "" offline, since only the network brings what is published then."""
    due = min((one.due for one in found if one.due is not None), default=None)
    if due is None:
        return ""
    if any(one.errors for one in found):
        return "the next sync, since some failed"
    return "" if offline else _moment(due)


def _nothing_new(rests: Sequence[tuple[str, datetime | None]]) -> str:
    """One line: when each provider can have something new; imports no table."""
    first: dict[str, datetime] = {}
    for key, due in rests:
        if due is not None:
            first[key] = min(due, first.get(key, due))
    return f"nothing can be new before: {', '.join(f'{key} {_moment(due)}' for key, due in first.items())}"


def _moment(due: datetime) -> str:
    """A moment for people."""
    return f"{due:%a %Y-%m-%d %H:%M} UTC" if due.year < LAST_YEAR else "never, as it has ended"


def _corrected(found: Sequence[Synced]) -> list[str]:
    """The figures that publishers have corrected; the first ones, and how many more."""
    lines = [
        f"{one.key} corrected 1 {after.base} = {before.rate} {after.symbol} of {after.day} to {after.rate}"
        for one in found
        for before, after in one.change.corrected
    ]
    more = len(lines) - MOST_CORRECTED
    return [
        *lines[:MOST_CORRECTED],
        *([f"and {more} more corrections; `rates store info KEY` lists all"] if more > 0 else []),
    ]


def _shortened(found: Sequence[Synced]) -> list[str]:
    """The providers that have more days than were asked for."""
    first = {one.key: one.since for one in found if one.shortened and one.asked}
    return [f"{key} was asked since {day}; for more: rates sync {key} --since YEAR" for key, day in first.items()]


def _excused(words: Sequence[str], found: Sequence[Synced]) -> tuple[str, ...]:
    """The providers of a group that want a key, or cannot answer: that is a failure of those alone that are named."""
    from rates.errors import KeyNeeded, Unsupported
    from rates.providers.groups import single

    named = single(",".join(words)) if words else {one.key for one in found}
    unable = (
        one.key for one in found if one.errors and all(isinstance(e, KeyNeeded | Unsupported) for e in one.errors)
    )
    return tuple(dict.fromkeys(key for key in unable if key not in named))


def _doubtful(found: Sequence[Synced]) -> list[str]:
    """A line for each answer with figures that are far from those before; the first ones, and how many more."""
    lines = [f"warning: {error.name}: {error}" for one in found for error in one.doubtful]
    more = len(lines) - MOST_CORRECTED
    return [*lines[:MOST_CORRECTED], *([f"warning: and {more} more answers like these"] if more > 0 else [])]


def _reasons(failed: Sequence[Synced]) -> list[str]:
    """A line for each provider and base of which something failed."""
    lines = []
    for one in failed:
        left = one.planned - one.asked
        count = f"{len(one.errors)} of {one.planned} requests failed" + (f", {left} were left out" if left else "")
        named = f"{one.key} {one.base}".rstrip()
        lines.append(f"rates: {named}: {count}; the next sync tries again: {one.errors[-1].detail}")
    return lines


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
