"""National Bank of the Republic of Belarus: official rates of the Belarusian rouble.

Publishes: 30 currencies for every calendar day, weekends repeated, the SDR among them; monthly ones are not read.
Quoted: official rates, roubles for 1 to 100,000 units, which the day's list names and a currency's series does not.
Answer: JSON, bare numbers; one list a day, or one series a currency and year.
Source: https://www.nbrb.by/apihelp/exrates
"""

from decimal import Decimal

from rates.model import Provider, Query, Quote, Request
from rates.providers.kit import Any, Iterable, Mapping, Steps, by_day, date, get, not_empty, spans, wanted, window
from rates.readers import day, number, per_unit, records

PROVIDER = Provider(
    name="National Bank of the Republic of Belarus",
    country="BY",
    pivot="BYN",
    rate_type="official",
    published="by 14:00 Europe/Minsk",  # the bank names no time; seen from 12:00 on
    since=date(2016, 7, 1),  # the rouble before was of ten thousand to one
    max_days=365,
    gap_days=4,  # every calendar day has a list
    concurrency=2,
    spacing_s=0.1,
    terms="https://www.nbrb.by/engl/",  # the bank states no terms
)

LIST = "https://api.nbrb.by/exrates/rates"
SERIES = "https://api.nbrb.by/exrates/rates/dynamics"
DAILY = {"periodicity": 0}

# A list a day costs a request a day, series cost one for each of thirty currencies and year.
LISTED_DAYS = 14


def steps(query: Query) -> Steps:
    """The list in force, of a day, or of each of a few days; a longer range by currency."""
    if query.kind == "latest":
        return parse((yield get(LIST, DAILY)).body)
    first, last = window(query, PROVIDER)
    if (last - first).days < LISTED_DAYS:
        return (yield from by_day(query, PROVIDER, ask, parse, in_force=True))
    return (yield from _series(query, first, last))


def ask(on: date) -> Request:
    """The list of a day."""
    return get(LIST, {"ondate": on, **DAILY})


def _series(query: Query, first: date, last: date) -> Steps:
    """One series a currency that is asked for, in pieces of a year.

    The bank's numbers of the currencies, with code and units, are those of the first day's list, each New Year's and
    the last's: a number ends when its units change, so that one list would lack what began or ended since.
    """
    known: dict[int, tuple[str, Decimal]] = {}
    years = (date(year, 1, 1) for year in range(first.year + 1, last.year + 1))
    for on in dict.fromkeys((first, *years, last)):
        reply = yield ask(on)
        for row in records(reply.body):
            known[row["Cur_ID"]] = row["Cur_Abbreviation"], number(row["Cur_Scale"])
    codes = wanted(query, {code for code, _ in known.values()})
    quotes: list[Quote] = []
    for currency, (code, units) in known.items():
        for start, end in spans(first, last, PROVIDER.max_days) if code in codes else ():
            reply = yield get(f"{SERIES}/{currency}", {"startDate": start, "endDate": end})
            for row in records(reply.body):
                if row["Cur_ID"] != currency:
                    raise ValueError(f"the series of {code}, {currency}, has a row of {row['Cur_ID']}")
                quotes.append(_quote(row, code, units))
    return not_empty(quotes, first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list; a currency's series has neither its code nor its units, so that `steps` reads it."""
    for row in records(body):
        yield _quote(row, row["Cur_Abbreviation"], row["Cur_Scale"])


def _quote(row: Mapping[str, Any], code: str, units: object) -> Quote:
    return Quote(code, "BYN", per_unit(row["Cur_OfficialRate"], units), day(row["Date"]))
