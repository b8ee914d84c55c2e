"""Many fetches at once on one executor: `fetch_all` for a list of bases, `fetch_many` for many providers.

    from rates import fetch_all

    for outcome in fetch_all(["USD", "EUR", "GBP"], mode="thread", workers=3, offline=True):
        print(outcome.base, outcome.table["CHF"] if outcome.table else outcome.error)

The fetches of one call are a *run*. A run opens the executor that its settings name, and ends it. It downloads a
document that serves several bases once, also when its workers are processes, and hands the workers the keys that they
need. A worker that dies is an outcome with the error `WorkerLost`. An error, Ctrl-C, or an iterator that is closed
early ends all fetches of the run.

    from rates import fetch_many

    for outcome in fetch_many("USD", "ecb,erapi,vatcomply", offline=True, deadline="6s"):
        print(outcome.provider, outcome.table["EUR"] if outcome.table else outcome.error)

`fetch_many` asks providers by their keys or by the groups of `rates.providers.groups`: all, central-banks, services,
official, market, free (no key), keyed, and regions like europe. Commas join them; a minus removes one, as in
"central-banks,-fred". Each provider has its own thread (up to 128), so that silent ones delay no others, and all of
them share one deadline.

A chain, `Settings(provider=("ecb", "frankfurter"))`, asks the next provider when one fails, lacks a symbol or is
stale: older than its own longest pause. The outcome names the providers that were passed over, with the reason. When
all are stale the newest table is given, with a warning.

A figure with fewer than four significant digits (IDR to USD at 0.000055) is weak. It is derived from its reverse rate
where the same run has that, and marked: `how` is "inverse", and `instead_of` has the published figure.
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from math import ceil
from typing import Any, NamedTuple, Unpack

from rates import providers as _providers
from rates.conversion import derive_weak, select, strengthened, weak_symbols
from rates.currencies import code
from rates.errors import (
    ANSWERED,
    UNREACHABLE,
    DeadlineExceeded,
    Interrupted,
    MissingSymbols,
    NoNetwork,
    RatesError,
    UsageError,
    WorkerLost,
    machine_limit,
    quoted,
)
from rates.executors import Done, OpenExecutor, dispatch, lateness, open_executor, uninterrupted
from rates.fetch import Answer, attempt, fetch_answer, warm
from rates.fetch.secrets import with_keys
from rates.model import Failed, Outcome, RateTable
from rates.providers.groups import chosen, expand
from rates.settings import Settings, resolve_for_table
from rates.settings.keywords import ManyKeywords, RunKeywords
from rates.transport import resume, stop
from rates.transport.interprocess import share_limits

# Modes whose calls share this process's memory, so that they need no files to share a download.
SHARED_MEMORY = ("sequential", "thread", "dummy", "asyncio")
# Modes whose workers cost next to nothing.
THREADED = ("thread", "dummy", "asyncio")
# One thread for each provider, up to this number. With fewer threads, providers that never answer take the turns of
# others. Of 80 providers that answer after 50 ms to 5 s, beside five that never do, `--deadline 6s` brought all 80
# with a thread each, 52 with 64 threads, 37 with 32 and 8 with 8, the median of the runs at 6.0 s
# (tests/benchmarks/bench_many.py, two processors).
MOST_THREADS = 128
# How long workers of our own may take to start; the slowest start seen, of a Dask cluster on a busy machine, took 8 s.
START_S = 20.0
# How long threads may take to end after they were stopped. Ctrl-C must be over within a second.
PATIENCE_S = 0.5
# A fetch reports by itself that its deadline has passed; this much later the dispatch does so in its place.
GRACE_S = 0.1
# With so many publishers unreachable after this time, and none reached, the machine has no network. On a working one
# the first answers come within half a second; an unreachable host alone is known sooner than that. A name server that
# is silent takes 5 s for each name.
FEWEST_UNREACHABLE = 5
NO_NETWORK_S = 0.8
MORE_TIME = "give more time with --deadline, or more --workers"


def fetch_all(
    bases: str | Iterable[str],
    settings: Settings | None = None,
    *,
    step: Callable[[], None] = lambda: None,
    **given: Unpack[RunKeywords],
) -> Generator[Outcome, None, None]:
    """The outcome of each base, in the order of the bases, on the executor that the settings name.

    settings: without them, those of the config file and the environment; keywords set single ones on top. `mode`,
    `workers`, `via`, `start_method` and `scheduler` say how the fetches run. step: called each time a base is done, in
    whatever order.

    The first step of the iteration begins all fetches. An outcome is given as soon as it and those before it are done.
    The outcome of a weak rate waits for the base that has its reverse.

    Closing the iterator early (`contextlib.closing` does it at the end of a block) ends all fetches. Raises
    `UsageError` at once for wrong arguments, and at the first step where the executor cannot be opened; a base that
    cannot be fetched is an outcome with an error.
    """
    return _all(_listed(bases), resolve_for_table(settings, given), step)


def _listed(bases: str | Iterable[str]) -> tuple[str, ...]:
    """One base or several, as a tuple."""
    if not isinstance(bases, Iterable):
        raise UsageError(f'bases are codes like ["USD", "EUR"], not {quoted(bases)}')
    return (bases,) if isinstance(bases, str) else tuple(bases)


def _all(wanted: Sequence[str], known: Settings, step: Callable[[], None]) -> Generator[Outcome, None, None]:
    if not wanted:
        return
    with open_run(known, min(known.workers, len(wanted))) as run:
        state, limit_s = _State(), known.deadline + GRACE_S
        call: Callable[[str], Outcome] = partial(attempt, settings=run.settings)
        if known.mode in SHARED_MEMORY and not known.mocked:
            call = partial(_attempt_while_reached, settings=run.settings, state=state)
        deadline_s = ceil(len(wanted) / getattr(run.executor, "workers", known.workers)) * limit_s
        begun = dispatch(
            run.executor, call, wanted, via=known.via, deadline_s=deadline_s, limit_s=limit_s, start_s=start_s(known)
        )
        with closing(begun) as calls:
            try:
                yield from _in_order(wanted, calls, step, known.deadline, state)
            finally:
                if state.stopped:
                    resume(run.settings.run)
        if state.late:  # nothing waits for a call that did not end in time
            run.executor.kill()


@dataclass(slots=True)
class _State:
    """Whether any base has rates, the run was stopped because no provider is reached, and a fetch did not end."""

    answered: bool = False
    stopped: bool = False
    late: bool = False


def _attempt_while_reached(base: str, settings: Settings, state: _State) -> Outcome:
    """`attempt`; if none of a base's providers is reached, and no base has rates yet, stops the other bases.

    They would wait for their turns at the same hosts: five bases at 0.5 s each.
    """
    outcome = attempt(base, settings=settings)
    if outcome.ok:
        state.answered = True
    elif state.stopped and isinstance(outcome.error, Interrupted):
        return replace(outcome, error=NoNetwork("was not waited for: no provider of another base is reached"))
    elif not state.answered:
        errors = (*outcome.passed_over, outcome.error)
        if len(errors) > 1 and all(isinstance(error, UNREACHABLE) for error in errors):
            state.stopped = True
            stop(settings.run)
    return outcome


def _in_order(
    bases: Sequence[str],
    calls: Iterable[Done[str, Outcome]],
    step: Callable[[], None],
    deadline_s: float,
    state: _State,
) -> Generator[Outcome, None, None]:
    """The outcomes in the order of the bases, with weak figures derived from the bases that have their reverse."""
    unfinished = Counter(map(_comparable, bases))
    finished: dict[int, Outcome] = {}
    tables: dict[tuple[str, str], RateTable] = {}
    turn = 0
    for done in calls:
        outcome = finished[done.index] = to_outcome(done.item, done, deadline_s)
        state.late = state.late or isinstance(done.error, TimeoutError)
        unfinished[_comparable(done.item)] -= 1
        if outcome.table is not None:
            tables[outcome.table.provider, outcome.base] = outcome.table
        step()
        while turn in finished and not any(unfinished[symbol] for symbol in weak_symbols(finished[turn])):
            yield derive_weak(finished.pop(turn), tables)
            turn += 1


def _comparable(base: str) -> str:
    """A base as tables name it."""
    return str(base).strip().upper()


def start_s(settings: Settings) -> float:
    """How long the first fetch may take to begin: our own workers need time to start, those of a scheduler run."""
    return settings.deadline if settings.scheduler and settings.mode == "dask" else START_S


# --- the run -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """An open executor, and the settings with the name, the folder and the keys of the run."""

    settings: Settings
    executor: OpenExecutor


@contextmanager
def open_run(settings: Settings, workers: int, *, warmed: bool = True) -> Iterator[Run]:
    """A run in the settings' mode, with that many workers; `UsageError` where its executor cannot be opened.

    warmed: whether each worker loads all providers of the settings before its first call. The end of the block waits
    for what was submitted; an exception in the block ends everything at once.
    """
    with _limits_named(), new_run(settings, settings.mode) as own:
        executor = _opened(own, workers, warmed)
        try:
            yield Run(own, executor)
        except BaseException:
            _end(executor, own.run)
            raise
        executor.shutdown()


@contextmanager
def _limits_named() -> Iterator[None]:
    """In the block, an exception because this machine lacks something becomes a `MachineLimit`."""
    try:
        yield
    except (OSError, RuntimeError, MemoryError) as error:
        raise machine_limit(error) or error from error.__cause__


def _opened(settings: Settings, workers: int, warmed: bool) -> OpenExecutor:
    if settings.mode in FILES and not settings.scheduler:
        _check_machine(settings.mode, workers)
    try:
        return open_executor(
            settings.mode,
            workers,
            initializer=prepare if warmed else None,
            initargs=(settings,) if warmed else (),
            start_method=settings.start_method or None,
            preload=preload(settings),
            scheduler=settings.scheduler or None,
            start_s=start_s(settings),
        )
    except (ValueError, NotImplementedError, ImportError, ConnectionError) as error:
        raise UsageError(str(error)) from error


# Files that a mode opens besides those of its workers, and for each of them; measured with 1 to 8 workers on Linux.
FILES = {"process": (20, 2), "pool": (20, 2), "dask": (42, 1)}


def _check_machine(mode: str, workers: int) -> None:
    """Refuses a mode whose workers would fail one by one: few files may be opened, or the current folder is gone."""
    try:
        os.getcwd()
    except FileNotFoundError:
        hint = "change to another one, or use the mode thread"
        raise UsageError(
            f"the current folder was deleted, and processes of the mode {mode} begin there", hint=hint
        ) from None
    try:
        from resource import RLIMIT_NOFILE, getrlimit
    except ImportError:  # Windows
        return
    own, each = FILES[mode]
    needed, most = own + each * workers, getrlimit(RLIMIT_NOFILE)[0]
    if 0 <= most < needed:
        detail = f"the mode {mode} with {workers} workers opens up to {needed} files, and this process may open {most}"
        raise UsageError(detail, hint=f"use fewer --workers, the mode thread, or ulimit -n {needed}")


def _end(executor: OpenExecutor, run: str) -> None:
    """Ends all calls of the executor: processes are killed; threads stop at their next wait and are waited for."""
    stop(run)
    if executor.shares_memory:
        ending = threading.Thread(target=partial(executor.shutdown, cancel_futures=True), name="rates-end", daemon=True)
        ending.start()
        ending.join(PATIENCE_S)
        if ending.is_alive():
            executor.kill()
            return  # a thread still runs that must see that its run was stopped
    else:
        executor.kill()
    resume(run)


@contextmanager
def new_run(settings: Settings, mode: str) -> Iterator[Settings]:
    """The settings of a new run in that mode: with its own name, its folder, and the keys that its workers need."""
    with _folder(mode) as folder:
        files = _registered_files(settings.chain) if mode not in SHARED_MEMORY else ()
        yield with_keys(settings).with_values(run=uuid.uuid4().hex, run_dir=folder, provider_files=files)


def _registered_files(keys: Iterable[str]) -> tuple[str, ...]:
    """The files of the providers that were registered in this process, for its worker processes to load."""
    registered = _providers.registered_keys()
    if not registered:
        return ()
    from rates.providers.registered import files  # few runs have any

    return files(key for key in keys if key in registered)


def _folder(mode: str) -> AbstractContextManager[str]:
    """A folder through which the processes of one run share downloads; "" where calls share memory."""
    if mode in SHARED_MEMORY:
        return nullcontext("")
    with uninterrupted():
        return tempfile.TemporaryDirectory(prefix="rates-", ignore_cleanup_errors=True)


def preload(settings: Settings) -> tuple[str, ...]:
    """The modules that a worker process imports before its first fetch; a fork server imports them once for all.

    The providers and the offline engine too: eight workers that each import `responses` start 0.3 s later.
    """
    chain = filter(None, map(_providers.module_name, expand(settings.chain)))
    engine = settings.mocked and not settings.loopback
    return ("rates.fetch", "rates.transport", "filelock", *chain, *(("rates.offline.interceptor",) if engine else ()))


def prepare(settings: Settings) -> None:
    """Prepares a worker before its first call: loads the providers, installs the offline engine.

    Otherwise the first fetch of each worker pays for these imports, within its own deadline. Workers in processes
    share the rate limit of a host.
    """
    if settings.mode not in SHARED_MEMORY:
        share_limits(settings.workers, settings.run_dir)
    with suppress(RatesError):  # each fetch meets it again, and reports it as its own
        warm(settings)


def to_outcome(base: str, done: Done[Any, Outcome], deadline_s: float) -> Outcome:
    """The outcome that a call returned; where it returned none, an outcome with the reason."""
    if done.value is not None:
        return done.value
    late, why = "", lateness(done.error)
    if why is not None:
        late = (f"took longer than its {deadline_s:g} s" if why.ran else why.reason) + why.became
    return Failed(base, why_lost(done.error, late=late))


def why_lost(error: BaseException | None, provider: str = "", late: str = "") -> RatesError:
    """Why a call returned nothing, as an error with a name. late: the sentence for one that missed the deadline."""
    if isinstance(error, RatesError):
        return error
    if isinstance(error, TimeoutError):
        return DeadlineExceeded(late or str(error), provider=provider, hint=MORE_TIME)
    if limit := machine_limit(error):
        limit.provider = provider
        return limit
    if isinstance(error, EOFError | ConnectionRefusedError):
        hint = "a higher limit of processes and files (ulimit -u, -n) may help, or the mode thread"
        return WorkerLost("the process that starts the workers has ended", provider=provider, hint=hint)
    return WorkerLost(str(error) or type(error).__name__, provider=provider)


# --- many providers within one deadline ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Batch:
    """One provider, the bases to ask it for, and how many rounds of batches must end by the deadline."""

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
    **given: Unpack[ManyKeywords],
) -> tuple[Outcome, ...]:
    """An outcome for every base and provider, with `Outcome.provider`, in the order of the bases and providers.

    providers: keys, or words such as "all", "europe,-ecb" (see `rates.providers.groups`). settings: without them,
    those of the config file and the environment; keywords set single ones on top. `deadline` holds for everything
    together, `provider` is ignored, and
    a provider that lacks some of `symbols` is shown without them. workers: one for each provider by default, up to
    128; in the modes that use processes, as many as the settings have. step: called when a provider is done.

    Raises `UsageError` for an unknown base, provider or group, and where the executor cannot be opened.
    """
    known = resolve_for_table(settings, given)
    wanted = tuple(dict.fromkeys(map(code, _listed(bases))))
    keys = chosen(providers if isinstance(providers, str) else ",".join(providers))
    if not wanted:
        raise UsageError("no base is asked for")
    found = fetch_each(dict.fromkeys(keys, wanted), known, workers=workers, step=step)
    return tuple(strengthened([found[base, key] for base in wanted for key in keys]))


def fetch_each(
    bases: Mapping[str, Sequence[str]],
    settings: Settings,
    *,
    workers: int | None = None,
    step: Callable[[], None] = lambda: None,
) -> dict[tuple[str, str], Outcome]:
    """The outcome of each provider's own bases, by base and key, all within the settings' deadline; see `fetch_many`.

    One batch for each provider, so that its bases share its document and its rate limit. A provider that does not
    answer in time costs the others nothing.
    """
    ends, known_ends = time.monotonic() + settings.deadline, _common_clock(settings)() + settings.deadline
    # Only plugins are loaded here: loading a hundred modules of this package first would delay every request.
    _, broken = _providers.load_each(set(bases).intersection(_providers.plugin_keys()))
    sound = tuple(key for key in bases if key not in broken)
    count = workers or (MOST_THREADS if settings.mode in THREADED else settings.workers)
    found: dict[tuple[str, str], Outcome] = {
        (base, key): Failed(base, why, provider=key) for key, why in broken.items() for base in bases[key]
    }
    if not sound:
        return found
    late = False
    asking = settings.with_values(provider=sound, strict=False)
    search = _NetworkSearch(time.monotonic() + NO_NETWORK_S)
    # A call that only waits wakes the loop below when it is time to judge. Where workers are processes or take turns,
    # the loop judges when a publisher is done.
    searching = not settings.mocked and len(sound) >= FEWEST_UNREACHABLE
    alarms = int(searching and settings.mode in THREADED)
    with open_run(asking, min(count, len(sound)) + alarms, warmed=False) as run:
        call = partial(_ask_or_wait, settings=run.settings, ends=known_ends, all_done=search.over if alarms else None)
        todo = [*[None] * alarms, *batches(bases, sound, count)]
        left_s = ends - time.monotonic() + GRACE_S
        with closing(dispatch(run.executor, call, todo, via="submit", window=len(todo), deadline_s=left_s)) as calls:
            for done in calls:
                if done.item is not None:
                    late = late or isinstance(done.error, TimeoutError)
                    outcomes = done.value or _lost(done.item, done.error, asking.deadline)
                    found |= {(outcome.base, outcome.provider): outcome for outcome in outcomes}
                    search.add(outcomes)
                    step()
                if searching and search.in_vain():
                    late = True
                    stop(run.settings.run)
                    break
                if search.asked == len(sound):
                    search.over.set()
        if late:  # nothing waits for a call that did not end in time
            run.executor.kill()
    return {
        (base, key): found.get((base, key)) or Failed(base, search.error(key), provider=key)
        for key, wanted in bases.items()
        for base in wanted
    }


class _NetworkSearch:
    """Whether any publisher was reached, from the outcomes so far; judged from `at`, a monotonic time, on.

    over: set when all publishers are done.
    """

    def __init__(self, at: float) -> None:
        self.at, self.over = at, threading.Event()
        self.asked = self.unreachable = 0
        self.reached = False

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Counts one publisher."""
        self.asked += 1
        self.unreachable += any(isinstance(one.error, UNREACHABLE) for one in outcomes)
        self.reached = self.reached or any(one.ok or isinstance(one.error, ANSWERED) for one in outcomes)

    def in_vain(self) -> bool:
        """True when the machine has no network."""
        return not self.reached and self.unreachable >= FEWEST_UNREACHABLE and time.monotonic() >= self.at

    def error(self, key: str) -> RatesError:
        """The error of a publisher that was not waited for."""
        detail = f"was not waited for: of {self.asked} publishers none answered, and {self.unreachable} are unreachable"
        return NoNetwork(detail, provider=key, hint="is there a network? else try --offline")


