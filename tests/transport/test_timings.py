"""Where the time of a fetch goes."""

from __future__ import annotations

import pytest

from rates import Settings, attempt, offline
from rates.errors import ServerFailed
from rates.model import Timing
from rates.transport import Guard, Limits, Phases
from rates.transport.retry import pause


def test_wait_is_what_is_left() -> None:
    """Of ten seconds in a request with one for a turn, two for connecting and three for reading, four are waiting."""
    phases = Phases()
    phases.wire, phases.turn, phases.connect, phases.read = 10.0, 1.0, 2.0, 3.0
    assert phases.wait == 4.0


def test_parse_is_what_is_left_of_a_fetch() -> None:
    """The time that is neither waiting nor on the wire is parsing, and never negative."""
    assert Timing(0.0, 10.0, 8.0, 1, 1.0, 2.0, 4.0, 1.0, 1).parse_s == 2.0
    assert Timing(0.0, 1.0, 8.0, 1, 1.0, 2.0, 4.0, 1.0, 1).parse_s == 0.0


def test_guard_has_phases_of_its_own() -> None:
    """A guard has its own phases, unless it is given those of the whole fetch."""
    phases = Phases()
    assert Guard(1.0, phases=phases).phases is phases
    assert Guard(1.0).phases is not Guard(1.0).phases


def test_simulated_latency_is_waiting() -> None:
    """Offline, the latency counts as waiting for the answer, and no connection is opened."""
    settings = Settings(offline=True, provider=("frankfurter",), latency=0.03)
    attempt("USD", settings)  # the first loads the engine
    outcome = attempt("USD", settings)
    assert outcome.timing is not None
    assert outcome.timing.wait_s >= 0.03
    assert (outcome.timing.connections, outcome.timing.connect_s, outcome.timing.turn_s) == (0, 0.0, 0.0)
    assert outcome.timing.parse_s < 0.03


def test_waits_before_further_tries_are_turns() -> None:
    """The pause before another try counts as waiting for a turn, not for the answer."""
    failing = Settings(offline=True, provider=("frankfurter",), fail=1.0, retries=1, backoff=0.05, seed=1)
    outcome = attempt("USD", failing)
    assert outcome.timing is not None
    assert 0.02 <= outcome.timing.turn_s < 0.3
    assert outcome.timing.wait_s < outcome.timing.turn_s


def test_another_fetchs_download_is_waiting_for_a_turn() -> None:
    """A fetch that gets another fetch's download has no requests, and waits for no answer."""
    shared = Settings(offline=True, provider=("ecb",), latency=0.02, run="shared")
    first, second = (attempt(base, shared).timing for base in ("USD", "GBP"))
    assert first is not None
    assert second is not None
    assert (first.requests, second.requests) == (1, 0)
    assert second.wait_s == 0.0


def test_seed_repeats_the_pauses() -> None:
    """With a seed the pause before a try is the same each time, and another for another address or try."""
    limits, error = Limits(seed="7"), ServerFailed("no")
    pauses = [pause(error, tries, limits, url) for url in ("https://a", "https://b") for tries in (0, 1)]
    assert pauses == [pause(error, tries, limits, url) for url in ("https://a", "https://b") for tries in (0, 1)]
    assert len(set(pauses)) == 4


@pytest.mark.parametrize("seed", [None, 5])
def test_each_run_repeats_the_simulated_failures(seed: int | None) -> None:
    """With a seed, two runs in one process meet the same fates; without one, they need not."""
    settings = Settings(offline=True, fail=0.5, jitter=0.01, seed=seed)
    one, other = (offline.mock_for(settings.with_values(run=run)) for run in ("one", "other"))
    if seed is None:
        assert one is other
        return

    def ends(mock: offline.Mock) -> list[str]:
        found = []
        for _ in range(12):
            try:
                found.append(str(mock("GET", "https://api.frankfurter.dev/v2/rates", b"", 1.0).status))
            except OSError as error:
                found.append(type(error).__name__)
        return found

    assert ends(one) == ends(other)
