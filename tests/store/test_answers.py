"""A run beside the store: what was fetched shortly before is not asked for again, and what comes is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rates.errors import HostNotFound, Stale
from rates.fetch import attempt
from rates.model import Failed, Fetched, Outcome, Quote
from rates.settings import SETTINGS, Settings
from rates.store import Store, answers
from rates.store.attempts import Visit
from rates.store.tables import from_history
from tests.fetch.publisher import facts, giving, known_as, quote

FRIDAY = date(2026, 10, 30)
HISTORIC = date(2020, 3, 2)
NEVER = datetime.max.replace(tzinfo=UTC)
BANK = giving([quote("EUR", "USD", "1.10", FRIDAY), quote("EUR", "JPY", "176", FRIDAY)],
              facts("bank", published="16:00 Europe/Berlin"))  # fmt: skip
SERVICE = giving([quote("USD", "IDR", "16181.5", FRIDAY), quote("USD", "EUR", "0.91", FRIDAY)],
                 facts("service", pivot="", cadence="hourly"))  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(tmp_path / "rates.db") as opened:
        yield opened


def fetched(base: str, settings: Settings, at: datetime) -> Outcome:
    """What a run gave at some time."""
    outcome = attempt(base, settings)
    assert outcome.ok
    return Fetched(base, outcome.table.__class__(*outcome.table._all(), "", at, outcome.table.digest))


MORNING, EVENING = (datetime(2026, 10, 30, hour, 30, tzinfo=UTC) for hour in (7, 18))


@pytest.mark.parametrize(
    ("module", "base", "asked", "again", "served"),
    [
        (BANK, "EUR", EVENING, EVENING + timedelta(hours=20), True),  # Saturday, before the bank's hour
        (BANK, "EUR", EVENING, EVENING + timedelta(days=9), False),
        (SERVICE, "USD", MORNING, MORNING + timedelta(minutes=50), True),
        (SERVICE, "USD", MORNING, MORNING + timedelta(minutes=56), False),
    ],
)
def test_until_something_new_can_come(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    base: str,
    asked: datetime,
    again: datetime,
    served: bool,
) -> None:
    """The same question is answered by the store until the publisher can have published again."""
    settings = known_as(monkeypatch, module)
    answers.keep(store, [outcome := fetched(base, settings, asked)], settings, asked)
    found = answers.answered(store, [base], settings, again)
    assert list(found) == ([base] if served else [])
    if served:
        assert found[base].table == outcome.table
        assert (found[base].table.source, found[base].table.fetched) == ("store", asked)
        assert not found[base].table.offline


@pytest.mark.parametrize(
    ("more", "served"),
    [
        ({}, True),
        ({"symbols": ("JPY",), "strict": True}, True),
        ({"symbols": ("CHF",), "strict": True}, False),  # the publisher lacks it: another may be asked
        ({"on": FRIDAY}, False),
        ({"provider": ("bank", "service")}, False),  # another chain
        ({"symbols": ("GBX",)}, False),  # pence are worked out by a fetch
        ({"today": FRIDAY + timedelta(days=1)}, True),
        ({"today": FRIDAY + timedelta(days=2)}, False),  # a day that only counts as today
    ],
)
def test_only_the_same_question(
    store: Store, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], served: bool
) -> None:
    """An answer serves the question that it was given to, or a part of it."""
    settings = known_as(monkeypatch, BANK, SERVICE).with_values(provider="bank")
    answers.keep(store, [fetched("EUR", settings, EVENING)], settings, EVENING)
    found = answers.answered(store, ["USD"], settings.with_values(**more), EVENING)
    assert list(found) == (["USD"] if served else [])


def test_an_answer_for_some_symbols(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer with the required symbols alone serves those, and no question for all."""
    whole = known_as(monkeypatch, SERVICE)
    part = whole.with_values(symbols=("EUR",), strict=True)
    answers.keep(store, [fetched("USD", part, MORNING)], part, MORNING)
    assert list(answers.answered(store, ["USD"], part, MORNING)) == ["USD"]
    assert not answers.answered(store, ["USD"], whole, MORNING)


