"""`rates` as a process of its own: its streams, its signals, its workers."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from types import ModuleType

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked for in /proc")

RATES = (sys.executable, "-m", "rates")
BOUND_S = 120  # what takes longer hangs, on the busiest machine too
TRIES = 5
FETCH_S = 60  # the longest time of a fetch that is not interrupted
MODES = ("sequential", "thread", "process")


def _shell(line: str) -> subprocess.CompletedProcess[str]:
    """What a shell makes of a line, in which $R is the command `rates`."""
    environ = {**os.environ, "R": f"{sys.executable} -m rates"}
    return subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, check=False, timeout=BOUND_S, env=environ
    )


@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("$R --offline USD >&-", 3, "rates: cannot write the output: Bad file descriptor\n"),
        ("$R --help >&-", 3, "rates: cannot write the output: Bad file descriptor\n"),
        ("$R --offline --mode process USD EUR >&-", 3, "rates: cannot write the output: Bad file descriptor\n"),
        ("$R --offline USD >/dev/full", 3, "rates: cannot write the output: No space left on device\n"),
        ("$R currencies >/dev/full", 3, "rates: cannot write the output: No space left on device\n"),
        ("$R --version >/dev/full", 3, "rates: cannot write the output: No space left on device\n"),
        ("$R --offline USD >&- 2>&-", 3, ""),
        ("$R --offline USD >/dev/null 2>&-", 0, ""),
        ("$R --offline USD >/dev/null 2>/dev/full", 0, ""),
        ("$R --offline USDD 2>/dev/full", 2, ""),
        ("$R --offlin 2>/dev/full", 2, ""),
        ("$R --offline --mode process USD EUR >/dev/null 2>&- <&-", 0, ""),
        ("HTTPS_PROXY=http://127.0.0.1:9 $R USD --provider ecb --retries 0 --format csv >/dev/null", 3, "ProxyFailed"),
    ],
)
def test_streams(line: str, status: int, message: str) -> None:
    """Streams that are closed or full give a message where one can be given, the right status, and no traceback."""
    done = _shell(line)
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert bool(message) == bool(done.stderr)


DEPTHS = """
import time
import rates.cli
from rates.__main__ import main

def leaf():
    pass

# As large as the frame that calls it, so that every end of a chunk is met at some depth.
leaf.__code__ = leaf.__code__.replace(co_stacksize=32)

def calls_at(depth):
    if depth:
        return calls_at(depth - 1)
    began = time.thread_time()
    for _ in range(500):
        leaf()
    return time.thread_time() - began

def slowest(began):
    print(max(min(calls_at(depth) for _ in range(5)) for depth in range(1, 250)))
    return 0

rates.cli.main = slowest
main()
"""


def test_a_call_costs_the_same_at_every_depth() -> None:
    """Under the entry point no call crosses the end of a chunk of frames: 500 that do take over 2 ms, others 10 us."""
    done = subprocess.run([sys.executable, "-c", DEPTHS], capture_output=True, text=True, check=True, timeout=BOUND_S)
    assert float(done.stdout) < 0.001


@pytest.mark.parametrize("what", ["currencies", "--offline USD EUR --symbols all", "--help"])
def test_reader_that_has_enough(what: str) -> None:
    """A pipe whose reader has gone, before the first line or after it, is nothing to complain of."""
    for reader in ("head -1", "true"):
        done = _shell(f"set -o pipefail; $R {what} | {reader}")
        assert done.returncode == 0
        assert "rates:" not in done.stderr
        assert "Error" not in done.stderr


@pytest.mark.parametrize(
    "environment",
    ["PYTHONIOENCODING=ascii", "PYTHONIOENCODING=ascii:strict", "LC_ALL=POSIX PYTHONUTF8=0 PYTHONCOERCECLOCALE=0"],
)
def test_terminal_in_ascii(environment: str) -> None:
    """What a terminal in ASCII cannot show is written in ASCII, and no fault of ours."""
    done = _shell(f"{environment} $R --offline USD 2>&1; {environment} $R show --help; {environment} $R providers boc")
    assert done.stdout.startswith("1 USD - ecb - reference - Fri 2026-10-30 (")
    assert "[BASE]..." in done.stdout
    assert "Bank of Canada" in done.stdout
    assert done.stdout.isascii()
    assert "bug" not in done.stdout


# --- signals -------------------------------------------------------------------------------------------------------


def _alive(session: int) -> list[str]:
    """The processes of a session, but those that have ended and only wait to be reaped."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def _until(true: Callable[[], object]) -> None:
    """Looks again and again until it is true, a bounded time."""
    ends = monotonic() + BOUND_S
    while not true():
        assert monotonic() < ends
        select.select([], [], [], 0.01)


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[socket.socket]:
    """A proxy that takes connections and never answers: who waits for it is in the midst of a fetch."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(BOUND_S)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        yield server


def _fetching(silence: socket.socket, *args: str) -> tuple[subprocess.Popen[str], socket.socket]:
    """A `rates` in a session of its own that waits for its first answer."""
    limits = ("--timeout", f"{FETCH_S}s", "--deadline", f"{FETCH_S}s")
    process = subprocess.Popen(
        [*RATES, *args, *limits], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        return process, silence.accept()[0]
    except BaseException:
        _end(process)
        raise


def _ended(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What it printed until its end; one that hangs is killed, and fails the test."""
    try:
        return process.communicate(timeout=BOUND_S)
    except subprocess.TimeoutExpired:
        _end(process)
        raise


