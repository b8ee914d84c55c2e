"""European Central Bank: euro foreign exchange reference rates.

Publishes: about 30 currencies each TARGET working day around 16:00 Frankfurt time, since 1999-01-04.
Quoted: reference rates, units of the currency for one euro.
Answer: XML (the day, or the last 90 days), or a zip with one CSV (all days, N/A where nothing was quoted).
Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get, timedelta
from rates.readers import csv, day, number, rows_between, unzip, xml

PROVIDER = Provider(
    name="European Central Bank",
    country="EU",
    pivot="EUR",
    rate_type="reference",
    published="16:00 Europe/Berlin",
    since=date(1999, 1, 4),
    gap_days=7,  # the longest pause so far is five days, over Easter
    concurrency=2,
    terms="https://www.ecb.europa.eu/services/using-our-site/disclaimer/html/index.en.html",
)

FOLDER = "https://www.ecb.europa.eu/stats/eurofxref/"
# The 90-day file holds about 62 working days; 85 leaves the edge to the whole history.
RECENT_DAYS = 85


def steps(query: Query) -> Steps:
    """One document: today's, the last 90 days', or the whole history, whichever is the smallest that will do."""
    first, _ = query.span(PROVIDER.gap_days)
    if query.kind == "latest":
        name = "eurofxref-daily.xml"
    elif first >= query.today - timedelta(days=RECENT_DAYS):
        name = "eurofxref-hist-90d.xml"
    else:
        return (yield from archive(query, PROVIDER, get(FOLDER + "eurofxref-hist.zip"), parse))
    reply = yield get(FOLDER + name)
    return parse(reply.body)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of any of the three documents: of the history from first to last, of the others all days."""
    return _from_csv(unzip(body), first, last) if body.startswith(b"PK") else _from_xml(body)


def _from_xml(body: bytes) -> Iterable[Quote]:
    """Cubes in cubes: one with a time holds those with currency and rate."""
    for cube in xml(body).iter():
        if "time" in cube.attrib:
            on = day(cube.attrib["time"])
            for entry in cube:
                yield Quote("EUR", entry.attrib["currency"], number(entry.attrib["rate"]), on)


def _from_csv(body: bytes, first: date, last: date) -> Iterable[Quote]:
    """One row a day, one column a currency; the lines end with a comma, which makes a nameless column."""
    for on, row in rows_between(csv(body), "Date", first, last):
        for symbol, rate in row.items():
            if symbol not in ("Date", "") and rate not in ("N/A", ""):
                yield Quote("EUR", symbol.strip(), number(rate), on)
