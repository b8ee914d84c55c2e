"""What the services of the apilayer family share: their three questions, two forms of answer, and errors.

Fixer and exchangeratesapi answer with `base` and `rates`, currencylayer and exchangerate.host with `source` and
`quotes`, whose names are pairs. The base that every plan may ask for is the one they take without being told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rates import readers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, PlanRefused, QuotaExceeded, RatesError, Unsupported
from rates.model import Query, Quote, Reply, Request
from rates.providers import Steps
from rates.providers._services import STATUSES, refusal
from rates.providers._shared import said, spans

MAX_DAYS = 365  # the longest range of days of one request, as all their documentations say

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


@dataclass(frozen=True, slots=True)
class Site:
    """Where a service is asked. folder: the address before the name of what is asked for, with its last slash.

    latest, day, series: those names; `{day}` in one stands for the day, else it is a parameter.
    header: the header that takes the key; "" where only the parameter access_key does.
    """

    folder: str
    latest: str
    day: str
    series: str
    header: str = ""

    def request(self, secret: str, name: str, params: tuple[tuple[str, str], ...]) -> Request:
        """The question, with the key where the service takes it."""
        if self.header:
            key = (self.header, secret)
            return Request(self.folder + name, params, headers=(key,), private=(self.header,), allow=STATUSES)
        return Request(self.folder + name, (("access_key", secret), *params), private=("access_key",), allow=STATUSES)


def converse(site: Site, key: str, query: Query) -> Steps:
    """One request, or one for each 365 days of a range; `key` is the provider's."""
    secret = query.secret(key)
    quotes: list[Quote] = []
    for name, params in _asked(site, query):
        reply = yield site.request(secret, name, params)
        if reply.status >= 400:
            raise _failed(reply, secret)
        quotes += parse(reply.body)
    return quotes


def _asked(site: Site, query: Query) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    if query.start is None or query.end is None:
        yield site.latest, ()
    elif query.kind == "range":
        for first, last in spans(query.start, query.end, MAX_DAYS):
            yield site.series, (("start_date", str(first)), ("end_date", str(last)))
    elif "{day}" in site.day:
        yield site.day.format(day=query.end), ()
    else:
        yield site.day, (("date", str(query.end)),)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of one day or of each day of a range."""
    answer = readers.mapping(readers.json_value(body))
    if "error" in answer or answer.get("success", True) is not True:
        raise _error(answer)
    pairs = "quotes" in answer
    base = answer["source" if pairs else "base"]
    quotes = []
    for day, table in _days(answer, "quotes" if pairs else "rates"):
        for name, rate in table.items():
            symbol = _symbol(base, name) if pairs else name
            quotes.append(Quote(base, symbol, readers.number(rate), day))
    return quotes


def _days(answer: Mapping[str, Any], name: str) -> Iterator[tuple[date, Mapping[str, Any]]]:
    """Each day of the answer with its table."""
    found = readers.mapping(answer[name], "an object of rates")
    if answer.get("timeseries") or answer.get("timeframe"):
        for text, table in found.items():
            yield readers.day(text), readers.mapping(table, "an object of rates")
    elif "date" in answer:
        yield readers.day(answer["date"]), found
    else:
        yield readers.unix_day(answer["timestamp"]), found


def _symbol(base: str, pair: str) -> str:
    """The second currency of a pair, whose first must be the base."""
    if len(pair) != 6 or not pair.startswith(base):
        raise ValueError(f"no pair of {base}: {pair!r}")
    return pair[3:]


def _error(answer: Mapping[str, Any]) -> RatesError:
    """The error that an answer reports, by its word or else its number."""
    error = answer.get("error")
    if not isinstance(error, dict):
        return ErrorAnswer(f"reports a failure: {said(error or 'without a reason')}")
    code, word = error.get("code"), str(error.get("type") or error.get("code"))
    kind = WORDS.get(word) or (PlanRefused if word.endswith("_access_restricted") else NUMBERS.get(code, ErrorAnswer))
    return kind(f"reports {said(word)}: {said(error.get('info') or error.get('message') or code)}")


def _failed(reply: Reply, secret: str) -> RatesError:
    """The error of a failure status: the one that its body reports, else the status's own."""
    try:
        answer = readers.json_value(reply.body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and "error" in answer:
        return _error(answer)
    return refusal(reply, secret)
