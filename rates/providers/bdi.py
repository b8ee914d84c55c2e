"""Bank of Italy: rates of nearly all the world's currencies against the euro.

Publishes: about 150 currencies each Italian working day in the afternoon, since 1999.
Quoted: indicative rates, units of the currency for one euro; those of the major currencies are the ECB's.
Answer: CSV of one day, a line a country, so that shared currencies repeat; "N.A." for none; notes after # at its end.
Source: https://tassidicambio.bancaditalia.it/
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import date

from rates import readers
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._by_day import WEEKEND, by_day

PROVIDER = Provider(
    name="Bank of Italy",
    country="IT",
    pivot="EUR",
    rate_type="indicative",
    published="about 17:00 Europe/Rome",
    since=date(1999, 1, 4),
    max_days=1,
    spacing_s=0.5,
    terms="https://tassidicambio.bancaditalia.it/",  # its notes stand at the end of every answer
)

URL = "https://tassidicambio.bancaditalia.it/terzevalute-wf-web/rest/v1.0/dailyRates"
CONVENTION = "Foreign currency amount for 1 Euro."
NONE = "N.A."
NOTES = b"\n# DISCLAIMER"  # they begin with this line; an answer without it was cut


def steps(query: Query) -> Steps:
    """One request a working day; the form of the answer is chosen by a header."""

    def one(day: date) -> Generator[Request, Reply, list[Quote]]:
        params = (("referenceDate", str(day)), ("currencyIsoCode", "EUR"), ("lang", "en"))
        reply = yield Request(URL, params=params, headers=(("Accept", "text/csv"),))
        return list(parse(reply.body))

    return (yield from by_day(query, PROVIDER, one, rests=WEEKEND))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day, each currency once; countries that share one must have it at the same rate."""
    table, notes, _ = body.partition(NOTES)
    if not notes:
        raise ValueError(f"the notes at the end were due, got {body[-40:]!r}")
    found: dict[str, Quote] = {}
    for quote in _quotes(readers.csv(table)):
        if found.setdefault(quote.symbol, quote) != quote:
            raise ValueError(f"two rates for {quote.symbol} on {quote.day}")
    return list(found.values())


def _quotes(rows: Iterable[dict[str, str]]) -> Iterator[Quote]:
    for row in rows:
        if row["Rate convention"] != CONVENTION:
            raise ValueError(f"no known convention: {row['Rate convention']!r}")
        if row["Rate"] != NONE:
            day = readers.day(row["Reference date (CET)"])
            yield Quote("EUR", row["ISO Code"], readers.number(row["Rate"]), day)
