"""`rates.convert` and `rates.look_up`: arguments, sources, the network, and the table of many conversions."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import rates
from rates import history
from rates.currencies import all_currencies
from rates.errors import HostNotFound, NoRates, RatesError, ServerFailed, UsageError
from rates.fetch import Answer, consensus_fetch
from rates.model import DerivedRate, Query, Quote, RateTable, Request
from rates.providers import Steps, registered
from rates.settings import Settings
from rates.store import Store, history_table, session
from rates.store import convert as converting
from rates.store.ask import put
from rates.store.at_hand import AtHand
from tests.fetch.publisher import facts, giving, known_as, module

MONDAY = date(2020, 3, 2)


@pytest.fixture(autouse=True)
def fresh() -> None:
    """No test finds the sessions of another."""
    session.RECENT.clear()


@pytest.mark.parametrize(
    ("amount", "base", "symbol", "text"),
    [
        (0, "USD", "JPY", "0"), (Decimal("-0.00"), "USD", "JPY", "0"), ("0.00", "JPY", "EUR", "0"),
        ("0E+5", "EUR", "EUR", "0"), (0, "DEM", "FRF", "0"), ("1E+3", "EUR", "EUR", "1000"),
        (195583, "DEM", "EUR", "100000"), ("1E+5", "EUR", "DEM", "195583"), ("1.50", "EUR", "EUR", "1.50"),
    ],
)  # fmt: skip
def test_zero_and_whole_numbers_have_no_exponent(amount: Any, base: str, symbol: str, text: str) -> None:
    """Both for one conversion, from the table or not, and for many; other digits stay."""
    for _ in range(2):  # the second one is from the table
        assert str(rates.convert(amount, base, symbol, "2020-03-02", offline=True)) == text
    assert [str(one) for one in rates.convert_many([amount], base, symbol, "2020-03-02", offline=True)] == [text]


def many(**given: Any) -> None:
    """As many conversions as it takes for the table to be made."""
    for _ in range(session.MANY + 1):
        rates.convert(1, "USD", "EUR", on=MONDAY, **given)


# --- exactness, against an independent calculation -------------------------------------------------------------------


def published() -> dict[str, dict[date, Fraction]]:
    """The ECB's file, read with the csv module alone: the rates of a euro by currency and day."""
    with zipfile.ZipFile(io.BytesIO(Path(history.FILE).read_bytes())) as packed:
        text = packed.read("eurofxref-hist.csv").decode()
    found: dict[str, dict[date, Fraction]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        day = date.fromisoformat(row.pop("Date"))
        for code, cell in row.items():
            if code and cell not in ("N/A", ""):
                found.setdefault(code, {})[day] = Fraction(cell)
        found.setdefault("EUR", {})[day] = Fraction(1)
    return found


def changed(code: str, after: date, until: date) -> bool:
    """True if a code means other money after the second day, or none: then fixed ratios come in."""
    one = all_currencies()[code]
    return any(day and after < day <= until for day in (one.began, one.fixed, one.ended, *(day for day, _ in one.cuts)))


def to_28_digits(exact: Fraction) -> Decimal:
    """The fraction rounded half-even to 28 significant digits, by whole numbers alone."""
    exponent = len(str(exact.numerator)) - len(str(exact.denominator)) - 28
    while not 10**27 <= (digits := round(exact / Fraction(10) ** exponent)) < 10**28:
        exponent += 1 if digits >= 10**28 else -1
    return Decimal(f"{digits}E{exponent}")


def check_random(count: int) -> None:
    """So many random conversions are right to the last of 28 digits, looked up or from the table."""
    known, draw = published(), random.Random(20261030)
    days, codes = sorted(known["EUR"]), sorted(known)
    checked = 0
    while checked < count:
        base, symbol = draw.sample(codes, 2)
        asked = days[0] + timedelta(days=draw.randrange((days[-1] - days[0]).days + 1))
        near = reversed(days[: bisect_right(days, asked)][-6:])
        used = next((day for day in near if day in known[base] and day in known[symbol]), date.min)
        if (asked - used).days > 7 or changed(base, used, asked) or changed(symbol, used, asked):
            continue
        amount = Decimal(draw.randrange(1, 10**9)).scaleb(-draw.choice((0, 2, 5)))
        exact = Fraction(amount) * known[symbol][used] / known[base][used]
        assert rates.convert(amount, base, symbol, on=asked) == to_28_digits(exact), (amount, base, symbol, asked)
        checked += 1


def test_random_conversions_are_exact() -> None:
    """A few hundred random ones equal an independent calculation with fractions, to the last digit."""
    check_random(400)


@pytest.mark.slow
def test_ten_thousand_random_conversions_are_exact() -> None:
    """So do ten thousand."""
    check_random(10_000)


@pytest.mark.parametrize("when", list(rates.When))
@pytest.mark.parametrize("max_age", [0, 3, 7, None])
def test_the_table_gives_what_looking_up_gives(when: rates.When, max_age: int | None) -> None:
    """The prepared table has no day for which the rule would take another row."""
    at_hand = session.RECENT.of(None, None, {"when": when, "max_age": max_age}).at_hand
    places, columns = history_table.places(at_hand.rule, at_hand.history_until()), history_table.columns()
    draw = random.Random(7)
    changes = [day + timedelta(days=shift) for day in history_table._changes() for shift in (-1, 0, 1)]
    for asked in [
        *draw.sample(sorted(places), min(60, len(places))),
        *(day for day in changes if day in places),
        *sorted(places)[-9:],
    ]:
        for code in ("USD", "HRK", "TRY", "ISK"):
            column = columns[code][places[asked]]
            if column is not None:
                rate = converting.found(at_hand, "EUR", code, asked)
                assert (rate.rate, rate.day) == (column, columns.days[places[asked]])


def test_the_table_knows_no_day_after_the_history() -> None:
    """The weekend after the last day is served, the Monday after it is not."""
    known = history_table.places(rates.Rule(), date(2027, 1, 1))
    assert max(known) == date(2026, 11, 1)


# --- arguments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        (0.1, "amount = 0.1 is a float, which is rarely exact"),
        (float("nan"), "amount = nan is a float"),
        (True, "amount must be a Decimal, an int or text, not True"),
        (None, "amount must be a Decimal, an int or text, not None"),
        ("1,5", "amount = '1,5' is not an amount"),
        ("", "amount = '' is not an amount"),
        (Decimal("Infinity"), "amount = Infinity is not an amount"),
        (Decimal("NaN"), "amount = NaN is not an amount"),
        ([1], r"amount must be a Decimal, an int or text, not [1]"),
    ],
)
def test_what_is_no_amount(amount: Any, message: str) -> None:
    """A wrong amount is a named error with the argument's name, before and after the table is made."""
    for prepare in (lambda: None, many):
        prepare()
        with pytest.raises(UsageError) as caught:
            rates.convert(amount, "USD", "EUR", on=MONDAY)
        assert message in str(caught.value)


