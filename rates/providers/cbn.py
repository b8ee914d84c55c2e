"""Central Bank of Nigeria: official rates.

Publishes: 12 currencies each working day, since 2001-12-10.
Quoted: central rates, the middle of buying and selling, nairas for one unit of the currency.
Answer: JSON, a list with a row a currency and day, newest first; the currency is an English name, numbers are text.
Source: https://www.cbn.gov.ng/rates/exchratebycurrency.asp

The answer is the whole archive of some 60,000 rows. Names have stray blanks, and some have two spellings.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get
from rates.readers import named, number, records, rows_between

PROVIDER = Provider(
    name="Central Bank of Nigeria",
    country="NG",
    pivot="NGN",
    rate_type="official",
    published="about 17:00 Africa/Lagos",
    since=date(2001, 12, 10),
    gap_days=10,  # feasts with their weekends
    concurrency=1,  # some 9 MB an answer
    terms="https://www.cbn.gov.ng/Legal.html",
)

URL = "https://www.cbn.gov.ng/api/GetAllExchangeRates"
CODES = {
    "CFA": "XOF",
    "DANISH KRONA": "DKK",
    "DANISH KRONER": "DKK",
    "EURO": "EUR",
    "JAPANESE YEN": "JPY",
    "POUND STERLING": "GBP",
    "POUNDS STERLING": "GBP",
    "RIYAL": "SAR",
    "SDR": "XDR",
    "SOUTH AFRICAN RAND": "ZAR",
    "SWISS FRANC": "CHF",
    "UAE DIRHAM": "AED",
    "US DOLLAR": "USD",
    "YEN": "JPY",
    "YUAN/RENMINBI": "CNY",
}
NO_CURRENCIES = {"NAIRA", "POESO", "WAUA"}  # the own currency, a misprint, and a unit of account without a code

_NOTHING = (None, "")


def steps(query: Query) -> Steps:
    """The archive; only the days of the window are read further."""
    return archive(query, PROVIDER, get(URL), parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the days from first to last; a row without any rate means that the currency was not quoted."""
    for on, row in rows_between(records(body), "ratedate", first, last):
        name = " ".join(row["currency"].split()).upper()
        if name not in NO_CURRENCIES:
            code = named(CODES, name)
            if not all(row[side] in _NOTHING for side in ("buyingrate", "centralrate", "sellingrate")):
                yield Quote(code, "NGN", number(row["centralrate"]), on)
