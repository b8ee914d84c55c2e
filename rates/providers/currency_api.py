"""currency-api by fawazahmed0: daily files on two content networks.

Publishes: about 170 currencies, and crypto tokens that are left out here, once a day just after midnight UTC.
Quoted: rates of a commercial source, units of the symbol for one of the base.
Answer: JSON, the date and an object under the base's code, all codes in lower case; one file a base and day.
Source: https://github.com/fawazahmed0/exchange-api
"""

from rates.currencies import codes
from rates.errors import EmptyAnswer, HtmlAnswer, NoRates, NotFound, TransportError, Unsupported
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import day, json_object, mapping, number

PROVIDER = Provider(
    name="currency-api (fawazahmed0)",
    rate_type="mid",
    published="00:00 UTC",
    since=date(2024, 3, 2),  # the first day of its present home; older files are gone
    answers=("latest", "day"),
    gap_days=7,  # it answers for every day, offline the ECB's history stands in, which rests up to five
    concurrency=4,
    kind="service",
    official=False,
    terms="CC0, no key and no quota",
)

FIRST = "https://cdn.jsdelivr.net/npm/@fawazahmed0/currency-api@{day}/v1/currencies/{base}.min.json"
SECOND = "https://{day}.currency-api.pages.dev/v1/currencies/{base}.min.json"

# The first host's own words when the day was never published, and when the day has no such base.
NO_DAY = b"requested release version"
NO_BASE = b"requested file"


def steps(query: Query) -> Steps:
    """The first host's file, or the second's when the first fails in any way."""
    names = {"day": str(query.end or "latest"), "base": query.base.lower()}
    missing = b""
    try:
        reply = yield get(FIRST.format(**names), allow=(404,))
        if reply.status < 400:
            return parse(reply.body)
        missing = reply.body
    except (TransportError, HtmlAnswer, EmptyAnswer):
        pass  # the same file lies on the second host
    try:
        reply = yield get(SECOND.format(**names))
    except NotFound as error:
        if NO_BASE in missing:
            raise Unsupported(f"publishes no {query.base}") from error
        if NO_DAY in missing and query.end:
            raise NoRates(f"has nothing for {query.end}") from error
        raise
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes in currencies that are known to ISO 4217; the base is the one key that is not the date."""
    answer = dict(json_object(body))
    on = day(answer.pop("date"))
    ((base, rates),) = answer.items()
    for symbol, rate in mapping(rates, "an object of rates").items():
        if symbol.upper() in codes():
            yield Quote(base.upper(), symbol.upper(), number(rate), on)
