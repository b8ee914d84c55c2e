"""`rates doctor [KEY]…`: asks each publisher once, and tells which are well and what ails the others."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Any

import click

from rates.cli import NOTHING, OK, SOME_FAILED, put_text, say
from rates.cli.options import DOCTOR, options, settings_from
from rates.cli.parameters import KEYS
from rates.cli.terminal import output_width
from rates.diagnose import CONDITIONS, WELL, Diagnosis, diagnose, with_substitutes
from rates.errors import DeadlineExceeded, RatesError, WorkerLost
from rates.model import Outcome
from rates.settings import MACHINE_FORMATS, Settings

EPILOG = """\b
Examples:
  rates doctor                      every publisher, within one deadline
  rates doctor ecb nbp cbr          three of them
  rates doctor --deadline 20s --format json
  rates doctor --replay tape ecb    against recordings
  rates doctor --format csv > doctor.csv    for cron, with the exit status

Exit status: 0 all are well, 1 some are not, 2 wrong usage, 3 none is well, 130 interrupted.
"""

# Publishers are hosts of their own, so that many can be asked at once without any of them being asked often.
WORKERS = 32
# What a fetch may take less than the whole run, so that a slow one tells its own reason before it is cut off.
MARGIN_S = 0.5
LONGEST = 90  # characters of evidence in a table; programs get all
HEADERS = ("key", "condition", "day", "took_s", "told", "todo", "instead", "error")


@click.command("doctor", epilog=EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]…", type=KEYS)
@options(*DOCTOR)
def command(keys: tuple[str, ...], **flags: Any) -> int:
    """Ask each publisher once for its latest rates, and tell what ails it, what to do, and whom to ask instead.

    The deadline is that of the whole run. Stale is what is older than the publisher's own longest pause.
    """
    settings = settings_from(flags)
    from rates import providers

    words = [part for word in keys for part in word.lower().split(",") if part]
    asked = tuple(dict.fromkeys(words)) or providers.keys()
    for key in set(asked).difference(providers.keys()):
        providers.load(key)  # raises, with the nearest
    found = examined(asked, settings)
    put_text(_text(found, settings.format))
    if settings.format in MACHINE_FORMATS:
        say(summary(found))
    if all(one.well for one in found):
        return OK
    return SOME_FAILED if any(one.condition == WELL for one in found) else NOTHING


def examined(keys: Sequence[str], settings: Settings) -> list[Diagnosis]:
    """The diagnosis of each publisher, in the order of the keys."""
    from rates import providers

    outcomes = _outcomes(keys, settings)
    found, known = [], []
    for key in keys:
        try:
            provider = providers.load(key).PROVIDER
        except RatesError as error:  # of another distribution, and broken
            found.append(Diagnosis(key, "unknown", error.detail, error.hint, error=error.name))
            continue
        known.append(provider)
        found.append(diagnose(outcomes[key], provider, settings.day()))
    if all(one.well for one in found):  # which saves loading all the others
        return found
    others = [providers.load(key).PROVIDER for key in providers.own_keys() if key not in keys]
    return with_substitutes(found, [*known, *others])


def _outcomes(keys: Sequence[str], settings: Settings) -> dict[str, Outcome]:
    """What came of asking each, all at once, within one deadline."""
    from rates.cli.run import progress
    from rates.executors import dispatch, open_executor
    from rates.fetch.run import new_run
    from rates.transport import stop

    found: dict[str, Outcome] = {}
    each = settings.with_values(
        provider=_loadable(keys), symbols=(), strict=False, on=None, deadline=max(settings.deadline - MARGIN_S, 0.1)
    )
    executor = open_executor("thread", max(1, min(len(keys), max(settings.workers, WORKERS))))
    try:
        with new_run(each, "thread") as chosen, progress(len(keys), settings) as step:
            work = partial(_asked, settings=chosen)
            with closing(dispatch(executor, work, keys, via="submit", deadline_s=settings.deadline)) as answers:
                for done in answers:
                    found[done.item] = done.value or Outcome(done.item, error=_stopped(done.error, done.item))
                    step()
    except BaseException:
        stop()
        executor.kill()
        raise
    executor.shutdown(wait=False)  # each fetch has a deadline of its own, and ends by it
    return found


def _loadable(keys: Sequence[str]) -> tuple[str, ...]:
    """Those that can be imported; the others are told by their own fetch."""
    from rates import providers

    return tuple(module.PROVIDER.key for module in providers.load_each(keys)[0])


def _asked(key: str, *, settings: Settings) -> Outcome:
    """One publisher asked for its latest rates: of its own currency, or of the dollar."""
    from rates import providers
    from rates.fetch import attempt

    try:
        base = providers.load(key).PROVIDER.pivot or "USD"
    except RatesError as error:
        return Outcome(key, error=error)
    return attempt(base, settings.with_values(provider=(key,)))


def _stopped(error: BaseException | None, key: str) -> RatesError:
    """Why a publisher has no outcome."""
    if isinstance(error, RatesError):
        return error
    if isinstance(error, TimeoutError):
        return DeadlineExceeded("no answer within the deadline of the whole run", provider=key)
    return WorkerLost(str(error) or type(error).__name__, provider=key)


def summary(found: Sequence[Diagnosis]) -> str:
    """How many are well, and how many have which condition."""
    counts = {name: sum(one.condition == name for one in found) for name in CONDITIONS}
    return f"{len(found)} asked: " + ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _text(found: Sequence[Diagnosis], fmt: str) -> str:
    """Rows for programs; for people a table of all, what to do for those that ail, and the summary."""
    from rates.present.layout import Column, shortened
    from rates.present.tabular import rows

    if fmt in MACHINE_FORMATS:
        return rows(HEADERS, [_cells(one) for one in found], fmt)
    width = output_width()
    lines = [(one.key, one.condition, shortened(one.told, LONGEST)) for one in found]
    parts = [rows(("key", "condition", Column("what it says", cut=20)), lines, fmt, width)]
    ailing = [one for one in found if not one.well]
    if ailing:
        cells = [(one.key, one.todo, ", ".join(one.instead) or "–") for one in ailing]
        parts.append(rows(("key", "what to do", Column("ask instead", cut=12)), cells, fmt, width))
        if not any(one.condition == WELL for one in found):
            parts.append("nobody asked is well: those to ask instead were not asked")
    return "\n\n".join((*parts, summary(found)))


def _cells(one: Diagnosis) -> tuple[Any, ...]:
    """A row for programs, with null for what there is not."""
    took = None if one.took_s is None else round(one.took_s, 3)
    day = one.day.isoformat() if one.day else None
    return one.key, one.condition, day, took, one.told, one.todo or None, list(one.instead), one.error or None
