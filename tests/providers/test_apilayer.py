"""The apilayer family: its errors by word and by number, in both forms, and never with the key."""

from __future__ import annotations

import json

import pytest

from rates import providers
from rates.errors import (
    ErrorAnswer,
    KeyRefused,
    NoRates,
    ParseError,
    PlanRefused,
    QuotaExceeded,
    RatesError,
    Unsupported,
)
from rates.fetch.run_provider import run_provider
from rates.model import Reply
from tests.providers.conversation import Publisher, latest
from tests.providers.recordings import body, recordings

FAMILY = ["currencylayer", "exchangerate_host", "exchangeratesapi", "fixer"]


def report(code: object, kind: str | None = None, info: str | None = None) -> bytes:
    """An error as these services write one."""
    error = {"code": code, "type": kind, "info": info}
    return json.dumps({"success": False, "error": {name: value for name, value in error.items() if value}}).encode()


ERRORS: list[tuple[bytes, type[RatesError]]] = [
    (report(101, "missing_access_key", "No key was given."), KeyRefused),
    (report(101, "invalid_access_key"), KeyRefused),
    (report(101), KeyRefused),
    (report(102, "inactive_user"), KeyRefused),
    (report(103, "invalid_api_function"), ErrorAnswer),
    (report(104, "monthly_usage_limit_reached"), QuotaExceeded),
    (report(104, "usage_limit_reached"), QuotaExceeded),
    (report(106, "rate_limit_reached", "Too fast."), QuotaExceeded),
    (report(429, "too_many_requests"), QuotaExceeded),
    (report(105, "function_access_restricted"), PlanRefused),
    (report(105, "base_currency_access_restricted"), PlanRefused),
    (report(105, "https_access_restricted"), PlanRefused),
    (report(105), PlanRefused),
    (report(106, "no_rates_available"), NoRates),
    (report(106), NoRates),
    (report(201, "invalid_base_currency"), Unsupported),
    (report(201, "invalid_source_currency"), Unsupported),
    (report(202, "invalid_currency_codes"), Unsupported),
    (report(302, "invalid_date"), ErrorAnswer),
    (report(505, "time_frame_too_long"), ErrorAnswer),
    (report("https_access_restricted"), PlanRefused),
    (report("invalid_access_key"), KeyRefused),
    (report("no_rates_available"), NoRates),
    (report(True, "unheard_of"), ErrorAnswer),
    (b'{"success": false}', ErrorAnswer),
    (b'{"success": false, "error": "down"}', ErrorAnswer),
    (b'{"success": null, "base": "EUR", "date": "2026-10-30", "rates": {"USD": 1.1}}', ErrorAnswer),
]


@pytest.mark.parametrize("key", FAMILY)
@pytest.mark.parametrize(("answer", "error"), ERRORS)
@pytest.mark.parametrize("status", [200, 403])
def test_errors_by_name(key: str, answer: bytes, error: type[Exception], status: int) -> None:
    """What the body reports counts, whatever the status; a report is never taken for a day without rates."""
    if status == 403 and b"error" not in answer:
        error = PlanRefused
    publisher = Publisher([Reply(status, answer)])
    with pytest.raises(RatesError) as caught:
        run_provider(providers.load(key), latest("EUR", secrets=((key, "s3cret"),)), publisher)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("status", "error"), [(401, KeyRefused), (403, PlanRefused), (404, ErrorAnswer), (429, QuotaExceeded)]
)
@pytest.mark.parametrize("answer", [b'{"message": "no, s3cret is no key"}', b"no, s3cret is no key"])
def test_a_failure_status_without_a_report(status: int, error: type[RatesError], answer: bytes) -> None:
    """Then the status counts, and the service's message is repeated without the key."""
    publisher = Publisher([Reply(status, answer, {"retry-after": "30"})])
    with pytest.raises(error, match="is no key") as caught:
        run_provider(providers.load("fixer"), latest("EUR", secrets=(("fixer", "s3cret"),)), publisher)
    assert "s3cret" not in str(caught.value)
    if isinstance(caught.value, QuotaExceeded):
        assert caught.value.retry_after_s == 30


@pytest.mark.parametrize("pair", ["EURUSD", "USDEURO", "EUR", "USD"])
def test_a_pair_without_the_source_is_refused(pair: str) -> None:
    """A pair must begin with the source and name one currency more."""
    answer = b'{"success": true, "timestamp": 1793372405, "source": "USD", "quotes": {"%s": 1.1}}' % pair.encode()
    with pytest.raises(ParseError, match="no pair of USD"):
        run_provider(
            providers.load("currencylayer"),
            latest("USD", secrets=(("currencylayer", "s3cret"),)),
            Publisher([answer]),
        )


@recordings
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("exchanger-currency-layer/error-invalid-key", KeyRefused),
        ("exchanger-apilayer-currency-data/error-invalid-key", KeyRefused),
        ("exchanger-fixer/error-base-restricted", PlanRefused),
        ("exchanger-apilayer-fixer/error-base-restricted", PlanRefused),
        ("exchanger-fixer-apilayer-header/error-base-restricted", PlanRefused),
        ("exchanger-exchangerate-host/error-success-false", ErrorAnswer),
    ],
)
def test_recorded_errors(name: str, error: type[Exception]) -> None:
    """The recorded errors have their names."""
    with pytest.raises(error):
        providers.load("fixer").parse(body(f"{name}.json"))


@recordings
@pytest.mark.parametrize("folder", ["exchange-rates-api", "apilayer-exchange-rates-data"])
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("base-currency-access-restricted", PlanRefused),
        ("https-access-restricted", PlanRefused),
        ("invalid-access-key", KeyRefused),
        ("invalid-base-currency", Unsupported),
        ("invalid-currency-codes", Unsupported),
        ("invalid-date", ErrorAnswer),
        ("no-rates-available", NoRates),
    ],
)
def test_recorded_errors_in_words(folder: str, name: str, error: type[Exception]) -> None:
    """So have those with a word for a code."""
    with pytest.raises(error):
        providers.load("exchangeratesapi").parse(body(f"exchanger-{folder}/error-{name}.json"))
