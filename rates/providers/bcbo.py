"""Central Bank of Bolivia: official rate of the dollar and the rates of other currencies that it publishes beside.

Publishes: the dollar and about 22 currencies each working day, since July 2026; years to 2007 hold the dollar alone.
Quoted: bolivianos for one unit; the dollar of the years to 2007 is the middle of selling and buying.
Answer: a workbook of the old kind (xls), one a day, or one a year with columns of months; wants the library xlrd.
Source: https://www.bcb.gob.bo/?q=cotizaciones_tc

The days from 2008 to June 2026 have a workbook of another layout, which is not read here. Gold, silver and the SDR are
priced in dollars, and the unit of housing (UFV) and the SOFR are no currencies: none of them is read. The table of
sectors in the daily workbook is damaged, so that its sections show whether it is whole. All but the dollar are called
indicative.
"""

import re

from rates.errors import NoRates, Unsupported
from rates.model import Provider, Query, Quote
from rates.providers.kit import WEEKEND, Decimal, Iterable, Steps, by_day_pieces, by_pieces, date, get, years_of
from rates.readers import day, midpoint, months, number, xls_sheets

PROVIDER = Provider(
    name="Central Bank of Bolivia",
    country="BO",
    pivot="BOB",
    rate_type="official",
    published="in the morning America/La_Paz",
    since=date(2000, 1, 1),
    max_days=1,  # a year of those to 2007
    spacing_s=0.5,
)

DAILY = "https://www.bcb.gob.bo/librerias/indicadores/otras/otras_imprimir2XLS.php"
YEARLY = "https://www.bcb.gob.bo/tiposDeCambioHistorico/xls.php"
LAST_YEARLY = 2007
GAP, FIRST_DAILY = date(LAST_YEARLY + 1, 1, 1), date(2026, 7, 1)

MONTHS = months("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
_TITLE = re.compile(r"TABLA DE COTIZACIONES DEL (\d{1,2}) DE (\w+)\s+DE (\d{4})\s*")
_YEAR = re.compile(r"AÑO (\d{4})\s*")

Rows = list[list[str]]
MOST_DECIMALS = 8


def steps(query: Query) -> Steps:
    """The workbooks of the years, or of each day; of a day whose workbook has no rates, that of the one before."""
    first, last = query.start or query.today, query.end or query.today
    if last.year <= LAST_YEARLY:
        return (yield from by_pieces(query, PROVIDER, _year, split=years_of, cut=True))
    if first < FIRST_DAILY:
        raise Unsupported(f"is read to {LAST_YEARLY} and since {FIRST_DAILY} alone, not of {max(first, GAP)}")
    try:
        return (yield from by_day_pieces(query, PROVIDER, _day, rests=WEEKEND))
    except NoRates:
        if query.kind == "range":
            raise
        return []  # no bank rests for so long: its workbooks are empty


def _year(first: date, last: date) -> Steps:
    reply = yield get(YEARLY, {"anio": first.year})
    quotes = list(parse(reply.body))
    if any(quote.day.year != first.year for quote in quotes):
        raise ValueError(f"expected the workbook of {first.year}, got another year's")
    return quotes


def _day(on: date) -> Steps:
    if on < FIRST_DAILY:
        return ()
    reply = yield get(DAILY, {"qdd": on.day, "qmm": on.month, "qaa": on.year})
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's workbook or of a year's; none of a day's whose sections are empty."""
    (rows,) = xls_sheets(body).values()
    cells = [cell for row in rows[:12] for cell in row]
    for reading, title in ((_daily, _TITLE), (_yearly, _YEAR)):
        for found in filter(None, map(title.fullmatch, cells)):
            return reading(found, rows)
    raise ValueError("no title of a day's table nor of a year's")


def _daily(title: re.Match[str], rows: Rows) -> Iterable[Quote]:
    """The rows with a code between the first heading and the section of the unit of housing."""
    on = day(" ".join(title.groups()), "D M Y", MONTHS)
    names = [row[0].strip() for row in rows]
    for row in rows[names.index("Pais / Concepto") : names.index("Cotizacion de UFV")]:
        code, rate = row[2].strip(), row[3]
        if code == "Codigo" or not any(row[1:]):
            continue  # headings, a section's name, or blank
        if not re.fullmatch("[A-Z]{3}", code):
            raise ValueError(f"no code of a currency in {row}")
        yield Quote(code, "BOB", _figure(rate), on)


def _yearly(title: re.Match[str], rows: Rows) -> Iterable[Quote]:
    """The days down and the months across, each with selling and buying; cells of days that a month lacks are blank."""
    labels = [row[0] for row in rows]
    begun, end = labels.index("DIAS"), labels.index("PROM")  # the averages stand below the last day
    heads = rows[begun]
    places = {place: MONTHS[head.lower()] for place, head in enumerate(heads) if place and head}
    if sorted(places.values()) != list(range(1, 13)):
        raise ValueError(f"no twelve months in {heads}")
    days = [int(label) for label in labels[begun + 2 : end]]
    if days != sorted(set(days)):
        raise ValueError(f"the days {days} are not in order")
    for row in rows[begun + 2 : end]:
        for place, month in places.items():
            sell, buy = row[place], row[place + 1]
            if sell or buy:
                middle = midpoint(_figure(buy), _figure(sell))
                yield Quote("USD", "BOB", middle, date(int(title[1]), month, int(row[0])))


def _figure(text: str) -> Decimal:
    """A figure of a few decimals. The format has no checksum: a changed bit of a double shows in its far digits."""
    figure = number(text)
    if len(text.partition(".")[2]) > MOST_DECIMALS:
        raise ValueError(f"no figure that was typed: {text!r}")
    return figure
