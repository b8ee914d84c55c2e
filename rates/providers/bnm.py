"""Central Bank of Malaysia: rates of the Kuala Lumpur interbank market at 9:00.

Publishes: 27 currencies each working day about midday, Kuala Lumpur time; the session of 9:00 is read.
Quoted: middle rates, ringgit for 1 or 100 units, as each row says; the SDR has only this rate.
Answer: JSON; numbers in 17 digits, as of a double (4.2244000000000002), mended to 15; wants its own media type.
Source: https://apikijangportal.bnm.gov.my/openapi
"""

from collections.abc import Generator

from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers.kit import Any, Iterable, Steps, date, get, months_of, not_empty, wanted, window
from rates.readers import day, fifteen_digits, json_object, mapping, per_unit, reported, rows

PROVIDER = Provider(
    name="Central Bank of Malaysia",
    country="MY",
    pivot="MYR",
    rate_type="mid",
    published="12:00 Asia/Kuala_Lumpur",
    since=date(2006, 1, 3),
    max_days=31,
    gap_days=10,
    official=False,  # the market's rates, as the bank collects them
    spacing_s=0.5,
    terms="https://www.bnm.gov.my/",  # the bank's home; its terms are not known
)

URL = "https://api.bnm.gov.my/public/exchange-rate"
SESSION = {"session": "0900"}
HEADERS = {"Accept": "application/vnd.BNM.API.v1+json"}
RENAMED = {"SDR": "XDR"}


def steps(query: Query) -> Steps:
    """The list of today, which has the currencies; for a day or range then one request a currency and month."""
    reply = yield get(URL, SESSION, headers=HEADERS)
    if query.kind == "latest":
        return parse(reply.body)
    names = {_code(row["currency_code"]): row["currency_code"] for row in rows(_data(reply.body))}
    asked = wanted(query, names)
    first, last = window(query, PROVIDER)
    quotes: list[Quote] = []
    for code in asked:
        quotes += yield from _months(names[code], first, last, whole=query.kind == "range")
    return not_empty(quotes, first, last)


def _months(name: str, first: date, last: date, *, whole: bool) -> Generator[Request, Reply, list[Quote]]:
    """One currency from its last month back: of a range to its first, else until there is a rate."""
    quotes: list[Quote] = []
    for start, end in reversed(list(months_of(first, last))):
        if whole or not quotes:
            reply = yield get(f"{URL}/{name}/year/{start.year}/month/{start.month}", SESSION, headers=HEADERS)
            quotes += (quote for quote in parse(reply.body) if start <= quote.day <= end)
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list of all currencies, or of one currency's month; a month without any has an empty list."""
    for item in _listed(_data(body)):
        code = _code(item["currency_code"])
        for row in _listed(item["rate"]):
            yield Quote(code, "MYR", per_unit(fifteen_digits(row["middle_rate"]), item["unit"]), day(row["date"]))


def _data(body: bytes) -> Any:
    answer = json_object(body)
    if "data" not in answer:
        raise reported(answer["message"])
    return answer["data"]


def _listed(value: Any) -> list[Any]:
    """The value as a list: one currency, and one day, come as an object."""
    return value if isinstance(value, list) else [mapping(value)]


def _code(name: str) -> str:
    return RENAMED.get(name, name)
