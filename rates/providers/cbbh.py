"""Central Bank of Bosnia and Herzegovina: middle rates of the convertible mark.

Publishes: some 20 currencies each working day after 16:00 for the next day, Tuesday to Saturday, since 1998-01-06.
Quoted: middle rates, convertible marks for 1 or 100 units by each row.
Answer: JSON, a list a day, of rows with buying, middle and selling rates as text; empty rows among them.
Source: https://www.cbbh.ba/CurrencyExchange/

A window without lists is answered with status 404 and the words "Problem with export", which would do for a failure
too: the list in force on the window's last day is asked for then, and must be older than the window.
"""

from rates.errors import ErrorAnswer
from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Request, Steps, by_pieces, date, get
from rates.readers import day, json_object, number, per_unit, records, rows

PROVIDER = Provider(
    name="Central Bank of Bosnia and Herzegovina",
    country="BA",
    pivot="BAM",
    rate_type="mid",
    published="16:00 Europe/Sarajevo, for the next day",
    since=date(1998, 1, 6),
    max_days=90,  # our own
    gap_days=10,  # the New Year and Easter beside weekends
    spacing_s=0.2,
)

URL = "https://www.cbbh.ba/CurrencyExchange"
NOTHING = b'"Problem with export"'
CODES = {"XBA": "XEU", "ESB": "ESP"}  # up to July 1998: the ECU, not the XBA of ISO 4217, and the peseta
FIGURES = ("Units", "Buy", "Middle", "Sell")


def steps(query: Query) -> Steps:
    """The window in pieces; the latest reach to tomorrow, whose rates are set today."""
    return by_pieces(query, PROVIDER, piece, tomorrow=True)


def piece(first: date, last: date) -> Steps:
    """The lists of a window."""
    reply = yield ask(first, last)
    if reply.status != 404:
        return parse(reply.body)
    if reply.body.strip() != NOTHING:
        raise ErrorAnswer("answers status 404 without its words for a window without lists")
    reply = yield get(f"{URL}/GetJson", {"date": f"{last:%m/%d/%Y} 00:00:00"})
    newest = day(json_object(reply.body)["Date"])
    if newest >= first:
        raise ValueError(f"it gives no list from {first} to {last}, and yet has one of {newest}")
    return ()


def ask(first: date, last: date) -> Request:
    """The lists of a window."""
    return get(f"{URL}/GetJsonForPeriod", {"dateFrom": first, "dateTo": last}, allow=(404,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all lists, each of the day from which it is in force."""
    for listed in records(body):
        on = day(listed["Date"])
        for row in rows(listed["CurrencyExchangeItems"]):
            yield from _quotes(row, on)


def _quotes(row: Mapping[str, str], on: date) -> Iterable[Quote]:
    """The quote of a row; none of one in which all figures are empty."""
    if any(row[name] for name in FIGURES):
        rate = number(row["Middle"], comma=True)
        yield Quote(CODES.get(row["AlphaCode"], row["AlphaCode"]), "BAM", per_unit(rate, row["Units"]), on)
