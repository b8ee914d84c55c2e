"""`compare` as a Python user calls it."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import platform
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import pytest

from rates.compare import Ask, Variant, compare, compare_work
from rates.compare.comparison import reference
from rates.compare.work import calls
from rates.errors import UsageError
from rates.executors import OpenExecutor, open_executor
from rates.executors import modes as known_modes
from rates.executors.sequential import SequentialExecutor
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD, Clock, work_of

PLAN: dict[str, Any] = {"modes": ("sequential", "thread"), "via": "map", "workers": 4, "rounds": 3, "warmup": 1}


def asked(**more: Any) -> Ask:
    """The same for `compare_work`."""
    known = {"modes": ("sequential", "thread"), "vias": ("map",), "workers": (4,), "rounds": 3, "warmup": 1}
    return Ask(**{**known, **more})


def test_any_function_in_every_mode() -> None:
    """A function that pickles runs in all modes, and its results pickle too."""
    result = compare(abs, [-1, 2, -3], modes=("sequential", "thread", "process"), workers=2, rounds=1, warmup=0, seed=4)
    assert [(row.variant.mode, row.variant.via, row.variant.workers, row.variant.label) for row in result.figures] == [
        ("sequential", "map", 1, ""), ("sequential", "submit", 1, ""), ("thread", "map", 2, ""),
        ("thread", "submit", 2, ""), ("process", "map", 2, ""), ("process", "submit", 2, ""),
        ("sequential", "map", 1, "again"),
    ]  # fmt: skip
    assert (result.plan.items, result.seed, result.interrupted, result.left_out) == (("-1", "2", "-3"), 4, False, ())
    assert (result.rounds, result.differing, result.plan.source) == (1, (), "function")
    assert all(row.calls == 3 and not row.failures for row in result.figures)
    assert pickle.loads(pickle.dumps(result)) == result


def test_executors_of_other_packages() -> None:
    """A mapping of modes takes a function that opens any executor; None stands for a mode of ours."""
    opened: list[ThreadPoolExecutor] = []

    def open_pool(workers: int) -> ThreadPoolExecutor:
        opened.append(ThreadPoolExecutor(workers))
        return opened[-1]

    result = compare(abs, [-1, 2, -3], modes={"sequential": None, "mine": open_pool}, workers=2, rounds=3, warmup=0)
    assert [row.name for row in result.figures] == [
        "sequential by map", "sequential by submit", "mine by map", "mine by submit", "sequential by map (again)",
    ]  # fmt: skip
    assert [pool._max_workers for pool in opened] == [1, *[2] * 6]
    assert all(pool._shutdown for pool in opened)
    assert all(row.calls == 9 and not row.failures for row in result.figures)
    with pytest.raises(UsageError, match="unknown mode 'yours'"):
        compare(abs, [1], modes={"yours": None, "mine": open_pool})


@pytest.mark.slow
def test_without_modes_all_that_can_run() -> None:
    """Every known mode is measured, or left out with the reason."""
    result = compare(abs, [1, 2], via="map", workers=2, rounds=1, warmup=0)
    measured = {variant.mode for variant in result.variants}
    assert measured | {mode for mode, _ in result.left_out} == set(known_modes())
    assert {"sequential", "thread"} <= measured


def test_several_numbers_of_workers() -> None:
    """Each number is a variant, except in modes with one worker and above the number of items."""
    result = compare(
        abs, [1, 2, 3], modes=("sequential", "thread"), via="map", workers=(1, 2, 8, 16), rounds=1, warmup=0
    )
    assert [(row.variant.mode, row.variant.workers) for row in result.figures] == [
        ("sequential", 1), ("thread", 1), ("thread", 2), ("thread", 3), ("sequential", 1)
    ]  # fmt: skip


def test_process_mode_is_another_process() -> None:
    """In process mode no call runs here."""
    result = compare(_fails_here, [os.getpid()] * 3, modes="process", via="map", workers=2, rounds=1, warmup=0)
    assert result.figures[0].failures == 0


def _fails_here(parent: int) -> None:
    assert os.getpid() != parent


def test_warm_up_is_dropped() -> None:
    """The samples are those of the rounds, in order; `on_sample` receives those of the warm-up too."""
    heard: list[int] = []
    result = compare_work(calls(abs, [1]), asked(), on_sample=lambda sample: heard.append(sample.number))
    assert [each.number for each in result.samples] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert heard == [0, 0, 0, *(each.number for each in result.samples)]
    assert [each.variant for each in result.samples[:3]] == list(result.variants)


def test_seed_is_drawn() -> None:
    """Without a seed each run draws one, and two runs draw different ones."""
    assert compare(abs, [1], **PLAN).seed != compare(abs, [1], **PLAN).seed


def test_sequential_missing() -> None:
    """Without sequential the first variant is the reference, and the ideal is unknown."""
    result = compare(abs, [1, 2], modes=("thread",), via=("submit", "map"), workers=2, rounds=2, warmup=0)
    assert result.reference == Variant("thread", "submit", 2)
    assert result.plan.latency_s is None
    assert result.figures[0].speedup == 1.0
    assert result.figures[0].ideal_share is None


def test_latency_of_the_ideal() -> None:
    """The ideal uses the given latency, or else the median sequential call, and is marked accordingly."""
    result = compare(abs, [1, 2, 3], **PLAN, latency_s=0.5)
    assert (result.plan.latency_s, result.plan.measured) == (0.5, False)
    assert [row.ideal_s for row in result.figures] == [1.5, 0.5, 1.5]
    result = compare(abs, [1, 2, 3], **PLAN)
    assert result.plan.measured
    assert result.plan.latency_s == median(span.fetch_s for each in result.of(SEQUENTIAL) for span in each.spans)


def test_one_item() -> None:
    """One call is compared too, with a note that nothing can run beside it."""
    assert any("one call" in note for note in compare(abs, [1], **PLAN).notes)


def test_differing_results_are_an_error() -> None:
    """Different results of the variants are reported, and the verdict names no winner."""
    result = compare(_where, [1, 2], modes=("sequential", "process"), via="map", workers=2, rounds=1, warmup=0)
    assert result.differing[0].startswith("process×2 by map gave another result for 1 than sequential")
    assert result.verdict.startswith("The variants did not give the same results")


def _where(item: int) -> int:
    return os.getpid()


def test_budget() -> None:
    """A budget ends the rounds, with a note of how many were asked for."""
    clock = Clock()

    def call(item: float) -> float:
        clock.spend(item)
        return item

    # A measurement takes 100 s to prepare, 3 s to start and 1 s to run: a round of sequential and its twin 208 s.
    ask = asked(modes=("sequential",), rounds=500, budget_s=1000.0)
    result = compare_work(work_of(clock, call, (1.0,)), ask, clock=clock)
    assert result.rounds == 3
    assert "3 of 500 rounds: the time was spent" in result.notes


def test_warm_pools() -> None:
    """In warm pools only the first measurement has a start-up."""
    result = compare(abs, [1, 2], **{**PLAN, "warmup": 0}, warm=True)
    threads = result.of(Variant("thread", "map", 2))
    assert [each.startup_s > 0 for each in threads] == [True, False, False]


def test_interrupted() -> None:
    """Ctrl-C in the fourth measurement keeps the first three."""
    count = iter(range(100))

    def call(item: int) -> None:
        if next(count) == 3:
            raise KeyboardInterrupt

    result = compare(call, [1], modes=("sequential",), rounds=5, warmup=0)
    assert result.interrupted
    assert len(result.samples) == 3
    assert result.rounds == 1


def test_interrupted_before_anything() -> None:
    """Ctrl-C in the warm-up leaves no result, so it is raised to the caller."""

    def call(item: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(call, [1], modes=("sequential",))


def test_every_call_fails() -> None:
    """After one round in which every call failed there is no second."""

    def call(item: int) -> None:
        raise ValueError("never")

    result = compare(call, [1, 2], **PLAN)
    assert (result.rounds, [sample.number for sample in result.samples]) == (0, [0, 0, 0])
    assert "every call failed, in the warm-up already: no more rounds were begun" in result.notes
    result = compare(call, [1, 2], **{**PLAN, "warmup": 0})
    assert (result.rounds, [sample.number for sample in result.samples]) == (1, [1, 1, 1])
    assert "every call failed: no more rounds were begun" in result.notes
    assert [row.failures for row in result.figures] == [2, 2, 2]
    assert result.samples[0].failures == ("1: never", "2: never")
    assert result.verdict == "Nothing to compare: no round without a failure."


def _without_processes(mode: str, workers: int, **more: Any) -> OpenExecutor:
    if mode == "process":
        raise ImportError("no semaphores on this system")
    return open_executor(mode, workers, **more)


def test_unavailable_mode() -> None:
    """A mode that cannot run here is left out with its reason, and the rest run."""
    result = compare_work(calls(abs, [1]), asked(modes=("process", "sequential", "thread")), opener=_without_processes)
    assert result.left_out == (("process", "process is not available here: no semaphores on this system"),)
    assert [row.variant.mode for row in result.figures] == ["sequential", "thread", "sequential"]


def test_what_cannot_be_sent() -> None:
    """A function that does not pickle leaves out the modes that would send it, each with the reason; the others run."""
    result = compare(lambda item: item, [1, 2], modes=("sequential", "thread", "process"), rounds=1, warmup=0)
    assert {variant.mode for variant in result.variants} == {"sequential", "thread"}
    ((mode, why),) = result.left_out
    assert mode == "process"
    assert why.startswith("process cannot be given these calls: ")
    assert "lambda" in why


def test_time_spent_in_vain() -> None:
    """If the first measurement takes all the time and every call of it fails, there is no second."""
    clock = Clock()

    def call(item: float) -> float:
        clock.spend(item)
        return -1.0

    result = compare_work(work_of(clock, call, (40.0, 40.0)), asked(rounds=None, budget_s=30.0, least=4), clock=clock)
    assert len(result.samples) == 1
    assert result.samples[0].failures == ("40.0: negative", "40.0: negative")
    assert any("more than the time budget of 30 s" in note for note in result.notes)


def test_more_workers_than_calls() -> None:
    """A note names the numbers of workers that were reduced."""
    result = compare(abs, [1, 2], modes="thread", via="map", workers=(2, 4, 8), rounds=1, warmup=0)
    assert "4 and 8 workers are more than the 2 calls: 2 were measured" in result.notes


def test_no_mode_available() -> None:
    """If no mode can run, that is an error with the reasons."""
    with pytest.raises(UsageError, match="no semaphores"):
        compare_work(calls(abs, [1]), asked(modes=("process",)), opener=_without_processes)


def test_missing_main_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a worker that imports an unguarded script, opening fails with RuntimeError, which must end that worker."""

    def opener(mode: str, workers: int, **more: Any) -> OpenExecutor:
        raise RuntimeError("under if __name__")

    monkeypatch.setattr(multiprocessing.current_process(), "_inheriting", True, raising=False)
    with pytest.raises(RuntimeError, match="__name__"):
        compare_work(calls(abs, [1]), asked(), opener=opener)


