"""UniRate: rates weighted over central banks and commercial sources, with a key of a paid plan.

Publishes: about 170 currencies, and tokens that are left out here, daily since 1999-01-04.
Quoted: mid rates, units of the symbol for one of the base.
Answer: JSON with base, the first and last day, and data, a table of rates for each day; errors have error alone.
Source: https://unirateapi.com/docs

Its rates of the moment, which a free key may ask for, say neither their base nor their day, nor do those of one day
of the past. So all questions are put to its series of days, which says both; a free key is refused that, with status
403. The latest are the newest of its last days. The key is a parameter, since the service takes it nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rates import readers
from rates.errors import ErrorAnswer, RatesError, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._services import NAMES, STATUSES, quotes_of, refusal
from rates.providers._shared import said, spans

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

# One status for two things, by its own words "currency not found or no data available"; so it is no word for a day
# without rates.
STATUS_NAMES: Mapping[int, type[RatesError]] = {**NAMES, 404: Unsupported}


def steps(query: Query) -> Steps:
    """One request for the base, or one for each five years; never beyond today, which the service may refuse."""
    secret = query.secret(PROVIDER.key)
    first, last = query.span(PROVIDER.gap_days)
    first, last = max(first, PROVIDER.since), min(last, max(first, query.today))
    quotes: list[Quote] = []
    for start, end in spans(first, last, PROVIDER.max_days or 1):
        reply = yield Request(
            URL,
            (("api_key", secret), *_params(query, start, end)),
            headers=(("Accept", "application/json"),),
            private=("api_key",),
            allow=STATUSES,
        )
        if reply.status >= 400:
            raise refusal(reply, secret, STATUS_NAMES)
        quotes += parse(reply.body)
    return quotes


def _params(query: Query, start: date, end: date) -> tuple[tuple[str, str], ...]:
    wanted = [symbol for symbol in query.symbols if symbol != query.base]
    named = (("currencies", ",".join(wanted)),) if wanted else ()
    return (("base", query.base), ("start_date", str(start)), ("end_date", str(end)), *named)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of every day of the series."""
    answer = readers.mapping(readers.json_value(body))
    if "error" in answer:
        raise ErrorAnswer(f"reports {said(answer['error'])!r}")
    amount = readers.number(answer["amount"])
    if amount != 1:
        raise ValueError(f"the rates are of {amount} units")
    data = readers.mapping(answer["data"], "an object of days")
    return [quote for day, rates in data.items() for quote in quotes_of(answer["base"], rates, readers.day(day))]
