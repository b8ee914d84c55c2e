"""`rates doctor [KEY]…`: asks each publisher once, and shows which work and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from rates.cli import NOTHING, OK, SOME_FAILED
from rates.cli.fetching import of_many
from rates.cli.options import DOCTOR, KEYS, options, settings_from
from rates.cli.terminal import output_width, progress, put_text, say
from rates.defaults import POOL_SIZE, RECORDING
from rates.diagnose import CONDITIONS, KEY_NEEDED, WELL, Diagnosis, could_not_load, diagnose, with_substitutes
from rates.settings import MACHINE_FORMATS, Settings

EPILOG = """\b
Examples:
  rates doctor                      every publisher, within one deadline
  rates doctor --all                also those that need no action
  rates doctor ecb nbp cbr          three of them
  rates doctor --deadline 20s --format json
  rates doctor --replay tape ecb    against recordings
  rates doctor --format csv > doctor.csv    for cron, with the exit status

Conditions: well, over (it has stopped publishing), stale, moved, web page, key needed, key refused, plan, captcha or
firewall, quota, TLS, changed format, wrong answer, no rates, server failed, unreachable, too slow, not recorded,
unsupported, unknown. For each that is not well, a table names what to do, and which other publishers have the
currencies.

Exit status: 0 all that were asked are well, 1 some are not, 2 wrong usage, 3 none is well, 130 interrupted.
"""

LONGEST = 90  # characters of evidence in a table; json and csv have all of it
HEADERS = ("key", "condition", "day", "took_s", "evidence", "todo", "instead", "error", "offline", "simulated")


@click.command("doctor", epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]…", type=KEYS)
@click.option("--all", "in_full", is_flag=True, help="Show all that were asked, also those that need no action.")
@options(*DOCTOR)
def command(keys: tuple[str, ...], in_full: bool, **flags: Any) -> int:
    """Ask each publisher once for its latest rates; shows what is wrong, what to do, and which others to ask instead.

    The deadline is for all publishers together. Stale are rates that are older than the publisher's longest pause.
    Without KEYs, publishers whose key is not set are counted, and not asked; those whose terms ask for consent are left
    out.
    """
    settings = settings_from(flags)
    from rates import providers
    from rates.present.errors import no_network
    from rates.providers.groups import members

    words = [part for word in keys for part in word.lower().split(",") if part]
    asked = tuple(dict.fromkeys(words)) or members("all")  # which leaves out those that ask for consent
    for key in set(asked).difference(providers.keys()):
        providers.load(key)  # raises, with the nearest keys
    settings = of_many(settings)
    found = examined(asked, settings)
    unwell = [one for one in found if not one.well and (keys or one.condition != KEY_NEEDED)]
    dead = "" if settings.mocked else no_network([(one.key, one.error, one.evidence) for one in found if one.error])
    if settings.format in MACHINE_FORMATS:
        put_text(_rows(found, settings))
        say(dead or summary(found))
    elif dead and not in_full:
        say(f"{dead} · --all lists them")
    else:
        put_text(_text(found if in_full or keys else unwell, found, settings))
    if not unwell:
        return OK
    return SOME_FAILED if any(one.condition == WELL for one in found) else NOTHING


def examined(keys: Sequence[str], settings: Settings) -> list[Diagnosis]:
    """The diagnosis of each publisher, in the order of the keys; each is asked for its own currency, or the dollar."""
    from rates import providers
    from rates.run import fetch_each

    modules, broken = providers.load_each(keys)
    known = {module.PROVIDER.key: module.PROVIDER for module in modules}
    bases = {key: (provider.pivot or "USD",) for key, provider in known.items()}
    asking = settings.with_values(mode="thread", symbols=(), strict=False, on=None)
    workers = None if settings.workers == POOL_SIZE else settings.workers
    with progress(len(bases), settings) as step:
        outcomes = {key: outcome for (_, key), outcome in fetch_each(bases, asking, workers=workers, step=step).items()}
    day = settings.day()
    found = [
        diagnose(outcomes[key], known[key], day) if key in known else could_not_load(key, broken[key]) for key in keys
    ]
    if all(one.well for one in found):  # then no substitute is needed, and the others are not loaded
        return found
    others = [providers.load(key).PROVIDER for key in providers.own_keys() if key not in known]
    return with_substitutes(found, [*known.values(), *others])


def summary(found: Sequence[Diagnosis]) -> str:
    """How many publishers have each condition."""
    counts = {name: sum(one.condition == name for one in found) for name in CONDITIONS}
    return f"{len(found)} asked: " + ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _rows(found: Sequence[Diagnosis], settings: Settings) -> str:
    """A row for each publisher, for programs."""
    from rates.present import simulated_network
    from rates.present.tabular import rows

    run = settings.mocked, simulated_network(settings) or None
    return rows(HEADERS, [(*_cells(one), *run) for one in found], settings.format)


def _text(shown: Sequence[Diagnosis], found: Sequence[Diagnosis], settings: Settings) -> str:
    """The summary of all, and a table of those to show."""
    from rates.present import network_note, offline_notes
    from rates.present.layout import Column, shortened
    from rates.present.tabular import notes, rows, stacked

    columns = (
        Column("key", cut=16),
        Column("condition", cut=12),
        Column("evidence", cut=28, drop=1),
        Column("what to do", cut=36),
        Column("ask instead", cut=11, drop=2),
    )
    fmt, width = settings.format, output_width()
    remarks = [*offline_notes([RECORDING] if settings.mocked else [], settings.day()), *network_note(settings)]
    head = notes([summary(found), *remarks], fmt, width)
    cells = [
        (one.key, one.condition, shortened(one.evidence, LONGEST), one.todo or "–", ", ".join(one.instead) or "–")
        for one in shown
    ]
    untried = any(one.instead for one in shown) and not any(one.condition == WELL for one in found)
    legend = notes(["none is well; those to ask instead were not tried"] if untried else [], fmt, width)
    return stacked([head, rows(columns, cells, fmt, width) if cells else "", legend])


def _cells(one: Diagnosis) -> tuple[Any, ...]:
    """A row for programs; null for what is missing."""
    took = None if one.took_s is None else round(one.took_s, 3)
    return one.key, one.condition, one.day, took, one.evidence, one.todo or None, list(one.instead), one.error or None
