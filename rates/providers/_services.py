"""What services with keys share: their failure statuses by name, time stamps, and tables that list tokens too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from rates import readers
from rates.currencies import codes
from rates.errors import ErrorAnswer, KeyRefused, PlanRefused, QuotaExceeded, RatesError
from rates.model import Quote, Reply
from rates.providers._shared import said

STATUSES = (400, 401, 402, 403, 404, 422, 429)  # those whose body says why, in the service's words

NAMES: Mapping[int, type[RatesError]] = {
    401: KeyRefused,
    402: PlanRefused,
    403: PlanRefused,
    429: QuotaExceeded,
}


def refusal(reply: Reply, secret: str, names: Mapping[int, type[RatesError]] = NAMES) -> RatesError:
    """The error that a failure status means, with what the body says, should it not repeat the key."""
    words = said(reply.body.decode("utf-8", "replace").replace(secret, "…"))
    error = names.get(reply.status, ErrorAnswer)(f"answers status {reply.status}: {words}")
    wait = reply.headers.get("retry-after", "")
    if isinstance(error, QuotaExceeded) and re.fullmatch(r"\d{1,9}", wait, re.ASCII):
        error.retry_after_s = float(wait)
    return error


def stamp_day(text: object) -> date:
    """The day of a time stamp, 2026-10-30T23:59:59Z or 2026-10-30 23:59:59, or of a day alone."""
    if not isinstance(text, str) or len(text) < 10 or text[10:11] not in ("", "T", " "):
        raise ValueError(f"no time stamp: {str(text)[:40]!r}")
    return readers.day(text[:10])


def quotes_of(base: str, rates: object, day: date) -> list[Quote]:
    """The quotes of a table in currencies that are known to ISO 4217; the tokens that these services mix in are not."""
    known = codes()
    table = readers.mapping(rates, "an object of rates")
    return [Quote(base, symbol, readers.number(rate), day) for symbol, rate in table.items() if symbol in known]
