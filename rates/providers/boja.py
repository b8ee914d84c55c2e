"""Bank of Jamaica: average rates at which dealers buy and sell over the counter.

Publishes: about 17 currencies each working day, since 2006.
Quoted: buying and selling rates of drafts and transfers, whose middle is taken; Jamaican dollars for one unit.
Answer: JSON, called a web page, of the whole history; posted with a token that a first page holds.
Source: https://boj.org.jm/market/foreign-exchange/counter-rates/

The columns are the day, a name, buying of drafts and transfers, of notes, of coins, and selling of all three. The
buying of notes lies a tenth below, so that only drafts and transfers are read: their middles' crosses agree with the
fixed rates of the dollars of Barbados (2 per US dollar), Belize and the Eastern Caribbean to 0.8 %.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, get, post
from rates.readers import day, hidden, is_html, json_object, matched, midpoint, named, reported, rows, whole_page

PROVIDER = Provider(
    name="Bank of Jamaica",
    country="JM",
    pivot="JMD",
    rate_type="mid of buying and selling",
    published="by 20:00 UTC",
    since=date(2006, 1, 3),
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
# Its notes are pounds sterling, at another rate than Great Britain's; they are no other currency.
NO_CURRENCIES = ("NORTHERN IRELAND POUND",)

_NONCE = re.compile(r"[0-9a-f]{8,16}")


def steps(query: Query) -> Steps:
    """The page for its token, then the whole table, of which only the window's rows are read."""
    page = yield get(PAGE, html=True)
    fields = {"draw": 1, "start": 0, "length": -1, "wdtNonce": _nonce(page.body)}
    table = post(DATA, fields, params={"action": "get_wdtable", "table_id": TABLE})
    return (yield from archive(query, PROVIDER, table, parse))


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the window, by names that the newest rows have; older ones may have others.

    The page with the token has none.
    """
    if is_html(body) and _nonce(body):
        return
    answer = json_object(body)
    if "data" not in answer:
        raise reported(answer)
    for written, name, buy, _, _, sell in rows(answer["data"]):
        on = day(written, "D M Y")
        if first <= on <= last and name.strip() not in NO_CURRENCIES:
            yield Quote(named(NAMES, name.strip()), "JMD", midpoint(buy, sell), on)


def _nonce(body: bytes) -> str:
    """The token for the table, in a hidden field of the page."""
    fields = hidden(whole_page(body))
    return matched(_NONCE, fields.get(f"wdtNonceFrontendServerSide_{TABLE}", ""), "token for the table")[0]
