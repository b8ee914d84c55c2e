"""National Bank of North Macedonia: middle rates of the denar.

Publishes: 31 currencies for every calendar day, weekends repeated.
Quoted: middle rates (sreden), denars for one unit; for 100 of some in old years, as each row's nomin says.
Answer: JSON, a row a currency and day; datum is the day of use, datum_f that of setting, names in three languages.
Source: https://www.nbrm.mk/web-servis-novo-en.nspx
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, per_unit, records

PROVIDER = Provider(
    name="National Bank of the Republic of North Macedonia",
    country="MK",
    pivot="MKD",
    rate_type="mid",
    published="by 14:00 Europe/Skopje, for the next day",  # the bank names no time; seen from 12:00 on
    since=date(1993, 1, 1),
    max_days=90,  # our own: a day is some 9 KB
    gap_days=4,  # every calendar day has its rates
    spacing_s=0.2,
)

URL = "https://www.nbrm.mk/KLServiceNOV/GetExchangeRate"
LEFT_OUT = ("XBA",)  # a unit of bond markets; which currency the older lists mean by it is not known


def steps(query: Query) -> Steps:
    """The window in pieces; the latest reach to tomorrow, whose rates are set today."""
    return by_window(query, PROVIDER, ask, parse, tomorrow=True)


def ask(first: date, last: date) -> Request:
    """The rows of a window."""
    return get(URL, {"StartDate": f"{first:%d.%m.%Y}", "EndDate": f"{last:%d.%m.%Y}", "format": "json"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows, each of its day of use."""
    for row in records(body):
        if row["oznaka"] not in LEFT_OUT:
            yield Quote(row["oznaka"], "MKD", per_unit(row["sreden"], row["nomin"]), day(row["datum"]))
