"""Bank of Portugal: the escudo's rates, as history.

Publishes: 24 currencies for each working day from 1987-01-02 to 1998-12-31; nothing is added any more.
Quoted: reference rates, escudos for one unit of the currency; the ECU among them.
Answer: JSON-stat 2, pages of ten currencies; values in one flat list, currency by currency, null for none.
Source: https://bpstat.bportugal.pt/data/docs

A page holds the values of eleven currencies: those of the next page's first stand in it without a label, and come again
there with one. Crosses show that the unit is one throughout: on the last day a mark was 102.505 escudos and a lira
0.10354, as the conversion rates of the euro say.
"""

import re
from collections.abc import Sequence
from itertools import product

from rates.model import Provider, Query, Quote
from rates.providers.kit import Any, Iterable, Mapping, Steps, by_pieces, date, get
from rates.readers import counted, day, json_object, mapping, number, rows, searched

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

_CODE = re.compile(r"\(([A-Z]{3})\) against Escudo - daily\Z")


def steps(query: Query) -> Steps:
    """All pages of each piece of the window, which ends with the escudo's last day."""
    return by_pieces(query, PROVIDER, pages, until=UNTIL)


def pages(first: date, last: date) -> Steps:
    """The pages one after the other; their links to the next forget some of the categories, so that they only count."""
    quotes: list[Quote] = []
    page, more = 1, True
    while more:
        chosen = (("dim_cats", category) for category in CATEGORIES)
        params = [("lang", "EN"), ("page", page), *chosen, ("obs_since", first), ("obs_to", last)]
        reply = yield get(URL, params)
        found = list(parse(reply.body))
        if again := {quote.base for quote in found} & {quote.base for quote in quotes}:
            raise ValueError(f"page {page} has {min(again)} again")
        quotes += found
        page, more = page + 1, _has_more(json_object(reply.body))
    return quotes


def _has_more(answer: Mapping[str, Any]) -> bool:
    """True when another page follows; the last one lacks `next_page`, of which an unknown name may be left."""
    extension = mapping(answer["extension"])
    if unknown := set(extension) - {"next_page", "num_series", "obs_updated_at", "series"}:
        raise ValueError(f"a page has no {', '.join(sorted(unknown))}")
    return bool(extension.get("next_page"))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one page; an empty window has neither series nor values."""
    answer = json_object(body)
    series, values = rows(answer["extension"]["series"]), rows(answer["value"])
    if not series and not values:
        return
    places, days = _places(answer, CURRENCY), _places(answer, DAY)
    wide = [name for name, size in zip(answer["id"], answer["size"], strict=True) if size > 1]
    if set(wide) - {CURRENCY, DAY} or answer["id"].index(CURRENCY) > answer["id"].index(DAY):
        raise ValueError(f"expected values by currency and day, got them by {', '.join(answer['id'])}")
    codes = dict(map(_code, series))
    if len(set(places) - set(codes)) > _has_more(answer) or set(codes) - set(places):
        raise ValueError(f"expected labels for {len(places)} currencies, got {len(codes)}")
    counted(values, len(places) * len(days), "values")
    for (place, written), value in zip(product(places, days), values, strict=True):
        if value is not None and place in codes:
            yield Quote(codes[place], "PTE", number(value), day(written))


def _places(answer: Mapping[str, Any], dimension: str) -> Sequence[str]:
    """The places of a dimension, in the order of its values."""
    found = rows(answer["dimension"][dimension]["category"]["index"])
    return counted(found, answer["size"][answer["id"].index(dimension)], f"places of {dimension}")


def _code(series: Mapping[str, Any]) -> tuple[str, str]:
    """The place of a series in the dimension of currencies, and its currency, which only its label has."""
    (place,) = (item["category_id"] for item in series["dimension_category"] if str(item["dimension_id"]) == CURRENCY)
    code = searched(_CODE, series["label"], "currency")[1]
    return str(place), RENAMED.get(code, code)
