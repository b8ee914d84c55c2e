"""What this machine lacks is named as such, in both clients; so is a provider's code that would end the program."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import which

import pytest

from rates import providers, run
from rates.errors import InternalError, MachineLimit, ParseError, UsageError
from rates.run import FILES
from tests.faults.faults import BASES, VICTIM
from tests.faults.judge import SETTINGS, fetched, watched

pytestmark = [
    pytest.mark.usefixtures("warm"),
    pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux"),
]
CLIENTS = ("requests", "aiohttp")
Write = Callable[..., str]


@contextmanager
def few_files(free: int) -> Iterator[None]:
    """Few more files can be opened in the block."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    opened = []
    try:
        while True:
            opened.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        pass
    try:
        for _ in range(free):
            os.close(opened.pop())
        yield
    finally:
        for handle in opened:
            os.close(handle)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(("client", "free"), [("requests", 0), ("aiohttp", 3)])  # a loop has three of its own
def test_no_files_left(client: str, free: int, provider: Write) -> None:
    """Where no connection can be opened, no host is blamed."""
    settings = SETTINGS.with_values(provider=(provider("ok"),))
    providers.load(settings.chain[0])  # whose file could not be opened either
    with watched() as found, few_files(free):
        found.outcomes = fetched(client, settings)
    assert [type(outcome.error) for outcome in found.outcomes] == [MachineLimit] * len(BASES)
    assert "may open no more files and connections; use fewer --workers" in str(found.outcomes[0].error)
    assert found.left == {}


@pytest.mark.parametrize("mode", FILES)
def test_too_few_files_for_a_mode(mode: str, provider: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode whose workers could not start is refused, with the number that it needs."""
    before, (own, each) = resource.getrlimit(resource.RLIMIT_NOFILE), FILES[mode]
    others = len(os.listdir("/proc/self/fd"))  # of the tests before this one
    monkeypatch.setitem(FILES, mode, (own + others, each))
    resource.setrlimit(resource.RLIMIT_NOFILE, (others + 20, before[1]))
    said = rf"the mode {mode} with 4 workers opens up to {own + others + 4 * each} files.* may open {others + 20}; "
    try:
        with pytest.raises(UsageError, match=said):
            list(run.fetch_all(BASES, SETTINGS, provider=provider("ok"), mode=mode))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize("refused", ["rates-connect", "rates-offload", "rates-worker"])
@pytest.mark.parametrize("client", CLIENTS)
def test_no_threads(client: str, refused: str, provider: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thread can be started, no host is blamed: each base ends so, or the run if it cannot begin."""
    start = threading.Thread.start
    asked: list[str] = []

    def refuse(self: threading.Thread) -> None:
        if self.name.startswith(refused):
            asked.append(self.name)
            raise RuntimeError("can't start new thread")
        start(self)

    settings = SETTINGS.with_values(provider=(provider("ok"),))
    with watched() as found, monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        try:
            errors = [outcome.error for outcome in fetched(client, settings)]
        except MachineLimit as error:
            errors = [error]
    assert {type(error) for error in errors} == {MachineLimit if asked else type(None)}
    assert not asked or "no more threads or processes can be started; use fewer --workers" in str(errors[0])
    assert found.left == {}


UNPRIVILEGED = (
    *("setpriv", "--reuid", "65533", "--regid", "65533", "--clear-groups"),
    *("--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"),  # the files of tests are their user's
    *("prlimit", "--nproc=1:1"),
)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not which("setpriv"), reason="another user is needed")
@pytest.mark.parametrize("mode", ["thread", "asyncio", "process", "pool", "dask"])
def test_no_processes(mode: str) -> None:
    """The same where the system itself refuses threads and processes to a user; or the mode does without."""
    command = (sys.executable, "-m", "rates", *BASES, "--offline", "--mode", mode)
    done = subprocess.run([*UNPRIVILEGED, *command], capture_output=True, text=True, timeout=30, check=False)
    words = "USD EUR JPY GBP  MachineLimit  no more threads or processes can be started; use fewer --workers"
    if done.returncode or mode != "thread":
        assert (done.returncode, done.stderr[: len(words)], done.stderr.count("\n")) == (3, words, 1)
    else:
        assert (done.stdout.count("\n1 "), done.stderr) == (len(BASES), "")


# --- a provider's code -----------------------------------------------------------------------------------------------

NAMES = {
    "SystemExit": (InternalError, "its code raised SystemExit: 5, which would end the program; please report this"),
    "KeyboardInterrupt": (InternalError, "its code raised KeyboardInterrupt: 5, which would end the program"),
    "Cancelled": (InternalError, "its code raised CancelledError: 5, which would end the program"),
    "memory": (MachineLimit, "this machine has no memory left; use fewer --workers, or lower max_bytes"),
    "recursion": (ParseError, "the answer cannot be read: RecursionError: maximum recursion depth exceeded"),
}


def judged(outcomes: list[object], harm: str) -> None:
    """Asserts that the victim has its right error, and that no other base was harmed."""
    kind, words = NAMES[harm]
    errors = {outcome.base: outcome.error for outcome in outcomes}  # type: ignore[attr-defined]
    assert type(errors[VICTIM]) is kind
    assert words in str(errors.pop(VICTIM))
    assert set(errors.values()) == {None}


# In a loop of the main thread a KeyboardInterrupt is taken for a Ctrl-C.
HARMED = [(client, harm) for client in CLIENTS for harm in NAMES if (client, harm) != ("aiohttp", "KeyboardInterrupt")]


@pytest.mark.parametrize(("client", "harm"), HARMED)
def test_harmful_code(client: str, harm: str, provider: Write, capfd: pytest.CaptureFixture[str]) -> None:
    """What a provider's code raises ends its own fetch alone."""
    settings = SETTINGS.with_values(provider=(provider("ok", harm),))
    with watched() as found:
        found.outcomes = fetched(client, settings)
    judged(list(found.outcomes), harm)
    assert found.left == {}
    assert capfd.readouterr().err == ""


@pytest.mark.slow
@pytest.mark.parametrize("harm", NAMES)
@pytest.mark.parametrize("mode", ["asyncio", "process", "pool", "dask"])
def test_harmful_code_in_other_modes(mode: str, harm: str, provider: Write) -> None:
    """The same, wherever the fetch runs."""
    settings = SETTINGS.with_values(deadline=5.0, mode=mode)
    judged(list(run.fetch_all(BASES, settings, provider=provider("ok", harm))), harm)
