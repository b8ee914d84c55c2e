"""What crosses a border, and what becomes of what cannot: errors, results, initializers, context variables."""

from __future__ import annotations

import traceback
from concurrent.futures import BrokenExecutor, Executor
from contextvars import ContextVar
from pathlib import Path

import pytest

from rates.executors import InitializerFailed, OpenExecutor, dispatch
from rates.executors.pickling import from_bytes, to_bytes
from tests.executors import harm, work
from tests.executors.conftest import Opener
from tests.executors.modes import ELSEWHERE, THREADS

LONG_S = 60
number: ContextVar[int] = ContextVar("number", default=0)


def test_causes_arrive(executor: Executor) -> None:
    """An error has its type, message and whole chain of causes, in every mode."""
    error = executor.submit(work.chained, 7).exception(LONG_S)
    assert (type(error), str(error)) == (ValueError, "number 7")
    assert error is not None
    assert (type(error.__cause__), str(error.__cause__)) == (LookupError, "deeper")
    assert type(error.__cause__.__cause__) is KeyError  # type: ignore[union-attr]
    again = executor.submit(work.failed_while_handling).exception(LONG_S)
    assert (type(again), type(again.__context__)) == (ValueError, KeyError)  # type: ignore[union-attr]


def test_the_traceback_of_the_worker_arrives(executor: Executor) -> None:
    """A printed error shows where it was raised, though it was in another process."""
    for fn, argument, line in ((work.chained, 7, "raise KeyError"), (work.fail_at_three, 3, "raise ValueError")):
        error = executor.submit(fn, argument).exception(LONG_S)
        assert error is not None
        assert line in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_an_error_that_cannot_travel_has_a_stand_in(mode: str, opened: Opener) -> None:
    """An error that would break on its way arrives as one that says what it was, and the executor goes on."""
    executor = opened(mode)
    error = executor.submit(harm.awkward, 1).exception(LONG_S)
    assert isinstance(error, RuntimeError)
    assert "Awkward: out of order (stands in for" in str(error)
    assert executor.submit(work.square, 2).result(LONG_S) == 4


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_an_error_without_a_message_has_a_stand_in(mode: str, opened: Opener) -> None:
    """One whose own text cannot be had is still told by its name, and the executor goes on."""
    executor = opened(mode)
    error = executor.submit(harm.mute, 1).exception(LONG_S)
    assert str(error).startswith("Mute: (without a message: its own __str__ failed) (stands in for the error")
    assert executor.submit(work.square, 3).result(LONG_S) == 9


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_causes_in_a_circle(mode: str, opened: Opener) -> None:
    """An error that is among its own causes arrives with its cause, and the executor goes on.

    Dask pickles errors in a way of its own, which no circle survives: there a stand-in arrives.
    """
    executor = opened(mode)
    error = executor.submit(harm.in_a_circle, 1).exception(LONG_S)
    assert error is not None
    assert "first of 1" in str(error)
    assert "second" in str(error.__cause__)
    assert mode == "dask" or (type(error), type(error.__cause__)) == (ValueError, KeyError)
    assert "in_a_circle" in "".join(traceback.format_exception(error))
    assert executor.submit(work.square, 3).result(LONG_S) == 9


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_a_result_that_cannot_be_pickled(mode: str, opened: Opener) -> None:
    """A result that cannot be sent back is an error of its call alone."""
    executor = opened(mode)
    error = executor.submit(work.unsendable).exception(LONG_S)
    assert error is not None
    assert "the result, of type function, cannot be pickled" in error.__notes__
    assert executor.submit(work.square, 2).result(LONG_S) == 4


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_a_result_that_cannot_be_unpickled(mode: str, opened: Opener) -> None:
    """A result that cannot be read here is an error of its call alone."""
    executor = opened(mode)
    assert "the result cannot be unpickled: ValueError" in str(executor.submit(work.unreadable).exception(LONG_S))
    assert executor.submit(work.square, 2).result(LONG_S) == 4


def test_a_result_that_would_break_the_pool_costs_its_item(opened: Opener) -> None:
    """The standard library's pool of processes breaks of it; here it is the error of its item, and no worker dies."""
    executor = opened("process")
    told = list(dispatch(executor, _unreadable_at_one, [0, 1, 2]))
    assert [done.error is None for done in told] == [True, False, True]
    assert "the result cannot be unpickled" in str(told[1].error)
    assert getattr(executor, "reopened", 0) == 0


def _unreadable_at_one(item: int) -> object:
    return work.Unreadable() if item == 1 else item


def test_a_long_chain_is_cut() -> None:
    """A chain of more causes than anyone reads is carried only so far, and a circle of causes ends."""
    error: BaseException = ValueError("0")
    for n in range(1, 30):
        cause, error = error, ValueError(str(n))
        error.__cause__ = cause
    value, arrived = from_bytes(to_bytes(None, error))
    depth, link = 0, arrived
    while link is not None:
        depth, link = depth + 1, link.__cause__
    assert value is None
    assert depth >= 10
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    _, circle = from_bytes(to_bytes(None, first))
    assert str(circle.__cause__) == "second"  # type: ignore[union-attr]


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_what_cannot_be_sent_is_refused_at_once(mode: str, opened: Opener) -> None:
    """A lambda and a local function are refused by a sentence, at submit, by map and by dispatch."""
    executor = opened(mode)
    for refuse in (
        lambda: executor.submit(lambda: 1),
        lambda: executor.map(lambda n: n, [1]),
        lambda: dispatch(executor, lambda n: n, [1]),
    ):
        with pytest.raises(TypeError, match="give a function from the top level of a module"):
            refuse()


