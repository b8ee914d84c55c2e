"""National Bank of Romania: reference rates, and the price of gold.

Publishes: 36 currencies and gold each working day shortly after 13:00 Bucharest time.
Quoted: reference rates, lei for one unit of the currency, or for 100 where `multiplier` says so; gold per gram.
Answer: XML, a file a year with a cube a day, the current year's file kept up to date.
Source: https://www.bnr.ro/en/561-exchange-rates

Gold is given here per troy ounce. The namespace has changed between http and https, so that tags are known by their
local names.
"""

from datetime import timedelta

from rates.errors import NotFound
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, by_pieces, date, get, years_of
from rates.readers import child, day, per_ounce, per_unit, xml

PROVIDER = Provider(
    name="National Bank of Romania",
    country="RO",
    pivot="RON",
    rate_type="reference",
    published="13:00 Europe/Bucharest",
    # The files begin on 2005-01-03, but until that day the leu was worth a ten-thousandth, and no file of that half
    # year has been seen that shows whether it restates the old rates.
    since=date(2005, 7, 1),
    max_days=366,  # a file a calendar year
    gap_days=10,  # Christmas and New Year with their weekends
    concurrency=2,
    terms="https://www.bnr.ro/en/",
)

FOLDER = "https://curs.bnr.ro/files/xml/years/"
NOT_QUOTED = "-"


def steps(query: Query) -> Steps:
    """The files of the window's years; in the first days of January the new year may have none yet."""
    new_year = date(query.today.year, 1, 1)

    def year(first: date, last: date) -> Steps:
        try:
            reply = yield get(f"{FOLDER}nbrfxrates{first.year}.xml")
        except NotFound:
            if first < new_year or query.today > new_year + timedelta(days=PROVIDER.gap_days):
                raise
            return ()
        return parse(reply.body, first, last)

    return by_pieces(query, PROVIDER, year, split=years_of)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of a file's days; without others named, the first half of 2005 is among them."""
    root = xml(body)
    if (pivot := child(root, "{*}Body/{*}OrigCurrency")) != "RON":
        raise ValueError(f"expected rates in RON, got {pivot!r}")
    cubes = root.findall("{*}Body/{*}Cube")
    if not cubes:
        raise ValueError("the file has no day")
    for cube in cubes:
        on = day(cube.attrib["date"])
        for row in cube if first <= on <= last else ():
            if (row.text or "").strip() == NOT_QUOTED:
                continue
            code = row.attrib["currency"]
            if unknown := set(row.attrib) - {"currency", "multiplier"}:
                raise ValueError(f"a rate of {code} has no {', '.join(sorted(unknown))}")
            rate = per_unit(row.text, row.attrib.get("multiplier", 1))
            yield Quote(code, "RON", per_ounce(rate) if code == "XAU" else rate, on)
