"""Bank Al-Maghrib: transfer rates of the Moroccan dirham.

Publishes: about 30 currencies each working day, as of 12:30 Casablanca time; the archive begins in 1999.
Quoted: rates for transfers, dirhams for 1, 10 or 100 units; the bank's middle, before 2016 that of buying and selling.
Answer: JSON, a list of one day, some of them with every currency twice; wants a key in a header; [] on closed days.
Source: https://apihelpdesk.centralbankofmorocco.ma/apis

Mauritania's ouguiya still goes by its code of before 2018, MRO, at 23.57 dirhams for 100 in March 2026: that is 39.6
to the US dollar, today's ouguiya, MRU (the old one was a tenth of it).

The Libyan dinar differs from the market: 4.92 to the US dollar in March 2026, when others had 6.35 to 6.41.
"""

from rates.providers.kit import WEEKEND, Iterable, Provider, Query, Quote, Request, Steps, by_day, date, distinct, get
from rates.readers import midpoint, number, per_unit, records, stamp_day

PROVIDER = Provider(
    name="Bank Al-Maghrib",
    country="MA",
    pivot="MAD",
    rate_type="mid",
    published="by 17:00 Africa/Casablanca",  # of 12:30; new ones are looked for from 14 to 16 UTC
    since=date(1999, 1, 4),
    max_days=1,
    spacing_s=1.0,
    key_url="https://apihelpdesk.centralbankofmorocco.ma/",
)

URL = "https://api.centralbankofmorocco.ma/cours/Version1/api/CoursVirement"
KEY_HEADER = "Ocp-Apim-Subscription-Key"

NEW_OUGUIYA = date(2018, 1, 1)


def steps(query: Query) -> Steps:
    """One request a working day; weekends are empty, so that they are not asked for."""
    key = {KEY_HEADER: query.secret(PROVIDER.key)}

    def ask(on: date) -> Request:
        return get(URL, {"date": f"{on}T12:30:00"}, key=key)

    return by_day(query, PROVIDER, ask, parse, rests=WEEKEND)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day; a currency that comes twice must come at the same rate."""
    return distinct(_quotes(body))


def _quotes(body: bytes) -> Iterable[Quote]:
    """A quote for each row: the bank's own middle where it gives one, else that of both sides."""
    for row in records(body):
        on, code = stamp_day(row["date"]), row["libDevise"]
        if code == "MRO" and on >= NEW_OUGUIYA:
            code = "MRU"
        middle = midpoint(row["achat"], row["vente"]) if row.get("moyen") is None else number(row["moyen"])
        yield Quote(code, "MAD", per_unit(middle, row["uniteDevise"]), on)
