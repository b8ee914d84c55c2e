"""Many fetches: of many bases, and of many publishers.

The publishers are those of a simulated network: most answer after 2.5 to 250 ms, some never do. The deadline leaves
many times the processor time that the fetches need (85 take 0.2 s of two idle processors). `bench_many.py` measures
more exactly; here a publisher that never answers would take an hour.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rates import fetch_all, fetch_many, offline, providers, run
from rates.errors import (
    DeadlineExceeded,
    HostNotFound,
    Interrupted,
    KeyNeeded,
    MissingSymbols,
    NoNetwork,
    RatesError,
    RecordingError,
    TimedOut,
    UsageError,
    WorkerLost,
)
from rates.fetch import single_flight
from rates.model import Failed, Fetched, Outcome, Query, RateTable, Reply, Request
from rates.offline.simulated_network import _sleep
from rates.providers import ProviderModule, Steps
from rates.run import batches
from rates.settings import Settings
from tests import leftovers
from tests.fetch.publisher import TODAY, facts, giving, known_as, lines, module, quote
from tests.transport.server import Handler, Site, serving

LATE_S = 10.0
SPECIMENS = Path(__file__).parent / "specimens"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """No document of one test is used in the next."""
    single_flight.forget()


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that stands in for all hosts."""
    with serving() as running:
        yield running


# --- many bases ----------------------------------------------------------------------------------------------------

OFFLINE = Settings(provider=("frankfurter",), offline=True, today=TODAY + timedelta(days=20), retries=0)
BASES = ("USD", "EUR", "GBP", "XXX", "JPY", "EUR")
FOLDER = "/https/www.ecb.europa.eu/stats/eurofxref"


@pytest.mark.parametrize("via", ["map", "submit"])
@pytest.mark.parametrize("mode", ["sequential", "thread", "dummy", "asyncio", "process", "pool"])
def test_all_in_the_order_of_the_bases(mode: str, via: str) -> None:
    """Each base has its outcome in its place, failures and doubles included, and each counts as one step."""
    steps: list[int] = []
    settings = OFFLINE.with_values(mode=mode, via=via, workers=2)
    outcomes = list(fetch_all(BASES, settings, step=lambda: steps.append(1)))
    assert [outcome.base for outcome in outcomes] == list(BASES)
    assert [outcome.ok for outcome in outcomes] == [True, True, True, False, True, True]
    assert len(steps) == len(BASES)


def test_one_base_or_none() -> None:
    """A string is one base; no bases give no outcomes."""
    assert [outcome.base for outcome in fetch_all("USD", OFFLINE)] == ["USD"]
    assert list(fetch_all((), OFFLINE)) == []


