from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from rates import offline
from rates.errors import ConnectionFailed, DeadlineExceeded, ServerFailed, TimedOut
from rates.model import Request
from rates.offline import simulated_network
from rates.transport import Guard, Limits, Mock
from tests.offline.asking import OFFLINE, ask, fixed
from tests.transport.server import send

URL = "https://a.example/"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The sleeps, recorded in place of sleeping."""
    waits: list[float] = []
    monkeypatch.setattr(Guard, "sleep", lambda self, seconds: waits.append(seconds))
    monkeypatch.setattr(simulated_network.time, "sleep", waits.append)
    return waits


def _fates(mock: Mock, urls: list[str]) -> list[str]:
    """The effect on each request."""
    fates = []
    for url in urls:
        try:
            fates.append(str(mock("GET", url, b"", 10.0).status))
        except requests.exceptions.ConnectionError:
            fates.append("reset")
    return fates


def test_latency_and_jitter(slept: list[float]) -> None:
    """Each delay is the latency plus or minus the jitter, and they differ."""
    mock = simulated_network.simulated(fixed(), 0.1, 0.02, 0.0, seed=1)
    for _ in range(50):
        ask(URL, mock)
    assert all(0.08 <= wait <= 0.12 for wait in slept)
    assert len(set(slept)) == 50


def test_never_negative(slept: list[float]) -> None:
    """A jitter above the latency gives no negative delay."""
    mock = simulated_network.simulated(fixed(), 0.01, 0.5, 0.0, seed=1)
    for _ in range(50):
        ask(URL, mock)
    assert min(slept) == 0.0


def test_read_timeout(slept: list[float]) -> None:
    """A delay longer than the timeout is a timeout after exactly that time."""
    with pytest.raises(TimedOut):
        ask(URL, simulated_network.simulated(fixed(), 60.0, 0.0, 0.0), timeout=2.0)
    assert slept == [2.0]


def test_deadline_ends_the_waiting() -> None:
    """The guard of the fetch ends a delay at the deadline."""
    offline.install()
    limits = Limits(timeout=0.02, retries=0, mock=simulated_network.simulated(fixed(), 0.015, 0.0, 0.0))
    with Guard(0.01) as guard, pytest.raises(DeadlineExceeded):
        send(Request(URL), limits, guard)


def test_share_of_failures(slept: list[float]) -> None:
    """The given share of requests fails: half by broken connections, half with status 503."""
    fates = _fates(simulated_network.simulated(fixed(), 0.0, 0.0, 0.2, seed=5), [f"{URL}{n}" for n in range(2000)])
    assert 320 <= fates.count("reset") + fates.count("503") <= 480
    assert 150 <= fates.count("reset") <= 250


@pytest.mark.parametrize(("seed_for", "error"), [("reset", ConnectionFailed), ("503", ServerFailed)])
def test_failures_have_our_names(slept: list[float], seed_for: str, error: type[Exception]) -> None:
    """Both kinds of failure become the same errors as on a real network."""
    seed = next(s for s in range(99) if _fates(simulated_network.simulated(fixed(), 0, 0, 1.0, s), [URL]) == [seed_for])
    offline.install()
    with Guard(5) as guard, pytest.raises(error):
        send(Request(URL), Limits(retries=0, mock=simulated_network.simulated(fixed(), 0, 0, 1.0, seed)), guard)


def test_a_retry_has_its_own_fate(slept: list[float]) -> None:
    """A request that failed may succeed when it is tried again."""
    fates = _fates(simulated_network.simulated(fixed(), 0.0, 0.0, 0.5, seed=3), [URL] * 50)
    assert len(set(fates)) == 3


def test_seed_gives_the_same_fates(slept: list[float]) -> None:
    """One seed gives each URL the same effects in any order; another seed gives others."""
    urls = [f"{URL}{n}" for n in range(100)]

    def fates(seed: int | None, order: Callable[[list[str]], list[str]] = list) -> dict[str, str]:
        asked = order(urls)
        return dict(zip(asked, _fates(simulated_network.simulated(fixed(), 0, 0, 0.5, seed), asked), strict=True))

    assert fates(7) == fates(7, lambda u: u[::-1])
    assert fates(7) != fates(8)
    assert fates(None) != fates(None)


def test_forked_child_draws_anew(slept: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a seed a forked child has other effects than its parent; with one, those of a new process."""
    urls = [f"{URL}{n}" for n in range(64)]
    free, seeded = simulated_network.simulated(fixed(), 0, 0, 0.5), simulated_network.simulated(fixed(), 0, 0, 0.5, 7)
    parent, first = _fates(free, urls), _fates(seeded, urls)
    monkeypatch.setattr(simulated_network.os, "getpid", lambda: -1)
    assert _fates(free, urls) != parent
    assert _fates(seeded, urls) == first


def test_settings_put_it_before_the_history(slept: list[float]) -> None:
    """Latency, jitter and failures of the settings apply to the embedded history."""
    url = "https://api.frankfurter.dev/v2/rates?base=USD"
    assert ask(url, offline.mock_for(OFFLINE.with_values(latency=0.12))).body == ask(url).body
    assert slept == [0.12]
    seed = next(s for s in range(99) if _fates(simulated_network.simulated(fixed(), 0, 0, 1.0, s), [url]) == ["503"])
    assert ask(url, offline.mock_for(OFFLINE.with_values(fail=1.0, seed=seed))).status == 503
