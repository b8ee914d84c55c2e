"""Nepal Rastra Bank: reference rates of the Nepalese rupee.

Publishes: 22 currencies for every calendar day, just after midnight in Kathmandu.
Quoted: buying and selling rates, whose middle is taken; rupees for 1, 10 (yen) or 100 units (Indian rupee, won).
Answer: JSON, a page of up to 100 days, rates as text; the page says how many days there are in all.
Source: https://www.nrb.org.np/api-docs-v1/

The Indian rupee is pegged at 160 for 100, which is its buying rate; the selling rate, and so the middle, is above it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._shared import said, spans

PROVIDER = Provider(
    name="Nepal Rastra Bank",
    country="NP",
    pivot="NPR",
    rate_type="mid of buying and selling",
    published="00:00 Asia/Kathmandu",
    since=date(2010, 1, 1),
    max_days=90,  # our own; a page holds 100 days
    gap_days=4,  # every calendar day has its rates
    spacing_s=0.5,
)

URL = "https://www.nrb.org.np/api/forex/v1/rates"
PER_PAGE = 100

MISWRITTEN = {"2020-06.25": "2020-06-25"}  # stands so in the bank's archive


def steps(query: Query) -> Steps:
    """The window in pieces, every page of each."""
    first, last = query.span(PROVIDER.gap_days)
    last = min(last, query.today)
    quotes: list[Quote] = []
    for start, end in spans(max(first, PROVIDER.since), last, PROVIDER.max_days or 1):
        quotes += yield from _pages(start, end)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _pages(start: date, end: date) -> Generator[Request, Reply, list[Quote]]:
    quotes: list[Quote] = []
    page, pages = 1, 1
    while page <= pages:
        window = (("from", str(start)), ("to", str(end)))
        params = (*window, ("page", str(page)), ("per_page", str(PER_PAGE)))
        reply = yield Request(URL, params=params, allow=(400,))
        answer = _answer(reply.body)
        quotes += _quotes(answer)
        page, pages = page + 1, answer["pagination"]["pages"]
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one page."""
    return list(_quotes(_answer(body)))


def _answer(body: bytes) -> Mapping[str, Any]:
    """The page, when it reports no error."""
    answer = readers.mapping(readers.json_value(body))
    if answer["status"]["code"] != 200:
        raise ErrorAnswer(f"reports {said(answer.get('errors') or answer['status'])}")
    return answer


def _quotes(answer: Mapping[str, Any]) -> Iterator[Quote]:
    days, pagination = readers.rows(answer["data"]["payload"]), answer["pagination"]
    due = min(PER_PAGE, pagination["total"] - (pagination["page"] - 1) * PER_PAGE)
    if len(days) != due:
        raise ValueError(f"{due} days were due, got {len(days)}")
    for item in days:
        day = readers.day(MISWRITTEN.get(item["date"], item["date"]))
        for row in readers.rows(item["rates"]):
            middle = readers.midpoint(readers.number(row["buy"]), readers.number(row["sell"]))
            units = readers.number(row["currency"]["unit"])
            yield Quote(row["currency"]["iso3"], "NPR", readers.per_unit(middle, units), day)