def test_an_amount_without_measure() -> None:
    """What a Decimal cannot hold is a named error, too."""
    for prepare in (lambda: None, many):
        prepare()
        with pytest.raises(UsageError, match="is too large"):
            rates.convert(Decimal("9e999999"), "EUR", "JPY", on=MONDAY)


def test_kinds_of_amounts() -> None:
    """An int, a Decimal, text and numpy's whole numbers give the same Decimal."""
    amounts: list[Any] = [100, Decimal(100), Decimal("1e2"), "100", " 100 "]
    for prepare in (lambda: None, many):
        prepare()
        assert {rates.convert(one, "USD", "EUR", on=MONDAY) for one in amounts} == {Decimal(100) / Decimal("1.1122")}


@pytest.mark.parametrize("on", [MONDAY, datetime(2020, 3, 2, 23, 59), "2020-03-02", " 2020-03-02"])
def test_kinds_of_days(on: Any) -> None:
    """A date, the date of a datetime and ISO text mean the same day."""
    for prepare in (lambda: None, many):
        prepare()
        for _ in range(2):
            assert rates.convert(1, "EUR", "USD", on=on) == Decimal("1.1122")
            assert rates.look_up("EUR", "USD", on).asked == MONDAY


@pytest.mark.parametrize("on", [5, 1.5, "2020", "2.3.2020", "2020-02-30", [], b"2020-03-02", date(1, 1, 1)])
def test_what_is_no_day(on: Any) -> None:
    """Anything else is a named error with the argument's name."""
    for prepare in (lambda: None, many):
        prepare()
        with pytest.raises(RatesError, match="on = "):
            rates.convert(1, "USD", "EUR", on=on)


def test_a_day_in_the_future() -> None:
    """No rate is taken for a day that has not come."""
    with pytest.raises(UsageError, match="2027-06-01 is in the future"):
        rates.convert(1, "USD", "EUR", on="2027-06-01", today="2026-10-30")


