"""What a provider's code computes ends with the time of its fetch."""

from __future__ import annotations

import threading

import pytest

from rates.errors import DeadlineExceeded, Interrupted
from rates.transport import resume, stop
from rates.transport.watchdog import Guard


def endless() -> None:
    """A loop that also keeps every ordinary error."""
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def test_an_endless_loop_ends_at_the_deadline() -> None:
    """The error of the deadline takes its place, in any thread."""
    with Guard(0.05) as guard, pytest.raises(DeadlineExceeded, match=r"took longer than its 0.05 s"):
        guard.compute(endless)


def test_an_endless_loop_ends_with_its_run() -> None:
    """A run that is stopped ends what its fetches compute."""
    begun = threading.Event()

    def compute() -> None:
        begun.set()
        endless()

    errors: list[BaseException] = []

    def fetch() -> None:
        try:
            with Guard(60, run="one") as guard:
                guard.compute(compute)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    assert begun.wait(60)
    stop("one")
    thread.join(60)
    resume("one")
    assert [type(error) for error in errors] == [Interrupted]


def test_values_and_errors_pass() -> None:
    """What the function gives or raises in time is not changed, and nothing is raised later."""
    with Guard(60) as guard:
        assert guard.compute(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            guard.compute(divmod, 7, 0)
        assert guard.thread == 0


def test_what_comes_too_late_is_withdrawn() -> None:
    """The deadline may strike when the function has just returned: nothing is raised after `compute`."""

    def overrun(guard: Guard) -> None:
        while not guard.fired:
            pass

    def fetch() -> None:
        with Guard(0.002) as guard:
            guard.compute(overrun, guard)
            guard.check()

    for _ in range(20):
        with pytest.raises(DeadlineExceeded):
            fetch()
        assert sum(range(10_000)) == 49_995_000


def test_the_end_of_many_calls_leaves_no_lock_held() -> None:
    """However the deadline meets the end of a call, the watchdog serves the next one."""
    ended: list[str] = []

    def spin(rounds: int) -> None:
        for _ in range(rounds):
            pass

    def fetches() -> None:
        for turn in range(400):
            with Guard(0.0001) as guard:
                try:
                    guard.compute(spin, 500 + 40 * (turn % 50))
                except DeadlineExceeded:
                    ended.append("late")
                else:
                    ended.append("in time")

    threads = [threading.Thread(target=fetches, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [thread for thread in threads if thread.is_alive()] == []
    assert len(ended) == 1600
