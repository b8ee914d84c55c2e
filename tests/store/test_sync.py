"""Filling the store: only what is missing, closed days and failures apart, safe to repeat."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rates.errors import KeyNeeded, NoRates, RatesError, ServerFailed, TimedOut
from rates.model import Query, Quote
from rates.providers import Steps
from rates.settings import Settings
from rates.store import Store
from rates.store.calendars import NEVER
from rates.store.sync import Synced, sync
from tests.fetch.publisher import facts, known_as, module

TODAY = date(2026, 10, 30)  # a Friday
BERLIN = "16:00 Europe/Berlin"
NIGHT = datetime(2026, 10, 30, 22, tzinfo=UTC)
START = date(2026, 6, 3)  # 150 days before


class Bank:
    """A publisher with a dollar rate on each working day but its holidays; `faults` are errors by the day they hit."""

    def __init__(self, **more: Any) -> None:
        self.facts = facts(**{"since": START, "published": BERLIN, "max_days": 50, **more})
        self.asked: list[tuple[date | None, date | None]] = []
        self.bases: list[str] = []
        self.holidays: set[date] = set()
        self.faults: dict[date, RatesError] = {}
        self.rates: dict[date, str] = {}
        self.last = TODAY
        self.lock = threading.Lock()

    def steps(self, query: Query) -> Steps:
        """The days asked for; the latest are those of the last day."""
        with self.lock:
            self.asked.append((query.start, query.end))
            self.bases.append(query.base)
        first, last = query.start or self.last, min(query.end or self.last, self.last)
        for day, error in self.faults.items():
            if first <= day <= last:
                raise error
        days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
        open_days = [day for day in days if day.weekday() < 5 and day not in self.holidays]
        if not open_days:
            raise NoRates(f"has no rates from {first} to {last}")
        base = self.facts.pivot or query.base
        return [Quote(base, "USD", Decimal(self.rates.get(day, "1.10")), day) for day in open_days]
        yield


@pytest.fixture
def bank() -> Bank:
    """A publisher of one document."""
    return Bank()


def settings_for(monkeypatch: pytest.MonkeyPatch, *banks: Bank, **more: Any) -> Settings:
    """Settings under which these publishers are asked, one request at a time."""
    chosen = known_as(monkeypatch, *(module(one.facts, one.steps) for one in banks))
    return chosen.with_values(workers=1, **more)


def run(store: Store, settings: Settings, at: datetime = NIGHT, **more: Any) -> Synced:
    """One sync of the first provider."""
    [done] = sync(store, settings.provider[:1], settings.with_values(today=at.date()), now=at, **more)
    return done


def working_days(first: date, last: date) -> set[date]:
    """The days from Monday to Friday."""
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return {day for day in days if day.weekday() < 5}


def days_of(store: Store) -> set[date]:
    """The days that the store has."""
    return {one.quote.day for one in store.between("bank", (), date.min, date.max)}


def test_a_first_sync_fetches_everything(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """All days since the publisher's first, in its largest pieces, the newest first."""
    done = run(store, settings_for(monkeypatch, bank))
    assert bank.asked == [
        (date(2026, 9, 11), TODAY), (date(2026, 7, 23), date(2026, 9, 10)), (START, date(2026, 7, 22)),
    ]  # fmt: skip
    assert days_of(store) == working_days(START, TODAY)
    assert (done.change.new, done.planned, done.asked, done.errors) == (len(days_of(store)), 3, 3, [])
    assert (done.since, done.newest, done.shortened) == (START, TODAY, False)
    assert store.attempts.settled("bank") == [(START, TODAY)]