@pytest.mark.parametrize(
    ("digits", "symbol", "result"),
    [(None, "USD", "1.1122"), ("iso", "USD", "1.11"), ("iso", "JPY", "120"), (0, "USD", "1"), (3, "USD", "1.112")],
)
def test_digits(digits: Any, symbol: str, result: str) -> None:
    """The result is exact, or rounded half-even to decimal places or to the minor units of its currency."""
    for prepare in (lambda: None, many):
        prepare()
        assert str(rates.convert(1, "EUR", symbol, on=MONDAY, digits=digits)) == result


@pytest.mark.parametrize("digits", ["two", -1, 29, True, 1.5])
def test_wrong_digits(digits: Any) -> None:
    """A wrong number of digits is named."""
    with pytest.raises(UsageError, match="digits must be"):
        rates.convert(1, "EUR", "USD", on=MONDAY, digits=digits)


def test_the_callers_decimal_context_does_not_matter() -> None:
    """A program with another precision gets the same figures."""
    expected = rates.convert(100, "USD", "JPY", on=MONDAY)
    many()
    with localcontext(prec=5):
        assert rates.convert(100, "USD", "JPY", on=MONDAY) == expected


# --- sources ---------------------------------------------------------------------------------------------------------


def test_the_rule_is_a_keyword_or_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """When and max_age are keywords, settings and variables, and a changed variable counts at once."""
    sunday = "2020-03-01"
    assert rates.look_up("EUR", "USD", sunday).day == date(2020, 2, 28)
    assert rates.look_up("EUR", "USD", sunday, when="next").day == MONDAY
    assert rates.look_up("EUR", "USD", sunday, Settings(when="next")).day == MONDAY
    many()
    monkeypatch.setenv("RATES_WHEN", "next")
    assert rates.convert(1, "EUR", "USD", on=sunday) == Decimal("1.1122")
    with pytest.raises(NoRates):
        rates.look_up("EUR", "USD", sunday, when="previous", max_age=1, offline=True)


def test_the_store_answers_before_the_history(tmp_path: Path) -> None:
    """What is stored of a provider comes before the history, also after many conversions from the table."""
    with Store.open(tmp_path / "kept.db") as store:
        many(store=store, provider="ecb")
        assert rates.convert(1, "EUR", "USD", on=MONDAY, store=store, provider="ecb") == Decimal("1.1122")
        store.put("ecb", [Quote("EUR", "USD", Decimal("1.5"), MONDAY)], None, "")
        assert rates.convert(1, "EUR", "USD", on=MONDAY, store=store, provider="ecb") == Decimal("1.5")
        many(store=store, provider="ecb")
        assert rates.convert(1, "EUR", "USD", on=MONDAY, store=store, provider="ecb") == Decimal("1.5")
        assert rates.convert(1, "EUR", "USD", on="2020-02-28", store=store, provider="ecb") == Decimal("1.0977")
        assert rates.look_up("EUR", "USD", MONDAY, store=tmp_path / "kept.db").source == "store"


def test_own_rates(tmp_path: Path) -> None:
    """The user's own rates answer where the chain names them."""
    path = tmp_path / "own.csv"
    path.write_text("base,symbol,rate,day,valid_from,valid_to\nUSD,EUR,0.9,,2020-01-01,2020-12-31\n")
    found = rates.look_up("USD", "EUR", MONDAY, provider=["own", "ecb"], own=path)
    assert (found.rate, found.provider, found.how, found.age_days) == (Decimal("0.9"), "own", "own", 0)
    assert rates.look_up("USD", "EUR", "2019-03-04", provider=["own", "ecb"], own=path).provider == "ecb"


class Bank:
    """A publisher that counts its visits."""

    def __init__(self, quotes: list[Quote], **more: Any) -> None:
        self.quotes, self.queries = quotes, list[Query]()
        self.module = module(facts(**more), self.steps)

    def steps(self, query: Query) -> Steps:
        """All quotes of the range."""
        self.queries.append(query)
        first, last = query.span(7)
        return [quote for quote in self.quotes if first <= quote.day <= last]
        yield


def october(day: int) -> date:
    """A day of October 2026; the 23rd is a Friday."""
    return date(2026, 10, day)


def dollar(rate: str, day: date) -> Quote:
    """A quote of one euro in dollars."""
    return Quote("EUR", "USD", Decimal(rate), day)


