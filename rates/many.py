"""Many publishers asked for the same bases at once, within one deadline for all of them.

One task a publisher, so that its bases share its document and its politeness; each task is `attempt` with a chain of
one. A publisher that does not answer in time costs the others nothing: its task ends at the common deadline, and one
that even then does not end is left behind a moment later.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from rates import providers as _providers
from rates import settings as _settings
from rates.conversion import select, strengthened
from rates.currencies import code
from rates.errors import DeadlineExceeded, MissingSymbols, RatesError, UsageError, WorkerLost
from rates.executors import OpenExecutor, dispatch, open_executor
from rates.fetch import attempt
from rates.fetch.run import new_run, preload
from rates.model import Outcome
from rates.providers.groups import chosen
from rates.settings import Settings
from rates.transport import stop

# One thread a publisher up to this: with fewer, those that never answer take the turns of others. Of 80 publishers that
# answer after 50 ms to 5 s, beside five that never do, `--deadline 6s` brought all 80 with a thread each, 52 with 64
# threads, 37 with 32 and 8 with 8, the median of the runs at 6.0 s (tests/benchmarks/bench_many.py, two processors).
MOST_THREADS = 128
THREADED = ("thread", "dummy", "asyncio")  # modes whose workers cost next to nothing
# How long after the deadline a task may still tell that it is over before it is told so by the dispatch.
GRACE_S = 0.1


@dataclass(frozen=True, slots=True)
class Task:
    """One publisher, the bases that it is asked for, and how many rounds of tasks are to end by the deadline."""

    key: str
    bases: tuple[str, ...]
    rounds_left: int


def fetch_many(
    bases: str | Sequence[str],
    providers: str | Sequence[str] = "all",
    settings: Settings | None = None,
    *,
    workers: int | None = None,
    step: Callable[[], None] = lambda: None,
) -> tuple[Outcome, ...]:
    """What each publisher says: an outcome for every base and publisher, with `Outcome.provider`, in the order asked.

    providers: keys, or words such as "all", "europe,-ecb" (see `rates.providers.groups`). settings: those of the file
    and the environment when left out; `deadline` is that of the whole, `provider` counts for nothing, and a publisher
    that lacks some of `symbols` is shown without them. workers: one a publisher unless said, up to 128; where they are
    processes, as many as the settings say. step: called when a publisher is done with.
    """
    known = settings if settings is not None else _settings.load()
    wanted = tuple(dict.fromkeys(code(base) for base in ([bases] if isinstance(bases, str) else bases)))
    keys = chosen(providers if isinstance(providers, str) else ",".join(providers))
    if not wanted:
        raise UsageError("no base is asked for")
    # Of the wall, since a worker may be on another machine; a leap of the clock is cut off by the dispatch.
    ends = time.time() + known.deadline
    # Only plugins are loaded beforehand: to import a hundred modules of ours first would delay every request.
    _, broken = _providers.load_each(set(keys).intersection(_providers.plugin_keys()))
    sound = tuple(key for key in keys if key not in broken)
    asking = known.with_values(provider=sound, strict=False)
    count = workers or (MOST_THREADS if known.mode in THREADED else known.workers)
    found = {(base, key): Outcome(base, error=error, provider=key) for key, error in broken.items() for base in wanted}
    if sound:
        found |= _asked(tasks(sound, wanted, count), min(count, len(sound)), asking, ends, step)
    return tuple(strengthened([found[base, key] for base in wanted for key in keys]))


def tasks(keys: Sequence[str], bases: tuple[str, ...], workers: int) -> list[Task]:
    """The tasks, each with its round: where workers are fewer than publishers, those that come later need time too."""
    rounds = -(-len(keys) // workers)
    return [Task(key, bases, rounds - place // workers) for place, key in enumerate(keys)]


def _asked(
    todo: Sequence[Task], workers: int, settings: Settings, ends: float, step: Callable[[], None]
) -> dict[tuple[str, str], Outcome]:
    """The outcomes by base and key, all of them, at the deadline `ends` at the latest."""
    found: dict[tuple[str, str], Outcome] = {}
    late = False
    with new_run(settings, settings.mode) as run, _opened(workers, settings) as executor:
        ask = partial(ask_publisher, settings=run, ends=ends)
        left = ends - time.time() + GRACE_S
        for done in dispatch(executor, ask, todo, via=settings.via, window=len(todo), deadline_s=left):
            late = late or isinstance(done.error, TimeoutError)
            for outcome in done.value or _lost(done.item, done.error, settings.deadline):
                found[outcome.base, outcome.provider] = outcome
            step()
        if late:
            executor.kill()
    return found


@contextmanager
def _opened(workers: int, settings: Settings) -> Iterator[OpenExecutor]:
    """The executor that the settings name; ended at once, with all that it runs, on an error or Ctrl-C."""
    try:
        executor = open_executor(
            settings.mode,
            workers,
            start_method=settings.start_method or None,
            preload=preload(settings),
            scheduler=settings.scheduler or None,
        )
    except (ValueError, NotImplementedError, ImportError, ConnectionError) as error:
        raise UsageError(str(error)) from error
    try:
        yield executor
    except BaseException:
        stop()
        executor.kill()
        raise
    executor.shutdown()


def ask_publisher(task: Task, settings: Settings, ends: float) -> tuple[Outcome, ...]:
    """One publisher's outcomes, one a base; runs in a worker.

    ends: when all must be over, in seconds since the epoch; a task has its round's share of the time until then.
    """
    now = time.time()
    share = now + min(ends - now, settings.deadline) / max(1, task.rounds_left)
    return tuple(_ask(task.key, base, settings, share - time.time()) for base in task.bases)


def _ask(key: str, base: str, settings: Settings, left_s: float) -> Outcome:
    """One publisher's outcome for one base; a table without any of the symbols that are asked for is an error."""
    if left_s <= 0:
        error = DeadlineExceeded("its turn came after the deadline", provider=key, hint=_MORE)
        return Outcome(base, error=error, provider=key)
    outcome = attempt(base, settings.with_values(provider=(key,), deadline=left_s))
    if isinstance(outcome.error, DeadlineExceeded):  # in the words of the one deadline, not of this fetch's share
        error = DeadlineExceeded(f"had not answered after {left_s:.1f} s, at the deadline", provider=key, hint=_MORE)
        return replace(outcome, error=error, provider=key)
    table, others = outcome.table, [symbol for symbol in settings.symbols if symbol != base]
    if table is not None and others and not any(symbol in table for symbol in others):
        try:
            select(table, others)
        except MissingSymbols as missing:
            outcome = replace(outcome, table=None, error=missing.with_traceback(None))
    return replace(outcome, provider=key)


_MORE = "give more time with --deadline, or more --workers"


def _lost(task: Task, error: BaseException | None, deadline_s: float) -> list[Outcome]:
    """The outcomes of a task that did not come back."""
    why: RatesError
    if isinstance(error, RatesError):
        why = error
    elif isinstance(error, TimeoutError):
        why = DeadlineExceeded(f"had not answered at the deadline of {deadline_s:g} s", provider=task.key, hint=_MORE)
    else:
        why = WorkerLost(str(error) or type(error).__name__, provider=task.key)
    return [Outcome(base, error=why, provider=task.key) for base in task.bases]
