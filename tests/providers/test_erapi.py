"""ExchangeRate-API: the UTC day that its time stamp closes, and its error types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.errors import ErrorAnswer, QuotaExceeded, Unsupported
from rates.fetch.validate import check_query
from rates.model import Quote, Reply
from rates.providers import erapi
from tests.providers.conversation import ask, case, latest, on, specimen

CASE = case("erapi", "USD", "0.865817", "latest.json", other="EUR")

THURSDAY, FRIDAY = date(2026, 10, 29), date(2026, 10, 30)  # the file of Thursday is stamped Friday, 00:02:31


def test_latest() -> None:
    """Whole numbers stay whole, fractions keep their digits; the day is that which the last update closed."""
    quotes, urls = ask("erapi", latest("USD"), specimen("erapi/latest.json"))
    assert urls == ["https://open.er-api.com/v6/latest/USD"]
    assert quotes == (
        Quote("USD", "USD", Decimal("1"), THURSDAY),
        Quote("USD", "AED", Decimal("3.6725"), THURSDAY),
        Quote("USD", "EUR", Decimal("0.865817"), THURSDAY),
        Quote("USD", "IDR", Decimal("18147.062254"), THURSDAY),
    )


def test_a_day_is_unsupported() -> None:
    """It has the latest only, and is not asked for anything else."""
    with pytest.raises(Unsupported):
        check_query(erapi.PROVIDER, on(FRIDAY, "USD"))


@pytest.mark.parametrize("status", [200, 404])
@pytest.mark.parametrize(
    ("name", "error"),
    [("unsupported-code", Unsupported), ("quota-reached", QuotaExceeded), ("malformed-request", ErrorAnswer)],
)
def test_errors_by_name(status: int, name: str, error: type[Exception]) -> None:
    """Its error types have names, with either status."""
    with pytest.raises(error):
        ask("erapi", latest("XYZ"), Reply(status, specimen(f"erapi/{name}.json")))
