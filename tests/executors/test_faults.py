"""Faults that other executors are reported to have, over every mode that could have them."""

from __future__ import annotations

import asyncio
import functools
import itertools
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ALL_COMPLETED, Future, as_completed, wait
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from rates.executors import MODES, InitializerFailed, OpenExecutor, dispatch, open_executor
from tests.executors import harm, work
from tests.executors.conftest import Opener
from tests.executors.modes import EACH, ELSEWHERE, PROCESSES, REASONS, guarded

LONG_S = 60
WITHOUT_SEQUENTIAL = [mode for mode in EACH if mode != "sequential"]
LOCAL = [mode for mode in WITHOUT_SEQUENTIAL if mode != "dask" and "dask" not in str(mode)]


def ended(function: Callable[[], object]) -> bool:
    """Whether the function returns."""
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    thread.join(LONG_S / 2)
    return not thread.is_alive()


# --- one way out -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 4])
@pytest.mark.parametrize("mode", PROCESSES)
def test_a_worker_dies_while_the_block_is_left(mode: str, more: int, tmp_path: Path) -> None:
    """The end of the block comes all the same, and every future ends."""
    begun, gate = tmp_path / "begun", tmp_path / "gate"
    executor = open_executor(mode, 2)
    futures: list[Future[Any]] = [executor.submit(harm.die_behind, str(begun), str(gate))]
    futures += [executor.submit(work.square, n) for n in range(more)]
    pause = threading.Event()
    while not begun.exists():
        pause.wait(0.005)
    leaving = threading.Thread(target=executor.shutdown, daemon=True)
    leaving.start()
    gate.touch()
    leaving.join(LONG_S)
    assert not leaving.is_alive()
    assert all(future.done() for future in futures)
    assert "a worker process died" in str(futures[0].exception())


@pytest.mark.parametrize("mode", PROCESSES)
def test_a_dead_worker_leaves_no_future_pending(mode: str) -> None:
    """When a worker dies every call that waits ends too, and the executor can be shut down."""
    executor = open_executor(mode, 2)
    futures = [executor.submit(harm.die, 1), *(executor.submit(work.square, n) for n in range(8))]
    assert wait(futures, LONG_S).not_done == set()
    assert ended(executor.shutdown)


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_each_call_says_once_that_it_is_over(opened: Opener, mode: str, tmp_path: Path) -> None:
    """Whatever ends a call, `dispatch` hears of it once: a result, an error, its cancellation, the executor's end."""
    executor: Any = opened(mode, 1)
    over: SimpleQueue[Future[Any]] = SimpleQueue()
    begun, gate = tmp_path / "begun", tmp_path / "gate"

    def begin(number: int) -> Future[Any]:
        future: Future[Any] = executor.submit_then(over.put, work.fail_at_three, number)
        return future

    assert {begin(1), begin(3)} == {over.get(timeout=LONG_S) for _ in range(2)}
    held = executor.submit(work.wait_for, str(begun), str(gate))
    pause = threading.Event()
    while not begun.exists():
        pause.wait(0.005)
    waiting = [begin(number) for number in range(6)]
    assert waiting[-1].cancel()
    waiting[-1].cancel()
    assert over.get(timeout=LONG_S) is waiting[-1]
    executor.shutdown(wait=False, cancel_futures=True)
    gate.touch()
    held.exception(LONG_S)
    assert {over.get(timeout=LONG_S) for _ in range(5)} == set(waiting[:-1])
    assert over.empty()


@pytest.mark.parametrize("how", ["shutdown", "kill"])
@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_what_the_end_cancels_counts_as_done(opened: Opener, mode: str, how: str, tmp_path: Path) -> None:
    """`wait` and `as_completed` return for futures that shutdown or kill has cancelled."""
    executor = opened(mode, 1)
    begun, gate = tmp_path / "begun", tmp_path / "gate"
    held = executor.submit(work.wait_for, str(begun), str(gate))
    waiting = [executor.submit(work.square, n) for n in range(6)]
    found: list[Future[int]] = []
    watcher = threading.Thread(target=lambda: found.extend(as_completed(waiting, LONG_S)), daemon=True)
    watcher.start()
    pause = threading.Event()
    while not begun.exists():
        pause.wait(0.005)
    end = executor.kill if how == "kill" else lambda: executor.shutdown(wait=False, cancel_futures=True)
    end()
    gate.touch()
    assert wait(waiting, LONG_S, ALL_COMPLETED).not_done == set()
    watcher.join(LONG_S)
    assert set(found) == set(waiting)
    assert any(future.cancelled() for future in waiting)
    assert held.done() or mode in ("thread", "interpreter") or wait([held], LONG_S).done


