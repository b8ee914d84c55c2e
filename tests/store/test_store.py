"""The store, over a file and over a server: the same tests."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rates.errors import BadRate, StoreError
from rates.model import Quote
from rates.store import Store
from rates.store.quote_table import Change
from rates.store.records import Stored
from tests.store.conftest import DAY, quote

NOON = datetime(2026, 10, 30, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=3)
DIGEST = "ab" * 32
Open = Callable[[str], Store]


def put(store: Store, *quotes: Quote, provider: str = "bank", at: datetime | None = NOON) -> Change:
    """Keeps quotes of one answer."""
    return store.put(provider, quotes, at, DIGEST)


def rates(store: Store, first: date, last: date, *codes: str) -> list[tuple[str, str, date]]:
    """The symbols, rates and days that the store has."""
    found = store.between("bank", codes, first, last)
    return [(one.quote.symbol, str(one.quote.rate), one.quote.day) for one in found]


def test_an_empty_store_is_read(store: Store, place: str) -> None:
    """Reading an empty store finds nothing, and makes no file."""
    assert store.providers() == ()
    assert list(store.between("bank", (), date.min, date.max)) == []
    assert store.nearest("bank", (), DAY, later=False) is None
    assert store.info() == ()
    assert "://" in place or not os.path.exists(place)
    assert repr(store) == f"<Store {store.place}>"


def test_figures_are_kept_as_published(store: Store, place: str, opened: Open) -> None:
    """Another program reads each figure with all its digits, its direction, and the answer that it came from."""
    wrote = [quote("USD", "1.10"), quote("IDR", "19535.0600"), Quote("BTC", "EUR", Decimal("1E-9"), DAY)]
    assert put(store, *wrote, at=NOON.astimezone(timezone(timedelta(hours=5)))) == Change(3, 0, ())
    read = list(opened(place).between("bank", (), DAY, DAY))
    assert read == [Stored("bank", one, NOON, DIGEST) for one in sorted(wrote, key=lambda one: one[:2])]
    assert {str(one.quote.rate) for one in read} == {"1.10", "19535.0600", "1E-9"}
    assert store.providers() == ("bank",)


def test_an_answer_without_time_is_kept(store: Store) -> None:
    """The figures of a recording have no time."""
    put(store, quote("USD", "1.1"), at=None)
    assert [one.fetched for one in store.between("bank", (), DAY, DAY)] == [None]


def test_what_is_there_is_not_added(store: Store) -> None:
    """The same figures again, with fewer zeros too, change nothing: the first text stays."""
    put(store, quote("USD", "1.10"), quote("CHF", "0.9"))
    assert put(store, quote("USD", "1.1"), quote("JPY", "175"), at=LATER) == Change(1, 1, ())
    assert rates(store, DAY, DAY) == [("CHF", "0.9", DAY), ("JPY", "175", DAY), ("USD", "1.10", DAY)]
    assert [one.fetched for one in store.between("bank", (), DAY, DAY)] == [NOON, LATER, NOON]


def test_a_correction_stands_beside_the_first_value(store: Store) -> None:
    """The newest value counts; all are kept, with the answers that they came from; also when the first one returns."""
    first, second = quote("USD", "1.1"), quote("USD", "1.2")
    put(store, first, quote("CHF", "0.9"))
    assert put(store, second, at=LATER).corrected == ((first, second),)
    assert put(store, second).same == 1
    assert rates(store, DAY, DAY) == [("CHF", "0.9", DAY), ("USD", "1.2", DAY)]
    assert put(store, first).corrected == ((second, first),)
    found = [(one.number, str(one.stored.quote.rate), one.stored.fetched) for one in store.revisions("bank")]
    assert found == [(0, "1.1", NOON), (1, "1.2", LATER), (2, "1.1", NOON)]
    assert rates(store, DAY, DAY) == [("CHF", "0.9", DAY), ("USD", "1.1", DAY)]
    assert list(store.revisions("bank", ("EUR", "CHF"))) == []


def test_of_two_figures_in_one_answer_the_later_counts(store: Store) -> None:
    """A day's figure that comes twice in one answer is stored once, and the same answer again changes nothing."""
    answer = quote("USD", "1.1"), quote("USD", "1.2")
    assert put(store, *answer) == Change(1, 0, ())
    assert put(store, *answer) == Change(0, 1, ())
    assert rates(store, DAY, DAY) == [("USD", "1.2", DAY)]


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_an_impossible_rate_is_refused(store: Store, rate: str) -> None:
    """Nothing of an answer with an impossible rate is kept."""
    with pytest.raises(BadRate, match="EUR to USD"):
        put(store, quote("CHF", "0.9"), quote("USD", rate))
    assert store.providers() == ()