def test_a_day_of_the_past_is_kept_for_good(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was published for a day long ago is not asked for again."""
    old = giving([quote("EUR", "USD", "1.1122", HISTORIC)], facts("bank"))
    settings = known_as(monkeypatch, old).with_values(on=HISTORIC)
    answers.keep(store, [fetched("EUR", settings, EVENING)], settings, EVENING)
    assert answers.answered(store, ["EUR"], settings, NEVER - timedelta(days=400 * 365))


def test_weak_figures_are_derived_as_in_a_run(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate of few digits is derived from its reverse, when the store has both bases."""
    service = facts("service", pivot="", cadence="hourly")
    for one in (quote("USD", "IDR", "16181.5", FRIDAY), quote("IDR", "USD", "0.000062", FRIDAY)):
        settings = known_as(monkeypatch, giving([one], service))
        answers.keep(store, [fetched(one.base, settings, MORNING)], settings, MORNING)
    found = answers.answered(store, ["USD", "IDR"], settings, MORNING)
    assert found["IDR"].table.figures["USD"].instead_of == Decimal("0.000062")


def test_what_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The publisher's own quotes are kept, in its direction; nothing that is not its own, or not the network's."""
    settings = known_as(monkeypatch, BANK)
    outcome = fetched("USD", settings, EVENING)
    mocked = Fetched("USD", attempt("USD", provider="ecb", offline=True, today=FRIDAY).table)  # type: ignore[arg-type]
    answers.keep(store, [outcome, mocked, Failed("JPY", HostNotFound("no"))], settings, EVENING)
    assert store.providers() == ("bank",)
    kept = [one.quote for one in store.between("bank", (), date.min, date.max)]
    assert set(kept) == {quote("EUR", "USD", "1.10", FRIDAY), quote("EUR", "JPY", "176", FRIDAY)}


def test_a_stale_answer_is_not_given_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rates that came with a warning are kept, but the next run asks again."""
    settings = known_as(monkeypatch, BANK)
    outcome = fetched("EUR", settings, EVENING)
    assert outcome.ok
    answers.keep(store, [Fetched("EUR", outcome.table, warning=Stale("old"))], settings, EVENING)
    assert store.providers() == ("bank",)
    assert not answers.answered(store, ["EUR"], settings, EVENING)


def synced(store: Store, *days: date) -> None:
    """The store has all that the bank published on these days, a week apart or less."""
    for day in days:
        store.put("bank", [quote("EUR", "USD", "1.10", day), quote("EUR", "JPY", "176", day)], EVENING, "ab")
    store.attempts.settle("bank", "", min(days), max(days))


@pytest.mark.parametrize(
    ("on", "more", "day"),
    [
        (date(2026, 10, 21), {}, date(2026, 10, 21)),
        (date(2026, 10, 24), {}, date(2026, 10, 23)),
        (date(2026, 10, 24), {"symbols": ("JPY",), "strict": True}, date(2026, 10, 23)),
        (date(2026, 10, 24), {"symbols": ("CHF",), "strict": True}, None),  # another may have it
        (date(2026, 10, 14), {}, None),  # days before are not known
        (FRIDAY, {}, None),  # another answer of today's may come
        (None, {}, None),
        (date(2026, 10, 24), {"provider": ("service", "bank")}, None),
        (date(2026, 10, 24), {"symbols": ("GBX",)}, None),
    ],
)
def test_days_that_are_known(
    store: Store, monkeypatch: pytest.MonkeyPatch, on: date | None, more: dict[str, Any], day: date | None
) -> None:
    """A day of which the store has all that was published is not asked for, whoever put it there."""
    settings = known_as(monkeypatch, BANK, SERVICE).with_values(provider=("bank", "service"), on=on)
    synced(store, *(date(2026, 10, number) for number in (12, 16, 19, 21, 23, 27, 30)))
    found = answers.answered(store, ["USD"], settings.with_values(**more), EVENING)
    assert [one.table.day for one in found.values()] == ([day] if day else [])
    if day:
        table = found["USD"].table
        assert (table.asked, table.source, table.fetched, table["JPY"]) == (on, "store", EVENING, Decimal(160))


@pytest.mark.parametrize(("hours", "served"), [(1, True), (24, False)])
def test_the_latest_after_a_sync(store: Store, monkeypatch: pytest.MonkeyPatch, hours: int, served: bool) -> None:
    """What a sync or a look-up has fetched are the latest rates, until the publisher can have something new."""
    settings = known_as(monkeypatch, BANK)
    synced(store, FRIDAY - timedelta(days=20), FRIDAY)
    for visit in (store.attempts.visit, store.attempts.look):
        visit(Visit("bank", "", FRIDAY, EVENING, EVENING + timedelta(hours=24)))
        found = answers.answered(store, ["EUR"], settings, EVENING + timedelta(hours=hours))
        assert [(one.base, one.table.day) for one in found.values()] == ([("EUR", FRIDAY)] if served else [])
        store.prune(["bank"])
        synced(store, FRIDAY - timedelta(days=20), FRIDAY)


def test_a_day_of_the_history_is_at_hand(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ECB is not asked for a day that its history in the package has; for a later one it is."""
    settings = known_as(monkeypatch, BANK).with_values(provider="ecb", on=date(2020, 3, 1), today="2026-11-23")
    found = answers.answered(store, ["USD"], settings, EVENING)["USD"].table
    assert (found.day, found.source) == (date(2020, 2, 28), "ecb-history")
    for later in (None, date(2026, 11, 20)):
        assert not answers.answered(store, ["USD"], settings.with_values(on=later), EVENING)
    assert not answers.answered(store, ["USD"], settings.with_values(provider=("bank", "ecb")), EVENING)
    default = SETTINGS["provider"].default  # whose providers are as good as one another
    found = answers.answered(store, ["USD"], settings.with_values(provider=default), EVENING)["USD"].table
    assert (found.provider, found.source) == ("ecb", "ecb-history")
    assert not answers.answered(store, ["USD"], settings.with_values(provider=default, symbols=()), EVENING)


def test_without_a_network(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest figures of the chain are given, with a warning of their age; those of the history if it is newer."""
    settings = known_as(monkeypatch, BANK).with_values(today=FRIDAY + timedelta(days=5))
    lost = Failed("USD", HostNotFound("no such name"))
    assert not answers.last_known(store, [lost], settings)
    answers.keep(store, [fetched("EUR", settings, EVENING)], settings, EVENING)
    found = answers.last_known(store, [lost], settings)["USD"]
    assert found.table["JPY"] == Decimal(160)
    assert isinstance(found.warning, Stale)
    assert "2026-10-30, 5 days old" in str(found.warning)
    for more in ({}, {"mode": "sequential"}):
        embedded = answers.last_known(store, [lost], settings.with_values(provider="ecb", **more))["USD"]
        assert (embedded.table.provider, embedded.table.source) == ("ecb", "ecb-history")


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (None, "the newest rates kept are valid from 2026-10-01 to 2026-10-31"),
        (date(2026, 10, 15), "the newest rates kept are valid from 2026-10-01 to 2026-10-31"),
    ],
)
def test_periods_without_a_network(store: Store, monkeypatch: pytest.MonkeyPatch, on: date | None, words: str) -> None:
    """Of rates that are valid for a period, the warning names it in place of an age."""
    monthly = Quote("EUR", "USD", Decimal("1.10"), date(2026, 10, 1), date(2026, 10, 31))
    office = giving([monthly], facts("office", cadence="monthly", periods=True))
    settings = known_as(monkeypatch, office).with_values(on=on)
    store.put("office", [monthly], EVENING, "ab")
    found = answers.last_known(store, [Failed("USD", HostNotFound("no such name"))], settings)["USD"]
    assert words in str(found.warning)


