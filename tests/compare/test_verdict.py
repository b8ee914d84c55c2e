"""The verdict claims what the rounds show, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from rates.compare.comparison import conclude, reference
from rates.compare.results import Sample, Variant
from rates.compare.verdict import judged
from tests.compare.clock import AGAIN_SEQUENTIAL, MACHINE, PROCESS, SEQUENTIAL, SUBMIT, THREAD, plan, sample, span

NOISE = (1.0, 1.01, 0.99, 1.005, 0.995, 1.002)


def _samples(walls: Mapping[Variant, Sequence[float]], **more: Mapping[Variant, object]) -> list[Sample]:
    """Samples with these whole times; `more` has further fields by variant."""
    return [
        sample(variant, number, wall, (wall,), **{name: by[variant] for name, by in more.items() if variant in by})
        for variant, times in walls.items()
        for number, wall in enumerate(times, start=1)
    ]


def _judged(samples: Sequence[Sample], n: int = 8, latency_s: float | None = None, **more: object) -> str:
    variants = tuple(dict.fromkeys(each.variant for each in samples))
    known = plan(n, warm=more.pop("warm", False), latency_s=latency_s)
    made = conclude(known, 0, variants, reference(variants), tuple(samples), machine=MACHINE)
    if not more:
        return made.verdict
    advice, reasons = judged(replace(made, **more))  # type: ignore[arg-type]
    return "\n".join((*advice, *reasons))


def _about(middle: float) -> list[float]:
    """Six whole times with a percent of noise."""
    return [middle * each for each in NOISE]


def _turned(middle: float) -> list[float]:
    """The same with the noise in another order, so that pairs differ."""
    return [middle * each for each in (*NOISE[3:], *NOISE[:3])]


def test_winner() -> None:
    """A variant clear of the noise is named, with its speed-up over sequential and its distance to the next."""
    said = _judged(_samples({SEQUENTIAL: _about(6.0), THREAD: _turned(1.0), PROCESS: _about(1.5)}))
    first = said.splitlines()[0]
    assert first.startswith("Use thread: 6.0x as fast as sequential (95 %: 5.9")
    assert first.endswith("), 50 % faster than process (p < 0.001).")


def test_plain_differences_need_no_test() -> None:
    """One distorted round of four spoils the test but not what every round shows; of three rounds it does."""
    slow = (6.0, 6.1, 6.0, 6.05)
    walls = {SEQUENTIAL: slow, THREAD: (1.0, 1.02, 3.99, 1.01), PROCESS: slow, Variant("dask", "map", 8): slow}
    said = _judged(_samples(walls)).splitlines()[0]
    assert said == "Use thread: 6.0x as fast as sequential (95 %: 1.50 to 6.00, in every round)."
    three = {variant: times[1:] for variant, times in walls.items()}
    assert _judged(_samples(three)).startswith("No measurable difference")


def test_far_behind_is_no_equal() -> None:
    """A variant that takes three times as long in all but one round is neither among the fastest nor proven slower."""
    thrown = [3.0, 3.1, 0.4, 3.0, 3.2, 3.1]
    walls = {SEQUENTIAL: _about(2.0), THREAD: _about(1.0), SUBMIT: _turned(1.001), PROCESS: thrown}
    same, use = _judged(_samples(walls)).splitlines()[:2]
    assert same == "No measurable difference between thread by map and thread by submit."
    assert use.startswith("Use thread by map: 2.0x as fast as sequential (95 %: ")
    assert use.endswith("In the median process took 3.0x as long; rounds so noisy or so few do not prove it.")
    del walls[SUBMIT]
    first = _judged(_samples(walls)).splitlines()[0]
    assert first.startswith("No measurable difference yet, but thread is ahead: 2.0x as fast as sequential (95 %: ")
    assert "In the median process took 3." in first


def test_sequential_wins() -> None:
    """The reference has no speed-up over itself."""
    said = _judged(_samples({SEQUENTIAL: _about(1.0), THREAD: _turned(6.0)}))
    assert said.startswith("Use sequential: 6.0x as fast as thread (95 %: ")


def test_no_difference() -> None:
    """Two variants that differ by less than their noise are not winner and loser."""
    said = _judged(_samples({THREAD: _about(1.0), SUBMIT: _turned(1.002)}))
    assert said.startswith("No measurable difference between thread by map and thread by submit.")


def test_leaders_among_more() -> None:
    """Several that do not differ measurably are ahead of the rest together."""
    said = _judged(_samples({SEQUENTIAL: _about(8.0), THREAD: _about(1.0), SUBMIT: _turned(1.001)}))
    same, use = said.splitlines()[:2]
    assert same == "No measurable difference between thread by map and thread by submit."
    assert use.startswith("Use thread by map: 8.0x as fast as sequential (95 %: ")


def test_difference_within_a_to_a_is_none() -> None:
    """A difference that the reference has from itself is not claimed, however regular it is."""
    pairs = {THREAD: _about(1.0), Variant("thread", "map", 8, "again"): _about(1.04), SUBMIT: _about(1.03)}
    said = _judged(_samples(pairs))
    assert said.startswith("No measurable difference between thread by map and thread by submit.")
    assert "This run can see differences from 3.8 % on, by the reference against itself" in said


def test_a_busy_machine() -> None:
    """A reference that differs from itself beyond chance is mentioned."""
    said = _judged(_samples({SEQUENTIAL: _about(6.0), THREAD: _about(1.0), AGAIN_SEQUENTIAL: _turned(6.5)}))
    assert "a busy machine: that alone is beyond chance" in said


@pytest.mark.parametrize("walls", [(8.0, 8.0), (8.0,)])
def test_too_few_rounds(walls: tuple[float, ...]) -> None:
    """Two rounds show no noise, so nothing is claimed from them."""
    said = _judged(_samples({SEQUENTIAL: walls, THREAD: [wall / 8 for wall in walls]}))
    assert said.startswith(f"Too few rounds to distinguish a difference from noise: {len(walls)} without a failure")


def test_one_variant() -> None:
    """One variant is no comparison, though its twin ran too."""
    said = _judged(_samples({THREAD: (1.0, 1.0, 1.0), Variant("thread", "map", 8, "again"): (1.0, 1.0, 1.0)}))
    assert said == "Only thread×8 by map has been measured: there is nothing to compare it with."


def test_all_failed() -> None:
    """Without any wall time the verdict says only that."""
    assert _judged([sample(THREAD, 1, 1.0, (), ("USD: x",))], 1) == "Nothing to compare: no round without a failure."


def test_always_failing_calls_are_named() -> None:
    """A call that fails in every round is named, with the remedy; different ones from round to round are not."""

    def with_failing(index: int, number: int) -> Sample:
        spans = tuple(span(place, 0.0, 0.1, failure="x" if place == index else "") for place in range(8))
        return sample(THREAD, number, 1.0, failures=("x",), spans=spans)

    said = _judged([with_failing(3, number) for number in (1, 2, 3)])
    assert said == (
        "Nothing to compare: no round without a failure. The call of 3 failed every time: without it the other 7 "
        "can be compared."
    )
    said = _judged([with_failing(number, number) for number in (1, 2, 3)])
    assert said == "Nothing to compare: no round without a failure."


def test_variants_without_a_time_are_named() -> None:
    """A variant whose every round had a failure is named."""
    samples = _samples({SEQUENTIAL: _about(6.0), THREAD: _turned(1.0)})
    samples += [sample(PROCESS, number, 1.0, (), ("USD: x",)) for number in range(1, 7)]
    said = _judged(samples).splitlines()
    assert said[1] == "Not compared, since every round of it had a failure: process×8 by map."


def test_the_reference_is_named_once() -> None:
    """A reference in a mode with several numbers of workers is named with its own, and the speed-up is given once."""
    one, four = Variant("thread", "map", 1), Variant("thread", "map", 4)
    said = _judged(_samples({one: _about(4.0), four: _turned(1.0)})).splitlines()[0]
    assert said.startswith("Use thread×4: 4.0x as fast as thread×1 (95 %: ")
    assert said.endswith(", p < 0.001).")


def test_different_results_say_nothing_of_times() -> None:
    """Variants that did not do the same work are not compared."""
    said = _judged(_samples({SEQUENTIAL: _about(6.0), THREAD: _about(1.0)}), differing=("thread gave another result",))
    assert said == "The variants did not give the same results, so their times say nothing: thread gave another result."


def _waiting(parse_s: float, wait_s: float, turn_s: float = 0.0) -> tuple[object, ...]:
    """One call's span with these phases."""
    took = parse_s + wait_s + turn_s
    return (
        span(0, 0.0, took, turn_s=turn_s, connect_s=0.0, wait_s=wait_s, read_s=0.0, parse_s=parse_s, connections=0),
    )  # fmt: skip


