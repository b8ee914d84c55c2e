"""`compare` as a Python user calls it."""

from __future__ import annotations

import os
import pickle
from typing import Any

import pytest

from rates.compare import Variant, compare, compare_work
from rates.compare.work import calls
from rates.errors import UsageError
from rates.executors import OpenExecutor, open_executor
from rates.executors.sequential import SequentialExecutor

PLAN: dict[str, Any] = {"modes": ("sequential", "thread"), "vias": ("map",), "workers": 4, "rounds": 3, "warmup": 1}


def test_any_function_in_every_mode() -> None:
    """A function that pickles runs in all modes, the processes' calls in processes; the result pickles too."""
    result = compare(abs, [-1, 2, -3], workers=2, rounds=1, warmup=0, seed=4)
    assert [str(row.variant) for row in result.figures] == [
        f"{mode} by {via}" for mode in ("sequential", "thread", "process") for via in ("map", "submit")
    ]
    assert (result.n, result.seed, result.interrupted, result.left_out, result.planned) == (3, 4, False, (), 6)
    assert all(row.calls == 3 and not row.failures for row in result.figures)
    assert pickle.loads(pickle.dumps(result)) == result


def test_process_mode_is_another_process() -> None:
    """In process mode no call runs here."""
    result = compare(_fails_here, [os.getpid()] * 3, modes=("process",), vias=("map",), workers=2, rounds=1, warmup=0)
    assert result.figures[0].failures == 0


def _fails_here(parent: int) -> None:
    assert os.getpid() != parent


def test_no_more_workers_than_items() -> None:
    """Sequential has one worker, and no mode more than there are items."""
    result = compare(abs, [1, 2], **PLAN)
    assert [row.variant.workers for row in result.figures] == [1, 2]


def test_warm_up_is_dropped() -> None:
    """The samples are those of the rounds, in their order; `step` hears of the warm-up too."""
    steps: list[None] = []
    result = compare_work(calls(abs, [1]), **PLAN, step=lambda: steps.append(None))
    assert [each.number for each in result.samples] == [1, 1, 2, 2, 3, 3]
    assert len(steps) == 8


def test_seed_is_drawn_and_told() -> None:
    """Without a seed one is drawn, and two runs draw differently."""
    assert compare(abs, [1], **PLAN).seed != compare(abs, [1], **PLAN).seed


def test_sequential_missing() -> None:
    """Without sequential the first variant is the reference, and the ideal is not known."""
    result = compare(abs, [1, 2], modes=("thread",), vias=("submit", "map"), workers=2, rounds=2, warmup=0)
    assert result.reference == Variant("thread", "submit", 2)
    assert result.latency_s is None
    assert result.figures[0].speedup == 1.0
    assert result.figures[0].ideal_share is None


def test_given_latency() -> None:
    """A latency that is given is what the ideal is reckoned with, and is marked so."""
    result = compare(abs, [1, 2, 3], **PLAN, latency_s=0.5)
    assert (result.latency_s, result.simulated) == (0.5, True)
    assert [row.ideal_s for row in result.figures] == [1.5, 0.5]


def test_interrupted() -> None:
    """Ctrl-C in the third measurement keeps the first two."""
    count = iter(range(100))

    def call(item: int) -> None:
        if next(count) == 2:
            raise KeyboardInterrupt

    result = compare(call, [1], modes=("sequential",), rounds=5, warmup=0)
    assert result.interrupted
    assert len(result.samples) == 2
    assert result.planned == 10


def test_interrupted_before_anything() -> None:
    """Ctrl-C in the warm-up leaves nothing to give, so it goes on to the caller."""

    def call(item: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(call, [1], modes=("sequential",))


def test_every_call_fails() -> None:
    """After one round in which everything failed there is no second."""

    def call(item: int) -> None:
        raise ValueError("never")

    result = compare(call, [1, 2], **PLAN)
    assert [row.failures for row in result.figures] == [2, 2]
    assert result.samples[0].failures == ("1: never", "2: never")


def _without_processes(mode: str, workers: int, **more: Any) -> OpenExecutor:
    if mode == "process":
        raise ImportError("no semaphores on this system")
    return open_executor(mode, workers, **more)


def test_unavailable_mode() -> None:
    """A mode that is not available is left out with its reason, and the rest run."""
    plan = {**PLAN, "modes": ("process", "sequential", "thread")}
    result = compare_work(calls(abs, [1]), **plan, opener=_without_processes)
    assert result.left_out == (("process", "process is not available here: no semaphores on this system"),)
    assert [row.variant.mode for row in result.figures] == ["sequential", "thread"]


def test_no_mode_available() -> None:
    """When none is left that is an error with the reasons."""
    with pytest.raises(UsageError, match="no semaphores"):
        compare_work(calls(abs, [1]), **{**PLAN, "modes": ("process",)}, opener=_without_processes)


def test_missing_main_guard_is_no_missing_mode() -> None:
    """In a worker that imports an unguarded script, opening fails with RuntimeError, which must end that worker."""

    def opener(mode: str, workers: int, **more: Any) -> OpenExecutor:
        raise RuntimeError("under if __name__")

    with pytest.raises(RuntimeError, match="__name__"):
        compare_work(calls(abs, [1]), **PLAN, opener=opener)


def test_probe_leaves_nothing_open() -> None:
    """Finding out whether a mode is available ends the executor that it took."""
    opened: list[SequentialExecutor] = []

    def opener(mode: str, workers: int, **more: Any) -> OpenExecutor:
        opened.append(SequentialExecutor())
        return opened[-1]

    compare_work(calls(abs, [1]), **{**PLAN, "modes": ("sequential",)}, opener=opener)
    assert all(executor._closed for executor in opened)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"modes": ("tread",)}, "did you mean thread"),
        ({"modes": ()}, "no mode to compare"),
        ({"vias": ("maps",)}, "did you mean map"),
        ({"workers": 0}, "workers must be at least 1, not 0"),
        ({"rounds": 0}, "rounds must be at least 1"),
        ({"warmup": -1}, "warmup must be at least 0"),
    ],
)
def test_wrong_plans(wrong: dict[str, Any], message: str) -> None:
    """What cannot be run is a UsageError that says what can, before anything is run."""
    with pytest.raises(UsageError, match=message):
        compare(abs, [1], **{**PLAN, **wrong})


def test_no_items() -> None:
    """Nothing to run is nothing to compare."""
    with pytest.raises(UsageError, match="no items"):
        compare(abs, [], **PLAN)
