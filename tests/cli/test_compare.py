"""`rates compare`, run offline with few bases and no latency."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import Any

import pytest

from rates import compare as room
from rates.cli import main
from rates.cli.compare import USUAL, confirm
from rates.cli.compare_tables import HEADERS, summary, text
from rates.compare import Comparison, Variant
from rates.compare.columns import KEYS
from rates.compare.comparison import conclude
from rates.errors import UsageError
from tests.compare.clock import PROCESS, SEQUENTIAL, SUBMIT, THREAD, plan, sample

QUICK = ["compare", "--offline", "--latency", "0", "--modes", "sequential,thread", "--rounds", "3", "--workers", "2"]
WIDTH = 120


def _run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    status = main(list(args))
    out, err = capsys.readouterr()
    return status, out, err


def test_json_has_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON has a row for each variant, with every figure as a number, and the seed."""
    status, out, _ = _run(capsys, *QUICK, "USD", "EUR", "GBP", "--format", "json", "--seed", "9")
    lines = json.loads(out)
    assert status == 0
    assert [(line["mode"], line["via"], line["workers"]) for line in lines] == [
        ("sequential", "map", 1), ("sequential", "submit", 1), ("thread", "map", 2), ("thread", "submit", 2),
        ("sequential", "map", 1),
    ]  # fmt: skip
    for line in lines:
        assert set(line) == set(KEYS)
        assert (line["rounds"], line["fetches"], line["failures"], line["seed"]) == (3, 9, 0, 9)
        reference = {"speedup_low", "speedup_high", "p"} if line is lines[0] else set()
        unknown = set() if sys.platform == "linux" else {"cpu_children_s", "cpu_startup_s", "peak_rss_mb"}
        assert {key for key in KEYS if line[key] is None} <= reference | unknown
        assert line["wall_min_s"] <= line["wall_s"] <= line["wall_max_s"]


def test_process_mode(capsys: pytest.CaptureFixture[str]) -> None:
    """Processes fetch offline too, in new processes each round."""
    args = ("compare", "--latency", "0", "--modes", "process", "--via", "submit", "--rounds", "1", "--workers", "2")
    status, out, _ = _run(capsys, *args, "USD", "EUR", "--format", "jsonl")
    assert status == 0
    assert [json.loads(line)["mode"] for line in out.splitlines()] == ["process", "process"]


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    """The CSV has the same columns, without a caption."""
    _, out, _ = _run(capsys, *QUICK, "USD", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(out)))
    assert set(lines[0]) == set(KEYS)
    assert len(lines) == 5


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    """People get a caption with fetches, rounds and seed, two tables without a column of failures, and a verdict."""
    status, out, err = _run(capsys, *QUICK, "usd", "EUR", "--seed", "5", "--details")
    assert status == 0
    assert out.startswith("2 fetches · 3 rounds, interleaved, after 1 to warm up · seed 5\n")
    assert "speed-up over sequential by map" in out
    assert all(header in out for header in HEADERS if header != "failed")
    assert "failed" not in out
    assert "█" in out
    assert "This run can see differences from" in out
    assert "simulated with a latency of 0 ms" in err


@pytest.mark.parametrize("many", [2, 8, 40])
@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("noise", [0.001, 0.5])
def test_summary_is_twelve_lines(many: int, width: int, noise: float) -> None:
    """Whatever is compared: at most twelve lines that fit, the fastest first, the slowest last with the longest bar."""
    variants = [Variant(f"mode{place // 2}", ("map", "submit")[place % 2], 8) for place in range(many)]
    samples = tuple(
        sample(variant, number, (place + 1) * (1 + noise * ((place * 7 + number * 3) % 5)), (0.5,))
        for number in range(1, 6)
        for place, variant in enumerate(variants)
    )
    lines = summary(conclude(plan(16), 3, tuple(variants), variants[0], samples), width).splitlines()
    bars = [line.count("█") for line in lines if "█" in line]
    assert len(lines) <= 12
    assert max(map(len, lines)) <= width
    assert bars == sorted(bars)
    assert sum(line.endswith("█ slowest") for line in lines) == 1
    assert lines[-1].endswith(".")


def test_summary() -> None:
    """The default screen, whole: what does not differ from the fastest is marked, and the advice has its interval."""
    walls = {SEQUENTIAL: 0.8, THREAD: 0.1, SUBMIT: 0.1, PROCESS: 0.2}
    wobble = {SUBMIT: (1.0, 1.02, 0.99, 1.01, 1.0), THREAD: (1.0, 1.0, 1.0, 1.0, 1.0)}
    samples = tuple(
        sample(variant, number, wall * wobble.get(variant, (1.01, 1.0, 1.0, 1.0, 0.99))[number - 1], (0.05,))
        for number in range(1, 6)
        for variant, wall in walls.items()
    )
    made = conclude(plan(16, source="offline", latency_s=0.05), 3, tuple(walls), SEQUENTIAL, samples)
    assert summary(made, 80).splitlines() == [
        "16 fetches · 8 workers · 5 rounds · offline · 50.0 ms (simulated)",
        "= thread by map     100 ms   8.0x  ████▋",
        "= thread by submit  100 ms   7.9x  ████▋",
        "  process           200 ms   4.0x  █████████▎",
        "  sequential        800 ms  1.00x  █████████████████████████████████████ slowest",
        "No measurable difference between thread by map and thread by submit.",
        "Use thread by map: 8.0x as fast as sequential (95 %: 7.92 to 8.08).",
    ]


