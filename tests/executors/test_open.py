from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from rates.executors import MODES, VIAS, Done, OpenExecutor, open_executor, processors
from tests.executors import work
from tests.executors.modes import EACH


@pytest.fixture(params=EACH)
def executor(request: pytest.FixtureRequest) -> Iterator[OpenExecutor]:
    """An executor of each mode in turn, surely ended."""
    opened = open_executor(request.param, 2)
    end = opened.kill
    yield opened
    end()


def test_words() -> None:
    """The words that choose a mode and a way are these."""
    assert MODES == ("sequential", "thread", "process", "pool", "dummy", "asyncio", "interpreter", "dask")
    assert VIAS == ("map", "submit")


@pytest.mark.parametrize("mode", EACH)
def test_default_workers(mode: str) -> None:
    """Without a number each mode has the one that suits it."""
    threads = {"thread", "dummy", "asyncio"}
    expected = 1 if mode == "sequential" else min(32, processors() + 4) if mode in threads else processors()
    with open_executor(mode) as executor:
        assert executor.workers == expected


@pytest.mark.parametrize(("word", "near"), [("threads", "thread"), ("Process", "process"), ("sequental", "sequential")])
def test_misspelt_mode(word: str, near: str) -> None:
    """A misspelt mode is answered with the nearest one."""
    with pytest.raises(ValueError, match=f"^unknown mode '{word}': did you mean '{near}'"):
        open_executor(word)


def test_unknown_mode() -> None:
    """A word like none of the modes is answered with all of them, and no guess."""
    with pytest.raises(ValueError, match=r"^unknown mode 'xyz': choose one of sequential, thread, process, .*, dask$"):
        open_executor("xyz")


@pytest.mark.parametrize("mode", EACH)
def test_what_cannot_be_is_refused_at_once(mode: str) -> None:
    """A number of workers that is no whole number, and an initializer that cannot be called, as the library's are."""
    with pytest.raises(TypeError, match=r"^workers must be a whole number or None, not float$"):
        open_executor(mode, 1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^workers must be a whole number or None, not str$"):
        open_executor(mode, "2")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^the initializer must be callable, not of type int$"):
        open_executor(mode, 1, initializer=5)  # type: ignore[arg-type]


def test_interrupted_block_is_killed(executor: OpenExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the block ends it without waiting for the queue; an ordinary error waits, as always."""
    killed: list[bool] = []
    monkeypatch.setattr(executor, "kill", lambda: killed.append(True))
    with pytest.raises(KeyError), executor:
        raise KeyError
    assert not killed
    with pytest.raises(KeyboardInterrupt), executor:
        raise KeyboardInterrupt
    assert killed


def test_kill_before_the_first_call(executor: OpenExecutor) -> None:
    """An executor that never ran anything is killed as well, and twice is not once too often."""
    executor.kill()
    executor.kill()
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(work.square, 1)


def test_sequential_runs_here_and_now() -> None:
    """Sequential calls run at submit, in the thread that submits."""
    with open_executor("sequential") as executor:
        future = executor.submit(threading.get_ident)
        assert future.done()
        assert future.result() == threading.get_ident()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_sequential_interrupt(error: BaseException) -> None:
    """In the caller's own thread Ctrl-C and exit reach the caller at once, not a future."""

    def interrupted() -> None:
        raise error

    with open_executor("sequential") as executor, pytest.raises(type(error)):
        executor.submit(interrupted)


def test_thread_names() -> None:
    """Our threads can be told from others."""
    with open_executor("thread", 1) as executor:
        assert executor.submit(lambda: threading.current_thread().name).result(30).startswith("rates")


def test_threads_are_started_as_needed() -> None:
    """All workers are there when as many calls run at once, and no more than that."""
    before, meeting = set(threading.enumerate()), threading.Barrier(4)
    with open_executor("thread", 4) as executor:
        assert sorted(executor.map(lambda _: meeting.wait(30), range(4))) == [0, 1, 2, 3]
        started = set(threading.enumerate()) - before
        assert sum(thread.name.startswith("rates_") for thread in started) == 4


def test_done_is_frozen_and_light() -> None:
    """A `Done` cannot be changed, has no dict, compares by value and shows itself."""
    done: Done[str, int] = Done(0, "USD", 1, None)
    with pytest.raises(AttributeError):
        done.index = 2  # type: ignore[misc]
    assert not hasattr(done, "__dict__")
    assert done == Done(0, "USD", 1, None)
    assert hash(done) == hash(Done(0, "USD", 1, None))
    assert repr(done) == "Done(index=0, item='USD', value=1, error=None)"
