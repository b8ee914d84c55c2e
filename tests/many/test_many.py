"""Many at once, on the issue's simulated network: 80 answer after 2.5 to 250 ms, five never do.

The delays are a twentieth of the issue's; the deadline is not, since what 85 fetches cost a processor (0.2 s of two
idle ones, and many times that of busy ones) does not shrink with the delays. To the tenth of a second it is
bench_many.py's; here those that never answer would take an hour.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rates import fetch_many, offline, providers
from rates.errors import DeadlineExceeded, Interrupted, KeyNeeded, MissingSymbols, RatesError, UsageError
from rates.fetch import single_flight
from rates.many import tasks
from rates.model import Outcome, Request
from rates.offline.answer import Answer
from rates.offline.network import _sleep
from rates.providers import ProviderModule, Steps
from rates.settings import Settings
from rates.transport import MockReply
from tests.fetch.publisher import TODAY, facts, giving, lines, module, quote

ANSWERING, SILENT, DEADLINE_S, LATE_S = 80, 5, 3.0, 10.0


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """No document of one test is used in the next."""
    single_flight._flights.clear()


def asking(key: str, **more: object) -> ProviderModule:
    """A publisher at a host of its own."""

    def steps(query: object) -> Steps:
        reply = yield Request(f"http://{key}.example/rates")
        return lines(reply.body)

    return module(facts(key, **more), steps)


def world(monkeypatch: pytest.MonkeyPatch, *modules: ProviderModule) -> Settings:
    """Settings of a world of these publishers alone."""
    table = {one.PROVIDER.key: one for one in modules}
    monkeypatch.setattr(providers, "load", table.__getitem__)
    monkeypatch.setattr(providers, "own_keys", lambda: tuple(table))
    return Settings(today=TODAY, retries=0, symbols=("USD",), deadline=5.0)


def simulate(monkeypatch: pytest.MonkeyPatch, delay_s: Callable[[str], float]) -> list[str]:
    """A network whose hosts answer after their delays; gives the hosts that were asked, in order."""
    asked: list[str] = []

    def answer(method: str, url: str, form: bytes, timeout_s: float) -> MockReply:
        host = url.split("/")[2].partition(".")[0]
        asked.append(host)
        _sleep(delay_s(host))
        return Answer(200, f"{TODAY} EUR USD 1.1\n{TODAY} EUR JPY 170.1".encode())

    monkeypatch.setattr(offline, "mock_for", lambda settings: answer)
    return asked


def simulated(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The issue's network, times divided by twenty."""
    keys = [f"p{place:02}" for place in range(ANSWERING + SILENT)]

    def delay_s(host: str) -> float:
        place = int(host[1:])
        return 0.0025 + place * 0.2475 / (ANSWERING - 1) if place < ANSWERING else 3600.0

    simulate(monkeypatch, delay_s)
    return world(monkeypatch, *map(asking, keys)).with_values(offline=True, deadline=DEADLINE_S)


@pytest.mark.parametrize("via", ["map", "submit"])
def test_all_that_answer_within_the_deadline(monkeypatch: pytest.MonkeyPatch, via: str) -> None:
    """All 80 are there, the five are told by name, and nobody waits for these longer than the deadline."""
    settings = simulated(monkeypatch).with_values(via=via)
    fetch_many("EUR", "p00", settings.with_values(deadline=5.0))  # what is imported once is not of the network
    start = time.monotonic()
    outcomes = fetch_many("EUR", "all", settings)
    took = time.monotonic() - start
    answered = [outcome for outcome in outcomes if outcome.ok]
    assert DEADLINE_S <= took < DEADLINE_S + LATE_S
    assert len(answered) == ANSWERING
    assert [outcome.provider for outcome in outcomes] == [f"p{place:02}" for place in range(ANSWERING + SILENT)]
    assert all(isinstance(outcome.error, DeadlineExceeded) for outcome in outcomes[ANSWERING:])


def test_few_workers_give_everybody_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one worker the first that hangs does not eat up the time of those that come after it."""
    asked = simulate(monkeypatch, lambda host: 3600.0 if host == "a" else 0.001)
    settings = world(monkeypatch, *map(asking, "abc")).with_values(offline=True, deadline=0.3, mode="sequential")
    outcomes = fetch_many("EUR", "all", settings, workers=1)
    assert [outcome.ok for outcome in outcomes] == [False, True, True]
    assert asked == ["a", "b", "c"]


def test_rounds() -> None:
    """Seven publishers for three workers are three rounds."""
    assert [task.rounds_left for task in tasks("abcdefg", ("EUR",), 3)] == [3, 3, 3, 2, 2, 2, 1]


def test_bases_share_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several bases are one request to each publisher, and an outcome each, base by base."""
    asked = simulate(monkeypatch, lambda host: 0.0)
    settings = world(monkeypatch, asking("a"), asking("b")).with_values(offline=True, symbols=())
    outcomes = fetch_many(("EUR", "usd", "EUR"), ["b", "a"], settings)
    assert [(one.base, one.provider) for one in outcomes] == [("EUR", "b"), ("EUR", "a"), ("USD", "b"), ("USD", "a")]
    assert all(one.ok for one in outcomes)
    assert sorted(asked) == ["a", "b"]


