from __future__ import annotations

import csv
import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from rates import compare as room
from rates.cli import compare_outputs, main
from rates.cli.compare_outputs import growing
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
    assert "| variant " in text
    assert text.startswith("- 2 fetches · 3 rounds")
    assert (tmp_path / "x.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """An export to - is all that standard output has."""
    assert main([*QUICK, "--export-json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "rates-compare/2"


def test_svg(tmp_path: Path) -> None:
    """The ending of the file decides the kind of picture, in capitals too."""
    assert main([*QUICK, "--plot", str(tmp_path / "x.SVG")]) == 0
    assert (tmp_path / "x.SVG").read_text(encoding="utf-8").startswith("<svg")


def test_a_file_a_chart(tmp_path: Path) -> None:
    """With --each every chart that has something to draw gets its own file."""
    assert main([*QUICK, "--plot", str(tmp_path / "x.svg"), "--each"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x-timelines.svg", "x-times.svg"]
    assert "thread" in (tmp_path / "x-times.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--each",), "--each needs a picture"),
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
    return growing(seen, samples[-1], 80)


def test_watched_table() -> None:
    """There is a line a variant with its median and last time, at most 80 wide; the warm-up does not count."""
    assert "warming up" in drawn([sample(SEQUENTIAL, 0, 9.0)])
    text = drawn(
        [sample(SEQUENTIAL, 0, 9.0), in_turn(1), by_two(1), in_turn(2), sample(TWO_THREADS, 2, 5.0, failures=("x",))]
    )
    lines = [line.split() for line in text.splitlines()]
    assert text.startswith("round 2: ")
    assert max(map(len, text.splitlines())) <= 80
    assert lines[1][:6] == ["sequential", "402", "ms", "last", "402", "ms"]
    assert lines[2][:7] == [">", "thread", "201", "ms", "last", "5000", "ms"]
    assert lines[2][-2:] == ["1", "failed"]


def test_watching(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal each measurement is drawn on stderr, without a thread; standard output has the final table."""
    monkeypatch.setattr("rates.cli.compare.check", lambda outputs, fmt: None)
    monkeypatch.setenv("TERM", "xterm")
    threads = set(threading.enumerate())
    with compare_outputs.watching() as step:
        step(in_turn(1))
        assert set(threading.enumerate()) <= threads
    assert main([*QUICK, "--watch"]) == 0
    out, err = capsys.readouterr()
    assert "thread" in out
    assert "median so far" not in out
    assert "Use " not in err


def test_interrupted_while_watched(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while watched prints what has been measured, as without --watch."""
    monkeypatch.setattr("rates.cli.compare.check", lambda outputs, fmt: None)
    calls = iter(range(100))

    def stop(seen: object, last: Sample, width: int | None) -> str:
        if next(calls) == 8:
            raise KeyboardInterrupt
        return str(last.number)

    monkeypatch.setattr(compare_outputs, "growing", stop)
    assert main([*QUICK, "--watch"]) == 130
    out, err = capsys.readouterr()
    assert "of 3 rounds" in out
    assert "interrupted after" in err
