"""The Bank of Korea: the key in the path, units of 100 yen, codes of failures. There is no recorded answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, KeyRefused, NoRates, ParseError, QuotaExceeded
from rates.fetch.run_provider import run_provider
from rates.model import Quote
from rates.providers import bok
from rates.transport.message import full_url
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen

CASE = case("bok", "KRW", "1335.2", "usd.json", "jpy.json", "eur.json")

USD, JPY, EUR, NONE = (specimen(f"bok/{name}.json") for name in ("usd", "jpy", "eur", "none"))
SECRETS = (("bok", "s3cr3t/key"),)
THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)


def test_latest() -> None:
    """A request a currency; the yen is per 100."""
    quotes, urls = ask("bok", latest("KRW", secrets=SECRETS), USD, JPY, EUR)
    assert urls == [f"{bok.URL}/20261018/20261030/{item}" for item in ("0000001", "0000002", "0000003")]
    assert quotes == tuple(
        Quote(code, "KRW", Decimal(rate), day)
        for code, rates in (
            ("USD", ("1335.2", "1334.6")),
            ("JPY", ("8.4771", "8.489")),
            ("EUR", ("1486.08", "1490.95")),
        )
        for rate, day in zip(rates, (THURSDAY, FRIDAY), strict=True)
    )


def test_the_key_goes_into_the_path() -> None:
    """It is sent escaped, and stands in nothing that is shown."""
    publisher = Publisher([USD])
    run_provider(providers.load("bok"), latest("KRW", "USD", secrets=SECRETS), publisher)
    (request,) = publisher.asked
    assert "/StatisticSearch/s3cr3t%2Fkey/json/en/1/100/" in full_url(request)
    assert "s3cr3t" not in f"{request!r} {request.public_url()} {request.url}"


def test_range() -> None:
    """A longer range is asked for in windows whose rows come in one answer."""
    query = between(date(2026, 5, 1), FRIDAY, "KRW", "USD", secrets=SECRETS)
    _, urls = ask("bok", query, NONE, NONE, USD)
    assert [url.split("/D/")[1][:17] for url in urls] == [
        "20260501/20260729",
        "20260730/20261027",
        "20261028/20261030",
    ]


def test_no_rows_are_no_rates() -> None:
    """The code for no data is that of days of rest."""
    with pytest.raises(NoRates):
        ask("bok", on(FRIDAY, "KRW", "USD", secrets=SECRETS), NONE)


@pytest.mark.parametrize(
    ("code", "error"), [("INFO-100", KeyRefused), ("ERROR-602", QuotaExceeded), ("ERROR-500", ErrorAnswer)]
)
def test_failures_by_name(code: str, error: type[Exception]) -> None:
    """A failure comes with status 200: its code names it."""
    with pytest.raises(error, match=code):
        ask("bok", latest("KRW", "USD", secrets=SECRETS), NONE.replace(b"INFO-200", code.encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"list_total_count":2', b'"list_total_count":3'),
        (b"0000001", b"0000002"),
        (b"0000001", b"0000009"),
        (b'"TIME"', b'"DAY"'),
    ],
)
def test_damage_is_refused(old: bytes, new: bytes) -> None:
    """Lacking rows, another or an unknown item, and a row without its day are errors."""
    with pytest.raises(ParseError):
        ask("bok", latest("KRW", "USD", secrets=SECRETS), USD.replace(old, new))
