"""Central Reserve Bank of Peru: closing rate of the US dollar at the banks.

Publishes: the dollar alone each working day, since 1997-01-02.
Quoted: buying and selling rates of the banking system at its close, whose middle is taken; soles for one dollar.
Answer: JSON that is labelled as a web page, a list of days with values in the order of the series asked for.
Source: https://estadisticas.bcrp.gob.pe/estadisticas/series/ayuda/api

The rates are those of the SBS, which supervises the banks. The series of the euro (PD04647PD, PD04648PD) are left out:
on some days they hold the dollar's figure.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, json_object, mapping, midpoint, months, records, rows

PROVIDER = Provider(
    name="Central Reserve Bank of Peru",
    country="PE",
    pivot="PEN",
    rate_type="mid of buying and selling",
    published="no stated time America/Lima",
    since=date(1997, 1, 2),
    max_days=366,  # our own; the whole history comes in one answer too
    gap_days=10,  # Holy Week and Independence Day beside weekends
    spacing_s=0.5,
    official=False,  # what the banks made
)

URL = "https://estadisticas.bcrp.gob.pe/estadisticas/series/api/PD04639PD-PD04640PD/json"
SIDES = ("Compra", "Venta")  # how the names of the two series end
NONE = "n.d."
MONTHS = months("jan feb mar apr may jun jul aug set oct nov dec")  # English but for September


def steps(query: Query) -> Steps:
    """The window in pieces of a year."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """Both sides of a window, its months in English."""
    return get(f"{URL}/{first}/{last}/ing")


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all days with rates."""
    series = rows(mapping(json_object(body)["config"])["series"])
    if tuple(mapping(one)["name"].rpartition(" ")[2] for one in series) != SIDES:
        raise ValueError(f"expected the series {' and '.join(SIDES)}")
    for period in records(body, "periods"):
        buy, sell = rows(period["values"])
        if (buy, sell) != (NONE, NONE):
            yield Quote("USD", "PEN", midpoint(buy, sell), day(period["name"], "D.M.y", MONTHS))
