"""Whole programs under test: started with a mark in their environment, by which whatever they leave is found."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MARK = "RATES_TEST_MARK"
LONGEST_S = 30.0  # what takes longer hangs
IGNORED = b"Exception ignored in: <function _get_module_lock"  # of an import's lock


@dataclass
class Program:
    """A program that runs. temporary: its folder of temporary files."""

    process: subprocess.Popen[str]
    mark: str
    temporary: Path

    def end(self, timeout_s: float = LONGEST_S, again: signal.Signals | None = None) -> tuple[int, str, str]:
        """Its status and what it printed, once it has ended; one that hangs prints where, and fails the test.

        again: what is sent once more if Python itself has ignored it, as it may before the program's first line.
        """
        try:
            out, err = self.process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as late:
            if again is not None and IGNORED in (late.stderr or b""):
                os.killpg(self.process.pid, again)
                return self.end(timeout_s)
            self.process.send_signal(signal.SIGABRT)
            raise AssertionError(f"hangs: {self.process.communicate()}") from None
        return self.process.returncode, out, err

    def processes(self) -> list[str]:
        """The living processes of the program, itself among them: number and command."""
        return [f"{number} {command(number)}" for number in marked(self.mark)]

    def left(self, patience_s: float = 3.0) -> list[str]:
        """The processes that are left when it has ended, after a moment."""
        until = time.monotonic() + patience_s
        while (found := self.processes()) and time.monotonic() < until:
            time.sleep(0.02)
        return found

    def files(self) -> list[str]:
        """The temporary files that are left."""
        return sorted(os.listdir(self.temporary))


@contextmanager
def running(folder: Path, *arguments: str, **variables: str) -> Iterator[Program]:
    """`rates` with these arguments, in a session of its own; whatever is left of it at the end is killed.

    folder: where its folder of temporary files is made; a short path, since sockets stand there.
    """
    mark, temporary = uuid.uuid4().hex, folder / uuid.uuid4().hex[:8]
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONFAULTHANDLER": "1", MARK: mark}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", "rates", *arguments],
        stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, start_new_session=True,
        env={**environment, **variables},
    )  # fmt: skip
    try:
        yield Program(process, mark, temporary)
    finally:
        for number in marked(mark):
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:  # it has ended
                pass
        process.communicate()


def marked(mark: str) -> list[int]:
    """The living processes with this mark in the environment that they were started with."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:  # it has ended, or is another user's
            continue
    return found


def command(number: int) -> str:
    """The end of what a process was started as."""
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()[-70:]
    except OSError:
        return ""
