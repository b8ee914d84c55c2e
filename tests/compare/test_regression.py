from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rates.cli import main
from rates.compare import to_json
from rates.compare.comparison import conclude
from rates.compare.figures import whole_times
from rates.compare.regression import changes, drift, merged, other_work, sentences, unmatched
from rates.compare.results import AGAIN, Comparison, Plan, Sample, Variant
from tests.compare.clock import MACHINE, PROCESS, SEQUENTIAL, THREAD, sample
from tests.compare.made import TWO_THREADS, comparison

WORK = Plan(items=("USD",), source="offline", rounds=None, warmup=1, latency_s=0.02, provider=("ecb",))


def ran(variant: Variant, *rounds: float | None, **more: Any) -> list[Sample]:
    """A variant with these wall times; None for a round with a failure."""
    known = {"startup_s": 0.1, **more}
    return [
        sample(variant, number, time or 0.0, failures=() if time else ("x",), **known)
        for number, time in enumerate(rounds, start=1)
    ]


def run_of(*found: list[Sample], gil: bool = True, **more: Any) -> Comparison:
    """A run with these variants."""
    variants = tuple(dict.fromkeys(each.variant for samples in found for each in samples))
    samples = tuple(each for samples in found for each in samples)
    made = conclude(WORK, 1, variants, variants[0], samples, machine=replace(MACHINE, gil=gil))
    return replace(made, **{"visible": 0.01, **more})


def noisy(random: Random, middle: float, n: int = 7, spread: float = 0.03) -> tuple[float, ...]:
    """That many times around a middle."""
    return tuple(middle * (1 + random.gauss(0, spread)) for _ in range(n))


def test_a_clear_change() -> None:
    """A fifth slower, far beyond the spread, is a change; an unchanged variant is not."""
    random = Random(1)
    before = run_of(ran(SEQUENTIAL, *noisy(random, 1.0)), ran(THREAD, *noisy(random, 0.2)))
    after = run_of(ran(SEQUENTIAL, *noisy(random, 1.0)), ran(THREAD, *noisy(random, 0.24)))
    same, slower = changes(before, after)
    assert (same.differs, slower.differs) == (False, True)
    assert slower.ratio == pytest.approx(1.2, rel=0.05)
    assert slower.interval is not None
    assert slower.interval[0] < slower.ratio < slower.interval[1]
    said = " ".join(sentences(before, after))
    assert "Beyond the noise: thread is" in said
    assert "% slower (95 %: +" in said
    assert "No measurable change in sequential." in said


@pytest.mark.parametrize("pairs", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_how_often_it_is_right(pairs: int) -> None:
    """Of 200 pairs of equal runs hardly any is called different; of 200 with a true tenth nearly all are."""
    random = Random(2)
    wrong = right = 0
    for _ in range(pairs):
        before, same, slower = (run_of(ran(THREAD, *noisy(random, middle, 8))) for middle in (1.0, 1.0, 1.1))
        wrong += changes(before, same)[0].differs
        right += changes(before, slower)[0].differs
    assert wrong <= pairs * 0.05
    assert right >= pairs * 0.85


def test_drift_is_no_change() -> None:
    """If a run's own later rounds are as far from its earlier ones, the other run is not called different."""
    steady = run_of(ran(THREAD, 1.0, 1.01, 0.99, 1.0, 1.01, 0.99))
    drifting = run_of(ran(THREAD, 1.1, 1.12, 1.11, 1.45, 1.44, 1.46))
    assert not changes(steady, drifting)[0].differs
    assert changes(steady, run_of(ran(THREAD, 1.3, 1.28, 1.29, 1.3, 1.28, 1.29)))[0].differs


def test_change_below_a_a() -> None:
    """A change smaller than the reference's difference from its twin, in either run, does not count."""
    before, walls = run_of(ran(THREAD, *[1.0, 1.001] * 4)), [1.1, 1.101] * 4
    assert changes(before, run_of(ran(THREAD, *walls)))[0].differs
    assert not changes(before, run_of(ran(THREAD, *walls), visible=0.2))[0].differs


def test_what_cannot_be_compared() -> None:
    """Variants of one run only, and those with too few rounds, are named with the reason; twins are not."""
    twin = ran(Variant("sequential", "map", 1, AGAIN), 1.0)
    before = run_of(ran(SEQUENTIAL, 1.0, 1.0, 1.0), ran(THREAD, 1.0, None), ran(PROCESS, 1.0, 1.0, 1.0), twin)
    after = run_of(ran(SEQUENTIAL, 1.0, 1.0, 1.0), ran(THREAD, 1.0, 1.0, 1.0), ran(TWO_THREADS, 1.0),
                   left_out=(("process", "no forks here"),))  # fmt: skip
    assert [change.before.variant for change in changes(before, after)] == [SEQUENTIAL]
    assert unmatched(before, after) == [
        (THREAD, "1 rounds without a failure, 3 are the least"),
        (PROCESS, "only in A: no forks here"),
        (TWO_THREADS, "only in B"),
    ]


def test_other_work() -> None:
    """Runs of other fetches, sources or latencies are not compared, and the reason is given."""
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
    """Two passes are one run with the rounds of both, speed-ups over all of them, and the larger visible difference."""
    first = run_of(ran(SEQUENTIAL, 1.0, 8.0), ran(THREAD, 1.0, None))
    second = run_of(ran(SEQUENTIAL, 12.0, 16.0), ran(THREAD, 3.0, 4.0), visible=0.3)
    found = merged([first, second])
    assert whole_times(found.samples, THREAD) == {1: 1.0, 3: 3.0, 4: 4.0}
    assert [(row.speedup, row.failures) for row in found.figures] == [(1.0, 0), (4.0, 1)]
    assert found.visible == 0.3
    assert drift([1.0, 3.0, 4.0]) == pytest.approx(2.5)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a line a variant and what changed; JSON is exact; other work gives status 1."""
    paths = [tmp_path / name for name in ("a.json", "b.json", "c.json")]
    for path, result in zip(paths, (comparison(6), comparison(6), comparison(6, jitter_s=0.1)), strict=True):
        path.write_text(to_json(result), encoding="utf-8")
    a, b, c = map(str, paths)
    assert main(["compare", "--load", a, b]) == 0
    assert capsys.readouterr().out == "No change: 2 variants, each within the noise of these runs.\n"
    assert main(["compare", "--load", a, b, "--details"]) == 0
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
    """A bad file, and outputs of a measurement that does not take place, are refused."""
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    assert main(["compare", "--load", str(bad), str(bad)]) == 2
    assert "has no schema" in capsys.readouterr().err
    assert main(["compare", "--load", "a", "b", "--plot", "x.svg"]) == 2
    assert "--load measures nothing" in capsys.readouterr().err
    assert main(["compare", "--load", "a", "b", "USD", "EUR"]) == 2
    assert "--load measures nothing; leave out USD EUR" in capsys.readouterr().err
