"""Full disks, folders that are none, and missing homes are named, with what to do, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.executors.modes import PROCESSES
from tests.faults.faults import BASES
from tests.faults.programs import running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="file systems of Linux"),
]
Write = Callable[..., str]
SOME_FAILED = 1
NOTHING = 3


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system of its own at the folder; skips the test where it cannot be had."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this user may not mount file systems")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@dataclass(frozen=True)
class Row:
    """A run. arguments, variables: in which {here} is a folder. prepare: what is done in that folder before.

    status: the right one. words: of standard error; "" for none.
    """

    status: int
    words: str = ""
    arguments: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[Path], object] = lambda here: None


def file(name: str, text: str = "x") -> Callable[[Path], object]:
    """Writes a file."""
    return lambda here: (here / name).write_text(text, encoding="latin-1")


RECORD = ("--record", "{here}/rec")
REPLAY = ("--replay", "{here}/rec")
ROWS = {
    "record_into_file": Row(NOTHING, "cannot be written: not a directory; record into", RECORD, prepare=file("rec")),
    "record_below_file": Row(NOTHING, "cannot be written: not a directory", ("--record", "/dev/null/rec")),
    "record_over_pipe": Row(
        NOTHING,
        "recording.json is damaged: not a regular file",
        RECORD,
        prepare=lambda here: ((here / "rec").mkdir(), os.mkfifo(here / "rec" / "recording.json")),
    ),
    "replay_file": Row(NOTHING, "recording.json cannot be read: not a directory", REPLAY, prepare=file("rec")),
    "replay_nothing": Row(NOTHING, "holds no recording: no recording.json in it; record one with", REPLAY),
    "home_missing": Row(0, variables={"HOME": "/nowhere", "XDG_CONFIG_HOME": ""}),
    "home_empty": Row(0, variables={"HOME": "", "XDG_CONFIG_HOME": ""}),
    "home_relative": Row(0, variables={"HOME": "x", "XDG_CONFIG_HOME": ""}),
    "home_file": Row(0, variables={"HOME": "{here}/file", "XDG_CONFIG_HOME": ""}, prepare=file("file")),
    "config_home_file": Row(0, variables={"XDG_CONFIG_HOME": "{here}/file"}, prepare=file("file")),
    "temporary_missing": Row(0, variables={"TMPDIR": "/nowhere"}, arguments=("--mode", "process")),
    "temporary_file": Row(0, variables={"TMPDIR": "{here}/file"}, arguments=("--mode", "pool"), prepare=file("file")),
    "netrc_folder": Row(0, variables={"NETRC": "{here}"}),
    "netrc_binary": Row(0, variables={"NETRC": "{here}/file"}, prepare=file("file", "\xff\xfe machine")),
    "locale_c": Row(0, variables={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_folder_that_is_none(name: str, provider: Write, temporary: Path, tmp_path: Path) -> None:
    """Each has its status and its sentence; what is not needed does not matter."""
    row = ROWS[name]
    row.prepare(tmp_path)
    arguments = (part.format(here=tmp_path) for part in row.arguments)
    variables = {key: value.format(here=tmp_path) for key, value in row.variables.items()}
    with running(temporary, *BASES, "--provider", provider("ok"), *arguments, **variables) as program:
        status, out, err = program.end()
        assert (status, "Traceback" in err) == (row.status, False), err
        assert row.words in err
        assert out.count("\n1 ") == (len(BASES) if status == 0 else 0)
        assert bool(err) == bool(status)
        assert program.left() == []


@pytest.mark.parametrize("mode", ["thread", *PROCESSES])
def test_a_folder_that_is_gone(mode: str, provider: Write, tmp_path: Path) -> None:
    """The folder in which a program was started may be deleted; processes, which begin there, are refused."""
    gone, path = tmp_path / "gone", provider("ok")
    gone.mkdir()
    line = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m rates USD --mode {mode} --provider {path}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30, check=False)
    words = f"rates: the current folder was deleted, and processes of the mode {mode} begin there; change to another"
    assert (done.returncode, done.stderr[: len(words)]) == ((0, "") if mode == "thread" else (2, words))


# --- full disks ------------------------------------------------------------------------------------------------------


def test_recording_on_a_full_disk(provider: Write, temporary: Path, tmp_path: Path) -> None:
    """The bases that could not be written are errors with the reason; what was written is whole, and is replayed."""
    path = provider("ok")
    with mounted(tmp_path / "full", "size=24k") as folder:
        with running(temporary, *BASES, "--provider", path, "--record", f"{folder}/rec") as program:
            status, out, err = program.end()
            assert status in (SOME_FAILED, NOTHING)
            assert "cannot be written: no space left on device; record into another folder" in err
            assert "Traceback" not in err
        assert list((folder / "rec").rglob(".*")) == []
        for entry in (folder / "rec" / "exchanges").glob("*.json"):
            json.loads(entry.read_text(encoding="utf-8"))
        with running(temporary, *BASES, "--provider", path, "--replay", f"{folder}/rec") as program:
            _, again, err = program.end()
            assert "damaged" not in err
            assert again.count("\n1 ") >= out.count("\n1 ")


def test_recording_where_nothing_can_be_written(provider: Write, temporary: Path, tmp_path: Path) -> None:
    """A file system that is read-only is named."""
    with (
        mounted(tmp_path / "read-only", "ro") as folder,
        running(temporary, "USD", "--provider", provider("ok"), "--record", f"{folder}/rec") as program,
    ):
        status, _, err = program.end()
        assert status == NOTHING
        assert "cannot be written: read-only file system; record into another folder" in err


@pytest.mark.parametrize("files", [2, 3, 4])
@pytest.mark.parametrize("mode", PROCESSES)
def test_no_room_for_temporary_files(mode: str, files: int, provider: Write, tmp_path: Path) -> None:
    """Where too few files can be made for a mode's workers, that is the error of each base, or it does without."""
    with mounted(tmp_path / "t", f"nr_inodes={files}") as folder:
        variables = {"TMPDIR": str(folder)}
        with running(tmp_path, *BASES, "--provider", provider("ok"), "--mode", mode, **variables) as program:
            status, out, err = program.end()
            assert status in (0, NOTHING)
            assert "Traceback" not in err
            if status:
                assert "no room is left for temporary files: " in err
                assert "make room there, or name another folder in TMPDIR" in err
            else:
                assert (out.count("\n1 "), err) == (len(BASES), "")
            assert program.left() == []
        assert os.listdir(folder) == []