def test_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings those of the environment hold."""
    monkeypatch.setenv("RATES_OFFLINE", "yes")
    monkeypatch.setenv("RATES_MODE", "sequential")
    assert [outcome.ok for outcome in fetch_all(["USD"])] == [True]


@pytest.mark.parametrize("mode", ["thread", "process", "pool"])
def test_one_document_is_one_download(site: Site, mode: str) -> None:
    """All bases of one document are one download, also where the workers are processes; each run has its own."""
    site.page(f"{FOLDER}/eurofxref-daily.xml", (SPECIMENS / "ecb" / "daily.xml").read_bytes())
    settings = Settings(provider=("ecb",), today=TODAY, retries=0, mode=mode, workers=3, loopback=site.host)
    for downloads in (1, 2):
        outcomes = list(fetch_all(["USD", "JPY", "EUR", "GBP", "USD"], settings))
        assert [outcome.error for outcome in outcomes] == [None] * 5
        assert len(site.seen) == downloads


@pytest.mark.parametrize("mode", ["sequential", "thread", "dummy", "asyncio", "process", "pool"])
def test_an_iterator_that_is_closed_early(site: Site, mode: str) -> None:
    """The first outcome is given while others run; closing then ends those, and nothing is left of them."""
    threads, processes = _threads(), leftovers.children()

    def page(handler: Handler) -> None:
        if "base=EUR" in handler.path:
            handler.answer(b'[{"base": "EUR", "quote": "USD", "rate": 1.2345, "date": "2026-10-30"}]')
        else:
            handler.hang()

    site.put("/https/api.frankfurter.dev/v2/rates", page)
    settings = Settings(provider=("frankfurter",), today=TODAY, retries=0, mode=mode, workers=2, loopback=site.host,
                        deadline=60.0, timeout=60.0)  # fmt: skip
    began = time.monotonic()
    with closing(fetch_all(["EUR", "GBP", "JPY", "CHF", "SEK", "NOK"], settings)) as outcomes:
        assert next(outcomes).ok
    assert time.monotonic() - began < 20  # a fetch would take 60
    assert len(site.seen) <= 4  # those under way, of six
    until = time.monotonic() + 20
    while (_threads() - threads or leftovers.children() - processes) and time.monotonic() < until:
        time.sleep(0.01)  # what has ended needs a moment to be gone
    assert (_threads() - threads, leftovers.children() - processes) == (set(), set())


def _threads() -> set[threading.Thread]:
    """The threads of runs that live."""
    keep = ("rates-watchdog", "rates-connect")
    return {one for one in threading.enumerate() if one.name.startswith("rates") and one.name not in keep}


def test_weak_figures_await_the_strong_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """A weak figure is derived from the reverse that a later base has; the outcome is given when that one is done."""

    def steps(query: object) -> Steps:
        base = query.base  # type: ignore[attr-defined]
        return [quote("IDR", "USD", "0.000055")] if base == "IDR" else [quote(base, "IDR", "18148.2")]
        yield

    settings = known_as(monkeypatch, module(facts(pivot=""), steps))
    done: list[int] = []
    outcomes = fetch_all(["IDR", "EUR", "USD"], settings.with_values(mode="sequential"), step=lambda: done.append(1))
    weak = next(outcomes)
    assert len(done) == 3
    assert weak.table is not None
    figure = weak.table.figures["USD"]
    assert (figure.how, figure.digits, str(figure.instead_of)) == ("inverse", 6, "0.000055")
    assert [outcome.base for outcome in outcomes] == ["EUR", "USD"]


@pytest.mark.parametrize("cause", [ValueError, NotImplementedError, ImportError, ConnectionError])
def test_an_executor_that_cannot_be_opened(monkeypatch: pytest.MonkeyPatch, cause: type[Exception]) -> None:
    """Whatever prevents it is a UsageError with the reason, for many bases and for many publishers."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise cause("no such workers here")

    monkeypatch.setattr(run, "open_executor", refuse)
    for fetch in (lambda: list(fetch_all(["USD"], OFFLINE)), lambda: list(fetch_many("USD", "ecb", OFFLINE))):
        with pytest.raises(UsageError, match="no such workers here") as caught:
            fetch()
        assert isinstance(caught.value.__cause__, cause)


def test_an_unknown_mode() -> None:
    """A mode that no executor has is a UsageError with the known ones."""
    with pytest.raises(UsageError, match="thread"):
        list(fetch_all(["USD"], OFFLINE.with_values(mode="threads")))


def test_a_worker_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    """A base that kills its workers is lost, and the others are fetched."""
    monkeypatch.setattr(run, "attempt", dying)
    outcomes = list(fetch_all(["USD", "GBP", "EUR"], OFFLINE.with_values(mode="process", workers=2)))
    assert [type(outcome.error) for outcome in outcomes] == [type(None), WorkerLost, type(None)]


def dying(base: str, settings: Settings) -> Outcome:
    """An attempt that ends its process for the pound."""
    if base == "GBP":
        os.kill(os.getpid(), signal.SIGKILL)
    return Fetched(base, RateTable(base, "", {}))


@pytest.mark.parametrize("mode", ["sequential", "thread", "process"])
def test_a_recording_that_is_not_there(mode: str, tmp_path: Path) -> None:
    """What is wrong with the settings is each outcome's own error, not the loss of its worker."""
    settings = OFFLINE.with_values(mode=mode, workers=2, offline=False, replay=str(tmp_path / "nowhere"))
    assert [type(outcome.error) for outcome in fetch_all(["USD", "EUR"], settings)] == [RecordingError] * 2


