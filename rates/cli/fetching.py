"""How commands fetch, with progress: bases from a chain of providers, or from all publishers of a group (`--from`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rates.cli import NOTHING, OK, SOME_FAILED
from rates.cli.options import Value
from rates.cli.terminal import progress, say
from rates.defaults import CONSENSUS, POOL_SIZE
from rates.errors import UNREACHABLE, RatesError, StoreError, Unsupported, UsageError
from rates.settings import Settings

if TYPE_CHECKING:
    from rates.consensus import Group
    from rates.model import Failed, Fetched, Outcome

T = TypeVar("T")

# The part of the deadline that printing and the end of the process take: 0.05 s and 0.08 s with 85 publishers.
END_S = 0.13


def _groups(typed: str) -> Iterable[str]:
    """The groups and keys of publishers, with a minus where one is typed."""
    from rates.providers import choices
    from rates.providers.groups import GROUPS

    minus = "-" if typed.rpartition(",")[2].startswith("-") else ""
    return [minus + word for word in (*GROUPS, *choices())]


FROM = click.option(
    "--from", "group", type=Value("GROUP", offers=_groups, commas=True), default=None,
    help="Publishers to ask all at once: all, central-banks, services, official, market, free, keyed, a region, or "
    "keys; several with commas, without some with a minus: all,-fred.",
)  # fmt: skip


FAILURES = click.option(
    "--failures", "listed", is_flag=True, help="List every failure, with its reason (in a pipe in full)."
)


def group_status(outcomes: Sequence[Outcome], group: str | None) -> int:
    """The exit status of a command that asked the publishers of a group (see `fetch_group`).

    One that wants a key is not asked, and one that has ended or lacks the currency has nothing to give: that is a
    failure of those alone that were named one by one.
    """
    from rates.present.errors import of_group_failed
    from rates.providers.groups import single

    named = single(group or "all")
    if not any(one.ok for one in outcomes):
        return NOTHING
    failed = (of_group_failed(one) or (not one.ok and one.provider in named) for one in outcomes)
    return SOME_FAILED if any(failed) else OK


def of_many(settings: Settings) -> Settings:
    """The settings under which many publishers are asked; `UsageError` if only the ECB's history would answer.

    With recordings, those alone answer: the history would simulate services that were not recorded.
    """
    if settings.history_only:
        raise UsageError(
            "offline there is one source, the ECB's history, and no other to compare it with",
            hint="leave out --offline, or ask recordings with --replay DIR",
        )
    return settings.with_values(offline=False)


def fetch_bases(bases: Sequence[str], settings: Settings) -> list[Outcome]:
    """The outcome of each base, in the order of the bases: from the store where it serves, else from the publishers."""
    if settings.mocked:
        found = _of_history(bases, settings) if settings.history_only else {}
        if len(found) < len(bases):
            return _asked(bases, settings)
        _log(found.values())
        return list(found.values())
    if settings.no_store:
        return _asked(bases, settings)
    from rates.store import Store, answers

    now = datetime.now(UTC)
    with Store.open(settings.store) as store:
        found = (
            {}
            if settings.fresh or settings.record
            else _with_warning(lambda: answers.answered(store, bases, settings, now)) or {}
        )
        _log(found.values())
        outcomes = _asked([base for base in bases if base not in found], settings)
        _warn(_with_warning(lambda: answers.keep(store, outcomes, settings, datetime.now(UTC))))
        lost = [one for one in outcomes if not one.ok and _unreached(one)]
        known = _with_warning(lambda: answers.last_known(store, lost, settings)) or {} if lost else {}
        if known:
            click.get_current_context().meta[__name__] = SOME_FAILED
    outcomes = [known.get(one.base, one) for one in outcomes]
    return [found.get(base) or outcomes.pop(0) for base in bases]


def use_kept() -> None:
    """Warns that rates of the store are used that may not be the newest, since no publisher gave any."""
    say("warning: no publisher has answered; these are the newest rates kept")
    click.get_current_context().meta[__name__] = SOME_FAILED


def kept_status() -> int:
    """The status of a command that could answer: not 0 if kept rates had to do, since no publisher was reached."""
    return int(click.get_current_context().meta.get(__name__, OK))


def _asked(bases: Sequence[str], settings: Settings) -> list[Outcome]:
    """The outcome of each base from the publishers, in the order of the bases."""
    if not bases:
        return []
    from rates.run import fetch_all

    with progress(len(bases), settings) as step, closing(fetch_all(bases, settings, step=step)) as outcomes:
        return list(outcomes)


def _of_history(bases: Sequence[str], settings: Settings) -> dict[str, Fetched]:
    from rates.store.tables import from_history

    return from_history(bases, settings)


def _log(answered: Iterable[Fetched]) -> None:
    """Logs which tables no publisher was asked for; -v has imported `logging`, which takes 4 ms."""
    if "logging" in sys.modules:
        for one in answered:
            log = sys.modules["logging"].getLogger("rates.store")
            log.debug("%s: %s of %s from the %s", one.table.provider, one.base, one.table.day, one.table.source)


def _warn(found: Sequence[RatesError] | None) -> None:
    """Says which figures are far from the last that the store had."""
    for error in found or ():
        say(f"warning: {error.name}: {error}")


def _with_warning(use: Callable[[], T]) -> T | None:
    """What a use of the store gives; a store that cannot be used is named on stderr, once, and fails no run."""
    try:
        return use()
    except StoreError as error:
        named = click.get_current_context().meta.setdefault(f"{__name__} store", set())
        if str(error) not in named:
            say(f"rates: {error}")
        named.add(str(error))
        return None


def _unreached(outcome: Failed) -> bool:
    """True if no provider of the chain that can answer was reached."""
    errors = [one for one in (*outcome.passed_over, outcome.error) if not isinstance(one, Unsupported)]
    return bool(errors) and all(isinstance(error, UNREACHABLE) for error in errors)


def fetch_group(
    bases: Sequence[str], group: str | None, settings: Settings, flags: dict[str, Any]
) -> tuple[Outcome, ...]:
    """The outcome of every base and publisher of the group, within the deadline since this process was started.

    group: None for all. A chain (`--provider`) beside it is wrong usage: a chain is asked in turn, a group at once.
    """
    from rates.providers.groups import chosen
    from rates.run import fetch_many

    if flags.get("provider"):
        problem = "--from and --consensus ask all at once, --provider one after the other"
        raise UsageError(problem, hint="give one of the two")
    keys, settings = chosen("all" if group is None else group), of_many(settings)
    given = flags.get("workers") or (settings.workers if settings.workers != POOL_SIZE else None)
    # The user's deadline counts from the start of the process, which includes 0.3 s of imports.
    began = click.get_current_context().find_root().obj
    ending = min(END_S, settings.deadline / 10)
    left = max(0.001, settings.deadline - ending - (monotonic() - began))
    with progress(len(keys), settings) as step:
        outcomes = fetch_many(bases, keys, settings.with_values(deadline=left), workers=given, step=step)
    _keep_each(outcomes, settings)
    return outcomes


def _keep_each(outcomes: Sequence[Outcome], settings: Settings) -> None:
    """Keeps what each publisher of a group gave as the answer of that publisher alone."""
    if settings.mocked or settings.no_store:
        return
    from rates.store import Store, answers

    with Store.open(settings.store) as store:
        for outcome in outcomes:
            if outcome.ok:
                alone = settings.with_values(provider=outcome.provider)
                _warn(_with_warning(partial(answers.keep, store, [outcome], alone, datetime.now(UTC))))


def groups_of(outcomes: Sequence[Outcome], pairs: Sequence[tuple[str, str]], settings: Settings) -> tuple[Group, ...]:
    """How far the publishers agree about each pair: the official ones and the others, each as a group.

    Says which figures are far from the median of the others.
    """
    from rates.consensus import far_from_others, opinion_groups
    from rates.providers import load

    # The consensus is made of the others' opinions and has none itself.
    tables = [one.table for one in outcomes if one.table is not None and one.table.provider != CONSENSUS]
    providers = {table.provider: load(table.provider).PROVIDER for table in tables}
    found: list[Group] = []
    for base, symbol in pairs:
        found += opinion_groups([table for table in tables if table.base == base], symbol, providers, settings.on)
    for doubt in (doubt for group in found for doubt in far_from_others(group)):
        say(f"warning: Implausible: {doubt.provider}: {doubt.sentence()}")
    return tuple(found)
