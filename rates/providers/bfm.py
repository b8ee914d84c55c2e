"""Central Bank of Madagascar (Banky Foiben'i Madagasikara): reference rates of the ariary.

Publishes: 19 currencies each working day, since 2018-01-02.
Quoted: reference rates of the interbank market, ariary for one unit of the currency.
Answer: JSON, one request a currency, which the answer does not name; blanks between thousands and a decimal comma.
Source: https://www.banky-foibe.mg/taux-reference

The answer also holds each day's highest and lowest price, which are no buying and selling rates and are not read.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, per_currency, post
from rates.readers import day, json_object, mapping, number, reported

PROVIDER = Provider(
    name="Central Bank of Madagascar",
    country="MG",
    pivot="MGA",
    rate_type="reference",
    published="no stated time Indian/Antananarivo",
    since=date(2018, 1, 2),
    max_days=365,  # our own
    gap_days=10,  # Easter and the New Year beside weekends
    spacing_s=0.2,
)

HOST = "https://www.banky-foibe.mg"
URL = f"{HOST}/admin/wp-json/bfm/cours_mid_en_ar_filter"
HEADERS = {"Origin": HOST, "Referer": f"{HOST}/taux-reference"}

SYMBOLS = (
    "EUR", "USD", "GBP", "CHF", "JPY", "CAD", "DKK", "NOK", "SEK", "DJF", "XDR", "MUR", "ZAR", "AUD", "HKD", "SGD",
    "NZD", "INR", "CNY",
)  # fmt: skip


def steps(query: Query) -> Steps:
    """One request a currency and window."""
    return per_currency(query, PROVIDER, SYMBOLS, ask, parse)


def ask(code: str, first: date, last: date) -> Request:
    """The rates of one currency, asked for as the page of the bank does."""
    form = {"dateFilterDebut": f"{first:%Y/%m/%d}", "dateFilterFin": f"{last:%Y/%m/%d}", "filterData": code}
    return post(URL, form, headers=HEADERS)


def parse(body: bytes, code: str = "USD") -> Iterable[Quote]:
    """The quotes of all days, of the currency that was asked for; an empty list stands for no days."""
    answer = mapping(json_object(body)["data"])
    if answer["status"] != 200:
        raise reported(answer)
    found = mapping(answer["data"])["coursMid"]
    if found != []:
        for on, rate in mapping(found).items():
            yield Quote(code, "MGA", number(rate, comma=True, thousands=" "), day(on))
