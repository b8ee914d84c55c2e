"""Bank of Jamaica: average rates at which dealers buy and sell over the counter.

Publishes: about 17 currencies each working day, since 2006.
Quoted: buying and selling rates of drafts and transfers, whose middle is taken; Jamaican dollars for one unit.
Answer: JSON, called a web page, of the whole history; posted with a token that a first page holds.
Source: https://boj.org.jm/market/foreign-exchange/counter-rates/

The columns are the day, a name, buying of drafts and transfers, of notes, of coins, and selling of all three. The
buying of notes lies a tenth below, so that only drafts and transfers are read: their middles' crosses agree with the
fixed rates of the dollars of Barbados (2 per US dollar), Belize and the Eastern Caribbean to 0.8 %.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._html import whole
from rates.providers._shared import said

PROVIDER = Provider(
    name="Bank of Jamaica",
    country="JM",
    pivot="JMD",
    rate_type="mid of buying and selling",
    published="by 20:00 UTC",
    since=date(2006, 1, 3),
    concurrency=1,  # no limit is known
    spacing_s=0.5,
    official=False,  # averages of what dealers ask and bid
    terms="https://boj.org.jm/disclaimer/",
)

PAGE = "https://boj.org.jm/market/foreign-exchange/counter-rates/"
DATA = "https://boj.org.jm/wp-admin/admin-ajax.php"
TABLE = "134"  # the page has two tables and a token for each; 118 is an older one

NAMES = {
    "AUSTRALIAN DOLLAR": "AUD",
    "BAHAMAS DOLLAR": "BSD",
    "BARBADOS DOLLAR": "BBD",
    "BELIZE DOLLAR": "BZD",
    "BERMUDA DOLLAR": "BMD",
    "CANADA DOLLAR": "CAD",
    "CAYMAN DOLLAR": "KYD",
    "DANISH KRONE": "DKK",
    "DOMINICAN REP. PESO": "DOP",
    "E. C. DOLLAR": "XCD",
    "EURO": "EUR",
    "GIBRALTAR POUND": "GIP",
    "GREAT BRITAIN POUND": "GBP",
    "GUYANA DOLLAR": "GYD",
    "HONG KONG DOLLAR": "HKD",
    "JAPANESE YEN": "JPY",
    "NORWEGIAN KRONE": "NOK",
    "SWEDISH KRONA": "SEK",
    "SWISS FRANC": "CHF",
    "T&T DOLLAR": "TTD",
    "U.S. DOLLAR": "USD",
}
# Its notes are pounds sterling, at another rate than Great Britain's: no currency of its own.
NO_CURRENCIES = ("NORTHERN IRELAND POUND",)

_NONCE = re.compile(rf'<input\b[^>]*\bname="wdtNonceFrontendServerSide_{TABLE}"[^>]*>')


def steps(query: Query) -> Steps:
    """The page for its token, then the whole table, of which only the window's rows are read."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(PAGE, html=True)
    form = (("draw", "1"), ("start", "0"), ("length", "-1"), ("wdtNonce", _nonce(whole(reply.body))))
    reply = yield Request(DATA, params=(("action", "get_wdtable"), ("table_id", TABLE)), form=form)
    quotes = list(_quotes(reply.body, first, last))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows; the page with the token has none."""
    if readers.is_html(body) and _nonce(whole(body)):
        return []
    return list(_quotes(body, date.min, date.max))


def _nonce(page: str) -> str:
    field = _NONCE.search(page)
    value = readers.attributes(field[0]).get("value", "") if field else ""
    if not re.fullmatch(r"[0-9a-f]{8,16}", value):
        raise ValueError(f"no token for the table: {value!r}")
    return value


def _quotes(body: bytes, first: date, last: date) -> Iterator[Quote]:
    """The rows of the window, by names that the newest tables have; older ones may have others."""
    answer = readers.mapping(readers.json_value(body))
    if "data" not in answer:
        raise ErrorAnswer(f"reports {said(answer)!r}")
    for written, name, buy, _, _, sell in readers.rows(answer["data"]):
        day = readers.day(written, "D M Y")
        if not first <= day <= last or (name := name.strip()) in NO_CURRENCIES:
            continue
        if name not in NAMES:
            raise ValueError(f"no known currency: {name!r}")
        yield Quote(NAMES[name], "JMD", readers.midpoint(readers.number(buy), readers.number(sell)), day)
