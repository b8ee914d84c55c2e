"""CurrencyBeacon: market rates, with a key.

Publishes: 168 currencies, metals, and tokens that are left out here, hourly for free keys; each day since 1996-01-01.
Quoted: mid rates of commercial sources and central banks, units of the symbol for one US dollar.
Answer: JSON, meta with a code, and response (or the document itself) with date, base and rates.
Source: https://currencybeacon.com/api-documentation

One document for all bases is asked for, to spare a free key's quota; other bases are crossed by us. Ranges are for
paid plans, and their answers do not say the base, so they are not asked for. A failure has its number in meta.code.
"""

from rates.errors import ErrorAnswer
from rates.providers._services import NAMES, STATUSES, quotes_of, service
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import excerpt, json_object, mapping, stamp_day

PROVIDER = Provider(
    name="CurrencyBeacon",
    pivot="USD",
    rate_type="mid",
    cadence="hourly",
    published="every hour UTC",
    since=date(1996, 1, 1),
    answers=("latest", "day"),
    gap_days=3,  # it answers for every day
    concurrency=2,
    key_url="https://currencybeacon.com/register",
    kind="service",
    official=False,
    terms="https://currencybeacon.com/terms",
)

FOLDER = "https://api.currencybeacon.com/v1/"


def steps(query: Query) -> Steps:
    """One request, of the latest or one day; the key in the documented header."""
    name, params = ("historical", {"date": query.end}) if query.end else ("latest", {})
    key = {"Authorization": f"Bearer {query.secret(PROVIDER.key)}"}
    request = get(FOLDER + name, {"base": PROVIDER.pivot, **params}, key=key, allow=STATUSES)
    return service(query, PROVIDER, [request], parse)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the day or time stamp that the answer has."""
    answer = json_object(body)
    meta = mapping(answer["meta"], "an object meta")
    if meta["code"] != 200:  # the number of the HTTP status
        words = excerpt(meta.get("error_detail") or meta.get("message") or "without a reason")
        raise NAMES.get(meta["code"], ErrorAnswer)(f"reports {excerpt(meta['code'])}: {words}")
    found = mapping(answer.get("response", answer), "an object response")
    return quotes_of(found["base"], found["rates"], stamp_day(found["date"]))
