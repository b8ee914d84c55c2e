"""Bank of the Republic, Colombia: the representative market rate (TRM) of the US dollar, from the state's open data.

Publishes: one rate a working day, in the evening for the next day; that of a Saturday holds to the next working day.
Quoted: average of the day's market, certified by the financial supervisor as the official rate; pesos for one dollar.
Answer: JSON, a list with a row a rate and the days from which and to which it holds; numbers as text; [] when none.
Source: https://www.datos.gov.co/Econom-a-y-Finanzas/Tasa-de-Cambio-Representativa-del-Mercado-TRM/32sa-8pi3/about_data

A rate's day is the first on which it holds. A range has the rates that begin to hold within it.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, number, records

PROVIDER = Provider(
    name="Bank of the Republic (Colombia)",
    country="CO",
    pivot="COP",
    rate_type="official",
    published="18:00 America/Bogota, for the next day",
    since=date(2000, 1, 3),
    gap_days=7,  # Easter's rate holds from Thursday to Monday
    concurrency=2,
)

URL = "https://www.datos.gov.co/resource/32sa-8pi3.json"
MOST_ROWS = 50_000  # a hundred years of days; the server's own default is 1000 rows


def steps(query: Query) -> Steps:
    """One request; a list without rows means that no rate began to hold in the window."""
    return by_window(query, PROVIDER, ask, parse, tomorrow=True)


def ask(first: date, last: date) -> Request:
    """The rates that begin to hold in a window."""
    where = f"vigenciadesde>='{first}T00:00:00.000' AND vigenciadesde<='{last}T00:00:00.000'"
    return get(URL, {"$where": where, "$limit": MOST_ROWS, "$order": "vigenciadesde ASC"}, allow=(400,))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; a refused question is answered with an object that has a message."""
    for row in records(body, error=("message",)):
        if row["unidad"] != "COP":
            raise ValueError(f"expected pesos, got {row['unidad']!r}")
        yield Quote("USD", "COP", number(row["valor"]), day(row["vigenciadesde"]))
