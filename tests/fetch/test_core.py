from __future__ import annotations

import asyncio
import pickle
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest

from rates import aio, fetch_all, fetch_many, offline, providers
from rates.errors import (
    ConnectionRefused,
    DeadlineExceeded,
    HtmlAnswer,
    Interrupted,
    KeyNeeded,
    MissingSymbols,
    NotFound,
    ParseError,
    RatesError,
    ServerFailed,
    SettingsError,
    Unsupported,
    UsageError,
)
from rates.fetch import attempt, core, fetch_answer, fetch_quotes, fetch_range, fetch_rates, warm
from rates.fetch.secrets import secrets, with_keys
from rates.model import Query, Reply, Request
from rates.providers import Steps
from rates.settings import Settings, sources
from rates.transport import Guard, current_guard, resume, stop, watchdog
from tests.transport.server import Handler, Site

from .publisher import TODAY, asking, facts, giving, known_as, module, quote

EUR = b"2026-10-30 EUR USD 1.10\n2026-10-30 EUR JPY 176\n"
SECRET = "hush-hush-0815"


def test_pair(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """`fetch_rates` gives the code and a mapping of Decimals with their pedigree; the code may be in lower case."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", EUR)))
    base, rates = fetch_rates("usd", settings)
    assert base == "USD"
    assert rates["JPY"] == Decimal(160)
    assert (rates.provider, rates.day, rates.how("JPY"), rates.asked) == ("bank", TODAY, "cross", None)
    assert rates["USD"] == 1


def test_when_and_from_which_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table has the time of its answer and the digest of the body; a table of the history has no such time."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", EUR)))
    before = datetime.now(UTC)
    table = fetch_rates("EUR", settings)[1]
    assert table.fetched is not None
    assert before <= table.fetched <= datetime.now(UTC)
    assert table.digest == sha256(EUR).hexdigest()
    embedded = fetch_rates("EUR", provider="ecb", on="2020-03-02", offline=True)[1]
    assert (embedded.fetched, len(embedded.digest)) == (None, 64)


def test_settings_of_the_environment(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings those of the environment hold, as the seed's workers need."""
    known_as(monkeypatch, asking(facts(), site.page("/", EUR)))
    monkeypatch.setattr(sources, "load", lambda: Settings(provider=("bank",), today=TODAY))
    assert fetch_rates("EUR")[1]["USD"] == Decimal("1.10")


def test_chain(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first provider that answers counts; the errors of those before it are kept, in order, with their names."""
    settings = known_as(
        monkeypatch,
        asking(facts("gone"), site.url("/gone")),
        asking(facts("down"), site.page("/down", b"<html>")),
        asking(facts("good"), site.page("/", EUR)),
        asking(facts("unasked"), site.url("/unasked")),
    )
    outcome = attempt("EUR", settings)
    assert outcome.ok
    assert outcome.table is not None
    assert outcome.table.provider == "good"
    passed = [(type(error), error.provider) for error in outcome.passed_over]
    assert passed == [(NotFound, "gone"), (HtmlAnswer, "down")]
    assert [seen.path.partition("?")[0] for seen in site.seen] == ["/gone", "/down", "/"]
    assert outcome.timing is not None
    assert outcome.timing.requests == 3
    assert 0 < outcome.timing.wire_s <= outcome.timing.took_s


def test_chain_that_fails(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """If no provider answers, the outcome has the last one's error, and `fetch_rates` raises it."""
    settings = known_as(monkeypatch, asking(facts("a"), site.url("/a")), asking(facts("b"), site.page("/b", b"", 500)))
    outcome = attempt("EUR", settings)
    assert not outcome.ok
    assert isinstance(outcome.error, ServerFailed)
    assert (outcome.error.provider, [error.provider for error in outcome.passed_over]) == ("b", ["a"])
    with pytest.raises(ServerFailed, match="b: "):
        fetch_rates("EUR", settings)


def test_time_is_shared(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first provider that hangs leaves time for the next; the fetch ends by the deadline."""
    slow, good = asking(facts("slow"), site.put("/slow", Handler.hang)), asking(facts("good"), site.page("/", EUR))
    start = time.monotonic()
    outcome = attempt("EUR", known_as(monkeypatch, slow, good).with_values(deadline=0.6))
    assert outcome.ok
    assert [type(error) for error in outcome.passed_over] == [DeadlineExceeded]
    assert "took longer than its 0.3 s" in str(outcome.passed_over[0])
    assert time.monotonic() - start < 2


def test_all_hang(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all hang, the fetch ends at its deadline."""
    url = site.put("/slow", Handler.hang)
    modules = [asking(facts(key), url) for key in "abc"]
    start = time.monotonic()
    outcome = attempt("EUR", known_as(monkeypatch, *modules).with_values(deadline=0.3))
    assert isinstance(outcome.error, DeadlineExceeded)
    assert time.monotonic() - start < 2
    assert len(site.seen) == 3


def test_outcome_crosses_processes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outcomes good and bad survive pickling whole, and keep no frames with answers in memory."""
    settings = known_as(monkeypatch, asking(facts("a"), site.url("/a")), asking(facts("b"), site.page("/", EUR)))
    for chosen in (settings, settings.with_values(provider=("a",))):
        outcome = attempt("USD", chosen)
        again = pickle.loads(pickle.dumps(outcome))
        assert (again.base, again.timing) == (outcome.base, outcome.timing)
        assert str(again.error) == str(outcome.error)
        assert [str(error) for error in again.passed_over] == [str(error) for error in outcome.passed_over]
        if outcome.table is not None:
            assert again.table == outcome.table
            assert again.table.figures == outcome.table.figures
        for error in (*outcome.passed_over, outcome.error):
            if error is not None:
                assert error.__traceback__ is error.__cause__ is error.__context__ is None


def test_unknown_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong code is a value too, and no provider is asked."""
    outcome = attempt("UDS", known_as(monkeypatch, giving([])))
    assert isinstance(outcome.error, UsageError)
    assert "did you mean" in str(outcome.error)
    assert outcome.base == "UDS"


def test_no_fault_leaves_as_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception without a name of ours is a value too: one base must not stop the others."""
    settings = known_as(monkeypatch, giving([]))
    monkeypatch.setattr(providers, "load", {}.__getitem__)
    outcome = attempt("EUR", settings.with_values(provider=("nobody",)))
    assert isinstance(outcome.error, RatesError)
    assert "failed unexpectedly: KeyError: 'nobody'; please report this" in str(outcome.error)
    assert isinstance(attempt(None, settings).error, RatesError)  # type: ignore[arg-type]


def test_chain_without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """No provider at all is a usage error."""
    outcome = attempt("EUR", provider=())
    assert isinstance(outcome.error, UsageError)
    assert "provider = (): must name at least one" in str(outcome.error)


@pytest.mark.parametrize("base", [["USD"], ("USD", "EUR"), None, 5, b"USD"])
def test_a_base_of_another_type(base: Any) -> None:
    """A base that is no text is a usage error that names it, and so says what to do."""
    outcome = attempt(base)
    assert type(outcome.error) is UsageError
    assert "a base is one code like" in str(outcome.error)
    with pytest.raises(UsageError, match="fetch_all takes several"):
        fetch_range(base, TODAY, TODAY, offline=True)


def test_settings_as_keywords() -> None:
    """A fetch takes settings as keywords, as text or as values, beside or without a record."""
    base, rates = fetch_rates("USD", provider="ecb", on="2020-03-02", offline=True)
    assert (base, rates.provider, rates.day) == ("USD", "ecb", date(2020, 3, 2))
    assert fetch_rates("USD", Settings(offline=True), provider="ecb", on=date(2020, 3, 2)) == (base, rates)
    outcome = attempt("USD", provider="ecb", on="2020-02-30")
    assert isinstance(outcome.error, SettingsError)
    assert "on = '2020-02-30': is not a day of the calendar" in str(outcome.error)
    quotes = fetch_quotes("ecb", Query("EUR", (), date(2020, 3, 2), date(2020, 3, 2)), offline=True)
    assert {quote.base for quote in quotes} == {"EUR"}
    with pytest.raises(UsageError, match="query must be a Query, not 'EUR'"):
        fetch_quotes("ecb", "EUR", offline=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("day", ["2020-03-02", date(2020, 3, 2), datetime(2020, 3, 2, 23, 59)])
def test_days_of_a_range_in_any_form(day: date | str) -> None:
    """The ends of a range are dates, datetimes, or text; symbols are a list or text."""
    (table,) = fetch_range("USD", day, day, symbols="jpy,EUR", provider="ecb", offline=True)
    assert (table.day, list(table)) == (date(2020, 3, 2), ["USD", "JPY", "EUR"])


@pytest.mark.parametrize("day", [None, "", "2.3.2020", 20200302, "2020-02-30"])
def test_a_wrong_end_of_a_range_is_named(day: Any) -> None:
    """What is no day is a usage error with the argument's name."""
    with pytest.raises(UsageError, match=r"start (=|must be a day)"):
        fetch_range("USD", day, "2020-03-02", offline=True)
    with pytest.raises(UsageError, match=r"end (=|must be a day)"):
        fetch_range("USD", "2020-03-02", day, offline=True)


def test_stop_ends_the_chain(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C the next provider is not asked."""
    settings = known_as(monkeypatch, asking(facts("a"), site.page("/a", EUR)), asking(facts("b"), site.page("/b", EUR)))
    stop()
    try:
        outcome = attempt("EUR", settings)
    finally:
        resume()
    assert isinstance(outcome.error, Interrupted)
    assert not site.seen
    assert attempt("EUR", settings).ok


def test_strict_symbols(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strict: if a symbol is missing, the next provider is asked; otherwise the table is given without it."""
    more = EUR + b"2026-10-30 EUR PLN 4.2\n"
    settings = known_as(
        monkeypatch, asking(facts("a"), site.page("/a", EUR)), asking(facts("b"), site.page("/b", more))
    ).with_values(symbols=("PLN", "USD"))
    loose = attempt("EUR", settings)
    assert loose.table is not None
    assert loose.table.provider == "a"
    strict = attempt("EUR", settings.with_values(strict=True))
    assert strict.table is not None
    assert (strict.table.provider, list(strict.table)) == ("b", ["PLN", "USD"])
    (passed,) = strict.passed_over
    assert isinstance(passed, MissingSymbols)
    assert passed.symbols == ("PLN",)
    assert "a: has no PLN for EUR on 2026-10-30" in str(passed)


def test_retired_symbol(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A symbol or base that ended by no fixed ratio is an error that says so, with its successor."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", EUR))).with_values(symbols=("CUC",), strict=True)
    assert "CUC was replaced by CUP on 2021-06-30" in str(attempt("EUR", settings).error)
    outcome = attempt("CUC", settings.with_values(strict=False))
    assert isinstance(outcome.error, Unsupported)
    assert "CUC was replaced by CUP on 2021-06-30, at no fixed ratio" in str(outcome.error)


def test_base_that_it_lacks(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base that the publisher lacks is Unsupported, and says what it has."""
    outcome = attempt("PLN", known_as(monkeypatch, asking(facts(), site.page("/", EUR))))
    assert isinstance(outcome.error, Unsupported)
    assert "publishes no PLN; it has EUR, JPY, USD" in str(outcome.error)


def test_day_that_it_lacks(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day before the publisher's first is not asked for; the next provider is."""
    old = date(1999, 6, 1)
    settings = known_as(
        monkeypatch,
        asking(facts("young"), site.url("/young")),
        asking(facts("old", since=date(1990, 1, 1)), site.page("/", b"1999-06-01 EUR USD 1.04")),
    ).with_values(on=old)
    outcome = attempt("EUR", settings)
    assert outcome.table is not None
    assert (outcome.table.day, outcome.table.asked) == (old, old)
    assert "young: has no rates of 1999-06-01" in str(outcome.passed_over[0])
    assert len(site.seen) == 1


def keyed(url: str) -> object:
    """A publisher that wants a key, in a header."""

    def steps(query: Query) -> Steps:
        header = ("X-Key", query.secret("keyed"))
        reply = yield Request(url, headers=(header,), private=("X-Key",))
        raise ParseError(f"says {reply.body.decode()}")

    return module(facts("keyed", key_env="KEYED_API_KEY", key_url="https://keyed.example/keys"), steps)


def test_key_that_is_missing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """KeyNeeded names the variable, the place in the config file, and where keys are given."""
    outcome = attempt("EUR", known_as(monkeypatch, keyed(site.url())))  # type: ignore[arg-type]
    assert isinstance(outcome.error, KeyNeeded)
    assert str(outcome.error) == (
        'keyed: wants a key and none is set; set KEYED_API_KEY, or keyed = "…" under [keys] in the config file; '
        "keys are given at https://keyed.example/keys"
    )
    assert not site.seen


@pytest.mark.parametrize("given", [SECRET, f"{SECRET}\n"])
def test_key_is_sent_and_not_shown(site: Site, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """The key of the environment is sent in its header, without a line break; a publisher's echo of it is removed."""
    monkeypatch.setenv("KEYED_API_KEY", given)
    url = site.page("/", f"your key {SECRET} has ended".encode())
    settings = known_as(monkeypatch, keyed(url))  # type: ignore[arg-type]
    outcome = attempt("EUR", settings)
    assert site.seen[0].headers["x-key"] == SECRET
    assert "your key KEY has ended" in str(outcome.error)
    assert SECRET not in repr(outcome) + repr(vars(outcome.error))
    with pytest.raises(ParseError) as caught:
        fetch_quotes("keyed", Query("EUR"), settings)
    assert SECRET not in str(caught.value)


def test_keys_for_workers_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of this process are in the settings, but not in their repr; a set key goes before the environment's."""
    monkeypatch.setenv("KEYED_API_KEY", SECRET)
    settings = known_as(monkeypatch, keyed(""), giving([]))  # type: ignore[arg-type]
    assert with_keys(settings).keys == (("keyed", SECRET),)
    assert SECRET not in repr(with_keys(settings))
    own = settings.with_values(keys=(("keyed", "mine"), ("other", "theirs")))
    assert secrets(facts("keyed", key_env="KEYED_API_KEY"), own) == (("keyed", "mine"),)
    assert secrets(facts("other"), own) == ()


def test_quotes_as_published(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """`fetch_quotes` gives a publisher's quotes unchanged, and raises its named errors."""
    settings = known_as(monkeypatch, asking(facts(), site.page("/", EUR)), asking(facts("gone"), site.url("/gone")))
    assert fetch_quotes("bank", Query("EUR"), settings) == (quote("EUR", "USD", "1.10"), quote("EUR", "JPY", "176"))
    with pytest.raises(NotFound, match="gone: "):
        fetch_quotes("gone", Query("EUR"), settings)
    with pytest.raises(Unsupported):
        fetch_quotes("bank", Query("EUR", (), date(1990, 1, 1), date(1990, 1, 1)), settings)


DAYS = b"""2026-10-26 EUR USD 1.06
2026-10-27 EUR USD 1.07
2026-10-27 EUR JPY 170
2026-10-29 EUR USD 1.09
"""


def test_an_answer_as_a_value(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """All quotes of an answer with its time and digest, without money that was not in use; an error is a value."""
    old = b"2026-10-30 EUR TRL 55000000\n"  # the lira that ended in 2005
    chosen = known_as(monkeypatch, asking(facts(), site.page("/rates", EUR + old)))
    answer = fetch_answer("bank", "", (TODAY, TODAY), chosen)
    assert not isinstance(answer, RatesError)
    assert [one.symbol for one in answer.quotes] == ["USD", "JPY"]
    assert answer.digest == sha256(EUR + old).hexdigest()
    assert answer.fetched is not None
    site.page("/rates", status=404)
    error = fetch_answer("bank", "", None, chosen)
    assert isinstance(error, NotFound)
    assert (error.provider, error.__traceback__) == ("bank", None)


def test_range_by_days(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A range is one table for each published day within it, oldest first, from the first provider that can."""
    settings = known_as(
        monkeypatch, asking(facts("new", answers=("latest",)), ""), asking(facts(), site.page("/", DAYS))
    )
    tables = fetch_range("USD", date(2026, 10, 27), date(2026, 10, 30), settings)
    assert [(table.day, sorted(table)) for table in tables] == [
        (date(2026, 10, 27), ["EUR", "JPY", "USD"]),
        (date(2026, 10, 29), ["EUR", "USD"]),
    ]
    assert all(table.asked == table.day for table in tables)
    beside = settings.with_values(provider=("consensus", *settings.provider))  # which answers for one day at a time
    assert fetch_range("USD", date(2026, 10, 27), date(2026, 10, 30), beside) == tables
    with pytest.raises(Unsupported, match="consensus: answers for no range of days"):
        fetch_range("USD", date(2026, 10, 27), date(2026, 10, 30), settings.with_values(provider=("consensus",)))
    chosen = fetch_range("EUR", date(2026, 10, 26), date(2026, 10, 27), settings, symbols=("USD",))
    assert [list(table.items()) for table in chosen] == [
        [("EUR", Decimal(1)), ("USD", Decimal("1.06"))],
        [("EUR", Decimal(1)), ("USD", Decimal("1.07"))],
    ]


def test_range_ends_by_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The providers of a chain share one deadline equally, also for a range; the error is that of the last one."""
    clock = [128.0]

    def sleep(guard: Guard, seconds: float) -> None:
        clock[0] += min(seconds, guard.left())
        guard.check()

    def hang(method: str, url: str, form: bytes, timeout_s: float) -> Reply:
        guard = current_guard()
        assert guard is not None
        guard.sleep(3600.0)
        raise AssertionError("slept beyond the deadline")

    for timed in (core, watchdog):
        monkeypatch.setattr(timed, "monotonic", lambda: clock[0])
    monkeypatch.setattr(Guard, "sleep", sleep)
    monkeypatch.setattr(offline, "mock_for", lambda settings: hang)
    chain = known_as(monkeypatch, *(asking(facts(key)) for key in "abc"))
    settings = chain.with_values(deadline=0.75, offline=True)
    with pytest.raises(DeadlineExceeded, match=r"c: took longer than its 0\.25 s"):
        fetch_range("EUR", date(2026, 10, 27), date(2026, 10, 30), settings)
    assert clock == [128.75]
    with pytest.raises(UsageError):
        fetch_range("EURO", date(2026, 10, 27), date(2026, 10, 30), settings)


def test_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warming a worker sends no request."""
    assert warm(known_as(monkeypatch, giving([])))


def test_a_failure_shows_the_way_to_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    """The traceback of a failed fetch names each function between the call and the wire."""
    settings = known_as(monkeypatch, asking(facts(), "http://127.0.0.1:9/"))
    with pytest.raises(ConnectionRefused) as caught:
        fetch_quotes("bank", Query("EUR"), settings)
    names = [entry.name for entry in caught.traceback]
    expected = ["fetch_quotes", "publisher_answer", "converse", "ask", "send", "exchange"]
    places = [names.index(name) for name in expected]
    assert places == sorted(places)


def test_a_redenomination_since_the_newest_figures(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old money is no rate of the new money with the same code: base and symbol are refused, with the reason."""
    old = asking(facts(), site.page("/", b"2025-12-31 EUR USD 1.17\n2025-12-31 EUR SYP 13000\n"))
    settings = known_as(monkeypatch, old).with_values(today=date(2026, 1, 2), symbols=("SYP",), strict=True)
    for outcome in (attempt("EUR", settings), attempt("SYP", settings.with_values(strict=False))):
        assert "SYP is the money of before 2026-01-01: 100 of it are 1 SYP of then" in str(outcome.error)
    before = attempt("EUR", settings.with_values(on=date(2025, 12, 31)))
    assert before.table is not None
    assert before.table["SYP"] == 13000


@pytest.mark.parametrize("given", [{"when": "exact"}, {"max_age": 3}])
def test_no_rule_for_tables(given: dict[str, Any]) -> None:
    """A rule for days without a rate is refused where it would have no effect."""
    message = f"{next(iter(given))} does not apply to a table"
    with pytest.raises(UsageError, match=message):
        fetch_rates("USD", offline=True, **given)
    with pytest.raises(UsageError, match=message):
        fetch_all(["USD"], offline=True, **given)
    with pytest.raises(UsageError, match=message):
        fetch_many("USD", "ecb", offline=True, **given)
    found = asyncio.run(aio.attempt("USD", offline=True, **given))
    assert not found.ok
    assert message in str(found.error)
