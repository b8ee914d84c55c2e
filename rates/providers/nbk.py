"""National Bank of Kazakhstan: official rates of the tenge.

Publishes: 39 currencies a day for the next day, the SDR among them.
Quoted: official (market) rates, tenge for 1, 10, 100 or 1000 units, as each item's quant says.
Answer: XML like a news feed, one day a request; title is the code, description the rate.
Source: https://nationalbank.kz/en/exchangerates/ezhednevnye-oficialnye-rynochnye-kursy-valyut

The Iranian rial has two digits, and some 10 % between the banks that publish it.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import child, day, per_unit, xml

PROVIDER = Provider(
    name="National Bank of Kazakhstan",
    country="KZ",
    pivot="KZT",
    rate_type="official",
    # The bank names no time; seen from 14:00 on. The list of 2026-04-02 has the ECB's crosses of the day before.
    published="by 16:00 Asia/Almaty, for the next day",
    since=date(2000, 1, 1),
    max_days=1,
    gap_days=10,  # the New Year's and the Nowruz holidays with the weekends around them
    spacing_s=0.2,
    terms="https://nationalbank.kz/en",  # the bank states no terms
)

URL = "https://nationalbank.kz/rss/get_rates.cfm"


def steps(query: Query) -> Steps:
    """One request a day, back over days without items."""
    return by_day(query, PROVIDER, ask, parse, in_force=True)


def ask(on: date) -> Request:
    """The list in force on a day."""
    return get(URL, {"fdate": f"{on:%d.%m.%Y}"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's items; a document of the bank's has its date."""
    root = xml(body, "rates")
    on = day(child(root, "date"), "D.M.Y")
    for item in root.iter("item"):
        yield Quote(child(item, "title").strip(), "KZT", per_unit(child(item, "description"), child(item, "quant")), on)
