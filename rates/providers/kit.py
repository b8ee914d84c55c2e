"""What providers have in common: how a query becomes requests. A module holds only what is its publisher's own.

A provider's `steps` is one call of the kit, to which the module gives the function that makes a request (`ask`) and the
one that reads an answer (`parse`):

    by_window       a request for each window of at most `max_days` days          nbrm, amcm
    by_pieces       the same, several requests a window: pages, two tables        nrb, bdp
    by_day          a request a day, for the latest and a day back to rates       nbg, bct
    by_day_pieces   the same, several requests a day                              nbc
    by_period       a request for each month, quarter or year that is touched     hmrc, inforeuro
    by_periods      one request for all of them                                   boc_average, bis
    of_periods      as many requests as the periods need                          bmf
    per_currency    a request for each currency asked for, and for each window    bcb, fred
    archive         one document with all days, cut to those asked for            mma, cbn
    workbook        a page, the link on it, the file behind it, cut likewise      boa, rbf
    form            a page first, then its form posted back for each window       bota, mas
    or_none         the quotes of a table beside the main one, if it has any      nbp, sbi

Done here, for all alike: the days to ask for (`window`), the order of requests, and `NoRates` where a publisher has
nothing for the days; a piece whose parse raises `NoRates` counts as one without rows. What stays the module's own:
addresses, params, the reading. For what fits none of these, write `steps` as a generator over `window`, `spans` and
`wanted`, ended by `not_empty`.

The names that nearly every provider needs are exported here too, so that two import lines do: this module for what is
asked, `rates.readers` for what is read.
"""

from __future__ import annotations

import json as _json
import re
from collections.abc import Callable, Collection, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypedDict, Unpack

from rates.currencies import current_unit
from rates.errors import KeyRefused, NoRates, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.readers import excerpt, mapping, number, per_unit

__all__ = [
    "SATURDAY",
    "SUNDAY",
    "WEEKEND",
    "Any",
    "Decimal",
    "Iterable",
    "Iterator",
    "Mapping",
    "Provider",
    "Query",
    "Quote",
    "Reply",
    "Request",
    "Steps",
    "accepts_key",
    "archive",
    "by_day",
    "by_day_pieces",
    "by_period",
    "by_periods",
    "by_pieces",
    "by_window",
    "cookies",
    "date",
    "days_of",
    "distinct",
    "form",
    "get",
    "is_published",
    "months_of",
    "not_empty",
    "of_periods",
    "or_none",
    "passed_over",
    "penultimate",
    "per_currency",
    "periods",
    "post",
    "quotes_of",
    "renewed",
    "short_month",
    "spans",
    "timedelta",
    "until_next",
    "wanted",
    "weekday_before",
    "window",
    "workbook",
    "years_of",
]

SATURDAY, SUNDAY = 5, 6  # as date.weekday() counts
WEEKEND = (SATURDAY, SUNDAY)

ENDED_PERIODS = 3  # how many periods back the newest mean may lie: some of a month come more than a month later

Pairs = Mapping[str, object] | Iterable[tuple[str, object]]
Parse = Callable[[bytes], Iterable[Quote]]
Piece = Callable[[date, date], Steps]
Split = Callable[[date, date], Iterable[tuple[date, date]]]
Check = Callable[[Reply], bool]


class Days(TypedDict, total=False):
    """Which days to ask for, where that is not `gap_days` back from today.

    tomorrow: True when the publisher sets the next day's rates, which are then asked for too.
    latest_days: how far back the latest reach, in place of `gap_days`, when they come late.
    since: the first day of a table that begins later than the publisher's first.
    until: the last day of a publisher that ended; its latest, if it answers them, are those up to that day.
    """

    tomorrow: bool
    latest_days: int
    since: date
    until: date


class Lengths(TypedDict, total=False):
    """The keywords of `by_period` and `by_periods`.

    months: how long a period is, 1, 3, 6 or 12. due: the day on which the rates of the period that begins on a day are
    expected. ended: True when they come at or after the end of their period, as means do: none are asked for before
    they are due, and the latest are those of the newest period that has some.
    """

    months: int
    due: Callable[[date], date]
    ended: bool


