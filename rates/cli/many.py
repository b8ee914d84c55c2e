"""Asking many publishers from the command line: who they are, how long they have, and what is said of the pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from rates.cli.parameters import Value
from rates.defaults import CONSENSUS, POOL_SIZE
from rates.errors import UsageError
from rates.settings import Settings

if TYPE_CHECKING:
    from rates.consensus import Group
    from rates.model import Outcome


# What is kept of the deadline for printing and for the end of the process: 0.05 s and 0.08 s with 85 publishers.
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


def ask(bases: Sequence[str], group: str, settings: Settings, workers: int | None) -> tuple[Outcome, ...]:
    """The outcome of every base and publisher, within the deadline since this process was asked, with progress."""
    from rates.cli.run import progress
    from rates.many import fetch_many
    from rates.providers.groups import chosen

    keys = chosen(group)
    given = workers or (settings.workers if settings.workers != POOL_SIZE else None)
    # The deadline is the user's, so it counts from the start of the process: 0.3 s of imports would come on top else.
    began = click.get_current_context().find_root().obj
    ending = min(END_S, settings.deadline / 10)
    left = max(0.001, settings.deadline - ending - (monotonic() - began))
    with progress(len(keys), settings) as step:
        return fetch_many(bases, keys, settings.with_values(deadline=left), workers=given, step=step)


def groups_of(outcomes: Sequence[Outcome], pairs: Sequence[tuple[str, str]], settings: Settings) -> tuple[Group, ...]:
    """What the publishers say of each pair."""
    from rates.consensus import agree
    from rates.providers import load

    # The consensus has no opinion beside those that it is made of.
    tables = [one.table for one in outcomes if one.table is not None and one.table.provider != CONSENSUS]
    facts = {table.provider: load(table.provider).PROVIDER for table in tables}
    found: list[Group] = []
    for base, symbol in pairs:
        found += agree([table for table in tables if table.base == base], symbol, facts, settings.on)
    return tuple(found)


def check_flags(flags: dict[str, Any]) -> None:
    """Refuses a chain beside a group: one is asked one after the other, the other all at once."""
    if flags.get("provider"):
        told = "--from and --consensus ask all at once, --provider one after the other"
        raise UsageError(told, hint="give one of the two")
