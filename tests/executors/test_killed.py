"""A worker that is killed costs the item that it ran, under every mode whose workers are processes."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from time import monotonic

import pytest

from rates.executors import WorkerDied, dispatch
from tests.executors import harm, work
from tests.executors.conftest import Opener
from tests.executors.modes import PROCESSES


def own(mode: str) -> dict[str, None]:
    """Dask needs a cluster of its own here, since its workers are killed."""
    return {"scheduler": None} if mode == "dask" else {}


@pytest.mark.parametrize("via", ["map", pytest.param("submit", marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", PROCESSES)
def test_the_culprit_is_named(opened: Opener, mode: str, via: str) -> None:
    """The item whose worker dies twice is WorkerDied by name, the pool is reopened, and all others come."""
    executor = opened(mode, 2, **own(mode))
    found = {done.item: done for done in dispatch(executor, work.die_at_three, [1, 2, 3, 4, 5, 6], via=via)}
    assert isinstance(found[3].error, WorkerDied)
    assert str(found[3].error).startswith("item 2 (3): the worker process died twice")
    assert [found[n].value for n in (1, 2, 4, 5, 6)] == [1, 2, 4, 5, 6]
    assert executor.reopened >= 1  # type: ignore[attr-defined]
    assert executor.submit(work.square, 3).result(60) == 9


@pytest.mark.parametrize("mode", PROCESSES)
def test_killed_once(opened: Opener, mode: str, tmp_path: Path) -> None:
    """An item whose worker was killed from outside is run again and comes."""
    paths = [str(tmp_path / "a"), str(tmp_path / "b")]
    Path(paths[1]).touch()  # only the first is its worker's end
    executor = opened(mode, 1, **own(mode))
    assert [done.result() for done in dispatch(executor, work.die_once, paths)] == paths


@pytest.mark.parametrize("ending", [harm.leave, pytest.param(harm.crash, marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", PROCESSES)
def test_other_ends(opened: Opener, mode: str, ending: object) -> None:
    """A worker that calls os._exit, or crashes in compiled code, is told like one that was killed."""
    executor = opened(mode, 1, **own(mode))
    (done,) = dispatch(executor, ending, [1])  # type: ignore[arg-type]
    assert isinstance(done.error, WorkerDied)
    assert executor.submit(work.square, 3).result(60) == 9


@pytest.mark.parametrize("mode", PROCESSES)
def test_what_was_outstanding_is_not_lost(opened: Opener, mode: str) -> None:
    """Without dispatch, the future of a dead worker fails with a reason; no future is left that never ends."""
    executor = opened(mode, 1, **own(mode))
    futures = [executor.submit(harm.die, 1)]
    with pytest.raises(Exception, match="a worker process died"):
        futures[0].result(60)
    executor.reopen()  # type: ignore[attr-defined]
    assert executor.submit(work.square, 3).result(60) == 9


@pytest.mark.parametrize("mode", PROCESSES)
def test_the_next_worker_may_have_children(opened: Opener, mode: str) -> None:
    """What is started in place of a dead worker is no other kind: its calls may open executors of their own too."""
    executor = opened(mode, 1, **own(mode))
    with pytest.raises(Exception, match="a worker process died"):
        executor.submit(harm.die, 1).result(60)
    executor.reopen()  # type: ignore[attr-defined]
    assert executor.submit(work.in_a_pool_of_its_own, "process", 6).result(60) == 36


@pytest.mark.parametrize("patient", [True, False])
@pytest.mark.parametrize("mode", PROCESSES)
def test_ended_while_a_worker_is_replaced(
    opened: Opener, mode: str, patient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process stays behind, even where the machine is so busy that the end is not waited for."""
    if mode == "dask" and not patient:
        monkeypatch.setattr("rates.executors.dask_cluster.cluster.KILLED_S", 0.02)
    before = set(multiprocessing.active_children())
    executor = opened(mode, 1, **own(mode))
    future = executor.submit(harm.die, 1)
    with pytest.raises(Exception, match="a worker process died"):
        future.result(60)
    executor.kill()
    until, pause = monotonic() + 60, threading.Event()
    while set(multiprocessing.active_children()) - before and monotonic() < until:
        pause.wait(0.02)
    assert not set(multiprocessing.active_children()) - before


def test_a_death_before_the_watcher_looks_is_seen(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies before its watcher has begun, and is replaced by then, is missed all the same."""
    from rates.executors.processes import _Pool

    died = threading.Event()
    watch = _Pool.watch

    def late(*arguments: object) -> None:
        died.wait(60)
        watch(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(_Pool, "watch", late)
    executor = opened("pool", 1)
    assert executor.submit(work.square, 2).result(60) == 4
    future = executor.submit(harm.leave, 1)
    workers = executor._backend.pool._pool  # type: ignore[attr-defined]
    first = workers[0]
    pause = threading.Event()
    while first in workers:
        pause.wait(0.01)
    died.set()
    with pytest.raises(Exception, match="a worker process died"):
        future.result(60)
