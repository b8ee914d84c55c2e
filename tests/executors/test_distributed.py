"""What Dask's own tests ask of `Client.get_executor` (distributed/tests/test_client_executor.py), asked of every mode.

Its wheel comes without those tests. Left out: `pure`, `retries` and `workers`, which `open_executor` does not take;
that `cancel` ends a running call and `shutdown(wait=False)` cancels what waits, where the standard library's contract
holds instead. What the other files here ask already is not asked again.
"""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_EXCEPTION, Executor, as_completed, wait
from pathlib import Path
from secrets import token_hex

import pytest

from tests.executors import work

LONG_S = 60


def held(executor: Executor, folder: Path, count: int) -> list[str]:
    """Occupies both workers with calls that return when the file `gate` is there; the marks that they run."""
    marks = [folder / f"held{number}" for number in range(2)]
    for mark in marks:
        executor.submit(work.wait_for, str(mark), str(folder / "gate"))
    pause = threading.Event()
    while not all(mark.exists() for mark in marks):
        pause.wait(0.005)
    return [str(folder / f"begun{number}") for number in range(count)]


@pytest.fixture
def waits(mode: str) -> None:
    """For modes in which a submitted call can wait."""
    if mode == "sequential":
        pytest.skip("a call of the mode sequential has ended when its future is there")


def test_one_error_among_results(executor: Executor) -> None:
    """Of many calls one fails, with its own message; the others have their results, each given once."""
    futures = {executor.submit(work.fail_at_three, number): number for number in range(10)}
    wait(futures, LONG_S, return_when=FIRST_EXCEPTION)
    ended = [futures[future] for future in as_completed(futures, LONG_S)]
    assert sorted(ended) == list(range(10))
    errors = [str(future.exception()) for future in futures if future.exception()]
    assert errors == ["three"]


def test_equal_calls_run_each(executor: Executor) -> None:
    """The same call ten times runs ten times: no answer comes from an earlier one."""
    futures = [executor.submit(token_hex) for _ in range(10)]
    assert len({future.result(LONG_S) for future in as_completed(futures, LONG_S)}) == 10


@pytest.mark.usefixtures("waits")
def test_cancelled_calls_count_as_done(executor: Executor, tmp_path: Path) -> None:
    """`wait` and `as_completed` give cancelled calls among those that are done."""
    marks = held(executor, tmp_path, 8)
    futures = [executor.submit(work.wait_for, mark, str(tmp_path / "gate")) for mark in marks]
    assert futures[3].cancel()
    assert futures[7].cancel()
    (tmp_path / "gate").touch()
    assert wait(futures, LONG_S).done == set(futures)
    assert sum(future.cancelled() for future in as_completed(futures, LONG_S)) == 2
    assert not Path(marks[3]).exists()


@pytest.mark.usefixtures("waits")
def test_results_that_are_dropped_are_not_computed(executor: Executor, tmp_path: Path) -> None:
    """When the iterator of a map is freed before its end, the calls that have not begun are cancelled."""
    marks, gate = [str(tmp_path / f"begun{number}") for number in range(8)], str(tmp_path / "gate")
    results = executor.map(work.wait_for, marks, [str(tmp_path), *[gate] * 7])
    assert next(results) == marks[0]
    del results
    Path(gate).touch()
    executor.shutdown()
    assert not any(Path(mark).exists() for mark in marks[5:])  # as many again as run may lie ready in the workers


def test_the_end_waits_and_refuses(executor: Executor, tmp_path: Path) -> None:
    """`shutdown` returns when the calls have ended, whose futures have their results; then no call is taken."""
    mark = str(tmp_path / "ran")
    future = executor.submit(work.note, mark)
    executor.shutdown()
    assert future.done()
    assert (future.result(0), Path(mark).exists()) == (None, True)
    with pytest.raises(RuntimeError, match="after shutdown"):
        executor.submit(work.note, mark)
