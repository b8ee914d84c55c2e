"""Open Exchange Rates: blended market rates, with a key.

Publishes: about 170 currencies hourly, and the last rates of each day since 1999-01-01.
Quoted: mid rates, units of the symbol for one US dollar (other bases are for paid plans, and are crossed here).
Answer: JSON with timestamp, base and rates; errors have error true, a status, a message that is a code, a description.
Source: https://docs.openexchangerates.org/reference/api-introduction
"""

from rates.errors import ErrorAnswer, KeyRefused, NoRates, PlanRefused, QuotaExceeded, RatesError, Unsupported
from rates.providers._services import STATUSES, service
from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Steps, date, get, quotes_of
from rates.readers import excerpt, json_object, unix_day

PROVIDER = Provider(
    name="Open Exchange Rates",
    pivot="USD",
    rate_type="mid",
    cadence="hourly",
    published="every hour UTC",
    since=date(1999, 1, 1),
    answers=("latest", "day"),
    gap_days=7,  # it answers for every day, offline the ECB's history stands in, which rests up to five
    concurrency=2,
    key_env="OPENEXCHANGERATES_APP_ID",
    key_url="https://openexchangerates.org/signup",
    kind="service",
    official=False,
    terms="https://openexchangerates.org/terms",
)

FOLDER = "https://openexchangerates.org/api/"

ERRORS: Mapping[str, type[RatesError]] = {
    "missing_app_id": KeyRefused,
    "invalid_app_id": KeyRefused,
    "not_allowed": PlanRefused,  # documented with status 429, seen with 403: the word counts, not the status
    "not_available": NoRates,
    "invalid_base": Unsupported,
}


def steps(query: Query) -> Steps:
    """One document for all bases; the key goes into a header, where no log keeps it."""
    key = {"Authorization": f"Token {query.secret(PROVIDER.key)}"}
    name = f"historical/{query.end}.json" if query.end else "latest.json"
    return service(query, PROVIDER, [get(FOLDER + name, key=key, allow=STATUSES)], parse, own_errors=STATUSES)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the UTC day of its time stamp.

    Restricted access is over-use with status 429, else a reason in the description.
    """
    answer = json_object(body)
    if "rates" in answer:
        return quotes_of(answer["base"], answer["rates"], unix_day(answer["timestamp"]))
    code = excerpt(answer["message"])
    words = excerpt(answer.get("description") or code)
    if code == "access_restricted":
        raise (QuotaExceeded if answer["status"] == 429 else PlanRefused)(f"restricts access: {words}")
    raise ERRORS.get(code, ErrorAnswer)(f"reports {code}: {words}")