# --- callbacks, signal handlers, and errors that are no Exception ----------------------------------------------------


@pytest.mark.parametrize("how", ["shutdown", "kill"])
@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_a_callback_that_submits_while_the_end_cancels(opened: Opener, mode: str, how: str, tmp_path: Path) -> None:
    """A callback that tries again gets a RuntimeError, and the end comes."""
    executor = opened(mode, 1)
    begun, gate = tmp_path / "begun", tmp_path / "gate"
    seen: list[str] = []

    def again(future: Future[int]) -> None:
        if future.cancelled():
            try:
                executor.submit(work.square, 1)
            except RuntimeError as error:
                seen.append(type(error).__name__)

    executor.submit(work.wait_for, str(begun), str(gate))
    pause = threading.Event()
    while not begun.exists():
        pause.wait(0.005)
    for future in [executor.submit(work.square, n) for n in range(5)]:
        future.add_done_callback(again)
    threading.Timer(0.05, gate.touch).start()
    assert ended(executor.kill if how == "kill" else lambda: executor.shutdown(cancel_futures=True))
    assert set(seen) == {"RuntimeError"}


@pytest.mark.parametrize("mode", LOCAL)
def test_a_callback_that_submits_when_the_initializer_fails(opened: Opener, mode: str) -> None:
    """It gets the reason too, and the executor can be shut down."""
    executor = opened(mode, 1, initializer=work.refuse_late)
    seen: list[type] = []

    def again(_: Future[int]) -> None:
        try:
            executor.submit(work.square, 1)
        except RuntimeError as error:
            seen.append(type(error))

    futures = [executor.submit(work.square, n) for n in range(3)]
    for future in futures:
        future.add_done_callback(again)
    assert {type(future.exception(LONG_S)) for future in futures} == {InitializerFailed}
    assert ended(executor.shutdown)
    assert set(seen) == {InitializerFailed}


