"""Federal Office for Customs and Border Security of Switzerland: daily rates for customs and VAT.

Publishes: about 80 currencies each working day in the morning, for the next day or days, since 2000.
Quoted: selling rates, Swiss francs for the units of the currency that are written beside its code.
Answer: XML, a list with the days on which it is valid; an empty list for a day on which none was set.
Source: https://www.backend-rates.bazg.admin.ch/

Rule: a list is valid on the days in its `gueltigkeit`, not on its own day `datum`: the next day, and that of a Friday
from Saturday to Monday. A taxpayer uses these or the monthly means (see `estv`) for at least one tax period: Article 45
of the VAT ordinance (MWSTV). The figures are read for one's own use: their passing on is barred. A list without
`gueltigkeit`, as the former host had, is refused, since its days are not known.
"""

from rates.errors import NoRates
from rates.providers._bazg import HOST, rates, root
from rates.providers.kit import (
    Iterable,
    Provider,
    Query,
    Quote,
    Request,
    Steps,
    date,
    get,
    timedelta,
    weekday_before,
)
from rates.readers import child, day

PROVIDER = Provider(
    name="Federal Office for Customs and Border Security",
    country="CH",
    pivot="CHF",
    rate_type="customs",
    published="13:00 Europe/Zurich, for the next day",  # at the latest; most come at 02:00 to 07:00
    since=date(2000, 1, 1),
    kind="tax authority",
    periods=True,
    terms="https://www.backend-rates.bazg.admin.ch/ (for one's own use; passing the rates on is barred)",
)

DAY = timedelta(days=1)
FEAST_DAYS = timedelta(days=7)  # how far back the list of the days after a feast may lie


def steps(query: Query) -> Steps:
    """A request for the working day before each day asked for; where no list was set on it, for those before it."""
    first, last = query.start or query.today, query.end or query.today
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    asked = [on for on in dict.fromkeys(map(weekday_before, days)) if PROVIDER.since <= on <= query.today]
    quotes: list[Quote] = []
    for on in asked:
        reply = yield ask(on)
        quotes += parse(reply.body)
    earlier = min(asked, default=date.min)
    while asked and earlier > asked[0] - FEAST_DAYS and not any(quote.holds_on(first) for quote in quotes):
        earlier = weekday_before(earlier)
        reply = yield ask(earlier)
        quotes += parse(reply.body)
    found = [quote for quote in dict.fromkeys(quotes) if quote.day <= last and (quote.valid_to or quote.day) >= first]
    if not found:
        due = weekday_before(last)
        raise NoRates(f"has no rates valid on {last}", hint=f"they are due on {due}" if due > query.today else "")
    return found


def ask(on: date) -> Request:
    """The list that was set on a day; on a Saturday or Sunday it would be Friday's."""
    return get(f"{HOST}xmldaily", {"d": f"{on:%Y%m%d}", "locale": "en"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list, for the days on which it is valid, which follow each other."""
    found = root(body, "wechselkurse")
    if not len(found):
        return
    days = [day(text.strip(), "D.M.Y") for text in child(found, "{*}gueltigkeit").split(",")]
    if days != [days[0] + count * DAY for count in range(len(days))]:
        raise ValueError(f"the days of the list do not follow each other: {', '.join(map(str, days))}")
    for code, rate in rates(found):
        yield Quote(code, "CHF", rate, days[0], days[-1])
