"""FloatRates: daily rates blended from central banks, free and without a key.

Publishes: about 150 currencies, once or twice a day.
Quoted: rates of some twenty central banks and their crosses, units of the target for one of the base.
Answer: XML, a channel of items with baseCurrency, targetCurrency, exchangeRate (eight decimals) and pubDate (GMT).
Source: https://www.floatrates.com/feeds.html

Its JSON has more decimals but does not say the base, so that an answer for another would not be noticed. Rates of a
thousand and more have commas between their thousands in some of its feeds; both forms are read.
"""

import re

from rates.errors import EmptyAnswer
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get, timedelta
from rates.readers import child, day, matched, number, xml

PROVIDER = Provider(
    name="FloatRates",
    rate_type="mid",
    published="00:00 and 12:00 UTC",
    since=date(2018, 3, 12),  # of the oldest feed known; it answers the latest only
    answers=("latest",),
    gap_days=7,  # as long as the longest rest of the central banks that it reads
    mixed_days=True,  # every item has its own time
    spacing_s=1.0,  # no limit is known
    kind="service",
    official=False,
)

FOLDER = "https://www.floatrates.com/daily/"
_DATE = re.compile(r"[A-Z][a-z]{2}, (\d{1,2} [A-Z][a-z]{2} \d{4}) (\d\d):\d\d:\d\d GMT")


def steps(query: Query) -> Steps:
    """The feed of the base."""
    reply = yield get(f"{FOLDER}{query.base.lower()}.xml")
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all items; their days may differ."""
    items = list(xml(body, "channel", "rss").iter("item"))
    if not items:
        raise EmptyAnswer("the channel has no items")
    for item in items:
        base, symbol = child(item, "baseCurrency").strip(), child(item, "targetCurrency").strip()
        stamp = matched(_DATE, child(item, "pubDate").strip(), "time")
        closed = timedelta(days=1 if stamp[2] == "00" else 0)  # what comes out at midnight is of the day before
        on = day(stamp[1], "D M Y") - closed
        yield Quote(base, symbol, number(child(item, "exchangeRate"), thousands=","), on)
