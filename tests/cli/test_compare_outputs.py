from __future__ import annotations

import csv
import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest
from rich.console import Console

from rates import compare as room
from rates.cli import compare_watch, main
from rates.cli.compare_watch import growing
from rates.compare.results import Sample, Variant
from tests.compare.clock import SEQUENTIAL, sample
from tests.compare.made import TWO_THREADS, by_two, comparison, in_turn

QUICK = ("compare", "--latency", "0", "--modes", "sequential,thread", "--via", "map", "--rounds", "3",
         "--workers", "2", "USD", "EUR")  # fmt: skip


def test_all_outputs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every export and picture is written, and the table and the timeline are printed."""
    names = {name: tmp_path / f"x.{name}" for name in ("json", "hyperfine", "csv", "markdown")}
    flags = [word for name, path in names.items() for word in (f"--export-{name}", str(path))]
    assert main([*QUICK, *flags, "--plot", str(tmp_path / "x.html"), "--timeline", "--seed", "4"]) == 0
    out = capsys.readouterr().out
    assert "├ a fetch begins" in out
    found = json.loads(names["json"].read_text(encoding="utf-8"))
    assert [variant["mode"] for variant in found["variants"]] == ["sequential", "thread", "sequential"]
    assert (found["seed"], found["rounds"], len(found["variants"][0]["wall_s"])) == (4, 3, 3)
    assert len(json.loads(names["hyperfine"].read_text(encoding="utf-8"))["results"]) == 3
    lines = list(csv.DictReader(io.StringIO(names["csv"].read_text(encoding="utf-8"))))
    assert [line["mode"] for line in lines] == ["sequential", "thread", "sequential"]
    text = names["markdown"].read_text(encoding="utf-8")
    assert "| mode " in text
    assert text.startswith("- 2 fetches · 3 rounds")
    assert (tmp_path / "x.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """An export to - is all that standard output has."""
    assert main([*QUICK, "--export-json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "rates-compare/1"


def test_svg(tmp_path: Path) -> None:
    """The ending of the file decides the kind of picture, in capitals too."""
    assert main([*QUICK, "--plot", str(tmp_path / "x.SVG")]) == 0
    assert (tmp_path / "x.SVG").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--export-json", "{}/none/x.json"), "No such file or directory; nothing has been measured"),
        (("--export-csv", "{}"), "Is a directory"),
        (("--export-markdown", ""), ""),
        (("--plot", "{}/x.gif"), "no picture has that ending; known are .html, .svg, .png"),
        (("--plot", "-"), "no picture has that ending"),
        (("--export-json", "{}/x", "--export-csv", "{}/x"), "more than once"),
        (("--export-json", "-", "--export-csv", "-"), "more than once"),
        (("--export-json", "-", "--timeline"), "is for people"),
        (("--format", "json", "--timeline"), "is for people"),
        (("--watch",), "--watch needs a terminal"),
        (("--export-json", "{}/x\0"), "cannot be written"),
    ],
)
def test_refused_before_the_first_round(
    args: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """What would fail at the end is reported at the beginning, with nothing measured and no file left."""
    monkeypatch.setattr(room, "compare_work", lambda *_, **__: comparison())
    status = main([*QUICK, *(arg.replace("{}", str(tmp_path)) for arg in args)])
    assert status == (2 if message else 0)
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_png_without_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What would fail at the end is refused at the beginning; nothing is measured and no file is left."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.setattr(room, "compare_work", pytest.fail)
    assert main([*QUICK, "--plot", str(tmp_path / "x.png")]) == 2
    assert 'python -m pip install "fetch-rates[plot]"' in capsys.readouterr().err


def test_check_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An existing file keeps its content if the comparison does not run."""
    there = tmp_path / "there.json"
    there.write_text("before", encoding="utf-8")
    assert main([*QUICK, "--export-json", str(there), "--plot", "x.gif"]) == 2
    assert there.read_text(encoding="utf-8") == "before"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_into_a_pipe(tmp_path: Path) -> None:
    """A pipe receives the whole export, although it was checked before."""
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text(encoding="utf-8")), daemon=True)
    reader.start()
    assert main([*QUICK, "--export-json", str(pipe)]) == 0
    reader.join()
    assert json.loads(got[0])["rounds"] == 3


def test_a_full_disk(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file that cannot be written is reported, the rest is written, and the status shows it."""
    if not os.path.exists("/dev/full"):
        pytest.skip("no full device here")
    other = tmp_path / "x.csv"
    assert main([*QUICK, "--export-json", "/dev/full", "--export-csv", str(other)]) == 3
    out, err = capsys.readouterr()
    assert "sequential" in out
    assert "--export-json /dev/full could not be written: No space left on device" in err
    assert other.exists()


def drawn(samples: list[Sample]) -> str:
    """The watched table after the last of these samples."""
    seen: dict[Variant, list[Sample]] = {}
    for each in samples:
        seen.setdefault(each.variant, []).append(each)
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    console.print(growing(seen, samples[-1]))
    text = console.file
    assert isinstance(text, io.StringIO)
    return text.getvalue()


def test_watched_table() -> None:
    """The table has each variant's rounds, last and median time; the warm-up does not count."""
    assert "warming up" in drawn([sample(SEQUENTIAL, 0, 9.0)])
    text = drawn(
        [sample(SEQUENTIAL, 0, 9.0), in_turn(1), by_two(1), in_turn(2), sample(TWO_THREADS, 2, 5.0, failures=("x",))]
    )
    lines = [line.split() for line in text.splitlines()]
    assert lines[0][:2] == ["round", "2"]
    assert lines[2][:9] == ["sequential", "by", "map", "2", "402.0", "ms", "401.5", "ms", "0"]
    assert lines[3][6:12] == ["2", "5000.0", "ms", "201.0", "ms", "1"]


def test_watching(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal each measurement is drawn on stderr, without a thread; standard output has the final table."""
    monkeypatch.setattr(compare_watch, "check", lambda: None)
    monkeypatch.setenv("TERM", "xterm")
    threads = threading.active_count()
    with compare_watch.watching() as step:
        step(in_turn(1))
        assert threading.active_count() == threads
    assert main([*QUICK, "--watch"]) == 0
    out, err = capsys.readouterr()
    assert "speed-up" in out
    assert "speed-up" not in err


def test_interrupted_while_watched(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while watched prints what has been measured, as without --watch."""
    monkeypatch.setattr(compare_watch, "check", lambda: None)
    calls = iter(range(100))

    def stop(seen: object, last: Sample) -> str:
        if next(calls) == 8:
            raise KeyboardInterrupt
        return str(last.number)

    monkeypatch.setattr(compare_watch, "growing", stop)
    assert main([*QUICK, "--watch"]) == 130
    out, err = capsys.readouterr()
    assert "speed-up" in out
    assert "interrupted after" in err
