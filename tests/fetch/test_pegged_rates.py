"""Rates from pegs, where the publisher has none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from rates.conversion import rebase
from rates.errors import Unsupported
from rates.fetch.pegged_rates import rebase_with_pegs
from rates.model import RateTable
from tests.fetch.publisher import TODAY, facts, quote

QUOTES = (quote("EUR", "USD", "1.1172"), quote("EUR", "INR", "98.5"), quote("EUR", "BHD", "0.42"))


def table(base: str, day: date = TODAY) -> RateTable:
    """The table of one base, with pegs."""
    return rebase_with_pegs([quote(q.base, q.symbol, str(q.rate), day) for q in QUOTES], base, facts())


@pytest.mark.parametrize(
    ("base", "symbol", "rate", "pegs"),
    [
        ("EUR", "AED", Fraction("1.1172") * Fraction("3.6725"), 1),
        ("USD", "AED", Fraction("3.6725"), 1),
        ("AED", "USD", 1 / Fraction("3.6725"), 1),
        ("AED", "EUR", 1 / (Fraction("1.1172") * Fraction("3.6725")), 1),
        ("AED", "SAR", Fraction("3.75") / Fraction("3.6725"), 2),
        ("XOF", "XAF", Fraction(1), 2),
        ("NPR", "BTN", 1 / Fraction("1.6"), 2),
        ("EUR", "XAF", Fraction("655.957"), 1),
    ],
)
def test_by_a_peg(base: str, symbol: str, rate: Fraction, pegs: int) -> None:
    """The anchor's rate times or by the peg, to 26 digits; each peg is in the path, with the day on which it began."""
    figure = table(base).figures[symbol]
    assert figure.how == "pegged"
    assert abs(Fraction(figure.rate) / rate - 1) < Fraction(1, 10**26)
    assert sum(quote.day < TODAY for quote in figure.path) == pegs
    assert figure.day == TODAY


def test_a_publishers_own_figure_counts_first() -> None:
    """A published rate is not replaced, even if the peg differs."""
    found = table("EUR").figures["BHD"]
    assert (found.how, found.rate) == ("published", Decimal("0.42"))


def test_never_before_it_began() -> None:
    """A peg gives no rate for a day before it began, neither for a symbol nor for a base."""
    assert "QAR" in table("EUR", date(2001, 7, 9))
    assert "QAR" not in table("EUR", date(2001, 7, 6))
    with pytest.raises(Unsupported, match="publishes no QAR"):
        table("QAR", date(2001, 7, 6))


def test_not_without_being_asked() -> None:
    """Without the setting a table has no pegged rate."""
    assert "AED" not in rebase(QUOTES, "EUR", facts())
    with pytest.raises(Unsupported):
        rebase(QUOTES, "AED", facts())


def test_other_bases_are_as_before() -> None:
    """If the publisher has the base, pegs change none of its own rates."""
    plain, more = rebase(QUOTES, "USD", facts()), table("USD")
    assert {symbol: more.figures[symbol] for symbol in plain} == dict(plain.figures)
