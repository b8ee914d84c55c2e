"""Czech National Bank: central bank exchange rate fixing.

Publishes: about 30 currencies each working day after 14:30 Prague time, since 1993 (monthly lists are not read).
Quoted: the fixing, korunas for 1, 100 or 1000 units of the currency.
Answer: text with bars, English (point) or Czech (comma), of a day or a year; JSON of a year for ranges; UTF-8.
Source: https://www.cnb.cz/en/faq/Format-of-the-foreign-exchange-market-rates/
"""

from rates.model import Provider, Query, Quote, Request
from rates.providers.kit import Iterable, Iterator, Steps, by_window, date, get, years_of
from rates.readers import day, number, per_unit, records, text, whole_lines

PROVIDER = Provider(
    name="Czech National Bank",
    country="CZ",
    pivot="CZK",
    rate_type="fixing",
    published="14:30 Europe/Prague",
    since=date(1993, 1, 1),  # rates before, of the State Bank, are of the Czechoslovak koruna
    max_days=366,  # a list a calendar year
    concurrency=2,
    terms="https://www.cnb.cz/en/footer/general-terms-and-conditions/",
)

DAY = (
    "https://www.cnb.cz/en/financial-markets/foreign-exchange-market/"
    "central-bank-exchange-rate-fixing/central-bank-exchange-rate-fixing/daily.txt"
)
YEAR = "https://api.cnb.cz/cnbapi/exrates/daily-year"

RATIOS = "země|denominace|množství|kód|poměr"  # the head of the second table


def steps(query: Query) -> Steps:
    """The day's text, which on a closed day is the one before; for a range the JSON of each year in it."""
    if query.kind == "range":
        return (yield from by_window(query, PROVIDER, ask, parse, split=years_of, cut=True))
    reply = yield get(DAY, {"date": f"{query.end:%d.%m.%Y}"} if query.end else ())
    return parse(reply.body)


def ask(first: date, last: date) -> Request:
    """The list of a year, which is empty until its first fixing."""
    return get(YEAR, {"lang": "EN", "year": first.year})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of any of the three documents: JSON, the text of a day, the text of a year."""
    if body.lstrip().startswith(b"{"):
        return _from_json(body)
    lines = text(whole_lines(body)).splitlines()
    return _from_year(lines) if lines[0].startswith(("Date|", "Datum|")) else _from_day(lines)


def _from_json(body: bytes) -> Iterator[Quote]:
    for row in records(body, "rates", error=("description", "errorCode")):
        yield Quote(row["currencyCode"], "CZK", per_unit(row["rate"], row["amount"]), day(row["validFor"]))


def _from_day(lines: list[str]) -> Iterator[Quote]:
    """A line with day and number, a header, a row a currency.

    Until 2002 a blank line and a second table follow: the fixed ratios of the euro's forerunners, no market rates.
    """
    written, mark, _ = lines[0].partition("#")
    if not mark or not lines[1].endswith(("|Code|Rate", "|kód|kurz")):
        raise ValueError(f"no list of the fixing: {lines[:2]}")
    on = _day(written)
    for place, line in enumerate(lines[2:], start=3):
        if not line.strip():
            if lines[place : place + 1] not in ([], [RATIOS]):
                raise ValueError(f"expected {RATIOS!r} after a blank line, got {lines[place]!r}")
            return
        _, _, amount, symbol, rate = line.split("|")
        yield Quote(symbol, "CZK", per_unit(number(rate, comma=True), amount), on)


def _from_year(lines: list[str]) -> Iterator[Quote]:
    """A column a currency, headed by amount and code, and a row a day; where the columns change, a new header."""
    columns: list[list[str]] = []
    for line in lines:
        first, *cells = line.split("|")
        if first in ("Date", "Datum"):
            columns = [cell.split() for cell in cells]
            continue
        on = _day(first)
        for (amount, symbol), cell in zip(columns, cells, strict=True):
            if cell.strip():
                yield Quote(symbol, "CZK", per_unit(number(cell, comma=True), amount), on)


def _day(written: str) -> date:
    """A day as any of the documents writes it: 03 Jan 2000, 03.Jan.2000 or 03.01.2000."""
    return day(".".join(written.replace(".", " ").split()), "D.M.Y")
