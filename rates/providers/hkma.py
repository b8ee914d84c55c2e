"""Hong Kong Monetary Authority: rates of the market at the end of the day, from its monthly bulletin.

Publishes: 17 currencies and the SDR of each day but Sundays, about a month later, since 1981-01-02.
Quoted: rates of the market, Hong Kong dollars for one unit of the currency.
Answer: JSON, pages of 100 days, newest first; a field a currency, null where not quoted, indices among them.
Source: https://apidocs.hkma.gov.hk/documentation/market-data-and-statistics/monthly-statistical-bulletin/er-ir/er-eeri-daily/

Its numbers are sums of binary fractions: 7.8245000000000005 means 7.8245. What such a fraction holds for sure are 15
digits, to which longer numbers are rounded.
"""

from itertools import count

from rates.providers.kit import Any, Iterable, Iterator, Mapping, Provider, Query, Quote, Steps, by_pieces, date, get
from rates.readers import day, fifteen_digits, json_object, mapping, named, reported, rows

PROVIDER = Provider(
    name="Hong Kong Monetary Authority",
    country="HK",
    pivot="HKD",
    rate_type="market closing",
    cadence="daily, published monthly",
    published="monthly Asia/Hong_Kong, about a month late",
    since=date(1981, 1, 2),
    official=False,
    terms="https://www.hkma.gov.hk/eng/disclaimer/",
)

URL = "https://api.hkma.gov.hk/public/market-data-and-statistics/monthly-statistical-bulletin/er-ir/er-eeri-daily"
PAGE = 100
LATEST_DAYS = 80  # two months, and some days for a late bulletin
CODES = (
    "USD", "GBP", "JPY", "CAD", "AUD", "SGD", "TWD", "CHF", "CNY", "KRW", "THB", "MYR",
    "DEM", "NLG", "BEF", "FRF", "ITL", "EUR", "PHP", "INR", "IDR", "ZAR",
)  # fmt: skip
FIELDS = {code.lower(): code for code in CODES} | {"special_drawing_rights": "XDR"}
INDICES = "neeri_"  # effective exchange rate indices of several weights


def steps(query: Query) -> Steps:
    """The pages of the window."""
    return by_pieces(query, PROVIDER, pages, latest_days=LATEST_DAYS)


def pages(first: date, last: date) -> Steps:
    """The pages of a window, newest day first; the last is the one that is not full."""
    window = {"choose": "end_of_day", "from": first, "to": last, "pagesize": PAGE}
    quotes: list[Quote] = []
    for offset in count(0, PAGE):
        reply = yield get(URL, {**window, "offset": offset, "sortby": "end_of_day", "sortorder": "desc"})
        listed = _records(reply.body)
        found = [quote for record in listed for quote in _quotes(record)]
        if quotes and found and found[0].day >= quotes[-1].day:
            raise ValueError(f"the page after {quotes[-1].day} begins with {found[0].day}")
        quotes += found
        if len(listed) != PAGE:
            break
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one page."""
    for record in _records(body):
        yield from _quotes(record)


def _records(body: bytes) -> list[Mapping[str, Any]]:
    answer = json_object(body)
    header = mapping(answer["header"])
    if header["success"] is not True:
        raise reported(header["err_msg"])
    return rows(answer["result"]["records"])


def _quotes(record: Mapping[str, Any]) -> Iterator[Quote]:
    """One day; null is no quote, but a day with any quote has the US dollar: the HKD is pegged to it."""
    on = day(record["end_of_day"])
    if record["usd"] is None and any(record.get(field) is not None for field in FIELDS):
        raise ValueError(f"no US dollar among the rates of {on}")
    for field, value in record.items():
        if field == "end_of_day" or field.startswith(INDICES):
            continue
        code = named(FIELDS, field)
        if value is not None:
            yield Quote(code, "HKD", fifteen_digits(value), on)