def test_waiting_and_workers() -> None:
    """The share of waiting is given; a thread that reaches the ideal is limited by its workers."""
    spans = {SEQUENTIAL: _waiting(0.02, 0.98), THREAD: _waiting(0.02, 0.98)}
    said = _judged(_samples({SEQUENTIAL: _about(16.0), THREAD: _about(2.05)}, spans=spans), 16, 1.0)
    assert "A call waits 98 % of its time and computes 2.0 %." in said
    assert "The number of workers limits it: 16 calls in 2 turns of 8 reach 97 % of the ideal." in said


def test_rate_limit_limits() -> None:
    """Waiting for turns at the host is named before any other limit."""
    spans = {SEQUENTIAL: _waiting(0.02, 0.98), THREAD: _waiting(0.02, 0.98, 3.0)}
    said = _judged(_samples({SEQUENTIAL: _about(16.0), THREAD: _about(8.0)}, spans=spans), 16, 1.0)
    assert "The host's rate limit limits it: 75 % of a fetch is waiting for its turn." in said


def test_gil_limits() -> None:
    """Threads that keep one processor busy are limited by the GIL; processes, by the processors."""
    walls = {SEQUENTIAL: _about(2.0), THREAD: _about(1.0)}
    said = _judged(_samples(walls, cpu_parent_s={THREAD: 0.9}, cpu_children_s={THREAD: 0.0}))
    assert "The GIL limits it: computing takes 90 % of the whole time, one thread at a time." in said
    walls = {SEQUENTIAL: _about(2.0), PROCESS: _about(1.0)}
    said = _judged(_samples(walls, cpu_parent_s={PROCESS: 0.1}, cpu_children_s={PROCESS: 1.7}))
    assert "The processors limit it: 2 of them are busy 90 % of it." in said