def test_days_and_codes_are_chosen(store: Store) -> None:
    """A look-up gives the days asked for, oldest first, of pairs whose two codes are both asked for."""
    days = [DAY - timedelta(days=count) for count in range(4)]
    put(store, *(quote(symbol, f"1.{count}", day) for count, day in enumerate(days) for symbol in ("USD", "CHF")))
    put(store, quote("USD", "9"), provider="other")
    assert rates(store, days[2], days[1], "EUR", "USD") == [("USD", "1.2", days[2]), ("USD", "1.1", days[1])]
    assert rates(store, days[0], days[0], "USD", "CHF") == []
    assert len(rates(store, days[3], days[0])) == 8
    assert store.providers() == ("bank", "other")
    assert [store.has(key) for key in ("bank", "other", "third")] == [True, True, False]


def test_the_nearest_day(store: Store) -> None:
    """The newest day up to the one asked, or the oldest from it on, on which any of the pairs has a rate."""
    put(store, quote("USD", "1", date(2026, 10, 1)), quote("CHF", "1", date(2026, 10, 20)))
    codes, asked = ("EUR", "USD", "CHF"), date(2026, 10, 10)
    assert store.nearest("bank", codes, asked, later=False) == date(2026, 10, 1)
    assert store.nearest("bank", codes, asked, later=True) == date(2026, 10, 20)
    assert store.nearest("bank", ("EUR", "USD"), asked, later=True) is None
    assert store.nearest("bank", (), date(2026, 10, 20), later=False) == date(2026, 10, 20)
    assert store.nearest("bank", codes, date(2026, 9, 30), later=False) is None


def test_a_period_serves_its_days(store: Store) -> None:
    """A rate valid for a period is found for each day of it, and for no other."""
    march = quote("USD", "1.2", date(2026, 3, 1), valid_to=date(2026, 3, 31))
    put(store, march, quote("CHF", "0.9", date(2026, 3, 10)))
    for day, found in ((date(2026, 2, 28), []), (date(2026, 3, 15), [march]), (date(2026, 3, 31), [march]),
                       (date(2026, 4, 1), [])):  # fmt: skip
        assert [one.quote for one in store.between("bank", ("EUR", "USD"), day, day)] == found
        assert store.nearest("bank", ("EUR", "USD"), day, later=False) == (day if found else None)
        assert store.nearest("bank", ("EUR", "USD"), day, later=True) == (day if found else None)
    assert next(store.between("bank", (), date(2026, 3, 5), date(2026, 3, 20))).quote == march


def test_a_period_that_was_cut_short_is_not_carried_past_its_end(store: Store) -> None:
    """A rate until further notice that gets a last day is corrected: the open end does not count any more."""
    open_end = quote("USD", "1.2", date(2026, 3, 1), valid_to=date.max)
    put(store, open_end)
    assert store.nearest("bank", (), DAY, later=False) == DAY
    assert put(store, open_end._replace(valid_to=date(2026, 3, 31))).corrected != ()
    assert list(store.between("bank", (), DAY, DAY)) == []
    assert store.nearest("bank", (), DAY, later=False) is None
    assert [one.quote.valid_to for one in store.between("bank", (), date(2026, 3, 2), DAY)] == [date(2026, 3, 31)]


def test_what_it_has_is_listed(store: Store) -> None:
    """A line for each provider: pairs, figures, corrections, days, and the newest answer."""
    put(store, quote("USD", "1.1"), quote("CHF", "0.9", date(2026, 10, 1)))
    put(store, quote("USD", "1.2"), at=LATER)
    put(store, quote("USD", "3"), provider="other", at=None)
    bank, other = store.info()
    assert bank == ("bank", 2, 2, 1, date(2026, 10, 1), DAY, LATER)
    assert other == ("other", 1, 1, 0, DAY, DAY, None)
    assert store.size() > 0


