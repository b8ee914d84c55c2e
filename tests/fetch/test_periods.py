"""Rates that are valid for a period, through a whole fetch."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rates.fetch import attempt
from rates.model import Quote
from tests.fetch.publisher import TODAY, facts, giving, known_as

SEPTEMBER = Quote("EUR", "USD", Decimal("1.09"), date(2026, 9, 1), date(2026, 9, 30))
OCTOBER = Quote("EUR", "USD", Decimal("1.10"), date(2026, 10, 1), date(2026, 10, 31))
NOVEMBER = Quote("EUR", "USD", Decimal("1.11"), date(2026, 11, 1), date(2026, 11, 30))
MONTHLY = giving([SEPTEMBER, OCTOBER, NOVEMBER], facts("office", gap_days=0))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (None, OCTOBER),  # today is in October, though November is known
        (date(2026, 9, 1), SEPTEMBER),
        (date(2026, 9, 30), SEPTEMBER),
        (date(2026, 10, 1), OCTOBER),
        (date(2026, 11, 30), NOVEMBER),
    ],
)
def test_the_period_that_has_the_day(monkeypatch: pytest.MonkeyPatch, asked: date | None, found: Quote) -> None:
    """A day has the rate of its own period, also of one that begins later than tomorrow; a month old is not stale."""
    outcome = attempt("EUR", known_as(monkeypatch, MONTHLY).with_values(on=asked))
    assert outcome.table is not None
    assert outcome.warning is None
    figure = outcome.table.figures["USD"]
    assert (figure.rate, figure.day, figure.valid_to) == (found.rate, found.day, found.valid_to)


@pytest.mark.parametrize("asked", [date(2026, 8, 31), date(2026, 12, 1)])
def test_no_neighbour(monkeypatch: pytest.MonkeyPatch, asked: date) -> None:
    """A day outside all periods has no rate: none is carried past its end, or before its first day."""
    outcome = attempt("EUR", known_as(monkeypatch, MONTHLY).with_values(on=asked))
    assert outcome.error is not None
    assert outcome.error.name == "WrongDay"


def test_a_cross_ends_with_the_shorter_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cross of two period rates is valid as long as both are."""
    shorter = Quote("EUR", "GBP", Decimal("0.87"), date(2026, 10, 5), date(2026, 10, 30))
    outcome = attempt("USD", known_as(monkeypatch, giving([OCTOBER, shorter], facts("office"))))
    assert outcome.table is not None
    assert outcome.table.figures["GBP"].valid_to == TODAY
