"""Central Bank of the Congo (Kinshasa): indicative rates.

Publishes: 21 currencies each working day; those before September 2025 weekly, but for 10 of them, since 2020-10-12.
Quoted: the printed mean of buying and selling rates, Congolese francs for `unit` units of the currency.
Answer: text around JSON with all days, from which the page is drawn; a page for each past day, with the mean alone.
Source: https://www.bcc.cd/marche-des-changes/cours-de-change

A day that stands in the JSON twice is corrected: its later row is what the day's page has. A day without rates has no
page, or one without rows. Old pages write 2 263,0000, new ones 2265.71.
"""

import re

from rates.providers.kit import (
    WEEKEND,
    Iterable,
    Provider,
    Query,
    Quote,
    Steps,
    by_day_pieces,
    date,
    get,
    is_published,
    not_empty,
    or_none,
    timedelta,
    window,
)
from rates.readers import counted, json_value, mapping, number, per_unit, plain, rows, rows_between, text, whole_page

PROVIDER = Provider(
    name="Central Bank of the Congo",
    country="CD",
    pivot="CDF",
    rate_type="indicative",
    published="no stated time Africa/Kinshasa",
    since=date(2020, 10, 12),
    mixed_days=True,
    spacing_s=0.5,
    restriction="non-commercial",
    terms="https://www.bcc.cd/ (information, study and research, with attribution)",
)

URL = "https://www.bcc.cd/marche-des-changes/cours-de-change"
DAILY = date(2025, 9, 1)  # the JSON has each day from then on
TAGS = ("<dt", "</dt>", "<dd", "</dd>")

_HISTORY = re.compile(r'"history":(\{(?:"[A-Z]{3}":\[[^\]]*\],?)+\})')
_PAIR = re.compile(r"<dt\b[^<>]{0,300}>([^<]{0,99})</dt>\s{0,99}<dd\b[^<>]{0,300}>([^<]{0,99})</dd>")
_MEAN = re.compile(r"([A-Z]{3}) \(cours moyen\)")


def steps(query: Query) -> Steps:
    """All days that the JSON has; the pages of days before it has each, whose figures come last."""
    first, last = window(query, PROVIDER)
    history = yield get(URL, headers={"RSC": 1}, html=True)
    found = {(quote.base, quote.day): quote for quote in parse(history.body, first, last)}
    asked = query.start or query.today
    if query.end and asked < DAILY:
        before = Query(query.base, query.symbols, asked, min(query.end, DAILY - timedelta(days=1)), query.today)
        pages = yield from or_none(by_day_pieces(before, PROVIDER, _page, rests=WEEKEND))
        found |= {(quote.base, quote.day): quote for quote in pages}
    return not_empty(list(found.values()), first, last)


def _page(on: date) -> Steps:
    """The page of a day."""
    reply = yield get(f"{URL}/{on}", allow=(404,), html=True)
    return _of_page(reply.body, on) if is_published(reply) else ()


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the JSON; it comes twice, the second time for a chart of some currencies."""
    found = counted(_HISTORY.findall(text(body)), 2, "histories of rates")
    days: dict[tuple[str, date], Quote] = {}
    for code, listed in mapping(json_value(max(found, key=len).encode())).items():
        for on, row in rows_between(map(mapping, rows(listed)), "date", first, last):
            days[code, on] = Quote(code, "CDF", per_unit(row["average"], row["unit"]), on)
    return list(days.values())


def _of_page(body: bytes, on: date) -> Iterable[Quote]:
    """The quotes of the page of a day, which does not name it; what has a figure must be named as a mean."""
    page = whole_page(body)
    for name, figure in counted(_PAIR.findall(page), max(map(page.count, TAGS)), "pairs"):
        mean = _MEAN.fullmatch(plain(name))
        if not mean and re.search(r"\d", figure):
            raise ValueError(f"not the mean of a currency: {plain(name)!r}")
        if mean:
            yield Quote(mean[1], "CDF", number(plain(figure), comma=True, thousands=" "), on)