def test_threads_share_a_store(store: Store) -> None:
    """Threads that read and write one store at the same time lose nothing and see whole answers only."""
    torn: list[int] = []

    def write(number: int) -> None:
        for count in range(5):
            day = date(2026, 1 + number, 1 + count)
            put(store, quote("USD", "1.1", day), quote("CHF", "0.9", day))
            seen = len(list(store.between("bank", (), day, day)))
            torn.extend([seen] if seen != 2 else [])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torn == []
    assert store.info()[0].quotes == 40


def test_a_reader_sees_what_another_program_has_written(store: Store, place: str, opened: Open) -> None:
    """An open reader sees each answer as soon as it is kept, and nothing of one that is not kept whole."""
    put(store, quote("USD", "1.1"))
    reader = opened(place)
    assert len(rates(reader, DAY, DAY)) == 1
    with pytest.raises(BadRate):
        put(store, quote("CHF", "0.9"), quote("SEK", "0"))
    assert len(rates(reader, DAY, DAY)) == 1
    put(store, quote("CHF", "0.9"))
    assert len(rates(reader, DAY, DAY)) == 2


def _write(place: str) -> str:
    """What a worker process gets for writing to a store, and whether it can read it."""
    with Store.open(place) as store:
        count = len(list(store.between("bank", (), DAY, DAY)))
        try:
            store.put("bank", [quote("CHF", "1")], NOON, DIGEST)
        except StoreError as error:
            return f"{count} read; {error}"
    return "written"


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_process_reads_and_does_not_write(place: str, method: str) -> None:
    """Only the process that began the run writes."""
    with Store.open(place) as store:
        put(store, quote("USD", "1.1"))
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(_write, (place,)).startswith("1 read; a worker process does not write to the store")


def test_a_forked_child_opens_its_own_connection(store: Store, place: str) -> None:
    """A child reads without touching its parent's connection, and does not write with it."""
    put(store, quote("USD", "1.1"))
    child = os.fork()
    if child == 0:
        status = 9
        try:
            seen = len(rates(store, DAY, DAY))
            try:
                put(store, quote("CHF", "1"))
            except StoreError:
                status = 0 if seen == 1 else 8
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert put(store, quote("CHF", "0.9")).new == 1


def _drawn(symbol: str, cents: int, day: int, days: int) -> Quote:
    end = date(2026, 1, day + days) if days else None
    return quote(symbol, f"{cents / 100:.2f}", date(2026, 1, day), valid_to=end)


ANSWERS = st.lists(
    st.builds(
        _drawn, st.sampled_from(["USD", "CHF"]), st.integers(1, 3), st.integers(1, 6), st.sampled_from([0, 0, 2])
    ),
    max_size=8,
)


@settings(max_examples=40)
@given(answers=st.lists(ANSWERS, max_size=4), first=st.integers(1, 6), length=st.integers(0, 3))
def test_a_look_up_gives_what_a_list_would(
    tmp_path_factory: pytest.TempPathFactory, answers: list[list[Quote]], first: int, length: int
) -> None:
    """However answers repeat and correct figures, the newest value of each counts, and no correction is lost."""
    newest: dict[tuple[str, str, date], Quote] = {}
    history: dict[tuple[str, str, date], list[Quote]] = {}
    with Store.open(tmp_path_factory.mktemp("law") / "rates.db") as store:
        for answer in answers:
            put(store, *answer)
            for one in {(q.base, q.symbol, q.day): q for q in answer}.values():
                key = one.base, one.symbol, one.day
                if newest.get(key) != one:
                    history.setdefault(key, []).append(one)
                newest[key] = one
        begin, end = date(2026, 1, first), date(2026, 1, first + length)
        expected = {one for one in newest.values() if one.day <= end and (one.valid_to or one.day) >= begin}
        found = [one.quote for one in store.between("bank", (), begin, end)]
        assert set(found) == expected
        assert [one.day for one in found] == sorted(one.day for one in found)
        assert len(found) == len(expected)
        revisions = [one.stored.quote for one in store.revisions("bank")]
        assert sorted(map(str, revisions)) == sorted(
            str(one) for values in history.values() if len(values) > 1 for one in values
        )
