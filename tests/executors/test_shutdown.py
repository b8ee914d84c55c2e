"""How an executor ends: waiting or not, by itself, with the interpreter, and what it leaves behind."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path

import pytest

from rates.executors import open_executor
from tests.executors import work
from tests.executors.conftest import Opener
from tests.executors.modes import EACH, PROGRAMS, THREADS

LONG_S = 60
WITHOUT_SEQUENTIAL = [mode for mode in EACH if mode != "sequential"]


def hold(
    opened: Opener, mode: str, folder: Path, behind: int = 6
) -> tuple[object, Future[str], list[Future[int]], Path]:
    """An executor of one worker, which runs one call until a file is there, and six calls behind it."""
    executor = opened(mode, 1)
    begun, gate = folder / "begun", folder / "gate"
    held = executor.submit(work.wait_for, str(begun), str(gate))
    pause = threading.Event()
    while not begun.exists():
        pause.wait(0.005)
    return executor, held, [executor.submit(work.square, n) for n in range(behind)], gate


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_shutdown_waits(opened: Opener, mode: str, tmp_path: Path) -> None:
    """Shutdown returns when all that was submitted has finished."""
    executor, held, waiting, gate = hold(opened, mode, tmp_path)
    opener = threading.Timer(0.05, gate.touch)
    opener.start()
    executor.shutdown()  # type: ignore[attr-defined]
    assert held.done()
    assert [future.result(0) for future in waiting] == [n * n for n in range(6)]


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_shutdown_without_waiting(opened: Opener, mode: str, tmp_path: Path) -> None:
    """Shutdown that does not wait lets everything finish all the same."""
    executor, held, waiting, gate = hold(opened, mode, tmp_path)
    executor.shutdown(wait=False)  # type: ignore[attr-defined]
    assert not held.done()
    gate.touch()
    assert wait([held, *waiting], LONG_S).not_done == set()
    assert [future.result(0) for future in waiting] == [n * n for n in range(6)]


@pytest.mark.parametrize("mode", THREADS)
def test_shutdown_does_not_wait_for_a_callback(opened: Opener, mode: str, tmp_path: Path) -> None:
    """Nor does one that does not wait, for a callback that itself waits for what comes after the shutdown."""
    executor, held, _, gate = hold(opened, mode, tmp_path, behind=0)
    called, over = threading.Event(), threading.Event()
    told: list[bool] = []

    def keeps(_: Future[str]) -> None:
        called.set()
        told.append(over.wait(LONG_S))

    held.add_done_callback(keeps)
    gate.touch()
    assert called.wait(LONG_S)
    executor.shutdown(wait=False)  # type: ignore[attr-defined]
    assert not told
    over.set()


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_shutdown_that_cancels(opened: Opener, mode: str, tmp_path: Path) -> None:
    """Shutdown that cancels lets what runs finish, and cancels what has not begun."""
    executor, held, waiting, gate = hold(opened, mode, tmp_path)
    opener = threading.Timer(0.05, gate.touch)
    opener.start()
    executor.shutdown(cancel_futures=True)  # type: ignore[attr-defined]
    assert held.result(0).endswith("begun")
    # The standard library's pool of processes had taken up to two calls more.
    assert [future.cancelled() for future in waiting[2:]] == [True] * 4


@pytest.mark.parametrize("mode", WITHOUT_SEQUENTIAL)
def test_kill_does_not_wait(opened: Opener, mode: str, tmp_path: Path) -> None:
    """Kill returns though a call never does, and every future is told something or cancelled."""
    executor, _, waiting, gate = hold(opened, mode, tmp_path)
    executor.kill()  # type: ignore[attr-defined]
    for future in waiting[2:]:
        with pytest.raises((CancelledError, Exception)):
            future.result(LONG_S)
    gate.touch()


@pytest.mark.parametrize("mode", ["sequential", *THREADS])
def test_nothing_is_kept_of_a_call(opened: Opener, mode: str) -> None:
    """When a call is over, neither its arguments nor its result are held by the executor."""
    executor = opened(mode, 1)

    class Thing:
        pass

    thing = Thing()
    seen = weakref.ref(thing)
    result = executor.submit(lambda it: weakref.ref(it), thing).result(LONG_S)
    del thing
    executor.submit(work.square, 1).result(LONG_S)  # whatever the worker held of the last call, it has let go
    gc.collect()
    assert seen() is None
    assert result() is None


SCRIPT = """
import os, sys
from rates.executors import open_executor
from tests.executors import work

if __name__ == "__main__":
    executor = open_executor(sys.argv[1], 2)
    futures = [executor.submit(work.square, n) for n in range(8)]
    for future in futures:
        # At one go: two threads that print mix their lines.
        future.add_done_callback(lambda future: os.write(1, f"{future.result()}\\n".encode()))
    os.write(1, b"end\\n")