def test_the_network_is_asked_once_and_the_answer_stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is not at hand is fetched, stored, and had from the store by the next process."""
    bank = Bank(
        [dollar("1.2", date(2026, 10, 22)), dollar("1.3", date(2026, 10, 23)), dollar("1.4", date(2026, 10, 26))]
    )
    settings = known_as(monkeypatch, bank.module).with_values(store=tmp_path / "kept.db")
    found = rates.look_up("USD", "EUR", "2026-10-25", settings)
    assert (found.day, found.source, found.exact) == (date(2026, 10, 23), "", (Decimal(1), Decimal("1.3")))
    for _ in range(3):
        assert rates.look_up("USD", "EUR", "2026-10-25", settings).day == date(2026, 10, 23)
        assert rates.look_up("USD", "EUR", "2026-10-23", settings).day == date(2026, 10, 23)
    assert len(bank.queries) == 1
    session.RECENT.clear()  # as in another process
    assert rates.look_up("USD", "EUR", "2026-10-23", settings).source == "store"
    assert len(bank.queries) == 1


def test_days_up_to_the_present_are_asked_for_until_something_can_be_new(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An answer up to today settles the days without figures, too, until the next publication is due."""
    bank = Bank([dollar("1.3", october(23))], published="16:00 Europe/Berlin")
    sunday = datetime(2026, 10, 25, 12, tzinfo=UTC)
    settings = known_as(monkeypatch, bank.module).with_values(store=tmp_path / "kept.db", today=sunday.date())
    at_hand = AtHand(settings)
    for days, known in (((october(20), october(24)), october(23)), ((october(20), october(25)), october(25))):
        put(at_hand, "bank", "", days, Answer(tuple(bank.quotes), "", sunday, ""))
        with Store.open(settings.store) as store:
            assert store.attempts.known("bank", "", sunday + timedelta(hours=2)) == [(october(20), known)]
            assert store.attempts.known("bank", "", sunday + timedelta(days=9)) == [(october(20), october(23))]
    at_hand.close()


def test_a_provider_in_a_file_has_its_key(tmp_path: Path) -> None:
    """What it gives is stored and shown under its key, as that of a table or of a sync, so that the store answers."""
    file, asked = tmp_path / "utopia.py", tmp_path / "asked"
    file.write_text(f'''"""Bank of Utopia: official rates.

Publishes: one currency.
Quoted: official, euros.
Answer: none.
Source: https://bank.example
"""

from rates.providers.kit import *

PROVIDER = Provider(name="Bank of Utopia", pivot="EUR", rate_type="official", published="12:00", since=date(2001, 1, 2))


def steps(query):
    yield from ()
    with open({str(asked)!r}, "a") as file:
        file.write("x")
    return [Quote("USD", "EUR", Decimal("0.9"), date(2026, 10, 23))]


def parse(body):
    return []
''')
    given: dict[str, Any] = {"provider": str(file), "store": tmp_path / "kept.db", "today": "2026-10-30"}
    try:
        for _ in range(2):
            session.RECENT.clear()  # as in another process
            assert rates.look_up("USD", "EUR", "2026-10-23", **given).provider == "utopia"
            assert rates.series("USD/EUR", "2026-10-23", "2026-10-23", **given).provider == "utopia"
        assert asked.read_text() == "x"
        with Store.open(tmp_path / "kept.db") as store:
            assert store.providers() == ("utopia",)
    finally:
        registered.modules.pop("utopia", None)


def test_fresh_asks_for_days_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With `fresh` the publisher is asked for what the store has, too, once in a process; else the store answers."""
    bank = Bank([dollar("1.2", october(22)), dollar("1.3", october(23))])
    settings = known_as(monkeypatch, bank.module).with_values(store=tmp_path / "kept.db")
    days = ("2026-10-22", "2026-10-23")
    rates.series("EUR/USD", *days, settings)
    again = settings.with_values(fresh=True)
    asks: list[Callable[[], object]] = [
        lambda: rates.look_up("EUR", "USD", days[1], again),
        lambda: rates.series("EUR/USD", *days, again),
        lambda: rates.convert_many([1, 2], "EUR", "USD", days, again),
    ]
    for ask in asks:
        for count in (1, 0):
            bank.queries.clear()
            ask()
            assert len(bank.queries) == count
        session.RECENT.clear()  # as in another process
    rates.look_up("EUR", "USD", days[1], settings)
    assert bank.queries == []


@pytest.mark.parametrize(
    ("when", "day"), [("exact", None), ("previous", 23), ("before", 22), ("next", 26), ("nearest", 23)]
)
def test_each_rule_over_the_network(monkeypatch: pytest.MonkeyPatch, when: str, day: int | None) -> None:
    """A publisher is asked for the days that the rule allows."""
    bank = Bank(
        [dollar("1.2", date(2026, 10, 22)), dollar("1.3", date(2026, 10, 23)), dollar("1.4", date(2026, 10, 26))]
    )
    settings = known_as(monkeypatch, bank.module).with_values(when=when)
    asked = date(2026, 10, 23) if when == "before" else date(2026, 10, 24)
    if day is None:
        with pytest.raises(NoRates, match="no rate of EUR/USD on 2026-10-24"):
            rates.look_up("EUR", "USD", asked, settings)
    else:
        assert rates.look_up("EUR", "USD", asked, settings).day == date(2026, 10, day)


def test_the_next_provider_of_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one provider lacks the rate, the next is asked."""
    empty = Bank([Quote("EUR", "CHF", Decimal(1), date(2026, 10, 23))], key="empty")
    bank = Bank([dollar("1.3", date(2026, 10, 23))])
    settings = known_as(monkeypatch, empty.module, bank.module)
    assert rates.look_up("EUR", "USD", "2026-10-23", settings).provider == "bank"


