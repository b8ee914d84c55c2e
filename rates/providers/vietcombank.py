"""Vietcombank, a commercial bank of Vietnam: its board of rates, which many take for the dong's.

Publishes: some 20 currencies, now alone, as the bank changes them through the day.
Quoted: buying rates for transfers and selling rates, whose middle is taken; dong for one unit.
Answer: XML behind a comment, the local time in American order; commas in thousands, nothing or a dash for no rate.
Source: https://portal.vietcombank.com.vn/Usercontrols/TVPortal.TyGia/pXML.aspx

The answer asks for one request in five minutes at most. A currency that the bank only sells has no middle and is left
out. The margins are wide: the yen's middle lies some percent from the market's.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import day, midpoint, number, xml

PROVIDER = Provider(
    name="Vietcombank",
    country="VN",
    pivot="VND",
    rate_type="mid of buying and selling",
    cadence="continuous",
    published="through the day",
    since=date(2026, 9, 2),  # the oldest answer that is recorded
    answers=("latest",),
    gap_days=10,  # the lunar New Year
    spacing_s=300.0,  # what the answer asks for
    kind="service",
    official=False,
)

URL = "https://portal.vietcombank.com.vn/Usercontrols/TVPortal.TyGia/pXML.aspx"
NONE = ("", "-")


def steps(query: Query) -> Steps:
    """The board of this moment; the comment before its root looks like the beginning of a page."""
    reply = yield get(URL, html=True)
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all currencies that the bank buys and sells."""
    root = xml(body, "ExrateList")
    on = day((root.findtext("DateTime") or "").partition(" ")[0], "M/D/Y")
    for row in (element for element in root if element.attrib):
        cash, transfer, sell = (row.attrib[side] for side in ("Buy", "Transfer", "Sell"))
        if not (cash in NONE and transfer in NONE):
            rate = midpoint(number(transfer, thousands=","), number(sell, thousands=","))
            yield Quote(row.attrib["CurrencyCode"], "VND", rate, on)