class Files(Lengths, total=False):
    """The keywords of `by_period`: those of `Lengths`.

    undated: True when an answer does not name its period, whose first day `parse(body, first)` then gets.
    """

    undated: bool


class Windows(Days, total=False):
    """The keywords of `by_window` and its kin: those of `Days`, and how the days become windows.

    split: windows other than those of `max_days`: `years_of`, `months_of`.
    cut: True when an answer holds more than was asked for (a whole month); quotes of days outside are left out.
    """

    split: Split
    cut: bool


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COOKIE = re.compile(r"(?:^|,)\s*([^=;,\s]+)=([^;,]*)")


def get(
    url: str,
    params: Pairs = (),
    *,
    headers: Pairs = (),
    key: Pairs = (),
    private: Sequence[str] = (),
    path: Pairs = (),
    allow: Sequence[int] = (),
    html: bool = False,
) -> Request:
    """A GET, with params and headers in the order given.

    They are dicts, or pairs where a name is repeated. Values are written by `str`: a day as 2026-10-30, any other form
    of it by an f-string.
    key: headers that hold a key, sent before `headers`. private: names of params that hold one. path: pairs that hold
    one for {NAME} in the path of the URL. All three stay out of messages, logs and recordings. allow: failure statuses
    that the provider reads itself. html: True where the publisher's data is a web page.
    """
    return Request(
        url,
        params=_pairs(params),
        headers=(*_pairs(key), *_pairs(headers)),
        private=(*private, *(name for name, _ in (*_pairs(key), *_pairs(path)))),
        allow=tuple(allow),
        html=html,
        path=_pairs(path),
    )


def post(
    url: str,
    form: Pairs = (),
    *,
    json: object = None,
    params: Pairs = (),
    headers: Pairs = (),
    key: Pairs = (),
    private: Sequence[str] = (),
    allow: Sequence[int] = (),
    html: bool = False,
) -> Request:
    """A POST of a form's fields, or of `json` as the body with its Content-Type; everything else as in `get`."""
    asked = get(url, params, headers=headers, key=key, private=private, allow=allow, html=html)
    if json is None:
        return replace(asked, form=_pairs(form))
    typed = (("Content-Type", "application/json"), *asked.headers)
    return replace(asked, form=_pairs(form), headers=typed, content=_json.dumps(json, default=str).encode())


def _pairs(values: Pairs) -> tuple[tuple[str, str], ...]:
    if not values:
        return ()  # most requests have one kind of pairs or none
    pairs = values.items() if isinstance(values, Mapping) else values
    return tuple((name, str(value)) for name, value in pairs)


def window(query: Query, facts: Provider, **which: Unpack[Days]) -> tuple[date, date]:
    """The first and last day to ask for: those of a range; else the day or today, and `gap_days` before it.

    Never before `since` nor after today; see `Days` for what shifts that. Raises `Unsupported` for days after the last
    one of a publisher that ended, and `NoRates` for others that it cannot have.
    """
    return _window(query, facts, which)


def _window(query: Query, facts: Provider, which: Days) -> tuple[date, date]:
    latest, until = query.kind == "latest", which.get("until", date.max)
    back_days = which.get("latest_days", facts.gap_days) if latest else facts.gap_days
    first, last = query.span(back_days)
    if latest and "latest" in facts.answers:
        first = min(first, until - timedelta(days=back_days))
    newest = query.today + timedelta(days=which.get("tomorrow", False))
    start, end = max(first, which.get("since", facts.since)), min(last, newest, until)
    if start > until:
        raise Unsupported(f"has no rates after {until}")
    if start > end:
        raise NoRates(f"has no rates from {first} to {last}")
    return start, end


def spans(first: date, last: date, max_days: int | None) -> Iterator[tuple[date, date]]:
    """The days from first to last, both included, in windows of at most `max_days` days, in order; one for None."""
    while first <= last:
        end = min(first + timedelta(days=max_days - 1), last) if max_days else last
        yield first, end
        first = end + timedelta(days=1)