class Monthly(Bank):
    """A publisher of rates for months, which has those of October and November 2026 on 30 October."""

    def __init__(self) -> None:
        months = ((date(2026, 10, 1), october(31)), (date(2026, 11, 1), date(2026, 11, 30)))
        quotes = [Quote("EUR", "USD", Decimal(first.month), first, last) for first, last in months]
        super().__init__(quotes, cadence="monthly", periods=True)

    def steps(self, query: Query) -> Steps:
        """The rates of the months that the days touch; for later ones the day on which they are due."""
        self.queries.append(query)
        first, last = query.start or query.today, query.end or query.today
        if found := [quote for quote in self.quotes if quote.day <= last and (quote.valid_to or last) >= first]:
            return found
        raise NoRates(f"has no rates valid on {last}", hint="they are due on 2026-11-19")
        yield


@pytest.mark.parametrize("when", ["exact", "previous"])
def test_a_period_known_ahead_is_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, when: str) -> None:
    """The publisher is asked for days of the next month, too; of a month that it lacks it states when that is due."""
    bank = Monthly()
    settings = known_as(monkeypatch, bank.module).with_values(when=when, store=tmp_path / "kept.db", mode="sequential")
    for on, rate in (("2026-10-05", 10), ("2026-11-15", 11), ("2026-11-30", 11)):
        assert rates.look_up("EUR", "USD", on, settings).rate == rate
    assert [query.end for query in bank.queries if query.kind == "day"] == [october(5), date(2026, 11, 15)]
    with pytest.raises(NoRates, match="bank: has no rates valid on 2026-12-01; they are due on 2026-11-19"):
        rates.look_up("EUR", "USD", "2026-12-01", settings)
    session.RECENT.clear()
    alone, days = settings.with_values(no_store=True), ["2026-11-20", "2026-10-30"]
    assert rates.convert_many([1, 1], "EUR", "USD", days, alone) == [Decimal(11), Decimal(10)]


def test_without_a_network_the_store_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If no provider can be reached, a stored rate within the rule's age is given, with its age."""

    def down(query: Query) -> Steps:
        yield Request("http://bank.invalid/")
        return []

    settings = known_as(monkeypatch, module(facts(), down)).with_values(store=tmp_path / "kept.db")
    with pytest.raises(HostNotFound):
        rates.look_up("EUR", "USD", "2026-10-28", settings)
    with Store.open(tmp_path / "kept.db") as store:
        store.put("bank", [dollar("1.3", date(2026, 10, 26))], datetime(2026, 10, 26, 12, tzinfo=UTC), "d1")
    found = rates.look_up("EUR", "USD", "2026-10-28", settings)
    assert (found.age_days, found.source, found.digest) == (2, "store", "d1")


def test_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a day the latest rates are asked for; offline the newest of the history serve, with their age."""
    bank = Bank([dollar("1.3", date(2026, 10, 29))])
    settings = known_as(monkeypatch, bank.module)
    found = rates.look_up("EUR", "USD", settings=settings)
    assert (found.asked, found.day) == (date(2026, 10, 30), date(2026, 10, 29))
    assert bank.queries[0].kind == "latest"
    old = rates.look_up("EUR", "USD", today="2026-11-28", offline=True)
    assert (old.day, old.age_days) == (date(2026, 10, 30), 29)


def test_what_is_no_store() -> None:
    """A wrong argument is named."""
    with pytest.raises(UsageError, match="store must be a path, a URL or an open Store, not 5"):
        rates.convert(1, "USD", "EUR", MONDAY, store=5)  # type: ignore[arg-type]


def test_a_store_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A conversion does not fail because its rate cannot be kept."""
    settings = known_as(monkeypatch, giving([dollar("1.3", date(2026, 10, 23))]))
    (tmp_path / "folder").write_text("")
    assert rates.convert(1, "EUR", "USD", "2026-10-23", settings, store=tmp_path / "folder" / "kept.db") == Decimal(
        "1.3"
    )


