"""What the two services of ExchangeRate-API share, with a key and without: the answer and its errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rates.errors import ErrorAnswer, KeyRefused, NoRates, PlanRefused, QuotaExceeded, RatesError, Unsupported
from rates.model import Quote
from rates.providers.kit import quotes_of
from rates.readers import excerpt, json_object, number, unix_close_day

# The files of a day were stamped between 00:00:01 and 00:23:21 of the next (recorded in 2026-10).
LATE_S = 3600

ERRORS: Mapping[str, type[RatesError]] = {
    "unsupported-code": Unsupported,
    "unknown-code": Unsupported,
    "invalid-key": KeyRefused,
    "inactive-account": KeyRefused,
    "quota-reached": QuotaExceeded,
    "plan-upgrade-required": PlanRefused,
    "no-data-available": NoRates,
}


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the answered base, of the day asked for, or of the UTC day that the last update closed."""
    answer = json_object(body)
    if answer["result"] != "success":
        kind = excerpt(answer["error-type"])
        raise ERRORS.get(kind, ErrorAnswer)(f"reports {kind!r}")
    if "year" in answer:
        on = date(*(int(number(answer[part])) for part in ("year", "month", "day")))
    else:
        on = unix_close_day(answer["time_last_update_unix"], LATE_S)
    rates = answer["rates"] if "rates" in answer else answer["conversion_rates"]  # without a key, and with one
    return quotes_of(answer["base_code"], rates, on)