def test_width() -> None:
    """Neither table is wider than a wide terminal, with the usual variants and rounds of a second or two."""
    known = [(mode, via) for mode in USUAL for via in ("map", "submit")]
    variants = [Variant(mode, via, 1 if mode == "sequential" else 16) for mode, via in known]
    costs = {"cpu_parent_s": 0.0123, "cpu_children_s": 0.1234, "peak_rss_mb": 314.0, "shutdown_s": 0.1234}
    samples = tuple(
        sample(variant, number, 1.5 + number / 10, (0.1234,) * 16, startup_s=0.1234, **costs)
        for number in (1, 2, 3)
        for variant in variants
    )
    made = conclude(plan(16, latency_s=0.02), 3, tuple(variants), variants[0], samples)
    assert max(map(len, text(made, "simple").splitlines())) <= WIDTH


def test_median_and_mean() -> None:
    """The whole time is the median, with mean and standard deviation beside it; one round has no deviation."""
    walls = (0.2, 0.3, 0.7)
    samples = tuple(sample(SEQUENTIAL, number, wall, (0.1,)) for number, wall in enumerate(walls, start=1))
    out = text(conclude(plan(1), 3, (SEQUENTIAL,), SEQUENTIAL, samples), "simple")
    assert next(line for line in out.splitlines() if line.startswith("sequential")).split()[2:7] == [
        "300", "400", "±", "265", "200…700",
    ]  # fmt: skip
    out = text(conclude(plan(1), 3, (SEQUENTIAL,), SEQUENTIAL, samples[:1]), "simple")
    assert next(line for line in out.splitlines() if line.startswith("sequential")).split()[2:5] == [
        "200", "200", "200…200",
    ]  # fmt: skip


def test_default_sends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --offline and --live the run is offline, with a latency of 20 ms, and stderr says so."""
    args = ("compare", "USD", "--modes", "thread", "--via", "map", "--rounds", "1", "--warmup", "0")
    status, out, err = _run(capsys, *args)
    assert status == 0
    assert "simulated with a latency of 20 ms" in err
    assert "--live" in err
    assert out.startswith("1 fetch · 1 round · offline · 20.0 ms (simulated)\n")


def test_loopback(capsys: pytest.CaptureFixture[str]) -> None:
    """With --loopback connections are opened, and every mode fetches over them."""
    modes = ("--modes", "sequential,thread,process", "--via", "map", "--rounds", "1", "--warmup", "0")
    args = ("compare", "--loopback", "--latency", "5ms", *modes, "--workers", "2", "USD", "EUR", "GBP")
    status, out, err = _run(capsys, *args, "--format", "jsonl")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    alone, *several, again = [line["connections"] for line in lines]
    assert (alone, again) == (1, 1)
    assert all(1 <= many <= 2 for many in several)  # a busy machine may give one worker all three fetches
    assert all(line["wire_p50_s"] >= 0.005 for line in lines)
    assert "a server on 127.0.0.1 answers" in err


def test_jitter_and_failures_are_the_same_for_all(capsys: pytest.CaptureFixture[str]) -> None:
    """In each round every variant meets the same failures, so the same number of fetches fails in each."""
    args = ("--modes", "sequential,thread,process", "--fail", "40%", "--retries", "0", "--provider", "frankfurter")
    status, out, _ = _run(capsys, *QUICK, *args, "--rounds", "2", "--seed", "3", "--format", "jsonl",
                          *("USD", "EUR", "GBP", "JPY", "CHF", "AUD"))  # fmt: skip
    failures = {json.loads(line)["failures"] for line in out.splitlines()}
    assert status == 1
    assert len(failures) == 1
    assert 0 < failures.pop() < 12


def test_budget_and_warm(capsys: pytest.CaptureFixture[str]) -> None:
    """A budget without --rounds ends the rounds; the caption mentions warm pools."""
    args = ("compare", "--latency", "1ms", "--modes", "sequential,thread", "--time-budget", "200ms", "--warm")
    status, out, _ = _run(capsys, *args, "--details", "USD", "EUR")
    assert status == 0
    assert "warm pools" in out


def test_live_asks_before_many_requests(capsys: pytest.CaptureFixture[str]) -> None:
    """More than 200 real requests to one host are refused without a terminal, before the first is sent."""
    args = ("--modes", "sequential,thread", "--rounds", "8", "--provider", "frankfurter")
    status, _, err = _run(capsys, "compare", "--live", "USD", "EUR", "GBP", "JPY", "CHF", *args)
    assert status == 2
    assert "225 requests to the host of frankfurter are more than 200" in err  # 5 bases, 5 variants, 9 rounds
    assert "--yes" in err


def test_requests_to_host(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fetch is a request, unless one document of the publisher serves all bases; up to 200 need no question."""
    args = ("--modes", "sequential,thread", "--rounds", "80", "--provider", "ecb")
    _, _, err = _run(capsys, "compare", "--live", "USD", "EUR", "GBP", "JPY", "CHF", *args)
    assert "405 requests to the host of ecb" in err  # 5 variants, 81 rounds
    confirm(200, "x", yes=False)
    confirm(10_000, "x", yes=True)
    with pytest.raises(UsageError, match="201 requests to x"):
        confirm(201, "x", yes=False)