def test_what_the_table_lacks_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended currencies, and days on which a currency changed, are looked up once, also as text."""
    many()
    asked = [("DEM", "JPY", MONDAY), ("USD", "EUR", date(2023, 1, 1)), ("USD", "DEM", "2020-03-03")]
    expected = [rates.convert(100, base, symbol, on=day) for base, symbol, day in asked]
    monkeypatch.setattr(converting, "found", None)
    assert [rates.convert(100, base, symbol, on=day) for base, symbol, day in asked] == expected


def test_a_correction_is_seen_at_once(tmp_path: Path) -> None:
    """A figure that is stored later is never hidden by what is remembered."""
    day, place = date(2023, 1, 1), tmp_path / "kept.db"
    many(store=place, provider="ecb")
    for rate in ("1.5", "1.6"):
        rates.convert(1, "EUR", "USD", on=day, store=place, provider="ecb")
        with Store.open(place) as store:
            store.put("ecb", [Quote("EUR", "USD", Decimal(rate), day)], None, "")
        assert rates.convert(1, "EUR", "USD", on=day, store=place, provider="ecb") == Decimal(rate)


def test_a_simulated_network_is_asked(tmp_path: Path) -> None:
    """With a recorder, a delay or failures, the history is not at hand: the question goes over that network."""
    with pytest.raises(ServerFailed):
        rates.convert(1, "EUR", "USD", on=MONDAY, offline=True, fail="100%", retries=0, seed=1)
    found = rates.look_up("EUR", "USD", MONDAY, offline=True, latency="1ms")
    assert (found.rate, found.source) == (Decimal("1.1122"), "ecb-history")


def test_a_simulated_service_gives_the_figures_of_the_ecb() -> None:
    """Offline another provider is answered for from the history, and is named with that source."""
    found = rates.look_up("USD", "JPY", MONDAY, offline=True, provider="frankfurter")
    assert (found.provider, found.source, found.how) == ("frankfurter", "ecb-history", "cross")
    assert found.rate == rates.look_up("USD", "JPY", MONDAY, offline=True).rate


def test_pegs_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pegged currency goes over its anchor, where that is asked for."""
    settings = known_as(monkeypatch, Bank([dollar("1.3", october(23))]).module)
    with pytest.raises(NoRates):
        rates.look_up("AED", "EUR", "2026-10-23", settings)
    assert rates.look_up("AED", "EUR", "2026-10-23", settings, pegs=True).how == "pegged"


def test_the_median_of_publishers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Consensus is asked for as by a fetch, and only for the day itself or the newest before."""
    paths = (dollar("1.1", MONDAY), dollar("1.3", MONDAY))

    async def consensus_table(*_: Any) -> RateTable:
        median = DerivedRate(Decimal("1.2"), MONDAY, "median", 2, paths)
        return RateTable("EUR", "consensus", {"USD": median}, asked=MONDAY)

    monkeypatch.setattr(consensus_fetch, "consensus_table", consensus_table)
    found = rates.look_up("EUR", "USD", MONDAY, provider="consensus", offline=False)
    assert (found.provider, found.how, found.path) == ("consensus", "median", paths)
    assert found.convert(Decimal(2)) == Decimal("2.4")
    assert rates.look_up("DEM", "USD", MONDAY, provider="consensus").exact == (Decimal("1.2"), Decimal("1.95583"))
    with pytest.raises(RatesError, match="has no rate by the rule next"):
        rates.look_up("EUR", "USD", MONDAY, provider="consensus", when="next")


def test_a_named_provider_is_asked_before_the_next_one_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The history does not answer in the place of a publisher that the user has named before the ECB."""
    bank = Bank([dollar("1.3", MONDAY)])
    settings = known_as(monkeypatch, bank.module).with_values(provider=("bank", "ecb"))
    assert rates.look_up("EUR", "USD", MONDAY, settings).provider == "bank"
    assert rates.look_up("EUR", "CHF", MONDAY, settings).provider == "ecb"
    assert rates.look_up("EUR", "USD", MONDAY).provider == "ecb"  # the default chain needs no network here


