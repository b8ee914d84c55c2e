from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rates.cli import main
from rates.compare import to_json
from rates.compare.regression import (
    SavedRun,
    SavedVariant,
    changes,
    load,
    merged,
    other_work,
    read,
    sentences,
    unmatched,
)
from rates.compare.results import AGAIN, Plan, Variant
from rates.errors import UsageError
from tests.compare.clock import MACHINE, PROCESS, SEQUENTIAL, THREAD
from tests.compare.made import TWO_THREADS, comparison, failing

WORK = Plan(items=("USD",), source="offline", rounds=None, warmup=1, latency_s=0.02, provider=("ecb",))


def ran(variant: Variant, *rounds: float | None, **more: Any) -> SavedVariant:
    """A variant with these whole times."""
    return SavedVariant(
        **{"variant": variant, "rounds": rounds, "startup_s": 0.1, "speedup": 2.0, "waiting_share": 0.9, **more}
    )


def run_of(
    *found: SavedVariant, name: str = "A", visible: float | None = 0.01, gil: bool = True, **more: Any
) -> SavedRun:
    """A run with these variants."""
    known = {"plan": WORK, "machine": replace(MACHINE, gil=gil), "seed": 1, "reference": SEQUENTIAL}
    return SavedRun(name=name, visible=visible, variants=found, **{**known, **more})


def noisy(random: Random, middle: float, n: int = 7, spread: float = 0.03) -> tuple[float, ...]:
    """So many times around a middle."""
    return tuple(middle * (1 + random.gauss(0, spread)) for _ in range(n))


def test_read_what_was_written() -> None:
    """What `to_json` writes is read back: variants, times, twin, machine, and what work it was."""
    result = comparison()
    found = read(to_json(result), "a.json")
    assert [each.variant for each in found.variants] == list(result.variants)
    threads = found.of(TWO_THREADS)
    assert threads is not None
    assert threads.wall_times == (0.201, 0.202, 0.203)
    assert threads.startup_s == 0.00202
    assert (found.seed, found.machine.gil, found.reference) == (3, result.machine.gil, SEQUENTIAL)
    assert found.surroundings["python"] == f"{result.machine.implementation} {result.machine.python}"
    assert found.plan.items == ("0", "1", "2", "3")


def test_failed_rounds_have_no_time() -> None:
    """A round in which a fetch failed is no time of its variant."""
    threads = read(to_json(failing()), "a.json").of(TWO_THREADS)
    assert threads is not None
    assert (threads.rounds, threads.wall_times) == ((0.201, None), (0.201,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "bad is not JSON"),
        ("{", "bad is not JSON"),
        ("[" * 100_000, "bad is not JSON"),
        ("[]", "has no schema"),
        ('{"results": []}', "has no schema"),
        ('{"schema": "rates-compare/2"}', "its schema is 'rates-compare/2'"),
        ('{"schema": "rates-compare/1"}', "is damaged: KeyError 'machine'"),
    ],
)
def test_bad_files(text: str, message: str) -> None:
    """What is not JSON, of another program or another version is told with the file's name."""
    with pytest.raises(UsageError, match="bad") as error:
        read(text, "bad")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("wall_s", [-1.0]), ("wall_s", ["x"]), ("workers", None), ("startup_s", 3), ("wall_s", None), ("wall_s", [1e999])],
)
def test_damaged_variants(name: str, value: object) -> None:
    """A variant that lacks something, or has what cannot be, is told as damaged."""
    document = json.loads(to_json(comparison()))
    document["variants"][0][name] = value
    with pytest.raises(UsageError, match="is damaged"):
        read(json.dumps(document), "bad.json")


def test_unreadable_files(tmp_path: Path) -> None:
    """A file that is not there, a folder, and bytes that are no text are told."""
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for path, message in ((tmp_path / "none", "No such file"), (tmp_path, "directory"), (binary, "is not a text file")):
        with pytest.raises(UsageError, match=message):
            load(str(path))


def test_a_clear_change() -> None:
    """A fifth slower, far beyond the spread, is a change; what stays the same is none."""
    random = Random(1)
    before = run_of(ran(SEQUENTIAL, *noisy(random, 1.0)), ran(THREAD, *noisy(random, 0.2)))
    after = run_of(ran(SEQUENTIAL, *noisy(random, 1.0)), ran(THREAD, *noisy(random, 0.24)), name="B")
    same, slower = changes(before, after)
    assert (same.differs, slower.differs) == (False, True)
    assert slower.ratio == pytest.approx(1.2, rel=0.05)
    assert slower.interval is not None
    assert slower.interval[0] < slower.ratio < slower.interval[1]
    said = " ".join(sentences(before, after))
    assert "Beyond the noise: thread is" in said
    assert "% slower (95 %: +" in said
    assert "No measurable change in sequential." in said