@pytest.mark.parametrize("error", [SystemExit(1), KeyboardInterrupt(), BaseException("mine")])
@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_a_callback_that_raises_anything(
    opened: Opener, mode: str, error: BaseException, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """It is logged, as the standard library does for an Exception, and costs no worker and no later call."""
    executor, raised = opened(mode, 2), threading.Event()

    def fail(_: Future[str]) -> None:
        raised.set()
        raise error

    with caplog.at_level(logging.ERROR, "concurrent.futures"):
        for n in range(4):
            gate = tmp_path / f"gate{n}"
            future = executor.submit(work.wait_for, str(tmp_path / "begun"), str(gate))
            future.add_done_callback(fail)
            gate.touch()
            assert future.result(LONG_S)
        assert raised.wait(LONG_S)
        assert [executor.submit(work.square, n).result(LONG_S) for n in range(3)] == [0, 1, 4]
    assert ended(executor.shutdown)


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt"])
@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_a_call_that_exits(opened: Opener, mode: str, error: str) -> None:
    """SystemExit and KeyboardInterrupt that a call raises are its own errors, and the executor goes on."""
    executor = opened(mode, 1)
    found = executor.submit(harm.raise_named, error).exception(LONG_S)
    assert type(found).__name__ == error
    assert executor.submit(work.square, 3).result(LONG_S) == 9


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt"])
def test_a_coroutine_that_exits(opened: Opener, error: str) -> None:
    """The same on the loop, by submit and under dispatch."""
    executor = opened("asyncio", 1)
    assert type(executor.submit(harm.raise_named_later, error).exception(LONG_S)).__name__ == error
    told = list(dispatch(executor, harm.raise_named_later, [error, error]))
    assert [type(done.error).__name__ for done in told] == [error, error]
    assert executor.submit(work.square_later, 3).result(LONG_S) == 9
    assert ended(executor.shutdown)


@pytest.mark.parametrize("how", ["wait", "nowait", "kill"])
@pytest.mark.parametrize("mode", [mode for mode in LOCAL if mode != "pool"])
def test_a_signal_handler_ends_the_executor(opened: Opener, mode: str, how: str) -> None:
    """A handler that ends the executor which its thread is just submitting to neither hangs nor loses a future."""
    executor, futures = opened(mode, 2), []

    def handle(*_: object) -> None:
        if how == "kill":
            executor.kill()
        else:
            executor.shutdown(wait=how == "wait", cancel_futures=True)

    before = signal.signal(signal.SIGALRM, handle)
    try:
        executor.submit(work.square, 1).result(LONG_S)
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(RuntimeError, match="shutdown"):  # noqa: PT012 - which submit it is, the clock decides
            for _ in range(1_000_000):
                futures.append(executor.submit(work.square, 1))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert wait(futures, LONG_S).not_done == set()


@pytest.mark.parametrize("mode", LOCAL)
def test_shutdown_waits_for_no_call_that_it_interrupts(
    opened: Opener, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a signal handler, between the moment at which a call counts as running and that at which a worker gets it."""
    executor: Any = opened(mode, 2)
    executor.submit(work.square, 1).result(LONG_S)
    begin = executor._begin

    def interrupted(ready: list[Any]) -> None:
        executor.shutdown(wait=True)
        begin(ready)

    monkeypatch.setattr(executor, "_begin", interrupted)
    future = executor.submit(work.square, 2)
    with pytest.raises(RuntimeError, match="after shutdown"):
        future.result(0)


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [harm.Falsy, harm.Empty])
def test_a_false_error_is_an_error(executor: OpenExecutor, error: type[Exception]) -> None:
    """An exception that is false is raised by result, by map and by dispatch."""
    future = executor.submit(harm.raise_kind, error)
    with pytest.raises(error):
        future.result(LONG_S)
    with pytest.raises(error):
        list(executor.map(harm.raise_kind, [error]))
    for via in ("map", "submit"):
        assert [type(done.error) for done in dispatch(executor, harm.raise_kind, [error], via=via)] == [error]


def test_a_message_is_not_doubled(executor: OpenExecutor) -> None:
    """An error whose __init__ puts its message together arrives with that message and its fields, once."""
    error = executor.submit(harm.no_rate, "USD").exception(LONG_S)
    assert (type(error), str(error), getattr(error, "base", None)) == (harm.NoRate, "no rate for USD", "USD")
    error = executor.submit(harm.not_found, "http://x").exception(LONG_S)
    assert (type(error), str(error), getattr(error, "code", None)) == (harm.Http, "404 at http://x", 404)


def test_groups_arrive_whole(executor: OpenExecutor) -> None:
    """A group has its notes, and its members their notes and causes."""
    error = executor.submit(harm.group).exception(LONG_S)
    assert isinstance(error, ExceptionGroup)
    assert (error.message, error.__notes__) == ("many", ["on the group"])
    assert [str(member) for member in error.exceptions] == ["bad 0", "bad 1"]
    assert [member.__notes__ for member in error.exceptions] == [["note 0"], ["note 1"]]
    assert [type(member.__cause__) for member in error.exceptions] == [KeyError, KeyError]


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_a_stand_in_keeps_notes(opened: Opener, mode: str) -> None:
    """What stands in for an error that does not travel has its type's name, message and notes, also in a group."""
    executor = opened(mode)
    error = executor.submit(harm.awkward_group).exception(LONG_S)
    assert isinstance(error, ExceptionGroup)
    stand_in, plain = error.exceptions
    assert str(stand_in).startswith("Awkward: out of order (stands in for")
    assert stand_in.__notes__ == ["provider ecb"]
    assert (type(plain), str(plain)) == (ValueError, "plain")


# --- the end, and what stays -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", PROCESSES)
def test_workers_come_to_their_normal_end(mode: str, tmp_path: Path) -> None:
    """At the end of a block what workers registered to be done at their end is done, and what they printed arrives."""
    trace = tmp_path / "trace"
    with open_executor(mode, 1) as executor:
        executor.submit(work.finalizes, str(trace)).result(LONG_S)
    assert "finalized" in trace.read_text()


OWN_CHILD = """
import multiprocessing, os, signal, sys, time
from rates.executors import open_executor
from tests.executors import work

def hear(pipe):
    pipe.send(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))

if __name__ == "__main__":
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["json"])
    with open_executor(sys.argv[1], 1, start_method="forkserver") as executor:
        executor.submit(work.square, 2).result()
    from multiprocessing import forkserver
    reader, writer = context.Pipe(False)
    process = context.Process(target=hear, args=(writer,))
    process.start()
    print(reader.recv(), forkserver._forkserver._preload_modules)
    process.join()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork server")
@pytest.mark.parametrize("mode", ["process", "pool"])
def test_the_users_own_children_hear_ctrl_c(mode: str, tmp_path: Path) -> None:
    """A process that the user starts through the same fork server has no signal blocked, and the list stays."""
    assert run(tmp_path, OWN_CHILD, mode) == "False ['json']\n"


@pytest.mark.parametrize("mode", EACH)
def test_one_that_is_dropped_is_freed(mode: str) -> None:
    """An executor that nothing refers to any more is freed without the garbage collector, and its threads end."""
    executor = open_executor(mode, 1)
    before = set(threading.enumerate())
    assert executor.submit(work.square, 3).result(LONG_S) == 9
    started = set(threading.enumerate()) - before
    dropped = weakref.ref(executor)
    pause = threading.Event()
    del executor
    for _ in range(2000):
        if dropped() is None and not any(thread.is_alive() for thread in started if thread.name.startswith("rates")):
            break
        pause.wait(0.01)
    assert dropped() is None


class Thing:
    """An argument or a result that a weak reference can be made to."""

    def method(self, *_: object) -> None:
        """Does nothing."""

    async def method_later(self) -> None:
        """Does nothing, later."""


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_no_argument_is_kept(opened: Opener, mode: str) -> None:
    """The object whose method was called is freed when the call is over, though the executor lives on."""
    executor, thing, freed = opened(mode, 1), Thing(), threading.Event()
    weakref.finalize(thing, freed.set)
    executor.submit(thing.method)
    if mode == "asyncio":
        executor.submit(thing.method_later).result(LONG_S)
    del thing
    assert freed.wait(LONG_S)


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_no_argument_of_a_cancelled_call_is_kept(opened: Opener, mode: str, tmp_path: Path) -> None:
    """It is freed when a worker has passed over the call, or the executor has ended, though the future lives on."""
    executor, gate = opened(mode, 1), tmp_path / "gate"
    held = executor.submit(work.wait_for, str(tmp_path / "begun"), str(gate))
    things = [Thing() for _ in range(4)]
    freed = [threading.Event() for _ in things]
    for thing, event in zip(things, freed, strict=True):
        weakref.finalize(thing, event.set)
    executor.submit(abs, 1)
    futures = [executor.submit(thing.method) for thing in things]
    del thing, things
    assert futures[-1].cancel()
    gate.touch()
    held.result(LONG_S)
    executor.submit(abs, 1).result(LONG_S)
    executor.shutdown(cancel_futures=True)
    assert all(event.wait(LONG_S) for event in freed)


def test_map_keeps_no_result(executor: OpenExecutor) -> None:
    """A result that map has handed out is not referred to by the iteration, in chunks neither."""
    for chunksize in (1, 2):
        for result in executor.map(make, range(4), chunksize=chunksize):
            found = weakref.ref(result)
            del result
            pause = threading.Event()
            for _ in range(500):
                if found() is None:
                    break
                pause.wait(0.01)
            assert found() is None


def make(_: int) -> Thing:
    """A result."""
    return Thing()


def test_no_file_stays_after_a_violent_end(tmp_path: Path) -> None:
    """A process that is ended while a limit is in force leaves no file of ours in the temporary folder."""
    script = """
import os, signal, sys
from rates.executors import dispatch, open_executor
from tests.executors import harm

if __name__ == "__main__":
    next(iter(dispatch(open_executor("process", 1), harm.die_parent, [os.getpid()], limit_s=30)))
"""
    own = tmp_path / "tmp"
    own.mkdir()
    run(tmp_path, script, check=False, TMPDIR=str(own))
    assert [name for name in os.listdir(own) if name.startswith("rates-")] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("mode", PROCESSES[-1:])
def test_no_cluster_stays_after_a_violent_end(mode: str, number: int, tmp_path: Path) -> None:
    """A process that is ended while a call runs on its own cluster leaves no folder, and no process of the cluster."""
    script = """
import os, sys
from rates.executors import open_executor
from tests.executors import work

if __name__ == "__main__":
    executor = open_executor("dask", 1)
    parent = executor.submit(os.getpid).result(60)
    executor.submit(work.wait_for, sys.argv[2], sys.argv[2] + ".gate")
    while not os.path.exists(sys.argv[2]):
        pass
    print(parent, flush=True)
    os.kill(os.getpid(), int(sys.argv[1]))
"""
    own = tmp_path / "tmp"
    own.mkdir()
    worker = int(run(tmp_path, script, str(int(number)), str(tmp_path / "begun"), check=False, TMPDIR=str(own)))
    pause = threading.Event()
    for _ in range(3000):
        if not os.listdir(own) and not Path(f"/proc/{worker}").exists():
            break
        pause.wait(0.01)
    assert (os.listdir(own), Path(f"/proc/{worker}").exists()) == ([], False)


# --- functions of the main module ------------------------------------------------------------------------------------

MAIN = """
import sys
from rates.executors import dispatch, open_executor

def triple(number):
    return 3 * number

if __name__ == "__main__":
    with open_executor(sys.argv[1], 1) as executor:
        try:
            print(executor.submit(triple, 14).result(60))
        except TypeError as error:
            print("a main module that a worker cannot import" in str(error))
        print(executor.submit(abs, -3).result(60))
"""


@pytest.mark.parametrize("how", ["-c", "stdin"])
@pytest.mark.parametrize("mode", ELSEWHERE)
def test_a_main_module_that_no_worker_can_import(mode: str, how: str, tmp_path: Path) -> None:
    """A function of it is refused at submit with what to do, or sent by value; others run all the same."""
    expected = "42\n3\n" if mode == "dask" else "True\n3\n"
    command = [sys.executable, "-c", MAIN, mode] if how == "-c" else [sys.executable, "-", mode]
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        command,
        input=MAIN if how == "stdin" else None,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert (done.stdout, done.stderr) == (expected, "")


def run(folder: Path, script: str, *arguments: str, check: bool = True, **environment: str) -> str:
    """What a script prints."""
    path = folder / "script.py"
    path.write_text(script)
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, str(path), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": root, **environment},
    )
    assert not check or (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_cluster_that_runs_gets_functions_of_main(opened: Opener, tmp_path: Path, scheduler: str) -> None:
    """A script's own function is sent by value to workers that do not have the script."""
    script = """
import sys
from rates.executors import open_executor

SCALE = 10

def mine(number):
    return number * SCALE

if __name__ == "__main__":
    with open_executor("dask", 1, scheduler=sys.argv[1]) as executor:
        print(executor.submit(mine, 4).result(60))
"""
    assert run(tmp_path, script, scheduler) == "40\n"


# --- two at once, and what can be awaited ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", guarded(WITHOUT_SEQUENTIAL, "dummy", "asyncio", "pool"))
def test_two_dispatches_one_with_a_limit(mode: str, tmp_path: Path) -> None:
    """A dispatch whose limit ends workers costs another on the same executor no item, and blames none of its items."""
    held = tmp_path / "held"
    held.touch()
    with open_executor(mode, 2) as executor:
        executor.submit(work.square, 1).result(LONG_S)
        found: list[Any] = []
        other = threading.Thread(
            target=lambda: found.extend(done.result() for done in dispatch(executor, work.nap, [0.02] * 30))
        )
        other.start()
        for _ in range(2):
            (done,) = dispatch(executor, work.hang_on, [str(held)], limit_s=0.2)
            assert isinstance(done.error, TimeoutError)
        other.join(LONG_S)
        held.unlink()
    assert found == [0.02] * 30


@pytest.mark.parametrize("mode", ["process", "pool"])
def test_two_dispatches_one_with_a_culprit(mode: str) -> None:
    """A culprit of one dispatch is found though another keeps the executor busy, and no item of that is blamed."""
    with open_executor(mode, 2) as executor:
        found: list[Any] = []
        other = threading.Thread(
            target=lambda: found.extend(done.result() for done in dispatch(executor, work.nap, [0.01] * 60))
        )
        other.start()
        told = list(dispatch(executor, harm.die_at_odd, range(4)))
        other.join(LONG_S)
    assert [type(done.error).__name__ for done in told] == ["NoneType", "WorkerDied", "NoneType", "WorkerDied"]
    assert found == [0.01] * 60


class Awaited:
    """Callables whose result can be awaited."""

    async def __call__(self, number: int) -> int:
        """The square."""
        return number * number


@pytest.mark.parametrize(
    "fn",
    [
        work.square_later,
        functools.partial(work.square_later),
        functools.partial(functools.partial(work.square_later)),
        Awaited(),
        functools.partial(Awaited()),
        lambda number: work.square_later(number),
        lambda number: asyncio.sleep(0, number * number),
    ],
)
def test_whatever_can_be_awaited_is(opened: Opener, fn: Callable[[int], Any]) -> None:
    """Mode asyncio awaits what a call returns, whatever kind of callable it is."""
    assert opened("asyncio", 1).submit(fn, 3).result(LONG_S) == 9


# --- the system refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "started"), [*[(mode, 0) for mode in MODES[1:]], *[("pool", started) for started in (1, 2, 3)]]
)
def test_no_thread_for_a_moment(mode: str, started: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no further thread can be started the call fails, does not run later, and leaves no process.

    When one can be started again, calls run.
    """
    if REASONS.get(mode):
        pytest.skip(REASONS[mode])
    executor, children = open_executor(mode, 2), set(multiprocessing.active_children())
    start, starts = threading.Thread.start, itertools.count()

    def refuse(thread: threading.Thread) -> None:
        if next(starts) >= started:
            raise RuntimeError("can't start new thread")
        start(thread)

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            executor.submit(work.note, str(tmp_path / "first")).result(LONG_S)
    assert set(multiprocessing.active_children()) == children
    executor.submit(work.note, str(tmp_path / "second")).result(LONG_S)
    assert [path.name for path in tmp_path.iterdir()] == ["second"]
    assert ended(executor.shutdown)


@pytest.mark.parametrize("mode", ["dummy", *PROCESSES])
def test_without_shared_memory(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode that needs semaphores, which the system does not give, names one that works."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    executor = open_executor(mode, 1)
    with monkeypatch.context() as patched:
        patched.setattr("multiprocessing.synchronize.SemLock.__init__", refuse)
        error = executor.submit(work.square, 1).exception(LONG_S)
    assert isinstance(error, OSError)
    assert f"the mode {mode} cannot start here (Read-only file system)" in str(error)
    assert "choose the mode thread" in str(error)
    executor.kill()


@pytest.fixture
def parent(mode: str) -> Iterator[OpenExecutor]:
    """An executor that has run a call before the process forks."""
    executor = open_executor(mode, 2)
    executor.submit(work.square, 2).result(LONG_S)
    yield executor
    executor.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("how", ["shutdown", "kill", "exit", "drop"])
# CPython 3.14 itself crashes a child that is forked beside isolated interpreters, before any code of the child runs.
@pytest.mark.parametrize("mode", [mode for mode in WITHOUT_SEQUENTIAL if "interpreter" not in str(mode)])
def test_a_forked_child_does_nothing_to_the_parent(parent: OpenExecutor, mode: str, how: str, tmp_path: Path) -> None:
    """A child that inherits the executor ends soon, however it does, and the parent's workers go on."""
    child = os.fork()
    if child == 0:
        try:
            os.close(2)
            os.open(tmp_path / "stderr", os.O_WRONLY | os.O_CREAT)
            end_in_child(parent, how)
        finally:
            os._exit(1)
    pause = threading.Event()
    for _ in range(3000):
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            break
        pause.wait(0.01)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        pytest.fail("the child does not end")
    assert (os.waitstatus_to_exitcode(status), (tmp_path / "stderr").read_text()) == (0, "")
    assert [parent.submit(work.square, n).result(LONG_S) for n in range(4)] == [0, 1, 4, 9]


def end_in_child(executor: OpenExecutor, how: str) -> None:
    """Ends the forked child, as the interpreter does at its exit where that is asked for."""
    import atexit

    if how == "shutdown":
        executor.shutdown()
    elif how == "kill":
        executor.kill()
    elif how == "drop":
        del executor
    else:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    os._exit(0)
