"""Nepal Rastra Bank: reference rates of the Nepalese rupee.

Publishes: 22 currencies for every calendar day, just after midnight in Kathmandu.
Quoted: buying and selling rates, whose middle is taken; rupees for 1, 10 (yen) or 100 units (Indian rupee, won).
Answer: JSON, a page of up to 100 days, rates as text; the page says how many days there are in all.
Source: https://www.nrb.org.np/api-docs-v1/

The Indian rupee is pegged at 160 for 100, which is its buying rate; the selling rate, and so the middle, is above it.
"""

from rates.providers.kit import Any, Iterable, Mapping, Provider, Query, Quote, Steps, by_pieces, date, get
from rates.readers import counted, day, json_object, midpoint, per_unit, reported, rows

PROVIDER = Provider(
    name="Nepal Rastra Bank",
    country="NP",
    pivot="NPR",
    rate_type="mid of buying and selling",
    published="00:00 Asia/Kathmandu",
    since=date(2010, 1, 1),
    max_days=90,  # our own; a page holds 100 days
    gap_days=4,  # every calendar day has its rates
    spacing_s=0.5,
)

URL = "https://www.nrb.org.np/api/forex/v1/rates"
PER_PAGE = 100

MISWRITTEN = {"2020-06.25": "2020-06-25"}  # stands so in the bank's archive


def steps(query: Query) -> Steps:
    """The window in pieces, every page of each."""
    return by_pieces(query, PROVIDER, pages)


def pages(first: date, last: date) -> Steps:
    """The pages of a window; each says how many there are."""
    quotes: list[Quote] = []
    page, due = 1, 1
    while page <= due:
        params = {"from": first, "to": last, "page": page, "per_page": PER_PAGE}
        reply = yield get(URL, params, allow=(400,))
        quotes += parse(reply.body)
        page, due = page + 1, _answer(reply.body)["pagination"]["pages"]
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of one page."""
    answer = _answer(body)
    page = answer["pagination"]
    due = min(PER_PAGE, page["total"] - (page["page"] - 1) * PER_PAGE)
    for item in counted(rows(answer["data"]["payload"]), due, "days"):
        on = day(MISWRITTEN.get(item["date"], item["date"]))
        for row in rows(item["rates"]):
            middle = midpoint(row["buy"], row["sell"])
            yield Quote(row["currency"]["iso3"], "NPR", per_unit(middle, row["currency"]["unit"]), on)


def _answer(body: bytes) -> Mapping[str, Any]:
    """The page, when it reports no error."""
    answer = json_object(body)
    if answer["status"]["code"] != 200:
        raise reported(answer.get("errors") or answer["status"])
    return answer
