from __future__ import annotations

import copyreg
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from rates.errors import DeadlineExceeded, Interrupted, NotFound, QuotaExceeded, ServerFailed
from rates.fetch import attempt
from rates.fetch import single_flight as module
from rates.fetch.single_flight import Answer, once
from rates.settings import Settings
from rates.transport import THREAD, Guard, run_coroutine
from tests.transport.server import Handler, Site

from .publisher import TODAY, asking, facts, known_as, quote

QUOTES = Answer((quote("EUR", "USD", "1.10"),))
EUR = b"2026-10-30 EUR USD 1.10\n2026-10-30 EUR JPY 176\n"
BASES = ("EUR", "USD", "JPY") * 3
ROOT = Path(__file__).resolve().parents[2]


def counted(result: Answer | Exception = QUOTES) -> tuple[list[int], Callable[[], Answer]]:
    """A download that notes how often it is made."""
    made: list[int] = []

    def make() -> Answer:
        made.append(1)
        if isinstance(result, Exception):
            raise result
        return result

    return made, make


def ask(
    make: Callable[[], Answer], run: str = "", run_dir: str = "", key: str = "bank", seconds: float = 5.0
) -> Answer:
    """Asks once."""

    async def awaited() -> Answer:
        return make()

    with Guard(seconds) as guard:
        return run_coroutine(once(THREAD, (key,), run, run_dir, guard, awaited))


def test_eight_threads_at_the_same_moment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document for all bases is downloaded once when eight threads ask for it at the same moment."""
    meet = threading.Barrier(8)

    def page(handler: Handler) -> None:
        arrived.wait(0.2)  # the others are to ask meanwhile
        handler.answer(EUR)

    arrived = threading.Event()
    settings = known_as(monkeypatch, asking(facts(), site.put("/", page))).with_values(run="r")

    def fetch(base: str) -> bool:
        meet.wait(5)
        return attempt(base, settings).ok

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(fetch, (*BASES, "EUR")[:8]))
    assert len(site.seen) == 1


def test_per_base_is_asked_per_base(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that answers per base is asked for each."""
    usd = b"2026-10-30 USD EUR 0.9\n"
    settings = known_as(monkeypatch, asking(facts(pivot=""), site.page("/", usd))).with_values(run="r")
    assert attempt("USD", settings).ok
    assert attempt("USD", settings).ok
    assert len(site.seen) == 2


def test_failure_is_shared_in_a_run(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bank that is down is asked once a run; every base gets the error, each its own object."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", b"", 500))).with_values(run="r")
    outcomes = [attempt(base, settings) for base in BASES]
    assert len(site.seen) == 1
    assert {type(outcome.error) for outcome in outcomes} == {ServerFailed}
    assert {str(outcome.error) for outcome in outcomes} == {str(outcomes[0].error)}
    assert len({id(outcome.error) for outcome in outcomes}) == len(outcomes)


def test_without_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a run a document is used for a minute, and a failure not at all."""
    clock = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: clock[0])
    made, make = counted()
    ask(make)
    clock[0] += module.REUSE_S
    ask(make)
    assert len(made) == 1
    clock[0] += 0.1
    ask(make)
    assert len(made) == 2
    failed, fail = counted(NotFound("gone"))
    for _ in range(2):
        with pytest.raises(NotFound):
            ask(fail, key="other")
    assert len(failed) == 2


def test_runs_are_apart() -> None:
    """Another run, another question: another download."""
    made, make = counted()
    for run in ("a", "b", "a"):
        ask(make, run)
    ask(make, "a", key="other")
    assert len(made) == 3


@pytest.mark.parametrize("error", [Interrupted("stopped"), MemoryError()])
def test_what_only_one_suffers_is_not_shared_later(error: Exception) -> None:
    """A download that was stopped from outside is not reused by later callers."""
    _, fail = counted(error)
    with pytest.raises(type(error)):
        ask(fail, "r")
    made, make = counted()
    assert ask(make, "r") == QUOTES
    assert len(made) == 1


def test_waiting_ends_at_the_deadline() -> None:
    """A caller that waits for another's download waits until its own deadline, and never gets an empty answer."""
    begun, go = threading.Event(), threading.Event()

    def slow() -> Answer:
        begun.set()
        go.wait(5)
        return QUOTES

    with ThreadPoolExecutor(1) as pool:
        leader = pool.submit(ask, slow, "r")
        assert begun.wait(5)
        with pytest.raises(DeadlineExceeded):
            ask(slow, "r", seconds=0.05)
        go.set()
        assert leader.result(5) == QUOTES