def test_a_key_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that wants a key and has none is told so, with the variable, without being asked."""

    def steps(query: object) -> Steps:
        query.secret("bank")  # type: ignore[attr-defined]
        yield Request("http://bank.example/")
        return []

    settings = world(monkeypatch, module(facts(key_env="BANK_API_KEY", key_url="https://bank.example"), steps))
    (outcome,) = fetch_many("EUR", "all", settings)
    assert isinstance(outcome.error, KeyNeeded)
    assert "set BANK_API_KEY" in str(outcome.error)


def test_some_symbols_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that lacks some of the symbols is shown without them; one that lacks all has failed."""
    dollar, franc = giving([quote("EUR", "USD", "1.1")], facts("a")), giving([quote("EUR", "CHF", "0.9")], facts("b"))
    settings = world(monkeypatch, dollar, franc).with_values(symbols=("USD", "JPY"), strict=True)
    first, second = fetch_many("EUR", "all", settings)
    assert first.ok
    assert isinstance(second.error, MissingSymbols)


def test_a_fault_sinks_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in one provider's code is that one's error."""

    def steps(query: object) -> Steps:
        raise ZeroDivisionError("of all things")
        yield

    settings = world(monkeypatch, module(facts("a"), steps), giving([quote("EUR", "USD", "1.1")], facts("b")))
    assert [outcome.ok for outcome in fetch_many("EUR", "all", settings)] == [False, True]


def test_one_that_cannot_be_loaded_sinks_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken distribution's provider is told as such beside the others, is in no group, and no blend needs it."""
    sound = giving([quote("EUR", "USD", "1.1")], facts("a"))
    broken = RatesError("the installed provider acme (acme) cannot be loaded")

    def load(key: str) -> ProviderModule:
        if key == "acme":
            raise broken
        return sound if key == "a" else asking(key)

    settings = world(monkeypatch, sound)
    monkeypatch.setattr(providers, "load", load)
    monkeypatch.setattr(providers, "plugin_keys", lambda: ("acme",))
    first, second = fetch_many("EUR", "all", settings)
    assert (first.ok, second.provider, second.error) == (True, "acme", broken)
    assert [one.provider for one in fetch_many("EUR", "free", settings)] == ["a"]
    assert [one.error for one in fetch_many(("EUR", "USD"), "acme", settings)] == [broken, broken]
    (blended,) = fetch_many("EUR", "consensus", settings)
    assert blended.ok


def test_stale_ones_are_shown_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is the last of a chain of one: what is stale is shown, and warned of."""
    old = giving([quote("EUR", "USD", "1.1", TODAY - timedelta(days=40))], facts("a"))
    (outcome,) = fetch_many("EUR", "all", world(monkeypatch, old))
    assert outcome.ok
    assert outcome.warning is not None


@pytest.mark.parametrize(("bases", "keys"), [((), "all"), ("EUR", "nobody"), ("XXY", "all")])
def test_wrong_questions(bases: str, keys: str) -> None:
    """No base, an unknown publisher, an unknown code: before anybody is asked."""
    with pytest.raises(UsageError):
        fetch_many(bases, keys, Settings(offline=True))


def test_interrupted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is stopped from outside tells so."""
    from rates.transport import resume, stop

    stop()
    try:
        settings = world(monkeypatch, asking("a")).with_values(offline=True)
        simulate(monkeypatch, lambda host: 0.0)
        (outcome,) = fetch_many("EUR", "all", settings)
    finally:
        resume()
    assert isinstance(outcome.error, Interrupted)


@pytest.mark.parametrize("mode", ["sequential", "thread", "process"])
def test_every_mode_gives_the_same(mode: str) -> None:
    """What the embedded history answers is the same whatever the fetches run on."""
    settings = Settings(offline=True, today=TODAY + timedelta(days=20), mode=mode, workers=2)

    def told(outcome: Outcome) -> object:
        return outcome.base, outcome.provider, outcome.table, str(outcome.error)

    found = fetch_many(("USD", "EUR"), "ecb,erapi,hnb", settings)
    assert [told(one) for one in found] == [
        told(one) for one in fetch_many(("USD", "EUR"), "ecb,erapi,hnb", settings.with_values(mode="thread"))
    ]
    assert [one.ok for one in found] == [True, True, False] * 2


def test_weak_figures_are_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the run has the strong side, it is taken: the rupiah's dollar from the dollar's rupiahs."""

    def steps(query: object) -> Steps:
        base = query.base  # type: ignore[attr-defined]
        return [quote("IDR", "USD", "0.000055")] if base == "IDR" else [quote("USD", "IDR", "18148.2")]
        yield

    settings = world(monkeypatch, module(facts(pivot=""), steps)).with_values(symbols=("USD", "IDR"))
    weak, strong = fetch_many(("IDR", "USD"), "all", settings)
    assert weak.table is not None
    assert strong.table is not None
    figure = weak.table.figures["USD"]
    assert (figure.how, figure.digits, str(figure.instead_of)) == ("inverse", 6, "0.000055")
    assert abs(figure.rate * strong.table["IDR"] - 1) < 1e-20


def test_the_tape_of_the_specimens(tmp_path: Path) -> None:
    """Most of the true publishers answer from a recording of their specimens, and the blend of them is a table."""
    from tests.many import tape

    tape.write(tmp_path)
    settings = offline.replay_settings(Settings(replay=str(tmp_path), symbols=("EUR", "JPY")))
    outcomes = fetch_many("USD", "all", settings)
    assert sum(outcome.ok for outcome in outcomes) * 2 > len(outcomes)
    assert all(isinstance(outcome.error, RatesError) for outcome in outcomes if not outcome.ok)
    (blended,) = fetch_many("USD", "consensus", settings)
    assert blended.table is not None
    assert blended.table.how("EUR") == "median"
