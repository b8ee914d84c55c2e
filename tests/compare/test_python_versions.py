"""What several Pythons show is said, as far as the rounds show it."""

from __future__ import annotations

from rates.compare.python_versions import sentences, variants
from rates.compare.regression import SavedRun
from rates.compare.results import Variant
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD
from tests.compare.test_regression import ran, run_of

INTERPRETER = Variant("interpreter", "map", 8)


def two_runs() -> tuple[SavedRun, SavedRun]:
    """The same work with the GIL and without, where it is twice as fast in threads, and processes are the same."""
    times = [1.0, 1.01, 0.99, 1.0, 1.01, 0.99]
    with_it = run_of(
        ran(SEQUENTIAL, *[8 * time for time in times]), ran(THREAD, *times, waiting_share=0.2, speedup=8.0),
        ran(PROCESS, *[2 * time for time in times], startup_s=0.5), name="3.13.1",
    )  # fmt: skip
    without_it = run_of(
        ran(SEQUENTIAL, *[8 * time for time in times]), ran(THREAD, *[time / 2 for time in times], speedup=16.0),
        ran(PROCESS, *[2 * time for time in times]), ran(INTERPRETER, *[3 * time for time in times]),
        name="3.13.1t", gil=False,
    )  # fmt: skip
    return with_it, without_it


def test_sentences() -> None:
    """It says who is fastest under each, what is beyond the noise between them, and what the GIL has to do with it."""
    said = sentences(two_runs())
    assert "3.13.1: thread is the fastest, beyond the noise." in said
    assert "Under 3.13.1t, against 3.13.1, beyond the noise: thread 50 % faster." in said
    assert (
        "3.13.1t, without the GIL: thread 0.50 s after 0.10 s of start-up, process 2.00 s after 0.10 s of start-up, "
        "interpreter 3.00 s after 0.10 s of start-up."
    ) in said
    assert said[-1] == (
        "Threads reach 8.0x with the GIL (3.13.1) and 16.0x without (3.13.1t): a fetch computes 80 % of its time, and "
        "with the GIL one at a time."
    )
    assert "All of them have the GIL" in sentences(two_runs()[:1])[-1]


def test_variants() -> None:
    """All variants of all runs, each once, without the twins."""
    assert variants(two_runs()) == [SEQUENTIAL, THREAD, PROCESS, INTERPRETER]


def test_waiting_needs_no_gil() -> None:
    """Where fetches wait nearly all of their time, the GIL is not what limits threads."""
    with_it, without_it = two_runs()
    waiting = run_of(*(ran(each.variant, *each.rounds, waiting_share=0.98) for each in with_it.variants), name="3.13.1")
    assert sentences((waiting, without_it))[-1].endswith("of its time, so the GIL is not what limits them.")
