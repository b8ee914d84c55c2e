"""Tables and outcomes to print: euro rates of 2026-10-30, seen 24 days later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from rates.conversion import rebase
from rates.model import Fetched, Outcome, Provider, Quote, RateTable
from rates.settings import Settings

FRIDAY = date(2026, 10, 30)
TODAY = date(2026, 11, 23)
SETTINGS = Settings()
BASES = ("USD", "EUR", "GBP", "JPY", "CHF")
QUOTED = {"USD": "1.1172", "GBP": "0.86935", "JPY": "175.68", "CHF": "0.9215", "IDR": "20275", "ISK": "142"}


def provider(key: str = "ecb", rate_type: str = "reference") -> Provider:
    """A publisher of euro rates."""
    return Provider(
        key=key, name=key, country="EU", pivot="EUR", rate_type=rate_type, cadence="daily", published="16:00",
        since=date(1999, 1, 4),
    )  # fmt: skip


def table(
    base: str,
    *,
    day: date = FRIDAY,
    asked: date | None = None,
    key: str = "ecb",
    older: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
) -> RateTable:
    """The euro rates seen from a base; those in `older` are of the Wednesday before, those in `without` absent."""
    quotes = [
        Quote("EUR", symbol, Decimal(rate), date(2026, 10, 28) if symbol in older else day)
        for symbol, rate in QUOTED.items()
        if symbol not in without
    ]
    return rebase(quotes, base, provider(key), asked=asked)


def outcomes(*bases: str) -> list[Outcome]:
    """Bases that all came from one document."""
    return [Fetched(base, table(base)) for base in bases]
