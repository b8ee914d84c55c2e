"""Answers in place of the network: from recordings, and from the ECB's history since 1999, which is embedded.

`install()` once a process puts the `responses` library between our requests and the network; what
`mock_for(settings)` gives answers them. Requests of others in the process go their way untouched.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from rates.errors import NoRates, NotRecorded
from rates.offline import history
from rates.offline.embedded import embedded
from rates.offline.folder import recorded_day
from rates.offline.fork_lock import fork_lock
from rates.offline.network import simulated
from rates.offline.record import Recorder
from rates.offline.replay import Replay
from rates.settings import Settings
from rates.transport import Mock, MockReply

__all__ = [
    "Recorder",
    "Replay",
    "answers_for",
    "install",
    "latest_day",
    "mock_for",
    "recorded_day",
    "replay_settings",
    "simulated",
]

_lock = fork_lock()
_installed = False


def install() -> None:
    """Lets `responses` answer this process's requests that have a mock, from now on; once more is harmless.

    A forked child inherits it; spawned workers call this for themselves, before their first fetch.
    """
    global _installed
    if _installed:
        return
    with _lock:
        if not _installed:
            from rates.offline import engine

            engine.start()
            _installed = True


def mock_for(settings: Settings) -> Mock:
    """What answers here: recordings, then the embedded history, behind the simulated network.

    With a seed each run meets the same fates: they count from its beginning, whoever ran before it in this process.
    """
    network = (settings.latency, settings.jitter, settings.fail)
    if not any(network):
        return answers_for(settings)
    return _behind(answers_for(settings), network, settings.seed, "" if settings.seed is None else settings.run)


def answers_for(settings: Settings) -> Mock:
    """The same without the simulated network: at once, and without failures."""
    return _answers(settings.replay, settings.offline, settings.day())


@lru_cache(maxsize=16)
def _answers(replay: str, offline: bool, today: date) -> Mock:
    """Made once for the settings that matter, since a replay reads its folder."""
    if replay:
        return _either(Replay(replay), embedded(today)) if offline else Replay(replay)
    return embedded(today)


@lru_cache(maxsize=16)
def _behind(mock: Mock, network: tuple[float, float, float], seed: int | None, run: str) -> Mock:
    return simulated(mock, *network, seed)


def _either(first: Mock, second: Mock) -> Mock:
    """The first, or the second where the first has no recording."""

    def answer(method: str, url: str, form: bytes, timeout_s: float) -> MockReply:
        try:
            return first(method, url, form, timeout_s)
        except NotRecorded:
            return second(method, url, form, timeout_s)

    return answer


def latest_day(settings: Settings) -> date:
    """The day that the offline rates are of: the recording's, or the history's newest on or before today."""
    if settings.replay:
        return recorded_day(settings.replay)
    found = history.row(settings.day())
    if found is None:
        raise NoRates(f"the embedded ECB history begins on {history.FIRST_DAY}")
    return found[0]


def replay_settings(settings: Settings) -> Settings:
    """The settings with today as it was when their recording was made, so that they ask for the same URLs."""
    if not settings.replay or settings.today is not None:
        return settings
    return settings.with_values(today=recorded_day(settings.replay))