def years_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from first to last in windows of a calendar year each: a `split` for files of whole years."""
    for year in range(first.year, last.year + 1):
        yield max(first, date(year, 1, 1)), min(last, date(year, 12, 31))


def months_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from first to last in windows of a calendar month each: a `split` for files of whole months."""
    for begin, end in periods(first, last) if first <= last else ():
        yield max(first, begin), min(last, end)


def by_window(
    query: Query,
    facts: Provider,
    ask: Callable[[date, date], Request],
    parse: Parse,
    *,
    check: Check | None = None,
    **how: Unpack[Windows],
) -> Steps:
    """The quotes of the days asked for, by a request `ask(first, last)` for each window of at most `max_days` days.

    check: called with each reply before it is read; it gives False for one without rows, or raises what a status
    means: `readers.has_rows`, `accepts_key(PROVIDER)`. The request must allow that status.
    """
    return by_pieces(query, facts, lambda first, last: _one(ask(first, last), parse, check), **how)


def by_pieces(query: Query, facts: Provider, piece: Piece, **how: Unpack[Windows]) -> Steps:
    """As `by_window`, when a window takes several requests.

    piece: a generator; `piece(first, last)` yields the requests of a window, is sent the replies, and returns quotes.
    """
    first, last = _window(query, facts, how)
    return not_empty((yield from _windows(first, last, facts, piece, how)), first, last)


def by_period(
    query: Query,
    facts: Provider,
    ask: Callable[[date], Request],
    parse: Callable[..., Iterable[Quote]],
    *,
    check: Check | None = None,
    **which: Unpack[Files],
) -> Steps:
    """The rates valid for each period that the days asked for touch, by a request `ask(first)` for each; see `periods`.

    The latest are those of the period with today. Rates of another period than was asked for are left out: `NoRates`,
    which names the day on which they are due, if that is to come. See `Lengths` for the keywords.
    """

    def piece(spans: Sequence[tuple[date, date]]) -> Steps:
        quotes: list[Quote] = []
        for begin, _ in spans if query.kind == "range" else spans[::-1]:
            with suppress(NoRates):
                read = partial(_dated, parse, begin) if which.get("undated") else parse
                quotes += list((yield from _one(ask(begin), read, check)))
            if query.kind == "latest" and quotes:
                break
        return quotes

    return _of_periods(query, facts, piece, which)


def by_periods(
    query: Query,
    facts: Provider,
    ask: Callable[[date, date], Request],
    parse: Parse,
    *,
    check: Check | None = None,
    **which: Unpack[Lengths],
) -> Steps:
    """As `by_period`, by one request `ask(first, last)`: first day of the first period, last of the last one."""

    def piece(spans: Sequence[tuple[date, date]]) -> Steps:
        return _one(ask(spans[0][0], spans[-1][1]), parse, check)

    return _of_periods(query, facts, piece, which)


def _dated(parse: Callable[[bytes, date], Iterable[Quote]], begin: date, body: bytes) -> Iterable[Quote]:
    """What an answer that does not name its period says of the one that begins on that day."""
    return parse(body, begin)


def of_periods(
    query: Query, facts: Provider, piece: Callable[[Sequence[tuple[date, date]]], Steps], **which: Unpack[Lengths]
) -> Steps:
    """As `by_periods`, when they take several requests: the generator `piece(spans)` yields them and returns quotes.

    spans: the first and last day of each period asked for, oldest first. Quotes of other periods are left out.
    """
    return _of_periods(query, facts, piece, which)


def _of_periods(
    query: Query, facts: Provider, piece: Callable[[Sequence[tuple[date, date]]], Steps], which: Lengths
) -> Steps:
    months, due, ended = which.get("months", 1), which.get("due"), which.get("ended", False)
    first, last = query.start or query.today, query.end or query.today
    if last < facts.since:
        raise NoRates(f"has no rates before {facts.since}")
    if ended and query.kind == "latest":
        first -= timedelta(days=31 * months * ENDED_PERIODS)
    spans = list(periods(max(first, facts.since), last, months))
    begin, end = spans[-1]
    if ended and due:
        spans = [span for span in spans if due(span[0]) <= query.today]
    quotes: list[Quote] = []
    with suppress(NoRates):
        found = (yield from piece(spans)) if spans else ()
        quotes += (one for one in found if one.day <= spans[-1][1] and (one.valid_to or one.day) >= spans[0][0])
    if not quotes:
        expected = due(begin) if due else query.today
        raise NoRates(
            f"has no rates valid from {begin} to {end}",
            hint=f"they are due on {expected}" if expected > query.today else "",
        )
    return quotes