def test_a_run_has_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run's settings have the keys of its providers from this process's environment, and no others."""
    monkeypatch.setenv("TCMB_API_KEY", "hush")
    monkeypatch.setenv("BAM_API_KEY", "not asked")
    with run.new_run(Settings(provider=("ecb", "tcmb")), "process") as settings:
        assert settings.keys == (("tcmb", "hush"),)
        assert Path(settings.run_dir).is_dir()
    assert not Path(settings.run_dir).exists()


# --- many publishers -----------------------------------------------------------------------------------------------


def asking(key: str, **more: object) -> ProviderModule:
    """A publisher at a host of its own."""

    def steps(query: object) -> Steps:
        reply = yield Request(f"http://{key}.example/rates")
        return lines(reply.body)

    return module(facts(key, **more), steps)


def world(monkeypatch: pytest.MonkeyPatch, *modules: ProviderModule) -> Settings:
    """Settings with which these are all publishers."""
    table = {one.PROVIDER.key: one for one in modules}
    monkeypatch.setattr(providers, "load", table.__getitem__)
    monkeypatch.setattr(providers, "own_keys", lambda: tuple(table))
    return Settings(today=TODAY, retries=0, symbols=("USD",), deadline=5.0)


def simulate(monkeypatch: pytest.MonkeyPatch, delay_s: Callable[[str], float]) -> list[str]:
    """A network whose hosts answer after their delays; gives the hosts that were asked, in order."""
    asked: list[str] = []

    def answer(method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        host = url.split("/")[2].partition(".")[0]
        asked.append(host)
        _sleep(delay_s(host))
        return Reply(200, f"{TODAY} EUR USD 1.1\n{TODAY} EUR JPY 170.1".encode())

    monkeypatch.setattr(offline, "mock_for", lambda settings: answer)
    return asked


def simulated(monkeypatch: pytest.MonkeyPatch, answering: int, silent: int) -> Settings:
    """A network with so many publishers that answer, after 2.5 to 250 ms, and after them some that never do."""
    keys = [f"p{place:02}" for place in range(answering + silent)]

    def delay_s(host: str) -> float:
        place = int(host[1:])
        return 0.0025 + place * 0.2475 / (answering - 1) if place < answering else 3600.0

    simulate(monkeypatch, delay_s)
    return world(monkeypatch, *map(asking, keys)).with_values(offline=True)


@pytest.mark.parametrize("via", ["map", pytest.param("submit", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("answering", "silent", "deadline_s"), [(20, 2, 1.0), pytest.param(80, 5, 3.0, marks=pytest.mark.slow)]
)
def test_all_that_answer_within_the_deadline(
    monkeypatch: pytest.MonkeyPatch, answering: int, silent: int, deadline_s: float, via: str
) -> None:
    """Every publisher that answers is there, the silent ones are named errors, and the deadline is the longest wait."""
    settings = simulated(monkeypatch, answering, silent).with_values(via=via)
    fetch_many("EUR", "p00", settings.with_values(deadline=5.0))  # imports modules, which is no wait for a publisher
    settings = settings.with_values(deadline=deadline_s)
    start = time.monotonic()
    outcomes = fetch_many("EUR", "all", settings)
    took = time.monotonic() - start
    answered = [outcome for outcome in outcomes if outcome.ok]
    assert deadline_s <= took < deadline_s + LATE_S
    assert len(answered) == answering
    assert [outcome.provider for outcome in outcomes] == [f"p{place:02}" for place in range(answering + silent)]
    assert all(isinstance(outcome.error, DeadlineExceeded) for outcome in outcomes[answering:])


def test_few_workers_give_each_a_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one worker, a first publisher that hangs leaves time for those after it."""
    asked = simulate(monkeypatch, lambda host: 3600.0 if host == "a" else 0.001)
    settings = world(monkeypatch, *map(asking, "abc")).with_values(offline=True, deadline=0.3, mode="sequential")
    outcomes = fetch_many("EUR", "all", settings, workers=1)
    assert [outcome.ok for outcome in outcomes] == [False, True, True]
    assert asked == ["a", "b", "c"]


def test_rounds() -> None:
    """Seven publishers for three workers are three rounds."""
    bases = dict.fromkeys("abcdefg", ("EUR",))
    assert [batch.rounds_left for batch in batches(bases, "abcdefg", 3)] == [3, 3, 3, 2, 2, 2, 1]


def test_bases_share_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several bases are one request to each publisher, and an outcome each, base by base."""
    asked = simulate(monkeypatch, lambda host: 0.0)
    settings = world(monkeypatch, asking("a"), asking("b")).with_values(offline=True, symbols=())
    outcomes = fetch_many(("EUR", "usd", "EUR"), ["b", "a"], settings)
    assert [(one.base, one.provider) for one in outcomes] == [("EUR", "b"), ("EUR", "a"), ("USD", "b"), ("USD", "a")]
    assert all(one.ok for one in outcomes)
    assert sorted(asked) == ["a", "b"]


def test_a_key_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher whose key is not set gets an error with the variable, without being asked."""

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


