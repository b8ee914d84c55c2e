"""Answers without a network: from recordings, and from the ECB's history since 1999, which is in the package.

`install()`, once in each process, puts the `responses` library between our requests and the network; the mock that
`mock_for(settings)` gives answers them. Requests of other code in the process are not affected.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from rates.errors import NotRecorded
from rates.forks import fork_safe_lock
from rates.model import Reply
from rates.offline.embedded import embedded_mock
from rates.offline.recording import Recorder, Replay, recorded_day
from rates.offline.simulated_network import simulated
from rates.settings import Settings
from rates.transport import Mock

__all__ = [
    "Recorder",
    "Replay",
    "answers_for",
    "install",
    "mock_for",
    "recorded_day",
    "replay_settings",
    "simulated",
]

_lock = fork_safe_lock()


def install() -> None:
    """From now on `responses` answers those of our requests that have a mock. A second call does nothing.

    A forked child inherits this; a spawned worker must call it before its first fetch.
    """
    with _lock:
        _start_interceptor()


@cache
def _start_interceptor() -> None:
    from rates.offline import interceptor

    interceptor.start()


def mock_for(settings: Settings) -> Mock:
    """The mock of the settings: recordings, then the embedded history, behind the simulated network.

    With a seed each run gets the same delays and failures, also after other runs in the same process.
    """
    network = (settings.latency, settings.jitter, settings.fail)
    if not any(network):
        return answers_for(settings)
    return _behind(answers_for(settings), network, settings.seed, "" if settings.seed is None else settings.run)


def answers_for(settings: Settings) -> Mock:
    """The mock without the simulated network: no delays, no failures."""
    return _answers(settings.replay, settings.offline, settings.day())


@lru_cache(maxsize=16)
def _answers(replay: str, offline: bool, today: date) -> Mock:
    """Cached by the settings that matter, because a replay reads its whole folder."""
    if replay:
        return _either(Replay(replay), embedded_mock(today)) if offline else Replay(replay)
    return embedded_mock(today)


@lru_cache(maxsize=16)
def _behind(mock: Mock, network: tuple[float, float, float], seed: int | None, run: str) -> Mock:
    return simulated(mock, *network, seed)


def _either(first: Mock, second: Mock) -> Mock:
    """The first mock's answer, or the second's if the first has no recording."""

    def answer(method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        try:
            return first(method, url, form, timeout_s)
        except NotRecorded:
            return second(method, url, form, timeout_s)

    return answer


def replay_settings(settings: Settings) -> Settings:
    """The settings with `today` as it was when the recording was made, so that they request the same URLs."""
    if not settings.replay or settings.today is not None:
        return settings
    return settings.with_values(today=recorded_day(settings.replay))