def _end(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _interrupted(mode: str, kill: Callable[[int, int], None], silence: socket.socket) -> float:
    """How many seconds a `rates` takes to end at Ctrl-C, in good order, with all that it began."""
    process, connection = _fetching(silence, "USD", "EUR", "GBP", "--mode", mode)
    with connection:
        began = monotonic()
        kill(process.pid, signal.SIGINT)
        out, err = _ended(process)
        took = monotonic() - began
    assert (process.returncode, out, err.strip()) == (130, "", "rates: interrupted")
    _until(lambda: not _alive(process.pid))
    while select.select([silence], [], [], 0)[0]:  # the connections of its other fetches are not those of the next
        silence.accept()[0].close()
    return took


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["alone", "group"])
def test_ctrl_c(mode: str, kill: Callable[[int, int], None], silence: socket.socket, tmp_path: Path) -> None:
    """Ctrl-C ends every mode before the fetch does: the status 130, one word, no process and no folder left."""
    assert _interrupted(mode, kill, silence) < FETCH_S
    assert not list(tmp_path.iterdir())


IGNORED = """
import signal, threading, weakref
from rates import __main__ as program

class Lock:
    pass

program._handle_signals()
lock = Lock()
kept = weakref.ref(lock, lambda _: signal.raise_signal(signal.SIGINT))
try:
    del lock
    threading.Event().wait(30)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_that_python_ignores() -> None:
    """A Ctrl-C that strikes in a callback, as that of an import's lock, is not lost."""
    done = subprocess.run([sys.executable, "-c", IGNORED], capture_output=True, text=True, timeout=BOUND_S, check=False)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["alone", "group"])
def test_ctrl_c_within_a_second(
    mode: str, kill: Callable[[int, int], None], silence: socket.socket, tmp_path: Path
) -> None:
    """Ctrl-C ends every mode within a second. The quickest of a few tries counts: the machine may be busy in others."""
    took = _interrupted(mode, kill, silence)
    for _ in range(TRIES):
        if took >= 1:
            took = _interrupted(mode, kill, silence)
        assert not list(tmp_path.iterdir())
    assert took < 1


def test_impatient_ctrl_c(silence: socket.socket, tmp_path: Path) -> None:
    """Further ones while it ends leave nothing half done."""
    process, connection = _fetching(silence, "USD", "EUR", "--mode", "process")
    with connection:
        for _ in range(3):
            os.killpg(process.pid, signal.SIGINT)
        _, err = _ended(process)
    assert (process.returncode, err.strip()) == (130, "rates: interrupted")
    _until(lambda: not _alive(process.pid))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", MODES)
def test_asked_to_end(mode: str, silence: socket.socket, tmp_path: Path) -> None:
    """SIGTERM leaves no process and no folder either."""
    process, connection = _fetching(silence, "USD", "EUR", "--mode", mode)
    with connection:
        process.terminate()
        _, err = _ended(process)
    assert (process.returncode, err) == (143, "")
    _until(lambda: not _alive(process.pid))
    assert not list(tmp_path.iterdir())


def test_ctrl_c_in_compare(silence: socket.socket, tmp_path: Path) -> None:
    """A comparison that is interrupted before its first figure leaves nothing either."""
    process, connection = _fetching(
        silence, "compare", "--live", "--modes", "process", "--rounds", "1", "--warmup", "0", "USD"
    )
    with connection:
        os.killpg(process.pid, signal.SIGINT)
        _, err = _ended(process)
    assert process.returncode == 130
    assert "Traceback" not in err
    _until(lambda: not _alive(process.pid))
    assert not list(tmp_path.iterdir())


def _workers(session: int) -> list[int]:
    """The worker processes of a `rates` that spawns them."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and b"multiprocessing-fork" in (folder / "cmdline").read_bytes():
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                found += [int(folder.name)] if int(fields[3]) == session and fields[0] != "Z" else []
        except OSError:
            continue
    return found


def test_killed_worker() -> None:
    """When a worker process is killed in the middle, all bases come nevertheless."""
    args = ("--offline", "--mode", "process", "--start-method", "spawn", "--workers", "2", "--latency", "0.2s")
    process = subprocess.Popen(
        [*RATES, *args, "USD", "EUR", "--format", "jsonl"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    _until(lambda: _workers(process.pid))
    os.kill(_workers(process.pid)[0], signal.SIGKILL)
    out, err = _ended(process)
    assert [json.loads(line)["base"] for line in out.splitlines()] == ["USD", "EUR"]
    assert process.returncode == 0
    assert "Traceback" not in err


def test_a_tick_while_the_watchdog_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer of the main thread may tick when the module that it asks has only begun to be imported."""
    from rates.__main__ import _Timer

    monkeypatch.setitem(sys.modules, "rates.transport.watchdog", ModuleType("rates.transport.watchdog"))
    _Timer().heed(signal.SIGALRM, None)


def test_an_exit_that_a_library_ignores(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal to end is raised again when the process still runs after the time that an end takes, not before."""
    from rates import __main__ as program

    now, timer = 5.0, program._Timer()
    monkeypatch.setattr(program, "monotonic", lambda: now)
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit, match="143"):
            timer.exit(signal.SIGTERM, None)
    finally:
        signal.signal(signal.SIGTERM, before)
    now += program.SHUTDOWN_S / 2
    timer.heed(signal.SIGALRM, None)
    now += program.SHUTDOWN_S
    with pytest.raises(SystemExit, match="143"):
        timer.heed(signal.SIGALRM, None)
    timer.heed(signal.SIGALRM, None)