def test_memory_is_bounded() -> None:
    """Only the newest documents are remembered: an older one is downloaded again."""
    downloaded: list[int] = []

    def download(number: int) -> Answer:
        downloaded.append(number)
        return QUOTES

    everything = [*range(module.KEPT + 1), module.KEPT, 0]
    for number in everything:
        ask(partial(download, number), "r", key=str(number))
    assert downloaded == [*range(module.KEPT + 1), 0]


def in_process(url: str, run_dir: str, base: str) -> str:
    """The call of one worker process, which must make the provider again."""
    patch = pytest.MonkeyPatch()
    try:
        settings = known_as(patch, asking(facts(), url)).with_values(run="r", run_dir=run_dir)
        outcome = attempt(base, settings)
        return str(outcome.error or f"{outcome.table!r}")
    finally:
        patch.undo()


@pytest.mark.parametrize("status", [200, 500])
def test_processes_share(site: Site, tmp_path: Path, status: int) -> None:
    """Two processes of one run download a document once; a failure too."""
    url = site.page("/", EUR, status)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = set(pool.map(partial(in_process, url, str(tmp_path)), ("EUR", "USD") * 3))
    assert len(site.seen) == 1
    if status == 200:
        assert found == {f"<RateTable {base} bank {TODAY} 3 rates>" for base in ("EUR", "USD")}
    else:
        (error,) = found
        assert "status 500" in error


LEADER = """
import sys, threading
from rates.fetch.single_flight import once
from rates.transport import THREAD, Guard, run_coroutine

async def make():
    print("begun", flush=True)
    threading.Event().wait(60)

with Guard(60) as guard:
    run_coroutine(once(THREAD, ("bank",), "r", sys.argv[1], guard, make))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file locks there")
def test_killed_leader_leaves_the_lock(tmp_path: Path) -> None:
    """While one process downloads, another waits; if the first is killed, the second downloads."""
    leader = subprocess.Popen([sys.executable, "-c", LEADER, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert leader.stdout is not None
    try:
        assert leader.stdout.readline() == b"begun\n"
        made, make = counted()
        with pytest.raises(DeadlineExceeded):
            ask(make, "x", str(tmp_path), seconds=0.1)
        assert not made
        leader.send_signal(signal.SIGKILL)
        leader.wait(5)
        assert ask(make, "y", str(tmp_path)) == QUOTES
        assert len(made) == 1
    finally:
        leader.kill()
        leader.wait(5)
        leader.stdout.close()


def test_folder_that_is_gone(tmp_path: Path) -> None:
    """Without the run's folder each process downloads for itself."""
    made, make = counted()
    assert ask(make, "r", str(tmp_path / "gone")) == QUOTES
    assert len(made) == 1


def test_interrupted_download_is_not_written(tmp_path: Path) -> None:
    """Ctrl-C in one process is not shared with the others."""
    _, fail = counted(Interrupted("stopped"))
    with pytest.raises(Interrupted):
        ask(fail, "a", str(tmp_path))
    made, make = counted()
    assert ask(make, "b", str(tmp_path)) == QUOTES
    assert len(made) == 1


def test_files_are_for_us_alone(tmp_path: Path) -> None:
    """No open handle is left behind, and nothing half written."""
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    _, make = counted()
    ask(make, "r", str(tmp_path))
    if before:
        assert len(os.listdir("/proc/self/fd")) == before
    assert len(list(tmp_path.iterdir())) == 2  # the document and its lock


def test_recording_is_a_run_of_its_own(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A fetch that records does not reuse a download that was not recorded."""
    settings: Settings = known_as(monkeypatch, asking(facts(), site.page("/", EUR)))
    assert attempt("EUR", settings).ok
    outcome = attempt("EUR", settings.with_values(record=str(tmp_path / "recorded")))
    assert outcome.ok, outcome.error
    assert len(site.seen) == 2
    assert list((tmp_path / "recorded").iterdir())


def test_a_copy_leaves_the_cause_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error is shared without its cause, also where another library pickles exceptions with theirs."""
    monkeypatch.setitem(
        copyreg.dispatch_table, QuotaExceeded, lambda error: (QuotaExceeded, (), {"x": error.__cause__})
    )
    error = QuotaExceeded("too many", provider="bank", hint="wait")
    error.retry_after_s = 3.0
    error.__cause__ = OSError(threading.Lock())  # which cannot be pickled
    copy = module._copy(error)
    assert type(copy) is QuotaExceeded
    assert copy is not error
    assert copy.__cause__ is None
    assert (str(copy), vars(copy), copy.args) == (str(error), vars(error), error.args)
