"""What services with keys share: a request with the key, and failure statuses by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from rates.currencies import codes
from rates.errors import ErrorAnswer, KeyRefused, PlanRefused, QuotaExceeded, RatesError
from rates.model import Provider, Query, Quote, Reply, Request
from rates.providers import Steps, kit
from rates.readers import excerpt
from rates.readers import stamp_day as stamp_day

STATUSES = (400, 401, 402, 403, 404, 422, 429)  # those whose body gives the reason

NAMES: Mapping[int, type[RatesError]] = {
    401: KeyRefused,
    402: PlanRefused,
    403: PlanRefused,
    429: QuotaExceeded,
}


def service(
    query: Query,
    facts: Provider,
    requests: Iterable[Request],
    parse: Callable[[bytes], Iterable[Quote]],
    *,
    own_errors: bool = False,
    names: Mapping[int, type[RatesError]] = NAMES,
) -> Steps:
    """The quotes of all requests, which must allow `STATUSES`; a failure status is the error that `names` has for it.

    own_errors: True when the body of a failure names the error better than its status, and parse raises it.
    """
    secret = query.secret(facts.key)
    quotes: list[Quote] = []
    for request in requests:
        reply = yield request
        if reply.status >= 400:
            if own_errors:
                raise_own(parse, reply)
            raise refusal(reply, secret, names)
        quotes += parse(reply.body)
    return quotes


def raise_own(parse: Callable[[bytes], Iterable[Quote]], reply: Reply) -> None:
    """Raises the error that parse finds in the body of a failure; does nothing where the body has another form."""
    try:
        list(parse(reply.body))
    except (ValueError, KeyError, TypeError):
        return


def refusal(reply: Reply, secret: str, names: Mapping[int, type[RatesError]] = NAMES) -> RatesError:
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