# --- recordings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("files", range(1, 2 * len(BASES), 2))
def test_killed_while_it_records(files: int, provider: Write, temporary: Path, tmp_path: Path) -> None:
    """Whenever a recorder is killed, what it has written is whole: a body is written before its entry."""
    path, folder = provider("ok"), tmp_path / "rec"
    with running(temporary, *BASES, "--provider", path, "--record", str(folder)) as program:
        while len(list(folder.glob("exchanges/[!.]*"))) < files and program.process.poll() is None:
            pass
        os.killpg(program.process.pid, signal.SIGKILL)
    entries = list(folder.glob("exchanges/[!.]*.json"))
    assert len(entries) >= files - len(BASES)
    if (folder / "recording.json").exists():
        with running(temporary, *BASES, "--provider", path, "--replay", str(folder)) as program:
            _, out, err = program.end()
            assert "damaged" not in err
            assert out.count("\n1 ") == len(entries)


def test_programs_that_record_together(provider: Write, temporary: Path, tmp_path: Path) -> None:
    """Several programs may record into one folder; each answer is whole."""
    path, folder = provider("ok"), tmp_path / "rec"
    arguments = (*BASES, "--provider", path, "--record", str(folder))
    with (
        running(temporary, *arguments) as one,
        running(temporary, *arguments, "--mode", "process") as two,
        running(temporary, *arguments, "--mode", "pool") as three,
    ):
        assert [(status, err) for status, _, err in (one.end(), two.end(), three.end())] == [(0, "")] * 3
    with running(temporary, *BASES, "--provider", path, "--replay", str(folder)) as program:
        status, out, _ = program.end()
        assert (status, out.count("\n1 ")) == (0, len(BASES))