@pytest.mark.parametrize("base", ["EUR", "USD", "JPY"])
@pytest.mark.parametrize("on", [None, HISTORIC, date(2020, 3, 1), date(2026, 10, 31)])
@pytest.mark.parametrize("symbols", [(), ("GBP", "CHF")])
def test_the_history_as_a_run_gives_it(base: str, on: date | None, symbols: tuple[str, ...]) -> None:
    """A table of the history, read directly, is that of an offline fetch."""
    settings = Settings(offline=True, on=on, today="2026-11-23")
    if symbols:
        settings = settings.with_values(symbols=symbols, strict=True)
    found = from_history([base], settings)[base]
    fetch = attempt(base, settings)
    assert fetch.table is not None
    assert (found.table, found.table.source) == (fetch.table, fetch.table.source)


@pytest.mark.parametrize(
    "more",
    [
        {"on": date(1998, 12, 1)},
        {"on": date(2026, 11, 20)},  # after the end of the history
        {"on": date(2003, 1, 1), "symbols": ("ISK", "PLZ"), "strict": True},
        {"latency": 0.1},
        {"provider": "frankfurter"},
        {"pegs": True},
    ],
)
def test_what_needs_more_than_the_history(more: dict[str, Any]) -> None:
    """A question that the history alone cannot answer is left to a fetch, which has the sentence for it."""
    assert not from_history(["USD"], Settings(offline=True, today="2026-11-23").with_values(**more))


