"""The kit: which days are asked for, in which windows, in what order, and what is made of the answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.errors import KeyRefused, NoRates, RatesError, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps, kit
from rates.readers import has_rows, hidden, period
from tests.providers.conversation import TODAY, between, latest, on, written

DAYS = st.dates(date(1999, 1, 1), date(2030, 1, 1))
FACTS = Provider(
    key="x", name="X", pivot="EUR", rate_type="mid", published="12:00 UTC", since=date(2020, 1, 2), max_days=10,
    gap_days=4, key_url="https://x.example/key", source="https://x.example/",
)  # fmt: skip
URL = "https://x.example/rates"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def run(steps: Steps, answer: Callable[[Request], Reply]) -> tuple[list[Quote], list[str]]:
    """The quotes of a conversation and the URLs that it asked for."""
    asked: list[str] = []
    try:
        request = next(steps)
        while True:
            asked.append(written(request).removeprefix(URL))
            try:
                reply = answer(request)
            except RatesError as error:
                request = steps.throw(error)
            else:
                request = steps.send(reply)
    except StopIteration as end:
        return list(end.value), asked


def ask(first: date, last: date) -> Request:
    """A window's request."""
    return kit.get(URL, {"from": first, "to": last}, allow=(403, 404))


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """A dollar's quote for each day in the body."""
    for text in body.decode().split():
        day = date.fromisoformat(text)
        if first <= day <= last:
            yield Quote("USD", "EUR", Decimal(2), day)


def every_day(request: Request) -> Reply:
    """The days of the window asked for."""
    first, last = (date.fromisoformat(value) for _, value in request.params)
    return Reply(200, " ".join(str(first + timedelta(days=n)) for n in range((last - first).days + 1)).encode())


def silent(request: Request) -> Reply:
    """No days."""
    return Reply(200, b"")


@given(DAYS, st.integers(0, 2000), st.integers(1, 800))
def test_spans_cover_every_day_once(first: date, length: int, most: int) -> None:
    """The pieces follow one another without gap or overlap, none longer than allowed."""
    last = first + timedelta(days=length)
    pieces = list(kit.spans(first, last, most))
    assert pieces[0][0] == first
    assert pieces[-1][1] == last
    assert all(1 <= (end - start).days + 1 <= most for start, end in pieces)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in itertools.pairwise(pieces))


@given(DAYS, st.integers(0, 2000), st.sampled_from([kit.years_of, kit.months_of]))
def test_calendar_windows_cover_every_day_once(first: date, length: int, split: kit.Split) -> None:
    """Windows of calendar years or months follow one another, and none holds days of two of them."""
    last = first + timedelta(days=length)
    pieces = list(split(first, last))
    assert (pieces[0][0], pieces[-1][1]) == (first, last)
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in itertools.pairwise(pieces))
    assert all(start.year == end.year for start, end in pieces)
    assert split is kit.years_of or all(start.month == end.month for start, end in pieces)


def test_no_days_no_spans() -> None:
    """A last day before the first leaves nothing to ask for; without a limit there is one window."""
    assert list(kit.spans(TODAY, YESTERDAY, 10)) == []
    assert list(kit.spans(YESTERDAY, TODAY, None)) == [(YESTERDAY, TODAY)]


@pytest.mark.parametrize(
    ("query", "which", "days"),
    [
        (latest("USD"), {}, (TODAY - timedelta(days=4), TODAY)),
        (latest("USD"), {"tomorrow": True}, (TODAY - timedelta(days=4), TOMORROW)),
        (latest("USD"), {"latest_days": 30}, (TODAY - timedelta(days=30), TODAY)),
        (on(YESTERDAY, "USD"), {"latest_days": 30}, (YESTERDAY - timedelta(days=4), YESTERDAY)),
        (on(TOMORROW, "USD"), {"tomorrow": True}, (TOMORROW - timedelta(days=4), TOMORROW)),
        (on(TOMORROW, "USD"), {}, (TOMORROW - timedelta(days=4), TODAY)),
        (between(date(2019, 1, 1), date(2030, 1, 1), "USD"), {}, (date(2020, 1, 2), TODAY)),
        (latest("USD"), {"until": date(2021, 5, 5)}, (date(2021, 5, 1), date(2021, 5, 5))),
        (between(date(2021, 5, 1), TODAY, "USD"), {"until": date(2021, 5, 5)}, (date(2021, 5, 1), date(2021, 5, 5))),
        (between(date(2021, 5, 1), TODAY, "USD"), {"since": date(2022, 1, 3)}, (date(2022, 1, 3), TODAY)),
    ],
)
def test_which_days_are_asked_for(query: Query, which: kit.Days, days: tuple[date, date]) -> None:
    """Never before the first day, after the last one or after today, tomorrow where its rates are set."""
    assert kit.window(query, FACTS, **which) == days