def test_what_a_provider_lacks_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair without a rate costs no request each time."""
    bank = Bank([Quote("EUR", "CHF", Decimal(1), october(23))])
    settings = known_as(monkeypatch, bank.module)
    for _ in range(3):
        with pytest.raises(NoRates):
            rates.look_up("EUR", "USD", "2026-10-23", settings)
    assert len(bank.queries) == 1


def test_a_provider_of_single_bases_is_asked_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer for one base says nothing about another."""
    asked = []

    def steps(query: Query) -> Steps:
        asked.append(query.base)
        return [Quote(query.base, "JPY", Decimal(100), october(23))]
        yield

    settings = known_as(monkeypatch, module(facts(pivot=""), steps))
    for base in ("USD", "GBP", "USD", "GBP"):
        assert rates.look_up(base, "JPY", "2026-10-24", settings).day == october(23)
    assert asked == ["USD", "GBP"]


def test_an_unreachable_provider_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within a moment a provider that could not be reached is not tried again."""
    tried = []

    def down(query: Query) -> Steps:
        tried.append(query)
        yield Request("http://bank.invalid/")
        return []

    settings = known_as(monkeypatch, module(facts(), down))
    for day in ("2026-10-22", "2026-10-23"):
        with pytest.raises(HostNotFound):
            rates.look_up("EUR", "USD", day, settings)
    assert len(tried) == 1


def test_the_error_is_of_a_provider_that_has_such_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """One at the end of the chain that has the latest rates alone does not hide that there is no network."""

    def down(query: Query) -> Steps:
        yield Request("http://bank.invalid/")
        return []

    settings = known_as(monkeypatch, module(facts(), down), module(facts("latest", answers=("latest",)), down))
    with pytest.raises(HostNotFound):
        rates.look_up("EUR", "USD", "2026-10-22", settings)
    with pytest.raises(HostNotFound):
        rates.series("EUR/USD", "2026-10-22", "2026-10-23", settings)


def test_a_changed_list_is_another_question() -> None:
    """Keywords that are changed in place count as they are at the call."""
    chain = ["ecb"]
    assert rates.look_up("EUR", "USD", MONDAY, provider=chain, offline=True).provider == "ecb"
    chain[:] = ["frankfurter"]
    assert rates.look_up("EUR", "USD", MONDAY, provider=chain, offline=True).provider == "frankfurter"


def test_a_rate_in_a_line() -> None:
    """Printed, a rate has its pair, provider, the day used and asked, and how it was had."""
    assert (
        str(rates.look_up("USD", "EUR", "2020-03-01"))
        == "1 USD = 0.91100 EUR · ecb · 2020-02-28 for 2020-03-01 · inverse"
    )


def test_the_store_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With no_store nothing is read from the store, and nothing written."""
    place, day = tmp_path / "kept.db", "2026-10-23"
    settings = known_as(monkeypatch, Bank([dollar("1.3", october(23))]).module).with_values(store=place)
    assert rates.convert(1, "EUR", "USD", day, settings, no_store=True) == Decimal("1.3")
    assert not place.exists()
    with Store.open(place) as store:
        store.put("bank", [dollar("1.5", october(23))], None, "")
    assert rates.convert(1, "EUR", "USD", day, settings, no_store=True) == Decimal("1.3")
    assert rates.convert(1, "EUR", "USD", day, settings) == Decimal("1.5")


def test_no_option_is_offered_that_would_not_help() -> None:
    """Past the end of the history no greater age brings a rate offline."""
    with pytest.raises(NoRates) as caught:
        rates.convert(1, "EUR", "USD", "2026-11-20", today="2026-11-28", offline=True)
    assert caught.value.hint == "ecb has it on 2026-10-30; the ECB's history in this package ends on 2026-10-30"


@pytest.mark.parametrize("when", ["next", "nearest"])
def test_a_later_day_of_an_earlier_provider_counts_in_the_table_too(tmp_path: Path, when: str) -> None:
    """For rules that look ahead, the table ends before a stored figure can answer."""
    saturday = date(2020, 2, 29)
    with Store.open(tmp_path / "kept.db") as store:
        store.put("frankfurter", [Quote("EUR", "USD", Decimal("1.5"), MONDAY)], None, "")
        store.attempts.settle("frankfurter", "EUR", date(2020, 2, 1), MONDAY)
    expected = rates.look_up("EUR", "USD", saturday, when=when, store=tmp_path / "kept.db")
    assert (expected.provider, expected.rate) == ("frankfurter", Decimal("1.5"))
    many(when=when, store=tmp_path / "kept.db")
    assert rates.convert(1, "EUR", "USD", on=saturday, when=when, store=tmp_path / "kept.db") == Decimal("1.5")