def test_how_often_it_is_right() -> None:
    """Of 200 pairs of equal runs hardly one is called different; of 200 with a true tenth nearly all are."""
    random = Random(2)
    wrong = right = 0
    for _ in range(200):
        before, same, slower = (run_of(ran(THREAD, *noisy(random, middle, 8))) for middle in (1.0, 1.0, 1.1))
        wrong += changes(before, same)[0].differs
        right += changes(before, slower)[0].differs
    assert wrong <= 10
    assert right >= 170


def test_drift_is_no_change() -> None:
    """Where a run's own later rounds are as far from its earlier ones, the other run is not called different."""
    steady = run_of(ran(THREAD, 1.0, 1.01, 0.99, 1.0, 1.01, 0.99))
    drifting = run_of(ran(THREAD, 1.1, 1.12, 1.11, 1.45, 1.44, 1.46), name="B")
    assert not changes(steady, drifting)[0].differs
    assert changes(steady, run_of(ran(THREAD, 1.3, 1.28, 1.29, 1.3, 1.28, 1.29)))[0].differs


def test_what_a_a_does_not_see_is_no_change() -> None:
    """A change smaller than the reference's from its twin, in either run, is none."""
    before, walls = run_of(ran(THREAD, *[1.0, 1.001] * 4)), [1.1, 1.101] * 4
    assert changes(before, run_of(ran(THREAD, *walls)))[0].differs
    assert not changes(before, run_of(ran(THREAD, *walls), visible=0.2))[0].differs


def test_what_cannot_be_compared() -> None:
    """Variants of one run alone, and those with too few rounds, are told with why; twins are not."""
    twin = ran(Variant("sequential", "map", 1, AGAIN), 1.0)
    before = run_of(ran(SEQUENTIAL, 1.0, 1.0, 1.0), ran(THREAD, 1.0, None), ran(PROCESS, 1.0, 1.0, 1.0), twin)
    after = run_of(ran(SEQUENTIAL, 1.0, 1.0, 1.0), ran(THREAD, 1.0, 1.0, 1.0), ran(TWO_THREADS, 1.0), name="B",
                   left_out=(("process", "no forks here"),))  # fmt: skip
    assert [change.variant for change in changes(before, after)] == [SEQUENTIAL]
    assert unmatched(before, after) == [
        (THREAD, "1 rounds without a failure, 3 are the least"),
        (PROCESS, "only in A: no forks here"),
        (TWO_THREADS, "only in B"),
    ]


def test_other_work() -> None:
    """Runs of other fetches, sources or latencies are not compared at all, and why is said."""
    before = run_of(ran(THREAD, 1.0, 1.0, 1.0))
    for change, clause in (
        ({"items": ("USD", "EUR")}, "1 fetches and 2"),
        ({"items": ("EUR",)}, "not the same items"),
        ({"latency_s": 0.1}, "latency 0.02 and 0.1"),
        ({"provider": ("ecb", "boe")}, "provider ecb and ecb,boe"),
    ):
        after = run_of(ran(THREAD, 9.0, 9.0, 9.0), plan=replace(WORK, **change))
        assert other_work(before, after) == [clause]
        assert sentences(before, after) == [
            f"The two did not do the same work, so their times cannot be compared: {clause}."
        ]


def test_merged() -> None:
    """Two passes are one run with the rounds of both, the medians of their speed-ups, and the coarser sight."""
    found = merged([run_of(ran(THREAD, 1.0, None)), run_of(ran(THREAD, 3.0, 4.0, speedup=4.0), visible=0.3)])
    assert found.variants[0].rounds == (1.0, None, 3.0, 4.0)
    assert (found.variants[0].speedup, found.visible) == (3.0, 0.3)
    assert found.variants[0].drift == pytest.approx(2.5)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a line a variant and what changed; json has the same exactly; other work gives status 1."""
    paths = [tmp_path / name for name in ("a.json", "b.json", "c.json")]
    for path, result in zip(paths, (comparison(6), comparison(6), comparison(6, jitter_s=0.1)), strict=True):
        path.write_text(to_json(result), encoding="utf-8")
    a, b, c = map(str, paths)
    assert main(["compare", "--load", a, b]) == 0
    out = capsys.readouterr().out
    assert "No measurable change in sequential and thread." in out
    assert "Machine, Python and packages are the same." in out
    assert main(["compare", "--load", a, b, "--format", "json"]) == 0
    lines = json.loads(capsys.readouterr().out)
    assert [(line["mode"], line["ratio"], line["differs"]) for line in lines] == [
        ("sequential", 1, False), ("thread", 1, False),
    ]  # fmt: skip
    assert main(["compare", "--load", a, c]) == 1
    assert "did not do the same work" in capsys.readouterr().out


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bad file, and outputs of a measurement that there is none of, are refused."""
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    assert main(["compare", "--load", str(bad), str(bad)]) == 2
    assert "has no schema" in capsys.readouterr().err
    assert main(["compare", "--load", "a", "b", "--plot", "x.svg"]) == 2
    assert "--load measures nothing" in capsys.readouterr().err
    assert main(["compare", "--load", "a", "b", "USD", "EUR"]) == 2
    assert "--load measures nothing; leave out USD EUR" in capsys.readouterr().err