def test_fresh_asks_anyway(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """With fresh all wanted days are asked for again, and corrections of any of them are kept."""
    chosen = settings_for(monkeypatch, bank)
    run(store, chosen)
    asked = list(bank.asked)
    bank.asked.clear()
    bank.rates[date(2026, 6, 10)] = "1.11"
    again = chosen.with_values(fresh=True)
    done = run(store, again)
    assert (bank.asked, done.change.new, len(done.change.corrected)) == (asked, 0, 1)
    bank.asked.clear()
    run(store, again, since=date(2026, 10, 1))
    assert bank.asked == [(date(2026, 10, 1), TODAY)]


def test_a_failure_ends_where_its_days_are_answered(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also if the last of them, such as a Saturday, is not settled before the next publication."""
    saturday, chosen = NIGHT + timedelta(days=1), settings_for(monkeypatch, bank)
    bank.faults[TODAY] = ServerFailed("failed (status 500)")
    run(store, chosen, saturday)
    assert store.attempts.failures("bank") != []
    bank.faults.clear()
    run(store, chosen, saturday)
    assert store.attempts.failures("bank") == []
    assert store.attempts.settled("bank") == [(START, TODAY)]


def test_nothing_is_asked_before_something_can_be_new(
    store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the weekend no request is sent; on Monday at the hour of publication one is."""
    chosen = settings_for(monkeypatch, bank)
    run(store, chosen)
    bank.asked.clear()
    monday = datetime(2026, 11, 2, 15, 10, tzinfo=UTC)
    for hours in range(64):  # hourly, from Friday night to just before 15:00 on Monday
        done = run(store, chosen, NIGHT + timedelta(hours=hours))
        assert (done.planned, done.due) == (0, datetime(2026, 11, 2, 15, tzinfo=UTC))
    assert bank.asked == []
    bank.last = monday.date()
    done = run(store, chosen, monday)
    assert bank.asked == [(TODAY - timedelta(days=7), monday.date())]
    assert (done.change.new, done.newest) == (1, monday.date())
    assert store.attempts.state("bank", date(2026, 11, 1)) == "nothing published"


def test_a_day_that_is_late_is_asked_for_again(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day without rates is settled only when a later one is published; rates that come late are found."""
    chosen = settings_for(monkeypatch, bank)
    run(store, chosen)
    first, second, third = (datetime(2026, 11, 2, 15, minute, tzinfo=UTC) for minute in (1, 2, 59))
    assert run(store, chosen, first).change.new == 0
    assert store.attempts.state("bank", first.date()) == "not asked"
    count = len(bank.asked)
    run(store, chosen, second)
    assert len(bank.asked) == count
    bank.last = first.date()
    assert run(store, chosen, third).change.new == 1
    assert store.attempts.state("bank", first.date()) == "published"


def test_a_holiday_is_recorded(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed day within the answered days is known as such, and is not asked for again."""
    bank.holidays.add(date(2026, 8, 17))
    chosen = settings_for(monkeypatch, bank)
    run(store, chosen)
    states = [store.attempts.state("bank", date(2026, 8, day)) for day in (14, 15, 16, 17, 18)]
    assert states == ["published", *["nothing published"] * 3, "published"]


def test_a_failure_is_no_holiday(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days that fail are asked for again by the next sync, they alone; those around them are stored."""
    failing = date(2026, 8, 3)
    bank.faults[failing] = TimedOut("took longer than 10 s")
    chosen = settings_for(monkeypatch, bank)
    done = run(store, chosen)
    assert [str(one) for one in done.errors] == ["bank: took longer than 10 s"]
    assert done.due == NIGHT
    assert store.attempts.state("bank", failing) == "failed"
    assert store.attempts.failures()[0].reason == "took longer than 10 s"
    bank.faults.clear()
    bank.asked.clear()
    done = run(store, chosen, NIGHT + timedelta(minutes=1))
    assert bank.asked == [(date(2026, 7, 23), date(2026, 9, 10))]
    assert (done.errors, store.attempts.failures()) == ([], [])
    assert days_of(store) == working_days(START, TODAY)


def test_a_publisher_that_lost_its_days_has_failed(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that there are no rates, for days of which the publisher had some before, is a failure."""
    chosen = settings_for(monkeypatch, bank)
    run(store, chosen)
    monday = datetime(2026, 11, 2, 16, tzinfo=UTC)
    bank.holidays = working_days(START, monday.date())
    done = run(store, chosen, monday)
    assert [one.name for one in done.errors] == ["NoRates"]
    assert store.attempts.settled("bank") == [(START, TODAY)]


def test_a_publisher_that_is_down_is_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two failures it is not asked for the rest; an error that no repetition can mend ends it at once."""
    for error, count in ((TimedOut("took longer than 10 s"), 2), (KeyNeeded("wants a key"), 1)):
        bank = Bank(max_days=10)
        bank.faults = dict.fromkeys(working_days(START, TODAY), error)
        done = run(store, settings_for(monkeypatch, bank))
        assert len(bank.asked) <= count + 1  # one is under way when the last failure comes
        assert (done.planned, done.asked) == (15, len(bank.asked))
        assert days_of(store) == set()


def test_a_publisher_for_one_day_a_request(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for the last 150 days at most, and the answer says so; closed days count as answered."""
    bank = Bank(max_days=1, since=date(2026, 6, 1))
    chosen = settings_for(monkeypatch, bank)
    done = run(store, chosen)
    first = START
    assert (done.asked, done.shortened, done.since) == (150, True, first)
    assert days_of(store) == working_days(first, TODAY)
    assert store.attempts.settled("bank") == [(first, TODAY)]
    done = run(store, chosen, since=bank.facts.since)
    assert (done.planned, done.shortened, store.attempts.settled("bank")) == (2, False, [(bank.facts.since, TODAY)])


def test_since_bounds_what_is_wanted(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only days since the given one; later syncs keep to it, and an earlier one fetches the days between."""
    chosen, since = settings_for(monkeypatch, bank), date(2026, 10, 1)
    run(store, chosen, since=since)
    assert days_of(store) == working_days(since, TODAY)
    bank.last = date(2026, 11, 2)
    run(store, chosen, datetime(2026, 11, 2, 16, tzinfo=UTC))
    assert min(days_of(store)) == since
    bank.asked.clear()
    run(store, chosen, datetime(2026, 11, 2, 16, 1, tzinfo=UTC), since=START)
    assert bank.asked[-1] == (START, date(2026, 6, 22))
    assert days_of(store) == working_days(START, bank.last)


def test_a_correction_is_seen(store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that the publisher changes within a week is kept beside the first one."""
    chosen = settings_for(monkeypatch, bank)
    run(store, chosen)
    bank.rates[date(2026, 10, 28)] = "1.11"
    done = run(store, chosen, datetime(2026, 11, 2, 16, tzinfo=UTC))
    assert [(str(one.rate), str(two.rate)) for one, two in done.change.corrected] == [("1.10", "1.11")]
    assert [str(one.stored.quote.rate) for one in store.revisions("bank")] == ["1.10", "1.11"]


def test_a_service_is_asked_for_each_base(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a document for all bases, those of the settings are asked for, and each has its own days."""
    bank = Bank(pivot="", max_days=None)
    chosen = settings_for(monkeypatch, bank, bases="EUR,GBP")
    done = sync(store, ("bank",), chosen, now=NIGHT)
    assert [(one.base, one.errors) for one in done] == [("EUR", []), ("GBP", [])]
    assert sorted(bank.bases) == ["EUR", "GBP"]
    assert store.attempts.settled("bank", "GBP") == [(START, TODAY)]
    assert sync(store, ("bank",), chosen, now=NIGHT)[0].planned == 0
    more = sync(store, ("bank",), chosen.with_values(bases="EUR,GBP,CHF"), now=NIGHT)
    assert [(one.base, one.planned) for one in more] == [("EUR", 0), ("GBP", 0), ("CHF", 1)]


def test_a_service_is_asked_for_two_years_at_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a service with a long past one request a base is sent, and more only for days that are wanted."""
    bank = Bank(pivot="", max_days=None, since=date(1999, 1, 4))
    chosen = settings_for(monkeypatch, bank, bases="EUR")
    assert (run(store, chosen).shortened, bank.asked) == (True, [(date(2024, 10, 30), TODAY)])
    run(store, chosen, since=date(2024, 1, 1))
    assert bank.asked[1:] == [(date(2024, 1, 1), date(2024, 10, 29))]


def test_a_service_without_history_gives_its_latest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has only the latest rates is asked for those, and its history grows with each sync."""
    bank = Bank(answers=("latest",))
    done = run(store, settings_for(monkeypatch, bank))
    assert bank.asked == [(None, None)]
    assert (done.change.new, days_of(store)) == (1, {TODAY})
    assert store.attempts.settled("bank") == []


def test_a_service_for_single_days_is_asked_for_them_with_since(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has days and no ranges is asked day by day, if days are wanted."""
    bank = Bank(answers=("latest", "day"), max_days=None)
    chosen = settings_for(monkeypatch, bank)
    run(store, chosen)
    assert bank.asked == [(None, None)]
    run(store, chosen, since=date(2026, 10, 26))
    assert sorted(bank.asked[1:]) == [(date(2026, 10, day), date(2026, 10, day)) for day in range(26, 31)]


def test_rates_for_months(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher of months is asked for a year at a time, and for the month after this one; its month is settled."""
    bank = Bank(periods=True, max_days=None, cadence="monthly", since=date(2025, 1, 1))

    def steps(query: Query) -> Steps:
        bank.asked.append((query.start, query.end))
        months = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(23)]  # to November 2026
        ends = [(month + timedelta(days=31)).replace(day=1) - timedelta(days=1) for month in months]
        return [
            Quote("EUR", "USD", Decimal("1.1"), first, last)
            for first, last in zip(months, ends, strict=True)
            if query.start and query.end and first <= query.end and last >= query.start
        ]
        yield

    chosen = known_as(monkeypatch, module(bank.facts, steps)).with_values(workers=1)
    done = run(store, chosen)
    assert bank.asked == [(date(2025, 11, 30), date(2026, 11, 30)), (date(2025, 1, 1), date(2025, 11, 29))]
    assert (done.change.new, done.errors) == (23, [])
    assert store.attempts.settled("bank") == [(date(2025, 1, 1), date(2026, 11, 30))]
    assert store.attempts.state("bank", date(2026, 11, 20)) == "published"
    assert run(store, chosen, NIGHT + timedelta(hours=5)).planned == 0
    run(store, chosen, NIGHT + timedelta(days=20))
    assert bank.asked[2:] == [(date(2026, 10, 25), date(2026, 12, 20))]


def test_an_ended_publisher_is_asked_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All its days are settled by its answer, and it never has something new."""
    bank = Bank(cadence="daily, ended", published="ended on 2026-08-31", max_days=None, answers=("day", "range"))
    bank.last = date(2026, 8, 31)
    chosen = settings_for(monkeypatch, bank)
    done = run(store, chosen)
    assert (done.due, store.attempts.settled("bank")) == (NEVER, [(START, bank.last)])
    assert bank.asked == [(START, bank.last)]
    assert run(store, chosen, datetime(2027, 5, 1, tzinfo=UTC)).planned == 0


def test_providers_take_turns(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pieces of several providers are asked for in turn; one that fails stops no other."""
    one, two = Bank(max_days=30), Bank(key="other", max_days=30)
    two.faults = dict.fromkeys(working_days(START, TODAY), KeyNeeded("wants a key"))
    first, second = sync(store, ("bank", "other"), settings_for(monkeypatch, one, two), now=NIGHT)
    assert (first.asked, first.errors, second.change.new) == (5, [], 0)
    assert store.providers() == ("bank",)


def test_each_answer_is_stored_as_it_comes(store: Store, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sync that is broken off keeps what came before, and the next one asks only for the rest."""
    bank = Bank(max_days=30)
    chosen = settings_for(monkeypatch, bank)

    def stop_after(total: int) -> Callable[[], None]:
        assert total == 5
        left = iter((None, None))
        return lambda: next(left)

    with pytest.raises(StopIteration):
        run(store, chosen, started=stop_after)
    store.close()
    with Store.open(place) as again:
        kept = days_of(again)
        assert kept == working_days(date(2026, 8, 2), TODAY)
        bank.asked.clear()
        run(again, chosen)
        assert sorted(bank.asked) == [(START, date(2026, 7, 2)), (date(2026, 7, 3), date(2026, 8, 1))]
        assert days_of(again) == working_days(START, TODAY)


def test_offline_only_the_ecb_is_itself(store: Store) -> None:
    """The ECB's history fills the store as the ECB; what it gives in the place of another is not stored."""
    chosen = Settings(offline=True, today="2026-11-23", bases="EUR")
    ecb, other = sync(store, ("ecb", "frankfurter"), chosen, since=date(2026, 10, 1), now=NIGHT)
    assert (ecb.change.new, ecb.newest, ecb.errors) == (29 * 22, TODAY, [])
    assert [one.name for one in other.errors] == ["Unsupported"]
    assert store.providers() == ("ecb",)
    assert store.attempts.failures() == []


def test_an_offline_sync_leaves_the_rest_to_the_network(
    store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is answered offline may be old, so that the next sync asks the publisher at once."""
    chosen = settings_for(monkeypatch, bank)
    bank.last = date(2026, 10, 9)
    run(store, chosen.with_values(offline=True))
    bank.last = TODAY
    assert run(store, chosen, NIGHT + timedelta(seconds=1)).newest == TODAY
    assert days_of(store) == working_days(START, TODAY)


def test_two_syncs_at_once(store: Store, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second waits, says so, and then finds nothing left to do."""
    bank, waited = Bank(), []
    chosen = settings_for(monkeypatch, bank)
    under_way, waits = threading.Event(), threading.Event()
    monkeypatch.setattr("rates.store.connections.POLL_S", 0.001)

    def hold(total: int) -> Callable[[], None]:
        under_way.set()
        assert waits.wait(30)
        return lambda: None

    def say() -> None:
        waited.append(1)
        waits.set()

    first = threading.Thread(target=run, args=(store, chosen), kwargs={"started": hold})
    first.start()
    assert under_way.wait(30)
    with Store.open(place) as other:
        done = run(other, chosen, waiting=say)
        first.join()
        assert waited == [1]
        assert (done.planned, done.asked) == (0, 0)
        assert (len(bank.asked), days_of(other)) == (3, working_days(START, TODAY))


def test_figures_far_from_those_before_are_named(store: Store, monkeypatch: pytest.MonkeyPatch, bank: Bank) -> None:
    """A slip within an answer, and one against the last figure of the answer before; all are kept."""
    slip = date(2026, 10, 28)
    bank.rates = {slip: "110"}
    done = run(store, settings_for(monkeypatch, bank))
    (warning,) = done.doubtful
    assert "1 EUR = 110 USD on 2026-10-28, 100 times the 1.10 of 2026-10-27" in str(warning)
    assert "(and 1 more)" in str(warning)
    bank.last, bank.rates = date(2026, 11, 2), {date(2026, 11, 2): "0.110"}
    (warning,) = run(store, settings_for(monkeypatch, bank), NIGHT + timedelta(days=3)).doubtful
    assert "1 EUR = 0.110 USD on 2026-11-02, 1/10 of the 1.10 of 2026-10-30" in str(warning)
