"""VATcomply: the European Central Bank's reference rates, re-quoted for any base.

Publishes: about 30 currencies each TARGET working day, read hourly from the European Central Bank, since 1999-01-04.
Quoted: units of the symbol for one of the base, a cross of the euro rates that is rounded for other bases.
Answer: JSON with date, base and rates; a day without rates answers with the last one before it.
Source: https://www.vatcomply.com/documentation
"""

from rates.errors import ErrorAnswer, NoRates, Unsupported
from rates.providers.kit import Any, Iterable, Provider, Query, Quote, Steps, date, get, quotes_of
from rates.readers import day, excerpt, json_object

PROVIDER = Provider(
    name="VATcomply",
    country="EE",
    rate_type="reference",
    published="16:00 Europe/Berlin",
    since=date(1999, 1, 4),
    answers=("latest", "day"),
    concurrency=2,
    spacing_s=0.5,  # two requests a second is the limit its documentation names
    kind="service",
    reprints="ecb",
    terms="https://www.vatcomply.com/terms",
)

URL = "https://api.vatcomply.com/rates"


def steps(query: Query) -> Steps:
    """One request for the base, of the latest day or the one asked for."""
    params: dict[str, Any] = {"base": query.base}
    if query.symbols:
        params["symbols"] = ",".join(query.symbols)
    if query.end:
        params["date"] = query.end
    reply = yield get(URL, params, allow=(400, 404))
    return parse(reply.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base and day.

    Errors have only words, under `error` in the documentation and `detail` in newer code.
    """
    answer = json_object(body)
    if "rates" in answer:
        return quotes_of(answer["base"], answer["rates"], day(answer["date"]))
    words = excerpt(answer["error"] if "error" in answer else answer["detail"])
    if words.startswith("No rate data"):
        raise NoRates("has no rates for that day")
    if "not supported" in words or "not available" in words:
        raise Unsupported(words)
    raise ErrorAnswer(f"reports {words!r}")
