"""What the services of the apilayer family share: facts, three requests, two forms of answer, and errors.

Fixer and exchangeratesapi answer with `base` and `rates`, currencylayer and exchangerate.host with `source` and
`quotes`, whose names are pairs. They are asked without a base: every plan may have the one that they then take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple, TypedDict

from rates.errors import ErrorAnswer, KeyRefused, NoRates, PlanRefused, QuotaExceeded, RatesError, Unsupported
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps
from rates.providers._services import STATUSES, requests_of, service
from rates.providers.kit import get
from rates.readers import day, excerpt, json_object, mapping, number, unix_close_day


class Facts(TypedDict):
    """The facts that are the same for all of them."""

    rate_type: str
    since: date
    max_days: int
    gap_days: int
    concurrency: int
    kind: Literal["service"]
    official: bool


FACTS: Facts = {
    "rate_type": "mid",
    "since": date(1999, 1, 1),
    "max_days": 365,  # the longest range of one request, as all their documentations say
    "gap_days": 3,  # they answer for every day, currencylayer once with the day before (2015-05-05 for the 6th)
    "concurrency": 2,
    "kind": "service",
    "official": False,
}


class Form(NamedTuple):
    """The ends of the addresses; `{day}` in one stands for the day, else it is a parameter."""

    latest: str
    day: str
    series: str


RATES = Form("latest", "{day}", "timeseries")
QUOTES = Form("live", "historical", "timeframe")

# Some say what happened in `type` with a number in `code`, others in `code` alone. The word counts before the number:
# 106 is "no rates" in the documentations, and a limit reached must not pass for that should it come with it.
WORDS: Mapping[str, type[RatesError]] = {
    "missing_access_key": KeyRefused,
    "invalid_access_key": KeyRefused,
    "inactive_user": KeyRefused,
    "account_inactive": KeyRefused,
    "usage_limit_reached": QuotaExceeded,
    "monthly_limit_reached": QuotaExceeded,
    "monthly_usage_limit_reached": QuotaExceeded,
    "rate_limit_reached": QuotaExceeded,
    "too_many_requests": QuotaExceeded,
    "no_rates_available": NoRates,
    "invalid_base_currency": Unsupported,
    "invalid_source_currency": Unsupported,
    "invalid_currency_codes": Unsupported,
}
NUMBERS: Mapping[object, type[RatesError]] = {
    101: KeyRefused,
    102: KeyRefused,
    104: QuotaExceeded,
    105: PlanRefused,
    106: NoRates,
    201: Unsupported,
    202: Unsupported,
    429: QuotaExceeded,
}


def apilayer(query: Query, facts: Provider, folder: str, form: Form, header: str = "") -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year.

    folder: the address, with its last slash. header: the one for the key; "" where it goes into a parameter.
    """
    secret = query.secret(facts.key)

    def ask(name: str, **params: object) -> Request:
        if header:
            return get(folder + name, params, key={header: secret}, allow=STATUSES)
        return get(folder + name, {"access_key": secret, **params}, private=("access_key",), allow=STATUSES)

    def of_day(on: date) -> Request:
        return ask(form.day.format(day=on)) if "{day}" in form.day else ask(form.day, date=on)

    def of_days(first: date, last: date) -> Request:
        return ask(form.series, start_date=first, end_date=last)

    requests = requests_of(query, facts, lambda: ask(form.latest), of_day, of_days)
    return service(query, facts, requests, parse, own_errors=STATUSES, read_error=_raise_error)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of one day or of each day of a range."""
    answer = json_object(body)
    if "error" in answer or answer.get("success", True) is not True:
        raise _error(answer.get("error"))
    if "quotes" not in answer:
        base = answer["base"]
        return [Quote(base, code, number(rate), on) for on, code, rate in _entries(answer, "rates")]
    base = answer["source"]
    return [Quote(base, _symbol(base, pair), number(rate), on) for on, pair, rate in _entries(answer, "quotes")]


def _entries(answer: Mapping[str, Any], name: str) -> Iterator[tuple[date, str, object]]:
    """Each rate of each day of the answer, under its name."""
    found = mapping(answer[name], "an object of rates")
    if answer.get("timeseries") or answer.get("timeframe"):
        tables = [(day(text), mapping(table, "an object of rates")) for text, table in found.items()]
    else:
        tables = [(day(answer["date"]) if "date" in answer else unix_close_day(answer["timestamp"]), found)]
    return ((on, key, rate) for on, table in tables for key, rate in table.items())


def _symbol(base: str, pair: str) -> str:
    """The second currency of a pair, whose first must be the base."""
    if len(pair) != 6 or not pair.startswith(base):
        raise ValueError(f"no pair of {base}: {pair!r}")
    return pair[3:]


def _raise_error(body: bytes) -> Iterable[Quote]:
    """Raises the error that the body of a failure status reports; KeyError when it reports none."""
    raise _error(json_object(body)["error"])


def _error(error: object) -> RatesError:
    """The error that an answer reports, by its word or else its number."""
    if not isinstance(error, dict):
        return ErrorAnswer(f"reports a failure: {excerpt(error or 'without a reason')}")
    code, word = error.get("code"), str(error.get("type") or error.get("code"))
    kind = WORDS.get(word) or (PlanRefused if word.endswith("_access_restricted") else NUMBERS.get(code, ErrorAnswer))
    return kind(f"reports {excerpt(word)}: {excerpt(error.get('info') or error.get('message') or code)}")