def test_some_failing(capsys: pytest.CaptureFixture[str]) -> None:
    """A base that cannot be fetched is counted and reported, and the status is 1."""
    status, out, err = _run(capsys, *QUICK, "USD", "BTN", "--details")
    assert status == 1
    assert "3 of 6" in out
    assert "BTN" in err


def test_doubled_bases(capsys: pytest.CaptureFixture[str]) -> None:
    """A base that is named twice is fetched once, with a message."""
    status, out, err = _run(capsys, *QUICK, "USD", "eur,usd", "EUR", "GBP")
    assert status == 0
    assert out.startswith("3 fetches")
    assert "rates: compared once, though named more often: USD, EUR\n" in err


def test_a_base_that_always_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """The verdict names the base that makes a comparison impossible, and the remedy."""
    _, out, _ = _run(capsys, *QUICK, "USD", "EUR", "BTN")
    assert "BTN failed every time: without it the other 2 can be compared." in " ".join(out.split())


def test_all_failing(capsys: pytest.CaptureFixture[str]) -> None:
    """If every fetch fails, the table shows that, and the status is 3."""
    status, out, err = _run(capsys, *QUICK, "BTN", "--details")
    assert status == 3
    assert "1 of 1" in out
    assert "no round without a failure" in out
    assert "BTN" in err


def test_shared_document_has_no_ideal(capsys: pytest.CaptureFixture[str]) -> None:
    """If one download serves all bases, n fetches do not take n latencies, so no ideal is shown."""
    _, out, _ = _run(capsys, *QUICK, "USD", "EUR", "--provider", "ecb", "--format", "jsonl")
    assert all(json.loads(line)["ideal_share"] is None for line in out.splitlines())


def _result(**more: Any) -> Comparison:
    samples = (sample(Variant("thread", "map", 8), 1, 1.0, (0.5,)),)
    variants = (samples[0].variant, Variant("thread", "submit", 8))
    return conclude(plan(1), 3, variants, variants[0], samples, **more)


def test_interrupted(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C the table has what was measured, stderr says how much that is, and the status is 130."""
    monkeypatch.setattr(room, "compare_work", lambda *_, **__: _result(interrupted=True))
    status, out, err = _run(capsys, *QUICK, "USD")
    assert status == 130
    assert "1 of 5 rounds" in out
    assert "interrupted after 1 measurements, 0 whole rounds" in err


def test_unavailable_mode(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode that was left out is reported on stderr, and the status stays 0."""
    monkeypatch.setattr(room, "compare_work", lambda *_, **__: _result(left_out=(("process", "process is not"),)))
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
        (("--workers", "2,x"), "from 1 to 512"),
        (("--time-budget", "0"), "more than zero"),
        ((",",), "no base to fetch"),
        (("--live", "--loopback"), "contradict"),
        (("USDD",), "did you mean USD"),
        (("--live", "--offline"), "contradict"),
        (("--live", "--latency", "1ms"), "contradict"),
        (("--start-method", "fork"), "fork cannot be compared"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], args: tuple[str, ...], message: str) -> None:
    """A wrong word or number gets a message with what is right, at once, and the status 2."""
    status, out, err = _run(capsys, "compare", *args)
    assert status == 2
    assert not out
    assert message in err


def test_differing_results(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Different results of the variants are an error: on stderr, in the verdict, and with the status 1."""
    monkeypatch.setattr("rates.compare.comparison.disagreements", lambda *_: ("thread gave another result for USD",))
    status, out, err = _run(capsys, *QUICK, "USD")
    assert status == 1
    assert "so their times say nothing: thread gave another result for USD" in " ".join(out.split())
    assert "rates: thread gave another result for USD" in err


def test_help_defines_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    """The help defines each column of the tables."""
    status, out, _ = _run(capsys, "compare", "--help")
    assert status == 0
    for header in HEADERS[1:]:
        assert f"\n    {header} " in out
