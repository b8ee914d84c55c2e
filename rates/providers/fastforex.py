"""FastFOREX: market rates, with a key.

Publishes: about 160 currencies each minute, and days of the past.
Quoted: mid rates, units of the symbol for one of the base.
Answer: JSON with base, updated or date, and results (result when one currency was asked for); errors have error alone.
Source: https://www.fastforex.io/docs

Every plan, and the trial's, may ask for any base. Its ranges are of one pair a request and are not asked for here.
"""

from rates.errors import ErrorAnswer, Unsupported
from rates.providers._services import STATUSES, quotes_of, service
from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import excerpt, json_object, stamp_day

PROVIDER = Provider(
    name="FastFOREX",
    rate_type="mid",
    cadence="every minute",
    published="every minute UTC",
    since=date(1970, 1, 1),  # "as far back as January 1970, depending on the pair", for some plans 150 days
    answers=("latest", "day"),
    gap_days=3,  # it answers for every day
    concurrency=2,
    key_url="https://console.fastforex.io/",
    kind="service",
    official=False,
    terms="https://www.fastforex.io/terms-of-sale",
)

FOLDER = "https://api.fastforex.io/"
NO_CURRENCY = "Invalid/unsupported"  # how its words begin for a base or target that it lacks


def steps(query: Query) -> Steps:
    """One request for the base, of the latest or one day; the key in the documented header."""
    name, params = ("historical", {"date": query.end}) if query.end else ("fetch-all", {})
    key = {"X-API-Key": query.secret(PROVIDER.key)}
    request = get(FOLDER + name, {**params, "from": query.base}, key=key, allow=STATUSES)
    return service(query, PROVIDER, [request], parse, own_errors=(400, 404, 422))


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the day asked for or that of the last update (UTC)."""
    answer = json_object(body)
    if "error" in answer:
        words = excerpt(answer["error"])
        raise (Unsupported if words.startswith(NO_CURRENCY) else ErrorAnswer)(f"reports {words!r}")
    on = stamp_day(answer["date"] if "date" in answer else answer["updated"])
    return quotes_of(answer["base"], answer["results"] if "results" in answer else answer["result"], on)