def test_days_that_cannot_be_are_not_asked_for() -> None:
    """Days of the future or before the first have no rates; those after a publisher's end are not its own."""
    with pytest.raises(NoRates, match="has no rates from 2027-01-01 to 2027-02-01"):
        kit.window(between(date(2027, 1, 1), date(2027, 2, 1), "USD"), FACTS)
    with pytest.raises(NoRates, match="has no rates from 2019-01-01 to 2019-02-01"):
        kit.window(between(date(2019, 1, 1), date(2019, 2, 1), "USD"), FACTS)
    with pytest.raises(Unsupported, match="has no rates after 2021-05-05"):
        kit.window(between(date(2022, 1, 1), date(2022, 2, 1), "USD"), FACTS, until=date(2021, 5, 5))
    with pytest.raises(Unsupported, match="has no rates after 2021-05-05"):
        kit.window(latest("USD"), replace(FACTS, answers=("day", "range")), until=date(2021, 5, 5))


def test_windows_of_a_range() -> None:
    """One request a window, in order, and the quotes of all of them."""
    query = between(date(2026, 10, 1), date(2026, 10, 15), "USD")
    quotes, urls = run(kit.by_window(query, FACTS, ask, parse), every_day)
    assert urls == ["?from=2026-10-01&to=2026-10-10", "?from=2026-10-11&to=2026-10-15"]
    assert [quote.day.day for quote in quotes] == list(range(1, 16))


def test_no_rates_in_any_window() -> None:
    """A window that parse finds without rates is passed over; all of them together are `NoRates` with the days."""

    def rests(body: bytes) -> Iterable[Quote]:
        raise NoRates("rests")

    query = between(date(2026, 10, 1), date(2026, 10, 15), "USD")
    for reading in (parse, rests):
        with pytest.raises(NoRates, match="has no rates from 2026-10-01 to 2026-10-15"):
            run(kit.by_window(query, FACTS, ask, reading), silent)


def test_cut_and_split() -> None:
    """An answer of whole months is cut to the days of each window."""

    def month(request: Request) -> Reply:
        return Reply(200, b"2026-08-31 2026-09-01 2026-09-30 2026-10-01 2026-10-02")

    query = between(date(2026, 9, 30), date(2026, 10, 1), "USD")
    quotes, urls = run(kit.by_window(query, FACTS, ask, parse, split=kit.months_of, cut=True), month)
    assert urls == ["?from=2026-09-30&to=2026-09-30", "?from=2026-10-01&to=2026-10-01"]
    assert [str(quote.day) for quote in quotes] == ["2026-09-30", "2026-10-01"]


def test_a_table_beside_another() -> None:
    """One that begins later, or has nothing in the window, adds no quotes and asks for no days before its first."""
    query = between(date(2026, 10, 1), date(2026, 10, 3), "USD")
    for since, urls in ((date(2026, 10, 2), ["?from=2026-10-02&to=2026-10-03"]), (date(2026, 10, 4), [])):
        assert run(kit.or_none(kit.by_window(query, FACTS, ask, parse, since=since)), silent) == ([], urls)
    quotes, _ = run(kit.or_none(kit.by_window(query, FACTS, ask, parse)), every_day)
    assert [quote.day.day for quote in quotes] == [1, 2, 3]


def test_short_months() -> None:
    """Three letters of English, by the number of the month."""
    months = [kit.short_month(date(2026, number, 1)) for number in range(1, 13)]
    assert " ".join(months) == "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


def test_checks_of_a_status() -> None:
    """A failure status may mean no rows, a moved address, or a refused key."""

    def answers(status: int, body: bytes) -> Callable[[Request], Reply]:
        return lambda request: Reply(status, body)

    query = on(TODAY, "USD")
    with pytest.raises(NoRates):
        run(kit.by_window(query, FACTS, ask, parse, check=has_rows), answers(404, b"No Results Found"))
    with pytest.raises(RatesError, match="the address has moved"):
        run(kit.by_window(query, FACTS, ask, parse, check=has_rows), answers(404, b"nginx"))
    with pytest.raises(KeyRefused, match="does not accept the key") as caught:
        run(kit.by_window(query, FACTS, ask, parse, check=kit.accepts_key(FACTS)), answers(403, b""))
    assert caught.value.hint == "see https://x.example/key"
    quotes, _ = run(kit.by_window(query, FACTS, ask, parse, check=kit.accepts_key(FACTS)), every_day)
    assert quotes


