"""Central Bank of Uzbekistan: official rates.

Publishes: 75 currencies each working day for the next day, since 1994-07-01.
Quoted: official rates, soums for one unit, or for the nominal of 10 of IDR, IRR and VND.
Answer: JSON, a list with a row a currency, rates as text; a day without rates of its own has those in force on it.
Source: https://cbu.uz/en/arkhiv-kursov-valyut/veb-masteram/

Two decimals are all that cheap currencies have: the Lebanese pound is 0.14, which may be 3 % off. The lev, which ended
with 2025, is quoted on at 1.665 to the dollar.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get, not_empty, timedelta, window
from rates.readers import day, per_unit, records

PROVIDER = Provider(
    name="Central Bank of Uzbekistan",
    country="UZ",
    pivot="UZS",
    rate_type="official",
    published="in the afternoon Asia/Tashkent, for the next day",
    since=date(1994, 7, 1),
    max_days=1,
    gap_days=14,  # New Year and feasts with their weekends
    concurrency=2,
    spacing_s=0.1,
    terms="https://cbu.uz/en/",
)

CODES = {"SDR": "XDR"}  # the special drawing right in the older lists
FOLDER = "https://cbu.uz/en/arkhiv-kursov-valyut/json/all/"


def steps(query: Query) -> Steps:
    """The list in force on the day; of a range each list once, from its last day back to its first.

    A list is dated with the first day on which it is in force. The day before that is asked for next, so that closed
    days between two lists cost no request.
    """
    first, last = window(query, PROVIDER, tomorrow=query.kind == "day")
    quotes: list[Quote] = []
    on = last
    while on >= first:
        reply = yield get(f"{FOLDER}{on}/")
        found = list(parse(reply.body))
        newest = max((quote.day for quote in found), default=on)
        if newest > on:
            raise ValueError(f"asked for {on}, it answers for {newest}")
        if query.kind != "range":
            return not_empty(found, on, on)
        quotes += (quote for quote in found if quote.day >= first)
        on = newest - timedelta(days=1)
    return not_empty(quotes, first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list."""
    for row in records(body):
        code = str(row["Ccy"])
        yield Quote(CODES.get(code, code), "UZS", per_unit(row["Rate"], row["Nominal"]), day(row["Date"], "D.M.Y"))
