"""What is run in every round: a function over items, made ready anew for each measurement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Generic, TypeVar

from rates import fetch, providers
from rates.compare import fingerprint as _digest
from rates.model import Outcome, Timing
from rates.providers.groups import expand
from rates.run import new_run, preload
from rates.settings import Settings
from rates.transport.session import forget

T = TypeVar("T")
R = TypeVar("R")


# What our own part of a call needs in a worker.
PRELOAD = ("rates.compare.worker_side",)
# An item's name must stay a line: 80 characters hold any base, pair, or URL without its query.
NAME_WIDTH = 80


def named(item: object) -> str:
    """How records and messages name an item."""
    text = str(item)
    return text if len(text) <= NAME_WIDTH else text[: NAME_WIDTH - 1] + "…"


def _never(value: object) -> str:
    """No returned value is a failure."""
    return ""


def _unknown(value: object) -> None:
    """Nothing is known of where the time went."""


@dataclass(frozen=True, slots=True)
class Work(Generic[T, R]):
    """The same calls for every variant.

    begin(mode, round): the function for one measurement, within a context that lasts as long as it does.
    warm: runs once in each worker before its first call, as a part of its start-up. renew: called in this process
    before a cold pool is opened, so that what earlier ones left does not count for it. failed(value): why a returned
    value is a failure, or "". timing(value): where its time went, if it tells. digest(value): what must be equal
    whoever made it, "" when that cannot be told. ideal: False where a call's time is no share of the whole, as when
    one download serves all. start_method, preload, scheduler: as `open_executor` has them. sent: what other
    processes must be sent, and perhaps cannot.
    """

    items: Sequence[T]
    begin: Callable[[str, int], AbstractContextManager[Callable[[T], R]]]
    warm: Callable[[], object] | None = None
    renew: Callable[[], object] | None = None
    failed: Callable[[R], str] = _never
    timing: Callable[[R], Timing | None] = _unknown
    digest: Callable[[R], str] = _digest.digest
    ideal: bool = True
    start_method: str | None = None
    preload: Sequence[str] = ()
    scheduler: str | None = None
    sent: tuple[object, ...] = ()

    @property
    def opening(self) -> dict[str, Any]:
        """How each of its pools is opened."""
        how = {"start_method": self.start_method, "preload": (*PRELOAD, *self.preload)}
        return {**how, "scheduler": self.scheduler} if self.scheduler else how


def calls(fn: Callable[[T], R], items: Sequence[T]) -> Work[T, R]:
    """The work of any function that can be pickled; a call fails when it raises."""
    return Work(items, lambda mode, number: nullcontext(fn), sent=(fn, *items))


def fetches(bases: Sequence[str], settings: Settings) -> Work[str, Outcome]:
    """The work of fetching these bases; each measurement is a run of its own and remembers nothing of the last."""

    @contextmanager
    def begin(mode: str, number: int) -> Iterator[Callable[[str], Outcome]]:
        with new_run(_seeded(settings, number), mode) as run:
            yield partial(fetch.attempt, settings=run)

    first = [providers.load(key).PROVIDER for key in expand(settings.provider[:1])]
    return Work(
        bases,
        begin,
        warm=partial(fetch.warm, settings),
        renew=forget,  # sequential would keep its connections from round to round, which no other mode can
        failed=_why,
        timing=_timing,
        digest=_table,
        ideal=all(provider.per_base for provider in first),
        start_method=settings.start_method or None,
        preload=preload(settings),
        scheduler=settings.scheduler or None,
    )


def _seeded(settings: Settings, number: int) -> Settings:
    """The settings with this round's seed: one for all would repeat the same failures in each round.

    Within a round each run draws anew from it, so that every variant meets the same fates.
    """
    if settings.seed is None or not (settings.jitter or settings.fail):
        return settings
    return settings.with_values(seed=Random(f"{settings.seed} {number}").getrandbits(32))


def _why(outcome: Outcome) -> str:
    return str(outcome.error) if outcome.error is not None else ""


def _timing(outcome: Outcome) -> Timing | None:
    return outcome.timing


def _table(outcome: Outcome) -> str:
    """The digest of a table: whose it is, and every rate with its day."""
    table = outcome.table
    if table is None:
        return ""
    rates = ",".join(f"{symbol}={figure.rate}@{figure.day}" for symbol, figure in table.figures.items())
    return _digest.of_text(f"{table.base} {table.provider} {table.asked} {rates}")