def test_equal_arguments_share_a_session(tmp_path: Path) -> None:
    """A program that makes its settings or its path anew for each call is as quick."""
    first = session.session_of(Settings(provider="ecb"), tmp_path / "kept.db", {"when": "next"})
    assert session.session_of(Settings(provider="ecb"), tmp_path / "kept.db", {"when": "next"}) is first
    assert session.session_of(Settings(provider="ecb"), tmp_path / "kept.db", {"when": "exact"}) is not first
    assert session.session_of(Settings(provider="ecb"), tmp_path / "kept.db", {"when": "next"}) is first


def test_rules_of_law() -> None:
    """A rule decides publisher, day and rounding, also of a period; it refuses what contradicts it."""
    expected = Decimal("93.03190994511117313238440785")  # 100 / 1.0749, of Tuesday after Easter
    assert rates.convert(100, "USD", "EUR", on="2024-Q1", rule="eu-oss", offline=True) == expected
    rounded = rates.convert(100, "USD", "EUR", on=date(2024, 3, 31), rule="eu-oss", digits="iso", offline=True)
    assert str(rounded) == "93.03"
    rate = rates.look_up("USD", "EUR", on=datetime(2026, 3, 14, 12), rule="eu-customs", offline=True)
    assert (rate.day, rate.provider) == (date(2026, 2, 18), "ecb")
    mean = rates.look_up("EUR", "USD", on="2024", rule="irs-average", provider="ecb", offline=True)
    assert (mean.rate, mean.how, mean.day) == (Decimal("1.08238046875"), "average", date(2024, 1, 1))
    for message, arguments in (
        ("needs a day", {}),
        ("goes by the quarter, not by the month", {"on": "2024-01"}),
        ("decides provider", {"on": "2024-Q1", "provider": "nbp"}),
        ("on = 'soon': must be a day, week", {"on": "soon"}),
    ):
        with pytest.raises(UsageError, match=message):
            rates.convert(100, "USD", "EUR", rule="eu-oss", offline=True, **arguments)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="rounds up to the next whole dollar; leave out digits"):
        rates.convert(100, "EUR", "USD", on="2024", rule="us-fbar", digits=2)
    with pytest.raises(UsageError, match="converts into EUR, not into GBP"):
        rates.convert(100, "USD", "GBP", on="2024-03", rule="eu-customs", offline=True)


def test_a_rule_of_law_takes_no_rate_that_may_not_be_the_newest(tmp_path: Path) -> None:
    """Where the publisher is not reached, a look-up gives the newest rate at hand, but a rule fails."""
    path, on = tmp_path / "kept.db", date(2026, 10, 29)
    with Store.open(path) as store:
        store.put("nbp", [Quote("USD", "PLN", Decimal("3.9123"), date(2026, 10, 26))], None, "")
    settings = Settings(provider="nbp", retries=0, today=date(2026, 10, 30))
    kept = rates.look_up("USD", "PLN", on, settings, when="before", store=path)
    assert (kept.rate, kept.day) == (Decimal("3.9123"), date(2026, 10, 26))
    with pytest.raises(HostNotFound):
        rates.look_up("USD", "PLN", on, settings, rule="pl-vat", store=path)
    with Store.open(path) as store:
        store.attempts.settle("nbp", "", date(2026, 10, 26), date(2026, 10, 28))
    assert rates.look_up("USD", "PLN", on, settings, rule="pl-vat", store=path) == kept


@pytest.mark.parametrize("kept", [True, False])
def test_a_figure_far_from_the_day_before_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path, kept: bool
) -> None:
    """A look-up gives it; the log, which goes to stderr where nothing else is set, has a warning with both figures."""
    friday = MONDAY - timedelta(days=3)
    quotes = [Quote("EUR", "USD", Decimal("1.11"), friday), Quote("EUR", "USD", Decimal("111"), MONDAY)]
    settings = known_as(monkeypatch, giving(quotes, facts("bank", since=date(1999, 1, 4))))
    place = {"store": str(tmp_path / "rates.db")} if kept else {"no_store": True}
    assert rates.convert(1, "EUR", "USD", on=MONDAY, settings=settings.with_values(**place)) == 111
    (line,) = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert line.startswith(
        "warning: Implausible: bank: 1 EUR = 111 USD on 2020-03-02, 100 times the 1.11 of 2020-02-28"
    )