def is_published(reply: Reply) -> bool:
    """A `check` that is False for status 404, which the request must allow: the file does not exist yet."""
    return reply.status != 404


def periods(first: date, last: date, months: int = 1) -> Iterator[tuple[date, date]]:
    """The whole months, quarters (3) or years (12) that the days from first to last touch, as first and last day."""
    begin = first.replace(month=(first.month - 1) // months * months + 1, day=1)
    while begin <= last:
        following = (begin + timedelta(days=31 * months)).replace(day=1)
        yield begin, following - timedelta(days=1)
        begin = following


def until_next(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes of periods by day, each cut to end before the next one of its pair; of two of a day the first."""
    begins: dict[tuple[str, str], date] = {}
    found: list[Quote] = []
    for quote in sorted(quotes, key=lambda quote: quote.day, reverse=True):
        following = begins.get(quote[:2], date.max)
        if quote.day < following:
            cut = date.max if following == date.max else following - timedelta(days=1)
            found.append(quote._replace(valid_to=min(quote.valid_to or quote.day, cut)))
            begins[quote[:2]] = quote.day
    return found[::-1]


def weekday_before(day: date, count: int = 1) -> date:
    """The last day from Monday to Friday before a day, or the one of that count; holidays are not known."""
    for _ in range(count):
        day -= timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))  # over a week-end from Monday and Sunday
    return day


def penultimate(weekday: int, month: date) -> date:
    """The last but one Monday (0) to Sunday (6) of the month that a day is in."""
    *_, (_, last) = periods(month, month)
    return last - timedelta(days=(last.weekday() - weekday) % 7 + 7)


def per_currency(
    query: Query,
    facts: Provider,
    codes: Iterable[str],
    ask: Callable[[str, date, date], Request],
    parse: Callable[[bytes, str], Iterable[Quote]],
    *,
    check: Check | None = None,
    **how: Unpack[Windows],
) -> Steps:
    """As `by_window`, for each currency of `codes` that is asked for: a request `ask(code, first, last)`.

    `parse(body, code)` reads the answer, which often does not name its currency. `wanted` says which are asked for.
    A publisher with rates of other currencies and none of the US dollar, when that was asked for, lost an answer:
    ValueError.
    """

    def of(code: str) -> Piece:
        return lambda first, last: _one(ask(code, first, last), lambda body: parse(body, code), check)

    first, last = _window(query, facts, how)
    asked = wanted(query, codes)
    quotes: list[Quote] = []
    for code in asked:
        quotes += yield from _windows(first, last, facts, of(code), how)
    not_empty(quotes, first, last)
    if "USD" in asked and not any("USD" in (quote.base, quote.symbol) for quote in quotes):
        raise ValueError(f"the US dollar has no rates from {first} to {last}, others have")
    return quotes


def form(
    query: Query,
    facts: Provider,
    page: Request,
    fill: Callable[[Reply, date, date], Request],
    parse: Parse,
    *,
    check: Check | None = None,
    **how: Unpack[Windows],
) -> Steps:
    """As `by_window`, after the request `page`: `fill(reply, first, last)` posts the form on that page back.

    It takes from the reply what the server looks for: `readers.hidden(page)` gives the hidden fields, tokens among
    them; `cookies(reply)` the headers.
    """
    _window(query, facts, how)  # no request for days that the publisher cannot have
    opened = yield page
    return (yield from by_window(query, facts, partial(fill, opened), parse, check=check, **how))


def cookies(reply: Reply) -> tuple[tuple[str, str], ...]:
    """The header that sends back the cookies that a reply set, the last value of each; none when it set none."""
    pairs = dict(_COOKIE.findall(reply.headers.get("set-cookie", "")))
    return (("Cookie", "; ".join(f"{name}={value}" for name, value in pairs.items())),) if pairs else ()


def by_day(
    query: Query,
    facts: Provider,
    ask: Callable[[date], Request],
    parse: Parse,
    *,
    check: Check | None = None,
    rests: Container[int] = (),
    enough: Callable[[list[Quote]], bool] = bool,
    in_force: bool = False,
) -> Steps:
    """The quotes of each day of a range, by a request `ask(day)`; else from the last day back until there are enough.

    rests: weekdays on which the publisher never has rates, such as `WEEKEND`. enough: when the walk back may end, if
    not at the first quote. A day without rates is one whose parse gives no quotes or raises `NoRates`.
    in_force: True when a day's answer is the list in force on it, which may be dated before, and may be tomorrow's
    already; else the quotes of another day are left out of a range, since that day is asked for itself.
    The latest begin with today's: what a server answers for a day that has no rates yet is not known of most.
    """
    return by_day_pieces(
        query,
        facts,
        lambda day: _one(ask(day), parse, check),
        rests=rests,
        enough=enough,
        in_force=in_force,
    )


def by_day_pieces(
    query: Query,
    facts: Provider,
    piece: Callable[[date], Steps],
    *,
    rests: Container[int] = (),
    enough: Callable[[list[Quote]], bool] = bool,
    in_force: bool = False,
) -> Steps:
    """As `by_day`, when a day takes several requests: the generator `piece(day)` yields them and returns quotes."""
    found: dict[Quote, None] = {}  # a list that is repeated over closed days counts once
    days = _days(query, facts, in_force)
    for day in (day for day in days if day.weekday() not in rests):
        try:
            quotes = list((yield from piece(day)))
        except NoRates:
            continue
        keep = in_force or query.kind != "range"
        found.update(dict.fromkeys(quote for quote in quotes if keep or quote.day == day))
        if query.kind != "range" and enough(list(found)):
            break
    if not found:
        raise NoRates(f"has no rates of {query.end or query.today}, nor of the days before")
    return list(found)


def _days(query: Query, facts: Provider, in_force: bool) -> list[date]:
    """The days to ask for, up to today: those of a range in order, else the newest first."""
    first, last = window(query, facts, tomorrow=in_force and query.kind == "day")
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return days if query.kind == "range" else days[::-1]


def archive(
    query: Query,
    facts: Provider,
    request: Request,
    parse: Callable[[bytes, date, date], Iterable[Quote]],
    *,
    late_days: int | None = None,
) -> Steps:
    """The quotes of the days asked for, of one document that has them all; see `days_of` for `late_days`.

    `parse(body, first, last)` reads those of the days from first to last, and passes over the others before it reads
    their numbers, since a whole archive is long. As every provider's it can be called with the body alone:
    def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote].
    """
    reply = yield request
    return days_of(partial(parse, reply.body), query, facts, late_days)


def workbook(
    query: Query,
    facts: Provider,
    page: str,
    address: str,
    parse: Callable[[bytes, date, date], Iterable[Quote]],
    *,
    words: str = "",
    late_days: int | None = 100,
) -> Steps:
    """As `archive`, of the file that a page links to: see `readers.link` for the expressions `address` and `words`.

    `parse` gets that file; called with the page, it should find the link and return nothing.
    """
    from rates.readers import link  # few providers need pages, whose expressions take long to compile

    reply = yield get(page, html=True)
    return (yield from archive(query, facts, get(link(reply.body, page, address, words)), parse, late_days=late_days))


def days_of(
    read: Callable[[date, date], Iterable[Quote]], query: Query, facts: Provider, late_days: int | None = None
) -> list[Quote]:
    """The quotes of the days asked for, of a document of which `read(first, last)` gives those of some days.

    The latest are those since `gap_days` before today. late_days: in its place, for a publisher whose monthly file is
    weeks late; all days are read then when those give nothing.
    Days that the document does not list are days without rates: `NoRates`. One that lists no day at all is damaged.
    """
    if query.kind == "latest" and late_days is not None:
        recent = list(read(query.today - timedelta(days=late_days), date.max))
        return recent or list(read(date.min, date.max))
    first, last = query.span(facts.gap_days)
    quotes = list(read(first, last if query.end else date.max))
    if not quotes and next(iter(read(date.min, date.max)), None) is None:
        raise ValueError("the document lists no day")
    return not_empty(quotes, first, last)


def wanted(query: Query, codes: Iterable[str]) -> list[str]:
    """The currencies of `codes` that the query needs, in their order; all of them when it names no symbols.

    `Unsupported` when it needs none of them.
    """
    if not query.symbols:
        return list(codes)
    found = [code for code in codes if code in (query.base, *query.symbols)]
    if not found:
        raise Unsupported(f"publishes none of {', '.join(query.symbols)}")
    return found


def not_empty(quotes: list[Quote], first: date, last: date) -> list[Quote]:
    """The quotes; `NoRates` when there are none of those days, which is how a publisher's days of rest look."""
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def or_none(steps: Steps) -> Steps:
    """The quotes of those steps; none where they end with `NoRates`: for a table that others stand beside."""
    try:
        return (yield from steps)
    except NoRates:
        return ()


def accepts_key(facts: Provider) -> Check:
    """A `check` that raises `KeyRefused` for status 401 and 403, which the request must allow."""

    def check(reply: Reply) -> bool:
        if reply.status in (401, 403):
            raise KeyRefused("does not accept the key", hint=f"see {facts.key_url}")
        return True

    return check


def quotes_of(base: str, rates: object, day: date, known: Container[str] | None = None) -> list[Quote]:
    """A quote for each entry of a JSON object of rates by symbol; `known`: only of those symbols."""
    table = mapping(rates, "an object of rates")
    return [Quote(base, symbol, number(rate), day) for symbol, rate in table.items() if not known or symbol in known]


def short_month(day: date) -> str:
    """The first three letters of the English name of a day's month, which strftime writes in the locale's language."""
    return _MONTHS[day.month - 1]


def distinct(quotes: Iterable[Quote]) -> list[Quote]:
    """The quotes, each pair of a day once; ValueError when it comes again with another rate."""
    found: dict[tuple[str, str, date], Quote] = {}
    for quote in quotes:
        if found.setdefault((quote.base, quote.symbol, quote.day), quote) != quote:
            raise ValueError(f"two rates for {quote.base} in {quote.symbol} on {quote.day}")
    return list(found.values())


def passed_over(facts: Provider, names: Collection[str], quotes: Collection[Quote]) -> None:
    """Logs a warning of names in an answer that no currency is known for; ValueError if it has no other."""
    if not names:
        return
    listed = ", ".join(repr(excerpt(name)) for name in dict.fromkeys(names))
    if not quotes:
        raise ValueError(f"no known currency: {listed}")
    from logging import getLogger  # few answers have such names

    getLogger("rates.providers").warning("warning: %s: no currency is known for %s: left out", facts.key, listed)


def renewed(code: str, rate: Decimal, on: date) -> tuple[str, Decimal]:
    """The currency in use on a day, and what a unit of another money costs in it, for a publisher slow to change.

    rate: of the currency `code`, which may have ended by then: it is divided by the fixed ratio to the successor.
    """
    fixed = current_unit(code, on)
    return fixed.unit, per_unit(rate, fixed.ratio)


def _one(request: Request, parse: Parse, check: Check | None) -> Steps:
    """One request, its reply checked and read."""
    reply = yield request
    return parse(reply.body) if check is None or check(reply) else ()


def _windows(
    first: date, last: date, facts: Provider, piece: Piece, how: Windows
) -> Generator[Request, Reply, list[Quote]]:
    """The quotes of all windows in order; one that raises `NoRates` has none."""
    split, cut = how.get("split", partial(spans, max_days=facts.max_days)), how.get("cut", False)
    quotes: list[Quote] = []
    for start, end in split(first, last):
        try:
            found = list((yield from piece(start, end)))
        except NoRates:
            continue
        quotes += (quote for quote in found if not cut or start <= quote.day <= end)
    return quotes
