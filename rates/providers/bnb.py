"""Bulgarian National Bank: fixings of the lev until it gave way to the euro at the end of 2025.

Publishes: about 30 currencies for each working day to 2025-12-31, and gold; read here since 2019-02-01.
Quoted: fixings, levs for 1 to 10,000 units, gold per troy ounce; the ECB's rates of the day at 1.95583 levs a euro.
Answer: XML, a row a currency after one of headings; for a day without a table a page of the bank's site.
Source: https://www.bnb.bg/Statistics/StExternalSector/StExchangeRates/StERForeignCurrencies/index.htm

The euro itself is not in the table: its rate was fixed by law.
"""

from rates.errors import HtmlAnswer, NoRates, Unsupported
from rates.providers.kit import WEEKEND, Iterable, Provider, Query, Quote, Request, Steps, by_day_pieces, date, get
from rates.readers import child, day, is_html, per_unit, xml

PROVIDER = Provider(
    name="Bulgarian National Bank",
    country="BG",
    pivot="BGN",
    rate_type="fixing",
    cadence="daily, ended",
    published="ended on 2025-12-31",
    since=date(2019, 2, 1),  # the earliest table seen; there may be older ones
    answers=("day", "range"),
    max_days=1,
    spacing_s=0.5,
    reprints="ecb",  # 1.70502 levs for a dollar on 2019-02-01 are 1.95583 divided by the ECB's 1.1471
)

URL = "https://www.bnb.bg/Statistics/StExternalSector/StExchangeRates/StERForeignCurrencies/index.htm"
LAST = date(2025, 12, 31)
OWN_PAGE = b"XHTML 1.0 Transitional"  # how the bank's pages begin; another page says nothing of its rates
HEADINGS = "0"  # under GOLD; currencies have 1, gold 2


def steps(query: Query) -> Steps:
    """The table of each day, or of the working day before where a page of the bank comes in place of it."""
    if query.end is None or query.end > LAST:
        raise Unsupported(f"set no rates after {LAST}, when the euro came", hint="ask ecb")
    asked: list[date] = []

    def one(on: date) -> Steps:
        asked.append(on)
        reply = yield ask(on)
        if not is_html(reply.body):
            return parse(reply.body)
        if OWN_PAGE not in reply.body[:500]:
            raise ValueError("a page that is not the bank's came in place of the table")
        return ()

    try:
        return (yield from by_day_pieces(query, PROVIDER, one, rests=WEEKEND))
    except NoRates:
        if not asked:
            raise
        raise HtmlAnswer(f"a page came in place of every table from {min(asked)} to {max(asked)}") from None


def ask(on: date) -> Request:
    """The table of a day."""
    days = {"firstDays": f"{on:%d}", "firstMonths": f"{on:%m}", "firstYear": f"{on:%Y}"}
    return get(URL, {"downloadOper": "true", "group1": "first", **days, "search": "true", "type": "XML"}, html=True)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's table."""
    root = xml(body)
    rows = root.findall("ROW")
    if root.tag != "ROWSET" or not rows or child(rows[0], "GOLD") != HEADINGS:
        raise ValueError(f"no table with headings in <{root.tag}>")
    for row in rows[1:]:
        rate = per_unit(child(row, "RATE"), child(row, "RATIO"))
        yield Quote(child(row, "CODE"), "BGN", rate, day(child(row, "CURR_DATE"), "D.M.Y"))
