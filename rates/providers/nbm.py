"""National Bank of Moldova: official rates of the leu, and prices of gold and silver.

Publishes: 40 currencies a day for the next day, the SDR among them; gold and silver in another document, weekends too.
Quoted: official rates, lei for 1, 10 or 100 units; metals in lei per gram, given here per troy ounce.
Answer: XML, one day a request, a decimal point.
Source: https://www.bnm.md/en/official_exchange_rates
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import child, day, per_ounce, per_unit, xml

PROVIDER = Provider(
    name="National Bank of Moldova",
    country="MD",
    pivot="MDL",
    rate_type="official",
    # The bank names no time; seen from 15:00 on. The list of 2026-04-08 has the ECB's crosses of the day before.
    published="by 18:00 Europe/Chisinau, for the next day",
    since=date(1999, 1, 4),
    max_days=1,
    gap_days=10,  # the Easter, May and New Year's holidays with the weekends around them
    spacing_s=0.3,
    terms="https://www.bnm.md/en",  # the bank states no terms
)

FOLDER = "https://www.bnm.md/en/"
METALS = {"XAU", "XAG"}
ROWS = {"ValCurs": "Valute", "MetalPrice": "Metal"}  # by the root of the document


def steps(query: Query) -> Steps:
    """The list of each day, and the metals of the days that have one, when they may be wanted."""
    quotes = list((yield from by_day(query, PROVIDER, ask, parse, in_force=True)))
    if query.symbols and not METALS & {query.base, *query.symbols}:
        return quotes
    for on in sorted({quote.day for quote in quotes}):
        reply = yield ask(on, "official_metal_rates")
        quotes += (quote for quote in parse(reply.body) if quote.day == on)
    return quotes


def ask(on: date, page: str = "official_exchange_rates") -> Request:
    """The list of a day, or its metals."""
    return get(FOLDER + page, {"get_xml": 1, "date": f"{on:%d.%m.%Y}"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list, or of the metals.

    The oldest files have rows of 0 units, which are refused: what they meant is not known.
    """
    root = xml(body, *ROWS)
    on = day(root.attrib["Date"], "D.M.Y")
    for row in root.findall(ROWS[root.tag]):
        code, rate = child(row, "CharCode").strip(), per_unit(child(row, "Value"), child(row, "Nominal"))
        if row.tag == "Metal" and code not in METALS:
            raise ValueError(f"no metal known to be sold by the gram: {code!r}")
        yield Quote(code, "MDL", per_ounce(rate) if code in METALS else rate, on)
