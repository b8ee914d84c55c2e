"""Wise: the mid-market rates behind its transfers, with a token.

Publishes: about 160 currencies, through the day; the past of any pair by time stamp.
Quoted: mid rates, units of the target for one of the source.
Answer: JSON, a list of rate, source, target and time (UTC); errors have error, or a list errors.
Source: https://docs.wise.com/api-reference/rate

The latest of all targets are one request; of the past its documentation knows one pair a request, so that a day or a
range wants its symbols named, and asks once for each. Any token of a personal or business account will do.
"""

from rates.errors import ErrorAnswer, KeyRefused, RatesError, Unsupported
from rates.providers._services import STATUSES, service
from rates.providers.kit import Any, Iterable, Iterator, Mapping, Provider, Query, Quote, Steps, date, get
from rates.readers import excerpt, json_value, mapping, number, reported, rows, stamp_day

PROVIDER = Provider(
    name="Wise",
    country="GB",
    rate_type="mid",
    cadence="continuous",
    published="through the day",
    since=date(2011, 1, 1),  # when the company began; how far back each pair goes it says itself
    gap_days=5,  # markets rest from Friday to Sunday, longer at Christmas
    mixed_days=True,  # every pair has its own time
    concurrency=2,
    spacing_s=0.2,  # 500 requests a minute is its limit
    key_url="https://wise.com/settings/",
    kind="service",
    official=False,
    terms="https://wise.com/",
)

URL = "https://api.wise.com/v1/rates"


def steps(query: Query) -> Steps:
    """One request for the latest of all targets, or one for each symbol of the past."""
    key = {"Authorization": f"Bearer {query.secret(PROVIDER.key)}"}
    requests = (get(URL, {"source": query.base, **params}, key=key, allow=STATUSES) for params in _asked(query))
    return service(query, PROVIDER, requests, parse, own_errors=(400, 422))


def _asked(query: Query) -> Iterator[Mapping[str, str]]:
    """The parameters of each request. For today it is that of the latest: a time to come has no rate."""
    if query.end is None or (query.kind == "day" and query.end >= query.today):
        yield {}
        return
    targets = [symbol for symbol in dict.fromkeys(query.symbols) if symbol != query.base]
    if not targets:
        raise Unsupported("answers for the past pair by pair", hint="name the symbols that are wanted")
    times = {"time": f"{query.end}T23:59:59"}
    if query.kind == "range":
        times = {"from": f"{query.start}T00:00:00", "to": f"{query.end}T23:59:59", "group": "day"}
    for target in targets:
        yield {"target": target, **times}


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list, oldest first, each of the UTC day of its time."""
    answer = json_value(body)
    if isinstance(answer, dict):
        raise _error(answer)
    for row in sorted(map(mapping, rows(answer)), key=lambda row: str(row["time"])):
        if not row["time"].endswith(("+0000", "Z")):  # another zone's day might be another
            raise ValueError(f"not a time in UTC: {row['time']!r}")
        yield Quote(row["source"], row["target"], number(row["rate"]), stamp_day(row["time"]))


def _error(answer: Mapping[str, Any]) -> RatesError:
    """The service's errors: of the token in OAuth's words, of the request in a list."""
    if "errors" in answer:
        words = (excerpt(mapping(error).get("message")) for error in rows(answer["errors"]))
        return reported("; ".join(words))
    word = excerpt(answer["error"])
    kind = KeyRefused if word in ("invalid_token", "unauthorized") else ErrorAnswer
    return kind(f"reports {word}: {excerpt(answer.get('error_description') or answer.get('message') or word)}")