def of_currency(code: str, first: date, last: date) -> Request:
    """A currency's request."""
    return kit.get(f"{URL}/{code}", {"from": first, "to": last})


def read(body: bytes, code: str) -> Iterable[Quote]:
    """A quote of the currency for each day in the body."""
    return [Quote(code, "EUR", quote.rate, quote.day) for quote in parse(body)]


def test_one_currency_at_a_time() -> None:
    """Those asked for, in the publisher's order, each in windows; all of them when none is named."""
    query = between(date(2026, 10, 1), date(2026, 10, 15), "EUR", "GBP", "USD")
    quotes, urls = run(kit.per_currency(query, FACTS, ("USD", "CHF", "GBP"), of_currency, read), every_day)
    assert [url.partition("?")[0] for url in urls] == ["/USD", "/USD", "/GBP", "/GBP"]
    assert [quote.base for quote in quotes] == ["USD"] * 15 + ["GBP"] * 15
    _, urls = run(kit.per_currency(latest("EUR"), FACTS, ("USD", "CHF"), of_currency, read), every_day)
    assert [url.partition("?")[0] for url in urls] == ["/USD", "/CHF"]
    with pytest.raises(Unsupported, match="publishes none of JPY"):
        run(kit.per_currency(latest("EUR", "JPY"), FACTS, ("USD",), of_currency, read), every_day)


def test_a_lost_answer_about_the_dollar_is_no_holiday() -> None:
    """Rates of other currencies without the dollar's mean a lost answer; no rates of any are a day of rest."""

    def without_dollar(request: Request) -> Reply:
        return Reply(200, b"") if request.url.endswith("USD") else every_day(request)

    with pytest.raises(ValueError, match="the US dollar has no rates"):
        run(kit.per_currency(latest("EUR"), FACTS, ("USD", "CHF"), of_currency, read), without_dollar)
    with pytest.raises(NoRates):
        run(kit.per_currency(latest("EUR"), FACTS, ("USD", "CHF"), of_currency, read), silent)


def test_a_form_is_posted_back() -> None:
    """The page once, then its token and its cookies with each window; nothing for days that cannot be."""
    page = Reply(
        200, b'<input type=hidden name="t" value="42">', {"set-cookie": "a=0; Path=/, b=2; Secure, a=1; Path=/"}
    )
    posted: list[Request] = []

    def fill(opened: Reply, first: date, last: date) -> Request:
        fields = {**hidden(opened.body.decode()), "from": first, "to": last}
        return kit.post(URL, fields, headers=kit.cookies(opened))

    def answer(request: Request) -> Reply:
        if request.html:
            return page
        posted.append(request)
        return Reply(200, request.form[1][1].encode())

    query = between(date(2026, 10, 1), date(2026, 10, 15), "USD")
    quotes, urls = run(kit.form(query, FACTS, kit.get(URL, html=True), fill, parse), answer)
    assert len(urls) == 3
    assert [request.form[0] for request in posted] == [("t", "42")] * 2
    assert [request.headers for request in posted] == [(("Cookie", "a=1; b=2"),)] * 2
    assert [quote.day.day for quote in quotes] == [1, 11]
    future = between(date(2027, 1, 1), date(2027, 1, 2), "USD")
    with pytest.raises(NoRates):
        run(kit.form(future, FACTS, kit.get(URL, html=True), fill, parse), lambda request: pytest.fail("asked"))


def of_day(day: date) -> Request:
    """A day's request."""
    return kit.get(URL, {"day": day})


def test_a_day_at_a_time() -> None:
    """A range in order without days of rest; the latest from today back to the first day with rates."""

    def working_days(request: Request) -> Reply:
        day = date.fromisoformat(request.params[0][1])
        return Reply(200, b"" if day == TODAY else str(day).encode())

    query = between(date(2026, 10, 22), date(2026, 10, 27), "USD")  # a Thursday to a Tuesday
    quotes, urls = run(kit.by_day(query, FACTS, of_day, parse, rests=kit.WEEKEND), working_days)
    assert urls == ["?day=2026-10-22", "?day=2026-10-23", "?day=2026-10-26", "?day=2026-10-27"]
    assert len(quotes) == 4
    quotes, urls = run(kit.by_day(latest("USD"), FACTS, of_day, parse), working_days)
    assert urls == [f"?day={TODAY}", f"?day={YESTERDAY}"]
    assert [quote.day for quote in quotes] == [YESTERDAY]
    with pytest.raises(NoRates, match=f"has no rates of {TODAY}, nor of the days before"):
        run(kit.by_day(latest("USD"), FACTS, of_day, parse), silent)


