"""Central Bank of Armenia: average rates, gold and silver among them.

Publishes: about 28 currencies, gold and silver each working day in the afternoon, Yerevan time.
Quoted: average market rates, drams for 1, 10 or 100 units as each row says; metals per gram, here per troy ounce.
Answer: XML in a SOAP envelope: today's list, or a data set with a row a currency and day.
Source: https://www.cba.am/en/SitePage/ExchangeArchive.aspx

The crosses with the ECB's rates show that a gram is meant: 60,871 drams were 161 dollars on 2026-03-18, 5,017 an ounce.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_window, date
from rates.readers import Element, child, day, per_ounce, per_unit, soap_call, soap_result

PROVIDER = Provider(
    name="Central Bank of Armenia",
    country="AM",
    pivot="AMD",
    rate_type="market average",
    published="16:00 Asia/Yerevan",  # the first of the hours (12 to 14 UTC) in which new rates are looked for
    since=date(1999, 1, 4),
    max_days=365,  # our own: a year of all currencies is some 2 MB
    gap_days=14,  # the New Year's holidays last up to ten days
    terms="https://www.cba.am/en/",  # the bank's home; its terms are not known
)

URL = "https://api.cba.am/exchangerates.asmx"
SPACE = "http://www.cba.am/"
LATEST, RANGE = "ExchangeRatesLatest", "ExchangeRatesByDateRangeByISO"
ROW = "ExchangeRatesByRange"  # in no namespace, though all around it is in one
METALS = ("XAG", "XAU")


def steps(query: Query) -> Steps:
    """Today's list, which for a day or range has the codes to ask for."""
    reply = yield _call(LATEST)
    listed = list(parse(reply.body))
    if query.kind == "latest":
        return listed
    codes = f"<ISOCodes>{','.join(dict.fromkeys(quote.base for quote in listed))}</ISOCodes>"

    def ask(first: date, last: date) -> Request:
        return _call(RANGE, f"{codes}<DateFrom>{first}</DateFrom><DateTo>{last}</DateTo>")

    return (yield from by_window(query, PROVIDER, ask, parse))


def _call(name: str, fields: str = "") -> Request:
    return soap_call(URL, SPACE, name, fields, action=f'"{SPACE}{name}"')


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of today's list, or of a data set, which has no element of rows when it has none."""
    result = soap_result(body, LATEST, RANGE)
    if result.tag.endswith(f"{LATEST}Response"):
        on = day(child(result, f"{{*}}{LATEST}Result/{{*}}CurrentDate"))
        for row in result.iter(f"{{{SPACE}}}ExchangeRate"):
            yield _quote(row, on)
        return
    if result.find(f"{{*}}{RANGE}Result") is None:
        raise ValueError("no data set in the answer")
    for row in result.iterfind(".//{*}DocumentElement/*"):
        if row.tag.rpartition("}")[2] != ROW:
            raise ValueError(f"expected a row of rates, got <{row.tag}>")
        yield _quote(row, day(child(row, "{*}RateDate")))


def _quote(row: Element, on: date) -> Quote:
    code = child(row, "{*}ISO")
    rate = per_unit(child(row, "{*}Rate"), child(row, "{*}Amount"))
    return Quote(code, "AMD", per_ounce(rate) if code in METALS else rate, on)
