"""Central Bank of the Republic of China (Taiwan): closing rates of the interbank spot market against the US dollar.

Publishes: 15 currencies for each day since 1993-01-05, handed out once a month for the month before.
Quoted: market rates of 16:00 Taipei time: units for one US dollar; GBP, AUD and EUR as US dollars for one unit.
Answer: JSON sent as plain text: the whole history, a row a day, cells by position, "-" for none, days as 20261030.
Source: https://www.cbc.gov.tw/en/lp-4237-2.html

The labels of the columns say which way a figure reads: JPY/USD, USD/GBP. NTD is the new Taiwan dollar, TWD. The
mark, the franc and the guilder end with 2001.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get
from rates.readers import day, json_object, number, rows, searched

PROVIDER = Provider(
    name="Central Bank of the Republic of China (Taiwan)",
    country="TW",
    pivot="USD",
    rate_type="market closing",
    cadence="daily, published monthly",
    published="monthly Asia/Taipei",
    since=date(1993, 1, 5),
    gap_days=14,  # the lunar New Year closes the market for up to eleven days
    official=False,
    terms="https://www.cbc.gov.tw/en/",  # the bank's home; its terms are not known
)

URL = "https://cpx.cbc.gov.tw/API/DataAPI/Get"
RENAMED = {"NTD": "TWD"}
NONE = "-"

_PAIR = re.compile(r"([A-Z]{3})/([A-Z]{3})\s*+\Z")
_DAY = re.compile(r"\d{8}", re.ASCII)


def steps(query: Query) -> Steps:
    """The whole history, of which the days of the window are read; of the latest the last day, weeks ago."""
    quotes = yield from archive(query, PROVIDER, get(URL, {"FileName": "BP01D01"}), parse, late_days=100)
    newest = max(quote.day for quote in quotes)
    return [quote for quote in quotes if query.end or quote.day == newest]


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the window; days are compared as text, since most rows are of others."""
    data = json_object(body)["data"]
    pairs = [_pair(column["data"]) for column in rows(data["structure"]["Table1"])]
    begin, end = str(first).replace("-", ""), str(last).replace("-", "")
    for written, *cells in rows(data["dataSets"]):
        if len(cells) != len(pairs) or not _DAY.fullmatch(written):
            raise ValueError(f"expected rows of a day and {len(pairs)} rates")
        if begin <= written <= end:
            for (base, symbol), cell in zip(pairs, cells, strict=True):
                if cell != NONE:
                    yield Quote(base, symbol, number(cell), day(written, "YMD"))


def _pair(label: str) -> tuple[str, str]:
    """Such as (USD, JPY) of a label that ends with JPY/USD: so many yen for a dollar."""
    found = searched(_PAIR, label, "pair of currencies")
    symbol, base = (RENAMED.get(code, code) for code in found.groups())
    return base, symbol