def test_a_list_in_force_may_be_of_another_day() -> None:
    """Of a range it is kept with its earlier day, once; else what is not of the day asked for is left out."""

    def friday(request: Request) -> Reply:
        return Reply(200, b"2026-10-23")

    query = between(date(2026, 10, 24), date(2026, 10, 25), "USD")
    quotes, _ = run(kit.by_day(query, FACTS, of_day, parse, in_force=True), friday)
    assert [str(quote.day) for quote in quotes] == ["2026-10-23"]
    with pytest.raises(NoRates):
        run(kit.by_day(query, FACTS, of_day, parse), friday)


def test_an_archive_is_cut_to_the_days_asked_for() -> None:
    """A day with the pause before it, a range unchanged, the latest since the pause or from a late file."""

    def whole(request: Request) -> Reply:
        return Reply(200, b"2026-09-01 2026-10-27 2026-10-28")

    def days(query: Query, late_days: int | None = None) -> list[str]:
        quotes, urls = run(kit.archive(query, FACTS, kit.get(URL), parse, late_days=late_days), whole)
        assert urls == [""]
        return [str(quote.day) for quote in quotes]

    assert days(latest("USD")) == ["2026-10-27", "2026-10-28"]
    assert days(on(date(2026, 10, 27), "USD")) == ["2026-10-27"]
    assert days(between(date(2026, 8, 1), date(2026, 9, 30), "USD")) == ["2026-09-01"]
    assert days(latest("USD"), late_days=2) == ["2026-10-28"]
    assert days(latest("USD"), late_days=1) == ["2026-09-01", "2026-10-27", "2026-10-28"]
    with pytest.raises(NoRates, match="has no rates from 2026-09-05 to 2026-09-06"):
        days(between(date(2026, 9, 5), date(2026, 9, 6), "USD"))
    with pytest.raises(ValueError, match="lists no day"):
        run(kit.archive(on(TODAY, "USD"), FACTS, kit.get(URL), parse), silent)


def test_a_workbook_behind_a_link() -> None:
    """The page, then the file that it links to."""

    def answer(request: Request) -> Reply:
        return Reply(200, b'<a href="/files/rates 2026.xlsx">Rates</a>' if request.html else b"2026-10-28")

    quotes, urls = run(kit.workbook(latest("USD"), FACTS, URL, r"\.xlsx$", parse), answer)
    assert urls == ["", "https://x.example/files/rates%202026.xlsx"]
    assert [str(quote.day) for quote in quotes] == ["2026-10-28"]


def test_requests() -> None:
    """Values become text in their order; headers with a key are private, and come before the others."""
    request = kit.get(URL, {"n": 1, "on": TODAY}, key={"Key": "k3y"}, headers={"Accept": "text/csv"}, allow=(404,))
    assert request.params == (("n", "1"), ("on", str(TODAY)))
    assert request.headers == (("Key", "k3y"), ("Accept", "text/csv"))
    assert (request.private, request.allow) == (("Key",), (404,))
    assert kit.get(URL, [("c", 1), ("c", 2)], private=("c",)).params == (("c", "1"), ("c", "2"))
    posted = kit.post(URL, json={"on": TODAY}, key={"Key": "k3y"})
    assert posted.content == b'{"on": "2026-10-30"}'
    assert posted.headers == (("Content-Type", "application/json"), ("Key", "k3y"))
    assert kit.post(URL, {"on": TODAY}).form == (("on", str(TODAY)),)


def test_quotes_of_a_table() -> None:
    """One for each entry, or for those of known symbols alone."""
    table = {"USD": Decimal("1.1"), "BTC": Decimal("0.00001")}
    assert [quote.symbol for quote in kit.quotes_of("EUR", table, TODAY)] == ["USD", "BTC"]
    assert [quote.symbol for quote in kit.quotes_of("EUR", table, TODAY, {"USD"})] == ["USD"]
    with pytest.raises(ValueError, match="an object of rates"):
        kit.quotes_of("EUR", [], TODAY)


