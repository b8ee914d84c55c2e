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
from rates.diagnose import CONDITIONS, WELL, Diagnosis, could_not_load, diagnose, with_substitutes
from rates.settings import MACHINE_FORMATS, Settings

EPILOG = """\b
Examples:
  rates doctor                      every publisher, within one deadline
  rates doctor ecb nbp cbr          three of them
  rates doctor --deadline 20s --format json
  rates doctor --replay tape ecb    against recordings
  rates doctor --format csv > doctor.csv    for cron, with the exit status

Conditions: well, over (it has stopped publishing), stale, moved, web page, key needed, key refused, plan, captcha or
firewall, quota, TLS, changed format, wrong answer, no rates, server failed, unreachable, too slow, not recorded,
unsupported, unknown. For each that is not well, a table names what to do, and
which other publishers have the currencies.

Exit status: 0 all are well, 1 some are not, 2 wrong usage, 3 none is well, 130 interrupted.
"""

LONGEST = 90  # characters of evidence in a table; json and csv have all of it
HEADERS = ("key", "condition", "day", "took_s", "evidence", "todo", "instead", "error", "offline", "simulated")


@click.command("doctor", epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]…", type=KEYS)
@options(*DOCTOR)
def command(keys: tuple[str, ...], **flags: Any) -> int:
    """Ask each publisher once for its latest rates; shows what is wrong, what to do, and which others to ask instead.

    The deadline is for all publishers together. Stale are rates that are older than the publisher's longest pause.
    """
    settings = settings_from(flags)
    from rates import providers

    words = [part for word in keys for part in word.lower().split(",") if part]
    asked = tuple(dict.fromkeys(words)) or providers.keys()
    for key in set(asked).difference(providers.keys()):
        providers.load(key)  # raises, with the nearest keys
    settings = of_many(settings)
    found = examined(asked, settings)
    put_text(_text(found, settings))
    if settings.format in MACHINE_FORMATS:
        say(summary(found))
    if all(one.well for one in found):
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


def _text(found: Sequence[Diagnosis], settings: Settings) -> str:
    """For programs a row for each publisher; for people a table of all, a table of what to do, and the summary."""
    from rates.present import network_note, offline_notes, simulated_network
    from rates.present.layout import Column, shortened
    from rates.present.tabular import rows

    fmt = settings.format
    if fmt in MACHINE_FORMATS:
        run = settings.mocked, simulated_network(settings) or None
        return rows(HEADERS, [(*_cells(one), *run) for one in found], fmt)
    width = output_width()
    lines = [(one.key, one.condition, shortened(one.evidence, LONGEST)) for one in found]
    parts = [rows(("key", "condition", Column("evidence", cut=20)), lines, fmt, width)]
    unwell = [one for one in found if not one.well]
    if unwell:
        cells = [(one.key, one.todo, ", ".join(one.instead) or "–") for one in unwell]
        parts.append(rows(("key", "what to do", Column("ask instead", cut=12)), cells, fmt, width))
        if not any(one.condition == WELL for one in found):
            parts.append("none is well; those to ask instead were not tried")
    remarks = [*offline_notes([RECORDING] if settings.mocked else [], settings.day()), *network_note(settings)]
    return "\n\n".join((*parts, "\n".join((*remarks, summary(found)))))


def _cells(one: Diagnosis) -> tuple[Any, ...]:
    """A row for programs; null for what is missing."""
    took = None if one.took_s is None else round(one.took_s, 3)
    return one.key, one.condition, one.day, took, one.evidence, one.todo or None, list(one.instead), one.error or None
