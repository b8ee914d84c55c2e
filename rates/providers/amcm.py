"""Monetary Authority of Macao (AMCM): interbank middle rates.

Publishes: about 17 currencies each working day around noon in Macao; the archive begins in 1986.
Quoted: middle rates of the interbank market, patacas for 1 or 100 units of the currency.
Answer: JSON, a row a day and currency, the newest first; the field with patacas is called usdMeanValue all the same.
Source: https://www.amcm.gov.mo/en/financial-information/interbank-midpoint

That the figures are patacas, and the yen and the won per 100, shows in the crosses: 8.07 to the US dollar, which is
the Hong Kong dollar's peg of 7.8 times the fixed 1.03. `bid` is the market's rate against the US dollar.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date, get
from rates.readers import day, json_object, mapping, number, per_unit, reported, rows

PROVIDER = Provider(
    name="Monetary Authority of Macao",
    country="MO",
    pivot="MOP",
    rate_type="market mid",
    published="about 12:00 Asia/Macau",
    since=date(1986, 1, 2),
    max_days=90,  # longer windows are cut after about four months, without a word
    gap_days=10,  # the lunar New Year and the weekends around it
    concurrency=2,
    spacing_s=0.5,
    official=False,  # what the interbank market makes
    terms="https://www.amcm.gov.mo/en",  # its terms are not known
)

URL = "https://www.amcm.gov.mo/api/v1.0/cms/financial_info"

OLD_CODES = {"ECU": "XEU"}
NO_CURRENCY = ("LIQ",)  # a liquidity figure, of 0 units


def steps(query: Query) -> Steps:
    """The window in pieces that the server does not cut."""
    return by_window(query, PROVIDER, ask, parse)


def ask(first: date, last: date) -> Request:
    """The rows of a window."""
    return get(URL, {"QueryType": 1, "Begin": f"{first:%Y%m%d}", "End": f"{last:%Y%m%d}"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    answer = json_object(body)
    if answer["message"] != "OK":
        raise reported(answer["message"])
    for row in map(mapping, rows(answer["data"])):
        code, rate = row["currency"], number(row["usdMeanValue"])
        if code not in NO_CURRENCY:
            yield Quote(OLD_CODES.get(code, code), "MOP", per_unit(rate, row["unit"]), day(row["date"]))
