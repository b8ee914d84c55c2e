"""Wise: the mid-market rates behind its transfers, with a token.

Publishes: about 160 currencies, through the day; the past of any pair by time stamp.
Quoted: mid rates, units of the target for one of the source.
Answer: JSON, a list of rate, source, target and time (UTC); errors have error, or a list errors.
Source: https://docs.wise.com/api-reference/rate

The latest of all targets are one request; of the past its documentation knows one pair a request, so that a day or a
range wants its symbols named, and asks once for each. Any token of a personal or business account will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, RatesError, Unsupported
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._services import STATUSES, refusal, stamp_day
from rates.providers._shared import said

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
    secret = query.secret(PROVIDER.key)
    quotes: list[Quote] = []
    for params in _asked(query):
        reply = yield Request(
            URL,
            (("source", query.base), *params),
            headers=(("Authorization", f"Bearer {secret}"),),
            private=("Authorization",),
            allow=STATUSES,
        )
        if reply.status >= 400:
            raise _failed(reply, secret)
        quotes += parse(reply.body)
    return quotes


def _asked(query: Query) -> Iterator[tuple[tuple[str, str], ...]]:
    """The parameters of each request. Of today the latest is asked for: a time to come has no rate."""
    if query.end is None or (query.kind == "day" and query.end >= query.today):
        yield ()
        return
    targets = [symbol for symbol in dict.fromkeys(query.symbols) if symbol != query.base]
    if not targets:
        raise Unsupported("answers for the past pair by pair", hint="name the symbols that are wanted")
    for target in targets:
        if query.kind == "day":
            yield ("target", target), ("time", f"{query.end}T23:59:59")
        else:
            yield (
                ("target", target),
                ("from", f"{query.start}T00:00:00"),
                ("to", f"{query.end}T23:59:59"),
                ("group", "day"),
            )


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the list, oldest first, each of the UTC day of its time."""
    answer = readers.json_value(body)
    if isinstance(answer, dict):
        raise _error(answer)
    rows = sorted((readers.mapping(row) for row in readers.rows(answer)), key=lambda row: str(row["time"]))
    return [Quote(row["source"], row["target"], readers.number(row["rate"]), _day(row["time"])) for row in rows]


def _day(time: str) -> date:
    """The day of a time such as 2026-10-30T15:04:05+0000; another zone's might be another day."""
    if not time.endswith(("+0000", "Z")):
        raise ValueError(f"no time in UTC: {time!r}")
    return stamp_day(time)


def _error(answer: Mapping[str, Any]) -> RatesError:
    """Its errors: of the token in OAuth's words, of the question in a list."""
    if "errors" in answer:
        told = [said(readers.mapping(error).get("message")) for error in readers.rows(answer["errors"])]
        return ErrorAnswer(f"reports {said('; '.join(told))!r}")
    word = said(answer["error"])
    kind = KeyRefused if word in ("invalid_token", "unauthorized") else ErrorAnswer
    return kind(f"reports {word}: {said(answer.get('error_description') or answer.get('message') or word)}")


def _failed(reply: Reply, secret: str) -> RatesError:
    """The error of a failure status."""
    if reply.status not in (400, 422):
        return refusal(reply, secret)
    try:
        return _error(readers.mapping(readers.json_value(reply.body)))
    except (ValueError, KeyError):
        return refusal(reply, secret)
