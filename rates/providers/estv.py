"""Federal Tax Administration of Switzerland: monthly mean rates for VAT.

Publishes: about 80 currencies for a calendar month, on the 25th of the month before.
Quoted: means of selling rates, Swiss francs for the units of the currency that are written beside its code.
Answer: XML, a list with its month; an empty list for a month that is not published.
Source: https://www.backend-rates.bazg.admin.ch/

Rule: the mean of the daily rates (see `bazg`) from the 25th of the month but one before to the 24th of the month before
is used for the whole of a month: Article 45 of the VAT ordinance (MWSTV). The figures are read for one's own use: their
passing on is barred. Only a few lines of an answer were seen, and the form of a request for a past month is documented,
not proven: an answer for another month is not used.
"""

from rates.providers._bazg import HOST, rates, root
from rates.providers.kit import (
    WEEKEND,
    Iterable,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    by_period,
    date,
    get,
    timedelta,
)
from rates.readers import child, period

PROVIDER = Provider(
    name="Federal Tax Administration",
    country="CH",
    pivot="CHF",
    rate_type="monthly average",
    cadence="monthly",
    published="no stated time Europe/Zurich, on the 25th, a month ahead",
    since=date(2010, 1, 1),  # the beginning of the ordinance; the first month that is there is not known
    kind="tax authority",
    periods=True,
    terms="https://www.backend-rates.bazg.admin.ch/ (for one's own use; passing the rates on is barred)",
    proven=False,
)


def steps(query: Query) -> Steps:
    """A request for each month."""
    return by_period(query, PROVIDER, ask, parse, due=due)


def ask(first: date) -> Request:
    """The means for the month that begins on a day."""
    return get(f"{HOST}xmlavgmonth", {"j": first.year, "m": f"{first:%m}", "locale": "de"})


def due(first: date) -> date:
    """The 25th of the month before, or the next working day."""
    expected = (first - timedelta(days=1)).replace(day=25)
    while expected.weekday() in WEEKEND:
        expected += timedelta(days=1)
    return expected


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the month in the list."""
    found = root(body, "monatsmittelkurs")
    if not len(found):
        return
    first, last = period(child(found, "{*}monat").strip())
    for code, rate in rates(found):
        yield Quote(code, "CHF", rate, first, last)