@pytest.mark.parametrize("mode", ELSEWHERE)
def test_an_argument_that_cannot_be_sent(mode: str, opened: Opener) -> None:
    """An argument that cannot be pickled is told, at submit or by the future, and the executor goes on."""
    executor = opened(mode)
    with pytest.raises(Exception, match=r"pickle|sent"):
        executor.submit(work.square, lambda: 1).result(LONG_S)
    assert executor.submit(work.square, 2).result(LONG_S) == 4


def test_an_executor_cannot_be_sent(executor: OpenExecutor, opened: Opener) -> None:
    """An executor as an argument of a call elsewhere is refused: its calls would wait for themselves."""
    with pytest.raises(TypeError, match=f"a {executor.mode} executor cannot be sent to a worker: open one there"):
        opened("process").submit(work.square, executor).result(LONG_S)


def test_initializer_runs_in_each_worker(mode: str, opened: Opener, tmp_path: Path) -> None:
    """The initializer has run before a worker's first call, with its arguments, and not again."""
    trace = tmp_path / "trace"
    executor = opened(mode, 1, initializer=work.note, initargs=(str(trace),))
    assert [executor.submit(work.square, n).result(LONG_S) for n in (3, 4)] == [9, 16]
    workers = 2 if mode == "dask" else 1  # the cluster of these tests has two, whatever number runs at once
    assert trace.read_text() == "x" * workers


def test_what_the_initializer_set_is_there(mode: str, opened: Opener) -> None:
    """What the initializer does to a worker's modules, its calls find."""
    executor = opened(mode, initializer=work.remember, initargs=("it",))
    assert {executor.submit(work.remembered).result(LONG_S) for _ in range(4)} == {"it"}


def test_an_initializer_that_fails(mode: str, opened: Opener, capfd: pytest.CaptureFixture[str]) -> None:
    """It breaks the executor with an error that says which and why, at the call and ever after, and prints nothing."""
    executor = opened(mode, 1, initializer=work.refuse)
    why = "the initializer refuse failed, so nothing can be run: ValueError: no"
    with pytest.raises(InitializerFailed, match=why):
        executor.submit(work.square, 1).result(LONG_S)
    with pytest.raises(BrokenExecutor, match=why):
        executor.submit(work.square, 1).result(LONG_S)
    assert capfd.readouterr() == ("", "")


def test_an_initializer_that_fails_under_dispatch(mode: str, opened: Opener) -> None:
    """Each item is told why, and none is tried again."""
    executor = opened(mode, 2, initializer=work.refuse)
    told = list(dispatch(executor, work.square, range(5)))
    assert [done.index for done in told] == list(range(5))
    assert {str(done.error) for done in told} == {
        "the initializer refuse failed, so nothing can be run: ValueError: no"
    }
    assert getattr(executor, "reopened", 0) == 0


def test_an_initializer_that_exits(mode: str, opened: Opener) -> None:
    """One that calls `sys.exit` breaks the executor as well, whose calls would else wait for ever."""
    executor = opened(mode, 1, initializer=work.leave)
    if mode == "sequential":  # in the caller's thread an exit is the caller's
        with pytest.raises(SystemExit):
            executor.submit(work.square, 1)
    else:
        with pytest.raises(InitializerFailed, match=r"the initializer leave failed, .*: SystemExit: 3"):
            executor.submit(work.square, 1).result(LONG_S)
    with pytest.raises(InitializerFailed, match=r"the initializer leave failed, .*: SystemExit: 3"):
        executor.submit(work.square, 1).result(LONG_S)


@pytest.mark.parametrize("mode", ["sequential", *THREADS])
def test_context_variables_travel(mode: str, opened: Opener) -> None:
    """A call sees the context variables as they were when it was submitted."""
    executor = opened(mode)
    token = number.set(5)
    future = executor.submit(number.get)
    number.reset(token)
    assert future.result(LONG_S) == 5
    assert executor.submit(number.get).result(LONG_S) == 0


@pytest.mark.parametrize("mode", THREADS)
def test_context_variables_stay_with_their_call(mode: str, opened: Opener) -> None:
    """What a call sets, neither the caller nor the next call of that worker sees."""
    executor = opened(mode, 1)
    executor.submit(number.set, 8).result(LONG_S)
    assert executor.submit(number.get).result(LONG_S) == 0
    assert number.get() == 0


async def _number() -> int:
    return number.get()


def test_context_variables_reach_coroutines(opened: Opener) -> None:
    """They do on the loop as well."""
    executor = opened("asyncio")
    token = number.set(9)
    future = executor.submit(_number)
    number.reset(token)
    assert future.result(LONG_S) == 9  # type: ignore[comparison-overlap]
