"""UniRate: rates weighted over central banks and commercial sources, with a key of a paid plan.

Publishes: about 170 currencies, and tokens that are left out here, daily since 1999-01-04.
Quoted: mid rates, units of the symbol for one of the base.
Answer: JSON with base, the first and last day, and data, a table of rates for each day; errors have error alone.
Source: https://unirateapi.com/docs

Its rates of the moment, which a free key may ask for, say neither their base nor their day, nor do those of one day
of the past. So all questions are put to its series of days, which says both; a free key is refused that, with status
403. The latest are the newest of its last days. The key is a parameter, since the service takes it nowhere else.
"""

from rates.errors import Unsupported
from rates.providers._services import NAMES, STATUSES, quotes_of, service
from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get, spans, window
from rates.readers import day, json_object, mapping, number, reported

PROVIDER = Provider(
    name="UniRate",
    rate_type="blended",
    published="through the day",
    since=date(1999, 1, 4),
    max_days=5 * 365,  # "5 years"
    gap_days=7,  # undocumented: as long as the longest rest of the central banks that it reads
    concurrency=2,
    key_url="https://unirateapi.com/",
    kind="service",
    official=False,
)

URL = "https://api.unirateapi.com/api/historical/timeseries"

# One status for two things, in its words "currency not found or no data available"; so it does not mean a day without
# rates.
STATUS_NAMES = {**NAMES, 404: Unsupported}


def steps(query: Query) -> Steps:
    """One request for the base, or one for each five years; never beyond today, which the service may refuse."""
    symbols = ",".join(symbol for symbol in query.symbols if symbol != query.base)
    secret = query.secret(PROVIDER.key)

    def ask(first: date, last: date) -> Request:
        params = {"api_key": secret, "base": query.base, "start_date": first, "end_date": last}
        params |= {"currencies": symbols} if symbols else {}
        return get(URL, params, headers={"Accept": "application/json"}, private=("api_key",), allow=STATUSES)

    requests = [ask(*days) for days in spans(*window(query, PROVIDER), PROVIDER.max_days)]
    return (yield from service(query, PROVIDER, requests, parse, names=STATUS_NAMES))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of every day of the series."""
    answer = json_object(body)
    if "error" in answer:
        raise reported(answer["error"])
    amount = number(answer["amount"])
    if amount != 1:
        raise ValueError(f"the rates are of {amount} units")
    data = mapping(answer["data"], "an object of days")
    return [quote for on, rates in data.items() for quote in quotes_of(answer["base"], rates, day(on))]
