"""`rates compare`, run offline with few bases and no latency."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from rates import compare as room
from rates.cli import main
from rates.compare import Comparison, Sample, Variant
from rates.compare.figures import figures

QUICK = ["compare", "--offline", "--latency", "0", "--modes", "sequential,thread", "--rounds", "3", "--workers", "2"]
KEYS = {
    "mode", "via", "workers", "rounds", "fetches", "failures", "startup_s", "wall_s", "wall_spread_s", "wall_min_s",
    "wall_max_s", "fetch_s", "fetches_per_s", "speedup", "ideal_s", "ideal_share", "latency_s", "seed",
}  # fmt: skip


def _run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    status = main(list(args))
    out, err = capsys.readouterr()
    return status, out, err


def test_json_has_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """The json has a row a variant with every figure as a number, and the seed."""
    status, out, _ = _run(capsys, *QUICK, "USD", "EUR", "GBP", "--format", "json", "--seed", "9")
    lines = json.loads(out)
    assert status == 0
    assert [(line["mode"], line["via"], line["workers"]) for line in lines] == [
        ("sequential", "map", 1), ("sequential", "submit", 1), ("thread", "map", 2), ("thread", "submit", 2)
    ]  # fmt: skip
    for line in lines:
        assert set(line) == KEYS
        assert (line["rounds"], line["fetches"], line["failures"], line["seed"]) == (3, 9, 0, 9)
        assert all(line[key] is not None for key in KEYS)
        assert line["wall_min_s"] <= line["wall_s"] <= line["wall_max_s"]


def test_process_mode(capsys: pytest.CaptureFixture[str]) -> None:
    """Processes fetch offline too, each round anew."""
    args = ("compare", "--latency", "0", "--modes", "process", "--via", "submit", "--rounds", "1", "--workers", "2")
    status, out, _ = _run(capsys, *args, "USD", "EUR", "--format", "jsonl")
    assert status == 0
    assert json.loads(out)["mode"] == "process"


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    """The csv has the same columns, and no caption around it."""
    _, out, _ = _run(capsys, *QUICK, "USD", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(out)))
    assert set(lines[0]) == KEYS
    assert len(lines) == 4


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    """People get a caption with fetches, rounds and seed, the table without a column of failures, and a verdict."""
    status, out, err = _run(capsys, *QUICK, "usd", "EUR", "--seed", "5")
    assert status == 0
    assert out.startswith("2 fetches · 3 rounds, interleaved, after 1 to warm up · seed 5\n")
    assert "speed-up over sequential by map" in out
    assert "start-up" in out
    assert "failed" not in out
    assert out.rstrip().splitlines()[-1]
    assert "offline: ECB reference rates" in err


def test_default_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --offline and --live it is offline, with a latency of 50 ms, and says so."""
    args = ("compare", "USD", "--modes", "thread", "--via", "map", "--rounds", "1", "--warmup", "0")
    status, out, err = _run(capsys, *args)
    assert status == 0
    assert "simulated with a latency of 50 ms" in err
    assert "--live" in err
    assert "latency 50.0 ms (simulated)" in out


def test_live_is_bounded(capsys: pytest.CaptureFixture[str]) -> None:
    """More than 200 real requests are refused before the first, with what would be allowed."""
    status, _, err = _run(capsys, "compare", "--live", "USD", "EUR", "GBP", "JPY", "CHF", "SEK")
    assert status == 2
    assert "216 live requests (6 bases x 6 variants x 6 rounds with the warm-up)" in err
    assert "--rounds 4" in err


def test_some_failing(capsys: pytest.CaptureFixture[str]) -> None:
    """A base that cannot be had is counted and told, and leaves the status 1."""
    status, out, err = _run(capsys, *QUICK, "USD", "BTN")
    assert status == 1
    assert "3 of 6" in out
    assert "BTN" in err


def test_all_failing(capsys: pytest.CaptureFixture[str]) -> None:
    """When every fetch fails the table shows that, and the status is 3."""
    status, out, err = _run(capsys, *QUICK, "BTN")
    assert status == 3
    assert "1 of 1" in out
    assert "no round without a failure" in out
    assert "BTN" in err


def test_shared_document_has_no_ideal(capsys: pytest.CaptureFixture[str]) -> None:
    """Where one download serves all bases, n fetches do not take n latencies, so no ideal is shown."""
    _, out, _ = _run(capsys, *QUICK, "USD", "EUR", "--provider", "ecb", "--format", "jsonl")
    assert all(json.loads(line)["ideal_share"] is None for line in out.splitlines())


def _result(**more: Any) -> Comparison:
    samples = (Sample(Variant("thread", "map", 8), 1, 0.1, 1.0, (0.5,)),)
    variants = (samples[0].variant, Variant("thread", "submit", 8))
    return Comparison(figures(samples, 1), samples, variants, 3, 1, 5, 1, None, False, **more)


def test_interrupted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C the table has what there is, stderr says how much that is, and the status is 130."""
    monkeypatch.setattr(room, "compare_work", lambda work, **plan: _result(interrupted=True))
    status, out, err = _run(capsys, *QUICK, "USD")
    assert status == 130
    assert "1 of 5 rounds" in out
    assert "interrupted after 1 of 10 measurements" in err


def test_unavailable_mode(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode that was left out is told on stderr, and the status stays 0."""
    monkeypatch.setattr(room, "compare_work", lambda work, **plan: _result(left_out=(("process", "process is not"),)))
    status, _, err = _run(capsys, *QUICK, "USD")
    assert status == 0
    assert "process is not" in err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--modes", "tread"), "did you mean thread"),
        (("--via", "maps"), "did you mean map"),
        (("--rounds", "0"), "from 1 to 1000"),
        (("--warmup", "x"), "from 0 to 100"),
        (("--workers", "0"), "from 1 to 512"),
        (("USDD",), "did you mean USD"),
        (("--live", "--offline"), "contradict"),
        (("--live", "--latency", "1ms"), "contradict"),
        (("--start-method", "fork"), "fork cannot be compared"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], args: tuple[str, ...], message: str) -> None:
    """A wrong word or number is told with what is right, at once, with the status 2."""
    status, out, err = _run(capsys, "compare", *args)
    assert status == 2
    assert not out
    assert message in err


def test_help_defines_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    """The help says what each column of the table is."""
    from rates.cli.compare_table import HEADERS

    status, out, _ = _run(capsys, "compare", "--help")
    assert status == 0
    for header in HEADERS[3:]:
        assert f"\n    {header} " in out