def test_a_base_that_the_history_lacks() -> None:
    """The other bases are answered."""
    assert list(from_history(["USD", "XAF", "GBX", "DEM"], Settings(offline=True, today="2026-11-23"))) == ["USD"]


def test_periods_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate valid for a period keeps its last day."""
    monthly = Quote("EUR", "USD", Decimal("1.10"), date(2026, 10, 1), date(2026, 10, 31))
    settings = known_as(monkeypatch, giving([monthly], facts("office", cadence="monthly")))
    answers.keep(store, [fetched("USD", settings, EVENING)], settings, EVENING)
    found = answers.answered(store, ["USD"], settings, EVENING)["USD"]
    assert found.table.figures["EUR"].valid_to == date(2026, 10, 31)


def test_a_figure_far_from_the_last_kept_is_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept, with a warning that has both figures; the same question is then asked again."""
    settings = known_as(monkeypatch, BANK)
    day = FRIDAY - timedelta(days=1)
    store.put("bank", [quote("EUR", "USD", "0.0109", day), quote("EUR", "JPY", "175", day)], MORNING, "")
    (warning,) = answers.keep(store, [fetched("EUR", settings, EVENING)], settings, EVENING)
    assert warning.name == "Implausible"
    assert warning.provider == "bank"
    assert "1 EUR = 1.10 USD on 2026-10-30, 100 times the 0.0109 of 2026-10-29" in str(warning)
    assert answers.answered(store, ["EUR"], settings, EVENING) == {}
    assert len(answers.keep(store, [fetched("EUR", settings, EVENING)], settings, EVENING)) == 1
    assert store.nearest("bank", (), FRIDAY, later=False) == FRIDAY


def test_a_figure_near_the_last_kept_is_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What moved as currencies do has no warning, and neither has the first answer of a store."""
    settings = known_as(monkeypatch, BANK)
    assert answers.keep(store, [fetched("EUR", settings, EVENING)], settings, EVENING) == []
    store.put("bank", [quote("EUR", "USD", "1.20", FRIDAY - timedelta(days=1))], MORNING, "")
    assert answers.keep(store, [fetched("EUR", settings, EVENING)], settings, EVENING) == []