def test_a_pair_has_one_rate_a_day() -> None:
    """What comes twice counts once; two rates of one day are refused."""
    quote = Quote("USD", "EUR", Decimal(2), TODAY)
    assert kit.distinct([quote, quote]) == [quote]
    with pytest.raises(ValueError, match="two rates for USD in EUR on 2026-10-30"):
        kit.distinct([quote, Quote("USD", "EUR", Decimal(3), TODAY)])


MEANS = {"ended": True, "due": lambda first: (first + timedelta(days=31)).replace(day=1)}


def means(body: bytes) -> Iterable[Quote]:
    """A rate for each month that the body has, such as 2026-09."""
    for text in body.decode().split():
        first, last = period(text)
        yield Quote("EUR", "USD", Decimal(2), first, last)


@pytest.mark.parametrize(
    ("query", "months", "asked"),
    [
        (latest("EUR"), "2026-08 2026-09", "?from=2026-07-01&to=2026-09-30"),
        (on(date(2026, 9, 15), "EUR"), "2026-09", "?from=2026-09-01&to=2026-09-30"),
        (between(date(2026, 8, 31), date(2026, 10, 30), "EUR"), "2026-08 2026-09", "?from=2026-08-01&to=2026-09-30"),
    ],
)
def test_means_are_asked_for_when_they_are_due(query: Query, months: str, asked: str) -> None:
    """One request reaches from the first period to the last one that is due, and other periods are left out."""
    body = Reply(200, f"2026-05 {months} 2026-10".encode())
    quotes, urls = run(kit.by_periods(query, FACTS, ask, means, **MEANS), lambda _: body)
    assert urls == [asked]
    assert [f"{quote.day:%Y-%m}" for quote in quotes] == months.split()


def test_a_mean_that_is_not_due_is_not_asked_for() -> None:
    """The mean of a month that has not ended is an error with the day on which it is due, without a request."""
    with pytest.raises(NoRates, match="valid from 2026-10-01 to 2026-10-31") as caught:
        run(kit.by_periods(on(date(2026, 10, 3), "EUR"), FACTS, ask, means, **MEANS), lambda _: Reply(500, b""))
    assert caught.value.hint == "they are due on 2026-11-01"


def test_the_latest_mean_is_looked_for_backwards() -> None:
    """A file a month: the newest that has rates ends the walk."""
    answers = {"2026-08-01": b"2026-08"}

    def file(first: date) -> Request:
        return kit.get(URL, {"month": first})

    quotes, urls = run(
        kit.by_period(latest("EUR"), FACTS, file, means, **MEANS),
        lambda request: Reply(200, answers.get(request.params[0][1], b"")),
    )
    assert urls == ["?month=2026-09-01", "?month=2026-08-01"]
    assert [quote.valid_to for quote in quotes] == [date(2026, 8, 31)]


def test_a_file_without_its_period() -> None:
    """Where the answer does not name its period, it is read as that which was asked for."""

    def undated(body: bytes, first: date = date.min) -> Iterable[Quote]:
        yield Quote("EUR", "USD", Decimal(body.decode()), first, first)

    day = date(2026, 9, 1)
    steps = kit.by_period(on(day, "EUR"), FACTS, lambda _: kit.get(URL), undated, undated=True)
    quotes, _ = run(steps, lambda _: Reply(200, b"2.5"))
    assert quotes == [Quote("EUR", "USD", Decimal("2.5"), day, day)]


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (date(2026, 11, 1), 1, date(2026, 10, 30)),
        (date(2026, 11, 2), 1, date(2026, 10, 30)),
        (date(2026, 10, 31), 1, date(2026, 10, 30)),
        (date(2026, 11, 1), 2, date(2026, 10, 29)),
        (date(2026, 12, 1), 2, date(2026, 11, 27)),
    ],
)
def test_the_weekday_before(day: date, count: int, found: date) -> None:
    """Saturdays and Sundays are passed over."""
    assert kit.weekday_before(day, count) == found


def test_until_the_next() -> None:
    """A rate ends before the next one of its pair begins; one until further notice stays so if it is the last."""
    quotes = [Quote("USD", "EUR", Decimal(2), date(2026, month, 1), date.max) for month in (9, 10)]
    assert [quote.valid_to for quote in kit.until_next([*quotes[::-1], quotes[0]])] == [date(2026, 9, 30), date.max]
