"""Bank of Portugal: the escudo's rates, as history.

Publishes: 24 currencies for each working day from 1987-01-02 to 1998-12-31; nothing is added any more.
Quoted: reference rates, escudos for one unit of the currency; the ECU among them.
Answer: JSON-stat 2, pages of ten currencies; values in one flat list, currency by currency, null for none.
Source: https://bpstat.bportugal.pt/data/docs

A page holds the values of eleven currencies: those of the next page's first stand in it without a label, and come again
there with one. Crosses show that the unit is one throughout: on the last day a mark was 102.505 escudos and a lira
0.10354, as the conversion rates of the euro say.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from rates import readers
from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._shared import spans

PROVIDER = Provider(
    name="Bank of Portugal",
    country="PT",
    pivot="PTE",
    rate_type="reference",
    cadence="daily, ended",
    published="ended on 1998-12-31",
    since=date(1987, 1, 2),
    answers=("day", "range"),
    max_days=1826,  # our own: five years
    spacing_s=0.5,
)

UNTIL = date(1998, 12, 31)
URL = "https://bpstat.bportugal.pt/data/v1/domains/29/datasets/23e0cdd56bddb4ad3016a9c3ad63a539/"
CATEGORIES = ("13:794", "18:35", "40:4263")  # against the escudo, by the bank itself, daily
CURRENCY, DAY = "12", "reference_date"  # the two dimensions that have more than one place
RENAMED = {"ECU": "XEU"}

_CODE = re.compile(r".*\(([A-Z]{3})\) against Escudo - daily")


def steps(query: Query) -> Steps:
    """All pages of each piece of the window, which ends with the escudo's last day."""
    first, last = query.span(PROVIDER.gap_days)
    if query.kind == "latest":
        first = UNTIL - timedelta(days=PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, UNTIL)
    if first > last:
        raise Unsupported(f"has no rates of {query.end}", hint=f"its last are of {UNTIL}")
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        quotes += yield from _pages(start, end)
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def _pages(start: date, end: date) -> Generator[Request, Reply, list[Quote]]:
    """The pages one after the other; their links to the next forget some of the categories, so that they only count."""
    quotes: list[Quote] = []
    page, more = 1, True
    while more:
        chosen = tuple(("dim_cats", category) for category in CATEGORIES)
        window = (("obs_since", str(start)), ("obs_to", str(end)))
        reply = yield Request(URL, params=(("lang", "EN"), ("page", str(page)), *chosen, *window))
        found = list(parse(reply.body))
        if again := {quote.base for quote in found} & {quote.base for quote in quotes}:
            raise ValueError(f"page {page} has {min(again)} again")
        quotes += found
        more = _has_more(readers.mapping(readers.json_value(reply.body)))
        page += 1
    return quotes


def _has_more(answer: Mapping[str, Any]) -> bool:
    """True when another page follows; the last one has no such name, nor any that is not known."""
    extension = readers.mapping(answer["extension"])
    if unknown := set(extension) - {"next_page", "num_series", "obs_updated_at", "series"}:
        raise ValueError(f"a page has no {', '.join(sorted(unknown))}")
    return bool(extension.get("next_page"))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one page; an empty window has neither series nor values."""
    answer = readers.mapping(readers.json_value(body))
    series, values = readers.rows(answer["extension"]["series"]), readers.rows(answer["value"])
    if not series and not values:
        return []
    sizes = dict(zip(answer["id"], answer["size"], strict=True))
    places = {name: readers.rows(answer["dimension"][name]["category"]["index"]) for name in (CURRENCY, DAY)}
    order = [name for name, size in sizes.items() if size > 1 and name not in places]
    if order or answer["id"].index(CURRENCY) > answer["id"].index(DAY):
        raise ValueError(f"values by currency and day were due, got them by {', '.join(answer['id'])}")
    if any(len(place) != sizes[name] for name, place in places.items()):
        raise ValueError("the dimensions are not of the sizes that are told")
    codes = _codes(series)
    borrowed = set(places[CURRENCY]) - set(codes)
    if len(borrowed) > _has_more(answer) or set(codes) - set(places[CURRENCY]):
        raise ValueError(f"labels for {len(places[CURRENCY])} currencies were due, got {len(codes)}")
    return list(_quotes(values, codes, places[CURRENCY], places[DAY]))


def _codes(series: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The currency of each place of that dimension; only the series' labels have its code."""
    codes = {}
    for one in series:
        (place,) = (item["category_id"] for item in one["dimension_category"] if str(item["dimension_id"]) == CURRENCY)
        named = _CODE.fullmatch(one["label"])
        if not named:
            raise ValueError(f"no currency: {one['label']!r}")
        codes[str(place)] = RENAMED.get(named[1], named[1])
    return codes


def _quotes(values: list[Any], codes: Mapping[str, str], places: list[str], days: list[str]) -> Iterator[Quote]:
    if len(values) != len(places) * len(days):
        raise ValueError(f"{len(places) * len(days)} values were due, got {len(values)}")
    rest = iter(values)
    for place in places:
        for day in days:
            value = next(rest)
            if value is not None and place in codes:
                yield Quote(codes[place], "PTE", readers.number(value), readers.day(day))
