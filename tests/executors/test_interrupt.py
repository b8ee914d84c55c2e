"""Nothing stays behind: after Ctrl-C on a terminal, after the parent's violent end, after a script's mistake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

from tests.executors.modes import EACH

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see who is left")

INTERRUPTED = """
import os, sys, threading
from contextlib import closing
from rates.executors import dispatch, open_executor
from tests.executors import harm
from tests.executors.modes import EACH

gate = threading.Event()

def wait(item):
    os.write(1, b"ready\\n")  # at one go: two threads that print mix their lines
    # Again and again: CPython heeds a signal that comes just before a wait for a lock only after the wait.
    while not gate.wait(0.1):
        pass

if __name__ == "__main__":
    mode, via = sys.argv[1:]
    try:
        with open_executor(mode, 2) as executor:
            call = harm.hang if mode in ("process", "interpreter") else wait
            with closing(dispatch(executor, call, range(1000), via=via)) as told:
                for done in told:
                    pass
    except KeyboardInterrupt:
        gate.set()
        print("interrupted")
"""

STARTING = """
import os, psutil, threading
from rates.executors import dispatch, open_executor

def tell():
    while not psutil.Process().children():
        threading.Event().wait(0.005)
    os.write(1, b"ready\\n")

if __name__ == "__main__":
    threading.Thread(target=tell, daemon=True).start()
    try:
        with open_executor("dask", 2) as executor:
            for done in dispatch(executor, abs, range(1000000)):
                pass
    except KeyboardInterrupt:
        print("interrupted")
"""

UNGUARDED = """
from rates.executors import dispatch, open_executor

with open_executor("process", 2) as executor:
    for done in dispatch(executor, abs, range(4)):
        print(done.error)
"""

FORKED = """
from rates.executors import dispatch, open_executor

with open_executor("process", 2, start_method="fork") as executor:
    print(executor.start_method, [done.value for done in dispatch(executor, abs, range(4))])
"""

# A machine that is busy with other things may take longer once or twice, and not each time.
ATTEMPTS = 4

Starter = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts a script in a process group of its own, as a shell does; whatever is left of the group is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(script: str, *arguments: str) -> subprocess.Popen[str]:
        path = tmp_path / "script.py"
        path.write_text(script)
        command, pipe = [sys.executable, str(path), *arguments], subprocess.PIPE
        process = subprocess.Popen(command, text=True, start_new_session=True, stdout=pipe, stderr=pipe)
        started.append(process)
        return process

    yield begin
    for process in started:
        for pid in group(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=10)


def group(leader: int) -> list[int]:
    """The living processes of a process group."""
    living = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == leader and state not in "ZX":
            living.append(int(stat.parent.name))
    return living


def is_gone(leader: int) -> bool:
    """Whether soon nothing of the group is left: the kernel takes a moment after the last word, or more if it is busy.

    What stays behind stays for good: a worker waits for its next call, or hangs for a minute.
    """
    until, pause = monotonic() + 20, threading.Event()
    while group(leader) and monotonic() < until:
        pause.wait(0.005)
    return not group(leader)


def wait_until_ready(process: subprocess.Popen[str], many: int) -> None:
    """Returns when so many calls have said that they run."""
    assert process.stdout is not None
    for _ in range(many):
        assert process.stdout.readline() == "ready\n"


def interrupted(start: Starter, script: str, *arguments: str, ready: int) -> float:
    """Seconds from Ctrl-C to the end of the script, which says what it should and leaves nothing."""
    process = start(script, *arguments)
    wait_until_ready(process, ready)
    hosts = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    began = monotonic()
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    took_s = monotonic() - began
    assert (output, errors, process.returncode) == ("interrupted\n", "", 0)
    # The process of a cluster leads a group.
    assert all(is_gone(pid) for pid in [process.pid, *hosts])
    return took_s


@pytest.mark.parametrize("via", ["map", pytest.param("submit", marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", EACH)
def test_ctrl_c(start: Starter, mode: str, via: str) -> None:
    """Ctrl-C ends the script within about a second, without a traceback from any worker, and nothing stays behind."""
    once = partial(interrupted, start, INTERRUPTED, mode, via, ready=1 if mode == "sequential" else 2)
    assert any(once() < 1.5 for _ in range(ATTEMPTS))


@pytest.mark.parametrize("mode", EACH[-1:])
def test_ctrl_c_while_a_cluster_starts(start: Starter, mode: str) -> None:
    """Neither does one that comes while the processes of a cluster start, which takes seconds."""
    assert any(interrupted(start, STARTING, ready=1) < 1.5 for _ in range(ATTEMPTS))


def test_killed_parent(start: Starter) -> None:
    """When the parent is killed outright its workers leave by themselves, in the middle of their calls."""
    process = start(INTERRUPTED, "process", "map")
    wait_until_ready(process, 2)
    assert len(group(process.pid)) >= 3
    process.kill()
    process.communicate(timeout=60)
    assert is_gone(process.pid)


def test_missing_guard(start: Starter) -> None:
    """A script without its guard ends, tells each item why, and its workers say what is missing."""
    process = start(UNGUARDED)
    output, errors = process.communicate(timeout=60)
    lines = output.splitlines()
    assert len(lines) == 4
    assert all('may lack its `if __name__ == "__main__":`' in line for line in lines)
    assert 'put what it does under `if __name__ == "__main__":`' in errors
    assert is_gone(process.pid)


def test_fork_where_it_is_safe(start: Starter) -> None:
    """Fork is to be had by asking for it in a parent without threads."""
    process = start(FORKED)
    assert process.communicate(timeout=60) == ("fork [0, 1, 2, 3]\n", "")
    assert is_gone(process.pid)