"""


@pytest.mark.parametrize("mode", PROGRAMS)
def test_the_interpreter_waits(mode: str, tmp_path: Path) -> None:
    """A script that ends without shutting its executor down ends with all calls done, and says nothing of its own."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, str(script), mode], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == sorted(["end", *[str(n * n) for n in range(8)]])


AT_ONCE = """
import sys
from rates.executors import _private, open_executor
from tests.executors import work

_private.GRACE_S = 0.0  # as on a machine where the start of a worker takes longer than that
if __name__ == "__main__":
    executor = open_executor(sys.argv[1])
    executor.submit(work.square, 2)
    executor.shutdown(wait=False, cancel_futures=True)
"""


@pytest.mark.parametrize("mode", PROGRAMS)
def test_the_interpreter_waits_for_what_still_starts(mode: str, tmp_path: Path) -> None:
    """A script that ends while the workers of an executor that it has shut down still start prints nothing."""
    script = tmp_path / "script.py"
    script.write_text(AT_ONCE)
    done = subprocess.run([sys.executable, str(script), mode], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


OF_ITS_OWN = """
import sys
from rates.executors import open_executor

known = []

def learn(word):
    known.append(word)

def told():
    return known

if __name__ == "__main__":
    with open_executor(sys.argv[1], 1, initializer=learn, initargs=("word",)) as executor:
        print(executor.submit(told).result())
"""


@pytest.mark.parametrize("mode", PROGRAMS)
def test_a_scripts_own_functions(mode: str, tmp_path: Path) -> None:
    """A script may send functions of its own, as a call and as the initializer."""
    script = tmp_path / "script.py"
    script.write_text(OF_ITS_OWN)
    done = subprocess.run([sys.executable, str(script), mode], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "['word']\n")


COUNTED = """
import gc, os, sys, threading, tempfile, json
from collections import Counter
from pathlib import Path
from rates.executors import dispatch, open_executor
from tests.executors import work

def left():
    own = f"/proc/{os.getpid()}"
    tasks = []
    for task in os.listdir(f"{own}/task"):
        try:
            tasks.append(Path(f"{own}/task", task, "children").read_text().split())
        except OSError:  # a thread that has just ended
            pass
    return {
        "threads": sorted(t.name for t in threading.enumerate()),
        "children": sum(len(pids) for pids in tasks),
        "sockets": sum(os.readlink(f"{own}/fd/{fd}").startswith(("socket", "pipe")) for fd in os.listdir(f"{own}/fd")
                       if os.path.islink(f"{own}/fd/{fd}")),
        "semaphores": Path(f"{own}/maps").read_text().count("/dev/shm/sem."),
        "folders": sorted(os.listdir(tempfile.gettempdir())),
    }

def more(before, after):  # of what there is more now than before
    return [what for what, count in after.items() if (count > before[what] if isinstance(count, int)
            else Counter(count) - Counter(before[what]))]

def once(mode):
    executor = open_executor(mode, 2)
    told = list(dispatch(executor, work.fail_at_three, range(8)))
    assert len(told) == 8
    executor.shutdown() if len(sys.argv) < 3 else executor.kill()

if __name__ == "__main__":
    mode = sys.argv[1]
    once(mode)  # what a mode starts once for the whole process (a fork server, Dask's thread pools) is there then
    gc.collect()
    before, since = left(), 0
    for _ in range(400):  # until nothing has changed for half a second: what was killed may end at leisure
        last, before = before, (threading.Event().wait(0.05), left())[1]
        since = since + 1 if before == last else 0
        if since == 10:
            break
    once(mode)
    gc.collect()
    for _ in range(1000):
        after = left()
        if not more(before, after):
            break
        threading.Event().wait(0.01)
    print(json.dumps([more(before, after), before, after]))
"""


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="needs /proc to count what is left")
@pytest.mark.parametrize("how", ["shutdown", "kill"])
@pytest.mark.parametrize("mode", EACH)
def test_nothing_stays_behind(mode: str, how: str, tmp_path: Path) -> None:
    """Another executor, opened, used and ended, leaves no thread, process, socket, pipe, semaphore or folder more."""
    import json

    script, own = tmp_path / "script.py", tmp_path / "tmp"
    script.write_text(COUNTED)
    own.mkdir()
    command = [sys.executable, str(script), mode, *(["kill"] if how == "kill" else [])]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "TMPDIR": str(own)}
    )
    assert (done.returncode, done.stderr) == (0, "")
    more, before, after = json.loads(done.stdout)
    assert not more, (before, after)


def test_default_workers_are_the_standard_librarys() -> None:
    """More processors than one make more threads, and never more than 32."""
    with open_executor("thread") as executor:
        assert 1 <= executor.workers <= 32
