"""However a program or one of its workers ends, it ends in order: the right status, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from rates import run
from rates.errors import RatesError, WorkerLost
from tests.executors.modes import EACH, PROCESSES
from tests.faults.faults import BASES, VICTIM
from tests.faults.judge import SETTINGS, watched
from tests.faults.programs import IGNORED, Program, running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc"),
]
Write = Callable[..., str]

# --- signals ---------------------------------------------------------------------------------------------------------

# Seconds after the start: in the imports, while workers start, in the fetch.
MOMENTS = (0.03, 0.1, 0.2, 0.35, 0.5, 0.8, 1.2, 1.8)
ENDS = {signal.SIGINT: (130, -signal.SIGINT), signal.SIGTERM: (143, -signal.SIGTERM)}


def signalled(programs: Sequence[Program], number: signal.Signals) -> None:
    """Sends the signal to each program's whole group, as a terminal does, each at its moment."""
    began = time.monotonic()
    for program, moment in zip(programs, MOMENTS, strict=True):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        os.killpg(program.process.pid, number)


@pytest.mark.parametrize("number", ENDS, ids=lambda number: number.name)
@pytest.mark.parametrize("mode", EACH)
def test_a_signal_at_any_moment(mode: str, number: signal.Signals, provider: Write, temporary: Path) -> None:
    """The program ends at once with its status, without a traceback, a process or a temporary file."""
    arguments = (*BASES, "--provider", provider("hang"), "--mode", mode, "--workers", "2", "--timeout", "20s")
    with ExitStack() as stack:
        programs = [stack.enter_context(running(temporary, *arguments, "--deadline", "20s")) for _ in MOMENTS]
        signalled(programs, number)
        for program, moment in zip(programs, MOMENTS, strict=True):
            status, out, err = program.end(5.0, again=number)
            assert (moment, out, program.left(), program.files()) == (moment, "", [], [])
            if "runpy" not in err and IGNORED.decode() not in err:  # Ctrl-C came before the first line of the program
                assert status in ENDS[number], (moment, err)
                assert err.strip() in (("rates: interrupted", "") if number == signal.SIGINT else ("",)), moment


@pytest.mark.parametrize("mode", PROCESSES)
def test_a_program_that_is_killed(mode: str, provider: Write, temporary: Path) -> None:
    """The workers of a program that is killed end by themselves, in the middle of their fetches."""
    arguments = (*BASES, "--provider", provider("hang"), "--mode", mode, "--workers", "2", "--timeout", "20s")
    with running(temporary, *arguments, "--deadline", "20s") as program:
        until = time.monotonic() + 10
        while len(program.processes()) < 4 and time.monotonic() < until:
            time.sleep(0.02)
        assert len(program.processes()) >= 4
        program.process.kill()
        assert program.left() == []


# --- workers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("harm", ["SIGKILL", "SIGSEGV", "exit"])
@pytest.mark.parametrize("mode", PROCESSES)
def test_a_worker_that_dies(mode: str, harm: str, provider: Write) -> None:
    """The base whose worker dies twice is lost, the others have their rates, and nothing is left."""
    settings = SETTINGS.with_values(mode=mode, workers=3, deadline=10.0, provider=(provider("ok", harm),))
    list(run.fetch_all(BASES, settings, provider=provider("closed")))  # the modes keep servers for the process
    with watched() as found:
        found.outcomes = list(run.fetch_all(BASES, settings))
    errors: dict[str, RatesError | None] = {outcome.base: outcome.error for outcome in found.outcomes}
    assert type(errors.pop(VICTIM)) is WorkerLost
    assert errors == dict.fromkeys(errors)
    assert found.left == {}
