"""What each round runs: a function over items, made ready anew for each measurement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Generic, TypeVar

from rates import fetch, providers
from rates.compare.fingerprint import fingerprint, of_text
from rates.model import Outcome, Timing
from rates.providers.groups import expand
from rates.run import new_run, preload
from rates.settings import Settings
from rates.transport.session import forget

T = TypeVar("T")
R = TypeVar("R")

# What the timing of a call imports in a worker.
PRELOAD = ("rates.compare.worker_side",)
# An item's name must fit a line: 80 characters hold any base, pair, or URL without its query.
NAME_WIDTH = 80


def item_name(item: object) -> str:
    """The name of an item in results and messages."""
    text = str(item)
    return text if len(text) <= NAME_WIDTH else text[: NAME_WIDTH - 1] + "…"


@dataclass(frozen=True, slots=True)
class Work(Generic[T, R]):
    """The same calls for every variant.

    begin(mode, round): the function for one measurement, in a context that lasts as long as the measurement. warm: runs
    once in each worker before its first call, as part of its start-up. renew: runs in this process before a cold pool
    is opened, so that nothing left by earlier ones helps it. failed(value): why a returned value is a failure, or "".
    timing(value): where its time went, if known. fingerprint(value): equal for equal results, "" if it has none. ideal:
    False where calls share their time, as when one download serves all. start_method, preload, scheduler: as for
    `open_executor`. sent: what other processes must be sent, to find out whether that is possible.
    """

    items: Sequence[T]
    begin: Callable[[str, int], AbstractContextManager[Callable[[T], R]]]
    warm: Callable[[], object] | None = None
    renew: Callable[[], object] | None = None
    failed: Callable[[R], str] = lambda value: ""
    timing: Callable[[R], Timing | None] = lambda value: None
    fingerprint: Callable[[R], str] = fingerprint
    ideal: bool = True
    start_method: str | None = None
    preload: Sequence[str] = ()
    scheduler: str | None = None
    sent: tuple[object, ...] = ()

    @property
    def opening(self) -> dict[str, Any]:
        """The arguments with which each of its pools is opened."""
        how = {"start_method": self.start_method, "preload": (*PRELOAD, *self.preload)}
        return {**how, "scheduler": self.scheduler} if self.scheduler else how


def calls(fn: Callable[[T], R], items: Sequence[T]) -> Work[T, R]:
    """The work of any function that pickles; a call fails when it raises."""
    return Work(items, lambda mode, number: nullcontext(fn), sent=(fn, *items))


def fetches(bases: Sequence[str], settings: Settings) -> Work[str, Outcome]:
    """The work of fetching these bases; each measurement is a new run that shares nothing with the last."""
    if settings.history_only:  # not the ECB, which has one document for all bases
        settings = settings.with_values(provider=settings.provider[:1])

    @contextmanager
    def begin(mode: str, number: int) -> Iterator[Callable[[str], Outcome]]:
        with new_run(_seeded(settings, number), mode) as run:
            yield partial(fetch.attempt, settings=run)

    first = [providers.load(key).PROVIDER for key in expand(settings.provider[:1])]
    return Work(
        bases,
        begin,
        warm=partial(fetch.warm, settings),
        renew=forget,  # sequential alone could keep its connections from round to round
        failed=lambda outcome: str(outcome.error) if outcome.error is not None else "",
        timing=lambda outcome: outcome.timing,
        fingerprint=_of_table,
        ideal=all(provider.per_base for provider in first),
        start_method=settings.start_method or None,
        preload=preload(settings),
        scheduler=settings.scheduler or None,
    )


def _seeded(settings: Settings, number: int) -> Settings:
    """The settings with a seed for this round; one seed for all would repeat the same failures in each round.

    Within a round each run starts from that seed, so that every variant meets the same failures and delays.
    """
    if settings.seed is None or not (settings.jitter or settings.fail):
        return settings
    return settings.with_values(seed=Random(f"{settings.seed} {number}").getrandbits(32))


def _of_table(outcome: Outcome) -> str:
    """The fingerprint of a table: its base, provider and request, and every rate with its day."""
    table = outcome.table
    if table is None:
        return ""
    rates = ",".join(f"{symbol}={figure.rate}@{figure.day}" for symbol, figure in table.figures.items())
    return of_text(f"{table.base} {table.provider} {table.asked} {rates}")
