"""The loopback server gives the offline answers over real sockets."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rates import Settings, aio, attempt
from rates.errors import ConnectionFailed, ServerFailed, TimedOut
from rates.executors import open_executor
from rates.offline.loopback import serving

OFFLINE = Settings(offline=True, provider=("frankfurter",), retries=0, seed=7)


@pytest.fixture(scope="module")
def served() -> Iterator[Settings]:
    """A server with a latency of 20 ms."""
    with serving(OFFLINE.with_values(latency=0.02)) as settings:
        yield settings


def test_same_answers_in_a_loop(served: Settings) -> None:
    """An event loop asks the loopback server too, and gets the same rates."""
    settings = served.with_values(provider=("ecb",), run="loop")
    over = asyncio.run(aio.attempt("USD", settings))
    assert over.ok, over.error
    assert over.table == attempt("USD", settings.with_values(run="thread")).table
    assert over.timing is not None
    assert over.timing.requests == 1


@pytest.mark.parametrize("provider", ["frankfurter", "ecb", "erapi", "vatcomply", "currency_api"])
def test_same_answers_as_offline(served: Settings, provider: str) -> None:
    """Every publisher's tables are equal to those without a server, with their pedigree."""
    over = attempt("USD", served.with_values(provider=(provider,)))
    inside = attempt("USD", OFFLINE.with_values(provider=(provider,)))
    assert over.table == inside.table is not None


def test_the_wire_is_real(served: Settings) -> None:
    """A first fetch opens a connection and the next keeps it; both wait at least the latency for the answer."""
    outcomes = [attempt(base, served.with_values(run="wire")) for base in ("USD", "EUR")]
    first, second = (outcome.timing for outcome in outcomes)
    assert first is not None
    assert second is not None
    assert second.connections == 0
    assert min(first.wait_s, second.wait_s) >= 0.02
    assert second.read_s > 0
    assert second.turn_s + second.connect_s + second.wait_s + second.read_s <= second.wire_s + 1e-6
    assert 0 < second.parse_s < second.took_s


def test_nobody_else_is_asked(served: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxies of the environment are not used."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert attempt("USD", served).ok


def test_reaches_worker_processes(served: Settings) -> None:
    """The server's address is sent to worker processes with the settings."""
    with open_executor("process", 1) as executor:
        outcome = executor.submit(attempt, "USD", served).result()
    assert outcome.ok
    assert outcome.timing is not None
    assert outcome.timing.connections == 1


def test_what_is_not_recorded_is_an_error(served: Settings) -> None:
    """An unknown URL gives an error with the server's sentence or status."""
    assert not attempt("USD", served.with_values(provider=("nbp",))).ok


def test_failures_are_real() -> None:
    """Failing requests are broken connections and answers 503, the same for the same seed in each run."""
    bases = ("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "SEK")
    with serving(OFFLINE.with_values(fail=0.5)) as settings:
        ends = [[type(attempt(base, settings.with_values(run=run)).error) for base in bases] for run in ("one", "two")]
        other = [type(attempt(base, settings.with_values(run="three", seed=8)).error) for base in bases]
    assert ends[0] == ends[1]
    assert ends[0] != other
    assert {ConnectionFailed, ServerFailed} >= set(ends[0]) - {type(None)} != set()


def test_fates_are_those_of_offline() -> None:
    """With one seed, the same requests fail over the loopback and without it."""
    bases = ("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "SEK")
    failing = OFFLINE.with_values(fail=0.5, run="one")
    with serving(failing) as settings:
        over = [type(attempt(base, settings).error) for base in bases]
    assert over == [type(attempt(base, failing).error) for base in bases]


def test_a_slow_answer_times_out() -> None:
    """An answer later than the timeout is a real timeout."""
    with serving(OFFLINE.with_values(latency=5.0)) as settings:
        assert isinstance(attempt("USD", settings.with_values(timeout=0.1)).error, TimedOut)


def test_ends_with_its_block() -> None:
    """After the block the port is closed, and the process has ended."""
    with serving(OFFLINE) as settings:
        host, _, port = settings.loopback.partition(":")
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(host, int(port), timeout=1).connect()


def test_environment_does_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server uses the settings it is given, and does not read the environment again."""
    monkeypatch.setenv("RATES_LATENCY", "nonsense")
    with serving(OFFLINE) as settings:
        assert attempt("USD", settings).ok


def test_kept_connection_is_quick(served: Settings) -> None:
    """No delayed acknowledgement of 40 ms: ten fetches of 20 ms on one connection take well under 60 ms each."""
    chosen = replace(served, run="quick")
    attempt("USD", chosen)
    began = time.perf_counter()
    for _ in range(10):
        assert attempt("USD", chosen).ok
    assert time.perf_counter() - began < 10 * 0.06
