"""What services with keys share: requests for a query, and failure statuses by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import date

from rates.currencies import codes
from rates.errors import ErrorAnswer, KeyRefused, NoRates, PlanRefused, QuotaExceeded, RatesError
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps, kit
from rates.readers import excerpt

STATUSES = (400, 401, 402, 403, 404, 422, 429)  # those whose body gives the reason

NAMES: Mapping[int, type[RatesError]] = {
    401: KeyRefused,
    402: PlanRefused,
    403: PlanRefused,
    429: QuotaExceeded,
}

Parse = Callable[[bytes], Iterable[Quote]]


def service(
    query: Query,
    facts: Provider,
    requests: Iterable[Request],
    parse: Parse,
    *,
    own_errors: Container[int] = (),
    read_error: Parse | None = None,
    names: Mapping[int, type[RatesError]] = NAMES,
) -> Steps:
    """The quotes of all requests, which must allow `STATUSES`; a failure status is the error that `names` has for it.

    own_errors: statuses whose body names the error better; parse raises it then, or `read_error` in its place. Where
    the body has another form than they read, the status counts again.
    A request may allow 204 too, where that says that the service has nothing for the day.
    """
    secret = query.secret(facts.key)
    quotes: list[Quote] = []
    for request in requests:
        reply = yield request
        if reply.status == 204:
            raise NoRates(f"has nothing for {query.base} on {query.end or query.today}")
        if reply.status >= 400:
            if reply.status in own_errors:
                _raise_own(read_error or parse, reply.body.replace(secret.encode(), "…".encode()))
            raise _refusal(reply, secret, names)
        quotes += parse(reply.body)
    return quotes


def requests_of(
    query: Query,
    facts: Provider,
    latest: Callable[[], Request],
    day: Callable[[date], Request],
    days: Callable[[date, date], Request],
) -> Iterator[Request]:
    """The request for the latest or for one day, or those for the windows of a range."""
    if query.end is None:
        yield latest()
    elif query.kind == "day":
        yield day(query.end)
    else:
        for first, last in kit.spans(*kit.window(query, facts), facts.max_days):
            yield days(first, last)


def _raise_own(read: Parse, body: bytes) -> None:
    """Raises the error that the body of a failure names; does nothing where the body has another form."""
    try:
        list(read(body))
    except (ValueError, KeyError, TypeError):
        return


def _refusal(reply: Reply, secret: str, names: Mapping[int, type[RatesError]]) -> RatesError:
    """The error that a failure status means, with the publisher's words; a key that they repeat is left out."""
    words = excerpt(reply.body.decode("utf-8", "replace").replace(secret, "…"))
    error = names.get(reply.status, ErrorAnswer)(f"answers status {reply.status}: {words}")
    wait = reply.headers.get("retry-after", "")
    if isinstance(error, QuotaExceeded) and re.fullmatch(r"\d{1,9}", wait, re.ASCII):
        error.retry_after_s = float(wait)
    return error


def quotes_of(base: str, rates: object, day: date) -> list[Quote]:
    """The quotes of a table in currencies of ISO 4217, without the tokens that these services mix in."""
    return kit.quotes_of(base, rates, day, codes())