def _ask_or_wait(
    batch: Batch | None, settings: Settings, ends: float, all_done: threading.Event | None
) -> tuple[Outcome, ...]:
    """`ask_provider`; without a batch, waits until all publishers are done, or it is time to look for the network."""
    if batch is not None:
        return ask_provider(batch, settings, ends)
    assert all_done is not None
    all_done.wait(min(NO_NETWORK_S, settings.deadline / 2))
    return ()


def batches(bases: Mapping[str, Sequence[str]], keys: Sequence[str], workers: int) -> list[Batch]:
    """A batch for each provider, with its round: with fewer workers than providers, later batches need time too."""
    rounds = ceil(len(keys) / workers)
    return [Batch(key, tuple(bases[key]), rounds - place // workers) for place, key in enumerate(keys)]


def ask_provider(batch: Batch, settings: Settings, ends: float) -> tuple[Outcome, ...]:
    """One provider's outcomes, one for each base; runs in a worker.

    ends: the deadline of everything, by `_common_clock`; a batch has its round's share of the time until then.
    """
    # At most the whole deadline, should the clock of another machine be behind.
    left_s = min(ends - _common_clock(settings)(), settings.deadline)
    share = time.monotonic() + left_s / max(1, batch.rounds_left)
    return tuple(_ask(batch.key, base, settings, share - time.monotonic()) for base in batch.bases)


def _common_clock(settings: Settings) -> Callable[[], float]:
    """The clock that all workers share: the machine's, which is never set, or the wall clock of several machines."""
    return time.time if settings.mode == "dask" and settings.scheduler else time.monotonic


def _ask(key: str, base: str, settings: Settings, left_s: float) -> Outcome:
    """One provider's outcome for one base; a table that has none of the wanted symbols is an error."""
    if left_s <= 0:
        error = DeadlineExceeded("its turn came after the deadline", provider=key, hint=MORE_TIME)
        return Failed(base, error, provider=key)
    outcome = attempt(base, settings.with_values(provider=(key,), deadline=left_s))
    if isinstance(outcome.error, DeadlineExceeded):  # of the common deadline, not of this fetch's share
        late = f"had not answered after {left_s:.1f} s, at the deadline"
        return replace(outcome, error=DeadlineExceeded(late, provider=key, hint=MORE_TIME), provider=key)
    table, others = outcome.table, [symbol for symbol in settings.symbols if symbol != base]
    if table is not None and others and not any(symbol in table for symbol in others):
        try:
            select(table, others)
        except MissingSymbols as missing:
            return Failed(base, missing.with_traceback(None), outcome.passed_over, outcome.timing, key)
    return replace(outcome, provider=key)


def _lost(batch: Batch, error: BaseException | None, deadline_s: float) -> list[Outcome]:
    """The outcomes of a batch whose call returned nothing."""
    why = why_lost(error, batch.key, f"had not answered at the deadline of {deadline_s:g} s")
    return [Failed(base, why, provider=batch.key) for base in batch.bases]


# --- many days of some providers ----------------------------------------------------------------------------------


class Part(NamedTuple):
    """Some days of one provider, as one request can answer them; no span for its latest rates.

    base: the currency to ask for; "" where the provider's document has all.
    """

    key: str
    base: str
    span: tuple[date, date] | None


def fetch_parts(
    parts: Iterable[Part], keys: Sequence[str], settings: Settings, workers: int
) -> Generator[tuple[Part, Answer | RatesError], None, None]:
    """Each part with its answer, or the error of asking for it, as they come; the quotes are as published.

    parts: taken one by one as workers become free, so that what has come decides what is asked next. keys: of all the
    providers in the parts. The settings' deadline holds for each part.
    """
    longest = settings.deadline + 2 * GRACE_S  # the worker loads the provider, too
    with open_run(settings.with_values(provider=keys, strict=False), workers, warmed=False) as run:
        call = partial(_ask_part, settings=run.settings)
        begun = dispatch(
            run.executor, call, parts, via="submit", window=workers, limit_s=longest, start_s=start_s(settings)
        )
        with closing(begun) as calls:
            for done in calls:
                lost = why_lost(done.error, done.item.key, f"had not answered after {settings.deadline:g} s")
                yield done.item, done.value if done.value is not None else lost


def _ask_part(part: Part, settings: Settings) -> Answer | RatesError:
    """The answer for one part; runs in a worker."""
    return fetch_answer(part.key, part.base, part.span, settings)
