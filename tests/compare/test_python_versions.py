"""The sentences about several Pythons claim what the rounds show."""

from __future__ import annotations

from rates.compare.python_versions import Runs, sentences, variants
from rates.compare.results import Sample, Variant
from tests.compare.clock import PROCESS, SEQUENTIAL, THREAD, span
from tests.compare.test_regression import ran, run_of

INTERPRETER = Variant("interpreter", "map", 8)
TIMES = (1.0, 1.01, 0.99, 1.0, 1.01, 0.99)


def threads(waiting: float, factor: float = 1.0) -> list[Sample]:
    """Threads whose calls wait for that share of their time."""
    spans = (span(0, 0.0, 1.0, parse_s=1 - waiting),)
    return ran(THREAD, *[factor * time for time in TIMES], spans=spans)


def two_runs(waiting: float = 0.2) -> Runs:
    """The same work with and without the GIL: twice as fast in threads without it, and equal in processes."""
    alone = ran(SEQUENTIAL, *[8 * time for time in TIMES])
    apart = [2 * time for time in TIMES]
    return {
        "3.13.1": run_of(alone, threads(waiting), ran(PROCESS, *apart, startup_s=0.5)),
        "3.13.1t": run_of(
            alone, threads(0.2, 0.5), ran(PROCESS, *apart), ran(INTERPRETER, *[3 * time for time in TIMES]), gil=False
        ),
    }


def test_sentences() -> None:
    """They name the fastest under each, what differs beyond the noise, and the influence of the GIL."""
    said = sentences(two_runs())
    assert said[0].startswith("3.13.1: thread is the fastest, 8.0x sequential (95 %: ")
    assert "beyond the noise" in said[0]
    assert "Under 3.13.1t, against 3.13.1, beyond the noise: thread 50 % faster." in said
    assert (
        "3.13.1t, without the GIL: thread 0.50 s after 0.10 s of start-up, process 2.00 s after 0.10 s of start-up, "
        "interpreter 3.00 s after 0.10 s of start-up."
    ) in said
    assert said[-1] == (
        "Threads reach 8.0x with the GIL (3.13.1) and 16.0x without (3.13.1t): a fetch computes 80 % of its time, and "
        "with the GIL one at a time."
    )
    assert "All of them have the GIL" in sentences({"3.13.1": two_runs()["3.13.1"]})[-1]


def test_variants() -> None:
    """All variants of all runs, each once, without the twins."""
    assert variants(two_runs()) == [SEQUENTIAL, THREAD, PROCESS, INTERPRETER]


def test_waiting_needs_no_gil() -> None:
    """If fetches wait nearly all of their time, the GIL is not what limits threads."""
    assert sentences(two_runs(0.98))[-1].endswith("of its time, so the GIL is not what limits them.")