@pytest.mark.parametrize(
    ("walls", "sentence"),
    [
        ((8.0, 4.0, 1.0, 0.99), "8 workers suffice: 16 are 1.01x as fast."),
        ((8.0, 4.0, 1.0, 1.2), "8 workers suffice: 16 are 0.83x as fast."),
        ((8.0, 4.0, 2.0, 1.0), "From 8 to 16 workers it became 2.0x as fast."),
    ],
)
def test_knee(walls: tuple[float, ...], sentence: str) -> None:
    """The fewest workers within 5 % of the best suffice; of a curve that falls to its end the last step is given."""
    curve = {Variant("thread", "map", many): _about(wall) for many, wall in zip((1, 2, 8, 16), walls, strict=True)}
    assert sentence in _judged(_samples(curve), 64).splitlines()


def test_knee_agrees_with_the_first_sentence() -> None:
    """Numbers of workers that do not differ measurably do not help one over the other."""
    noisy = (1.0, 1.5, 0.8, 1.4, 0.9, 1.1)
    eight, sixteen = Variant("thread", "map", 8), Variant("thread", "map", 16)
    curve = {Variant("thread", "map", 1): _about(8.0), eight: noisy, sixteen: [0.9 * wall for wall in noisy[::-1]]}
    said = _judged(_samples(curve), 64).splitlines()
    assert said[0].startswith("No measurable difference between thread×16 and thread×8")
    assert "8 workers suffice: that 16 are faster cannot be distinguished from the noise." in said


@pytest.mark.parametrize(
    ("n", "fetch_s", "reason"),
    [
        (9, (0.1,) * 9, "9 calls do not fill 2 turns of 8."),
        (16, (0.1,) * 16, "the rest is handing calls out and taking results in."),
        (16, (0.1,) * 15 + (0.9,), "the longest calls take 0.90 s, most 0.10 s, and the others have nothing to do"),
    ],
)
def test_why_workers_are_idle(n: int, fetch_s: tuple[float, ...], reason: str) -> None:
    """The reason is a last turn that is not full, a few long calls, or the dispatch."""
    samples = [sample(SEQUENTIAL, number, 9.0, fetch_s) for number in range(1, 7)]
    samples += [sample(THREAD, number, 1.0, fetch_s) for number in range(1, 7)]
    said = _judged(samples, n)
    busy = sum(fetch_s)
    assert f"Of 8 workers {busy:.1f} are busy on average: {reason}" in said
