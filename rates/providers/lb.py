"""Bank of Lithuania: the official rates of the litas, which ended with 2014.

Publishes: some 88 currencies each working day from 1994-04-01 to 2014-12-31; none since.
Quoted: official rates, litas for 1 to 10,000 units of the currency, which each row names.
Answer: XML, one day an answer, two amounts a row; no row on days without rates.
Source: https://www.lb.lt/webservices/FxRates/

What the bank lists since 2015 is a copy of the ECB's rates of the euro, and not read here.
"""

from rates.errors import Unsupported
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get, not_empty, timedelta, window
from rates.readers import child, day, per_unit, reported, xml

PROVIDER = Provider(
    name="Bank of Lithuania",
    country="LT",
    pivot="LTL",
    rate_type="official",
    cadence="daily, ended",
    published="ended on 2014-12-31",
    since=date(1994, 4, 1),
    answers=("day", "range"),
    max_days=1,
    spacing_s=0.2,
    terms="https://www.lb.lt/en/",
)

URL = "https://www.lb.lt/webservices/FxRates/FxRates.asmx/getFxRates"
ENDED = date(2014, 12, 31)
SPACE = "{http://www.lb.lt/WebServices/FxRates}"


def steps(query: Query) -> Steps:
    """The lists of all days of a range; for a day the newest list, sought from it backwards."""
    if not query.start or query.start > ENDED:
        raise Unsupported(f"has no rates after {ENDED}, when the litas ended", hint="the ECB has those of the euro")
    first, last = window(query, PROVIDER, until=ENDED)
    quotes: list[Quote] = []
    for back in range((last - first).days + 1):
        reply = yield get(URL, {"tp": "LT", "dt": last - timedelta(days=back)})
        quotes += parse(reply.body)
        if quotes and query.kind == "day":
            break
    return not_empty(quotes, first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list; any other element is the service's error message."""
    for row in xml(body, f"{SPACE}FxRates"):
        if row.tag != f"{SPACE}FxRate":
            raise reported(" ".join(row.itertext()))
        own, foreign = row.findall(f"{SPACE}CcyAmt")
        if child(own, f"{SPACE}Ccy") != "LTL":
            raise ValueError(f"expected an amount of litas, got {child(own, f'{SPACE}Ccy')!r}")
        rate = per_unit(child(own, f"{SPACE}Amt"), child(foreign, f"{SPACE}Amt"))
        yield Quote(child(foreign, f"{SPACE}Ccy"), "LTL", rate, day(child(row, f"{SPACE}Dt")))