def test_probe_leaves_nothing_open() -> None:
    """The check whether a mode can run ends the executor that it opened."""
    opened: list[SequentialExecutor] = []

    def opener(mode: str, workers: int, **more: Any) -> OpenExecutor:
        opened.append(SequentialExecutor())
        return opened[-1]

    compare_work(calls(abs, [1]), asked(modes=("sequential",)), opener=opener)
    assert all(executor._closed for executor in opened)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"modes": ("tread",)}, "did you mean thread"),
        ({"modes": ()}, "no mode to compare"),
        ({"via": ("maps",)}, "did you mean map"),
        ({"workers": 0}, "at least 1, not 0"),
        ({"workers": (2, "four")}, "whole numbers of at least 1, not 'four'"),
        ({"workers": ()}, "no number of workers"),
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"rounds": 2.5}, "rounds must be a whole number, not 2.5"),
        ({"warmup": -1}, "warmup must be at least 0"),
        ({"time_budget_s": 0.0}, "more than zero"),
        ({"time_budget_s": float("nan")}, "more than zero"),
    ],
)
def test_wrong_plans(wrong: dict[str, Any], message: str) -> None:
    """A plan that cannot be run is a UsageError with what is right, before anything runs."""
    with pytest.raises(UsageError, match=message):
        compare(abs, [1], **{**PLAN, **wrong})


def test_no_items() -> None:
    """Without items there is nothing to compare, which is an error."""
    with pytest.raises(UsageError, match="no items"):
        compare(abs, [], **PLAN)


def test_machine() -> None:
    """The result describes the machine and the Python."""
    here = compare(abs, [1], **PLAN).machine
    assert here.cores >= 1
    assert here.python == platform.python_version()
    assert dict(here.packages)["rates"]


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ([THREAD, Variant("sequential", "submit", 1), SEQUENTIAL], SEQUENTIAL),
        ([THREAD, Variant("sequential", "submit", 1)], Variant("sequential", "submit", 1)),
        ([PROCESS, THREAD], PROCESS),
    ],
)
def test_reference(measured: list[Variant], expected: Variant) -> None:
    """Sequential by map, else sequential, else the variant named first."""
    assert reference(measured) == expected