def test_a_fault_is_of_one_publisher(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in one provider's code is the error of that provider alone."""

    def steps(query: object) -> Steps:
        raise ZeroDivisionError("of all things")
        yield

    settings = world(monkeypatch, module(facts("a"), steps), giving([quote("EUR", "USD", "1.1")], facts("b")))
    assert [outcome.ok for outcome in fetch_many("EUR", "all", settings)] == [False, True]


def test_a_broken_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that cannot be loaded is an error beside the others, is in no group, and no consensus needs it."""
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
    """Each publisher is the last of a chain of one: stale rates are shown with a warning."""
    old = giving([quote("EUR", "USD", "1.1", TODAY - timedelta(days=40))], facts("a"))
    (outcome,) = fetch_many("EUR", "all", world(monkeypatch, old))
    assert outcome.ok
    assert outcome.warning is not None


@pytest.mark.parametrize(("bases", "keys"), [((), "all"), ("EUR", "nobody"), ("XXY", "all")])
def test_wrong_questions(bases: str, keys: str) -> None:
    """No base, an unknown publisher or an unknown code is refused before any request."""
    with pytest.raises(UsageError):
        fetch_many(bases, keys, Settings(offline=True))


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fetch that is stopped from outside is Interrupted."""
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

    def result(outcome: Outcome) -> object:
        return outcome.base, outcome.provider, outcome.table, str(outcome.error)

    found = fetch_many(("USD", "EUR"), "ecb,erapi,hnb", settings)
    assert [result(one) for one in found] == [
        result(one) for one in fetch_many(("USD", "EUR"), "ecb,erapi,hnb", settings.with_values(mode="thread"))
    ]
    assert [one.ok for one in found] == [True, True, False] * 2


def test_weak_figures_are_derived(monkeypatch: pytest.MonkeyPatch) -> None:
    """A weak figure is derived from its reverse: the dollars of a rupiah from the rupiahs of a dollar."""

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


def test_the_recorded_specimens(tmp_path: Path) -> None:
    """Most of the real publishers answer from a recording of their specimens, and their consensus is a table."""
    from tests import specimen_recording

    specimen_recording.write(tmp_path)
    settings = offline.replay_settings(Settings(replay=str(tmp_path), symbols=("EUR", "JPY")))
    outcomes = fetch_many("USD", "all", settings)
    assert sum(outcome.ok for outcome in outcomes) * 2 > len(outcomes)
    assert all(isinstance(outcome.error, RatesError) for outcome in outcomes if not outcome.ok)
    (blended,) = fetch_many("USD", "consensus", settings)
    assert blended.table is not None
    assert blended.table.how("EUR") == "median"


def test_settings_as_keywords() -> None:
    """Many fetches take settings as keywords, beside or without a record."""
    (outcome,) = fetch_all("usd", provider="ecb", on="2020-03-02", offline=True, mode="sequential", workers=1)
    assert outcome.table is not None
    assert (outcome.table.provider, outcome.table.day) == ("ecb", date(2020, 3, 2))
    (other,) = fetch_many("USD", ["ecb"], Settings(offline=True), on="2020-03-02", mode="dummy", workers=1)
    assert other.table == outcome.table


@pytest.mark.parametrize("bases", [5, None, date(2020, 3, 2)])
def test_bases_of_another_type(bases: Any) -> None:
    """Bases that are no list are a usage error, at once; one base that is no text is an outcome with an error."""
    for fetch in (fetch_all, fetch_many):
        with pytest.raises(UsageError, match=r'bases are codes like \["USD", "EUR"\]'):
            fetch(bases, offline=True)  # type: ignore[operator]
    (outcome,) = fetch_all([bases], offline=True, mode="sequential")
    assert type(outcome.error) is UsageError


@pytest.mark.parametrize("jump_s", [1e6, -1e6])
@pytest.mark.parametrize("mode", ["sequential", "thread"])
def test_a_wall_clock_that_jumps_changes_nothing(monkeypatch: pytest.MonkeyPatch, mode: str, jump_s: float) -> None:
    """Deadlines and durations are of a clock that is never set."""
    jumps = count(1)
    true_time = time.time
    monkeypatch.setattr(time, "time", lambda: true_time() + jump_s * next(jumps))
    for outcome in fetch_many(["EUR", "USD"], "ecb", OFFLINE, mode=mode, workers=1, deadline=20.0):
        assert outcome.ok, outcome.error
        assert outcome.timing is not None
        assert 0 < outcome.timing.took_s < 20


def test_workers_on_other_machines_share_the_wall_clock() -> None:
    """Only there: the monotonic clocks of two machines have nothing in common."""
    assert run._common_clock(OFFLINE) is time.monotonic
    assert run._common_clock(OFFLINE.with_values(mode="dask")) is time.monotonic
    assert run._common_clock(OFFLINE.with_values(mode="dask", scheduler="tcp://host:8786")) is time.time


class Dead:
    """A network in which names do not resolve, except those of `well`; the lookups of `hanging` do not return."""

    def __init__(self, well: str = "", hanging: str = "") -> None:
        self.well, self.hanging, self.released = well, hanging, threading.Event()

    def __call__(self, batch: run.Batch, settings: Settings, ends: float) -> tuple[Outcome, ...]:
        """Stands in for `ask_provider`."""
        if batch.key in self.hanging:
            self.released.wait(LATE_S)
        if batch.key in self.well:
            return tuple(Fetched(base, RateTable(base, batch.key, {}), provider=batch.key) for base in batch.bases)
        error = HostNotFound("the name does not resolve", provider=batch.key)
        return tuple(Failed(base, error, provider=batch.key) for base in batch.bases)


@pytest.mark.parametrize(
    ("well", "hanging", "not_waited_for"),
    [("", "", ""), ("", "fgh", "fgh"), ("a", "", ""), ("", "defgh", "")],
    ids=["all fail", "some hang", "one answers", "few fail"],
)
def test_no_network(monkeypatch: pytest.MonkeyPatch, well: str, hanging: str, not_waited_for: str) -> None:
    """If the first publishers are all unreachable, the others are not waited for; one that answers proves a network."""
    dead = Dead(well, hanging)
    monkeypatch.setattr(run, "ask_provider", dead)
    monkeypatch.setattr(run, "NO_NETWORK_S", 0.05)
    settings = world(monkeypatch, *map(asking, "abcdefgh")).with_values(deadline=0.5)
    steps: list[int] = []
    began = time.monotonic()
    outcomes = fetch_many(("EUR", "USD"), "all", settings, step=lambda: steps.append(1))
    assert time.monotonic() - began < LATE_S
    dead.released.set()
    assert [(one.base, one.provider) for one in outcomes] == [
        (base, key) for base in ("EUR", "USD") for key in "abcdefgh"
    ]
    assert {one.provider for one in outcomes if isinstance(one.error, NoNetwork)} == set(not_waited_for)
    assert {one.provider for one in outcomes if one.ok} == set(well)
    late = {one.provider for one in outcomes if isinstance(one.error, DeadlineExceeded)}
    assert late == set(hanging) - set(not_waited_for)
    assert len(steps) == len("abcdefgh") - len(not_waited_for)


def test_no_network_for_many_bases(monkeypatch: pytest.MonkeyPatch) -> None:
    """If no provider of one base is reached, the other bases do not wait for their turns at the same hosts."""
    known = known_as(monkeypatch, *(asking(key, pivot="", spacing_s=3.0) for key in "ab"))
    outcomes = list(fetch_all(BASES[:3], known.with_values(symbols=())))
    assert [one.base for one in outcomes] == ["USD", "EUR", "GBP"]
    names = sorted(type(one.error).__name__ for one in outcomes)
    assert names == ["HostNotFound", "NoNetwork", "NoNetwork"]


# --- parts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["sequential", "thread", "asyncio"])
def test_parts_are_taken_as_workers_are_free(monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    """Each part comes with its answer or its error, and what has come can end the parts that are still to be asked."""

    def steps(query: Query) -> Steps:
        if query.start and query.start.day == 2:
            raise TimedOut("took longer than 10 s")
        return [quote("EUR", "USD", "1.1", query.end or TODAY)]
        yield

    chosen = known_as(monkeypatch, module(facts(), steps)).with_values(mode=mode)
    answered: list[int] = []

    def parts() -> Iterator[run.Part]:
        for day in range(1, 29):
            if len(answered) < 5:
                yield run.Part("bank", "", (date(2026, 10, day), date(2026, 10, day)))

    with closing(run.fetch_parts(parts(), ["bank"], chosen, 1)) as found:
        for part, answer in found:
            assert part.span is not None
            answered.append(part.span[0].day)
            assert isinstance(answer, TimedOut) == (part.span[0].day == 2)
    assert answered[:5] == [1, 2, 3, 4, 5]
    assert len(answered) <= 7
