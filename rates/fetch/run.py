"""One run: what all its fetches share, whatever workers they are done by."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from rates import providers
from rates.errors import RatesError, WorkerLost
from rates.fetch.secrets import with_keys
from rates.fetch.worker import warm
from rates.model import Outcome
from rates.providers.groups import expand
from rates.settings import Settings
from rates.transport.interprocess_limit import settle

# The modes whose calls see one another's memory.
ALIKE = ("sequential", "thread", "dummy", "asyncio")


def preload(settings: Settings) -> tuple[str, ...]:
    """What a worker process imports before its first fetch; a fork server does once for all of them.

    The providers and the offline engine too: eight workers that each import `responses` start 0.3 s later.
    """
    chain = (providers.module_name(key) for key in expand(settings.provider))
    engine = settings.mocked and not settings.loopback
    return ("rates.fetch", "rates.transport", *chain, *(("rates.offline.engine",) if engine else ()))


def prepare(settings: Settings) -> None:
    """Makes a worker fit for fetching before its first call, wherever it is: providers loaded, offline engine in place.

    Otherwise the first fetch of each worker pays for the imports, within its own deadline. Workers that are processes
    of their own share one politeness to a host.
    """
    if settings.mode not in ALIKE:
        settle(settings.workers, settings.run_dir)
    warm(settings)


def outcome(base: str, value: Outcome | None, error: BaseException | None) -> Outcome:
    """The outcome, also where the worker died before it could tell one."""
    if value is not None and error is None:
        return value
    if isinstance(error, RatesError):
        return Outcome(base, error=error)
    return Outcome(base, error=WorkerLost(str(error) or type(error).__name__))


@contextmanager
def new_run(settings: Settings, mode: str) -> Iterator[Settings]:
    """The settings of a run of its own in that mode: with its name, its folder, and the keys that it needs."""
    with _folder(mode) as folder:
        yield with_keys(settings).with_values(run=uuid.uuid4().hex, run_dir=folder)


@contextmanager
def _folder(mode: str) -> Iterator[str]:
    """A folder in which the processes of one run share what each needs once; "" where threads share memory."""
    if mode in ALIKE:
        yield ""
        return
    folder = tempfile.mkdtemp(prefix="rates-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
