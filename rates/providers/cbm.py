"""Central Bank of Myanmar: official reference rates.

Publishes: 38 currencies each working day; the latest only.
Quoted: reference rates, kyats for one unit, or for 100 of JPY, KRW, IDR, VND, KHR and LAK, which is not printed.
Answer: JSON, a count of seconds since 1970 and an object of rates, all of them text.
Source: https://forex.cbm.gov.mm/

The units were found by crosses: on 2026-04-09 the list has 2100.00 for the dollar and 1321.88 for the yen, when a
dollar was 158.92 yen at the ECB; those of KRW and IDR by the ECB too, of VND, KHR and LAK by the rates of Uzbekistan.
A currency whose unit has not been found so is refused. The kyat's official rate of 2100 to the dollar is fixed; that
of the market is far from it.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import json_object, mapping, named, number, per_unit, unix_day

PROVIDER = Provider(
    name="Central Bank of Myanmar",
    country="MM",
    pivot="MMK",
    rate_type="reference",
    published="about 11:00 Asia/Yangon",
    since=date(2026, 4, 9),  # it serves no past; the first answer known
    answers=("latest",),
    gap_days=14,  # Thingyan is a feast of ten days
    terms="https://www.cbm.gov.mm/",
)

URL = "https://forex.cbm.gov.mm/api/latest"
PER_ONE = (
    "AUD", "BDT", "BND", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD", "ILS", "INR", "KES",
    "KWD", "LKR", "MYR", "NOK", "NPR", "NZD", "PHP", "PKR", "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "USD", "ZAR",
)  # fmt: skip
PER_HUNDRED = ("IDR", "JPY", "KHR", "KRW", "LAK", "VND")
UNITS = dict.fromkeys(PER_ONE, 1) | dict.fromkeys(PER_HUNDRED, 100)


def steps(query: Query) -> Steps:
    """The one document there is, for the latest."""
    reply = yield get(URL)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list, of the day of its time stamp; a currency whose unit is not known is refused."""
    answer = json_object(body)
    on = unix_day(answer["timestamp"])
    for code, rate in mapping(answer["rates"], "an object of rates").items():
        yield Quote(code, "MMK", per_unit(number(rate, thousands=","), named(UNITS, code)), on)
